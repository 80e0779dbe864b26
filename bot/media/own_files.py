"""Which files in the media store the bot wrote itself: no other one is deleted or moved."""

import re

_FOLDER = re.compile(r"[0-9a-z]{14}")
"""Matches the id of a job or a preview (`new_id`), which names the folder of its files."""

_DRAFT = r"\.[0-9a-f]{16}\.part"
"""What is still being written."""

_FILE = re.compile(rf"((start|end)(\.scaled)?|thumb|given\d|(film)?\d(\.small|\.last)?)(\.[a-z0-9]+)?|{_DRAFT}")
"""Matches each name that the bot gives to a file in such a folder, and the draft of one."""

FOLDERS_AT_ONCE = 500
"""Of how many folders at once it is asked whether they are known jobs'."""


def may_be_own_folder(name: str) -> bool:
    """Tell whether a name may be the id of a job or a preview; only the database knows whether it is one."""
    return _FOLDER.fullmatch(name) is not None


def is_own_file(name: str) -> bool:
    """Tell whether the bot gives a file such a name in the folder of a job."""
    return _FILE.fullmatch(name) is not None


def is_draft(name: str) -> bool:
    """Tell whether a file is still being written, or was when its writer died."""
    return re.fullmatch(_DRAFT, name) is not None


def is_swept(name: str) -> bool:
    """Tell whether an own file goes once it is old; a thumbnail stays, for lists show it however old its job is."""
    return is_own_file(name) and not name.startswith("thumb")


def split_name(name: str) -> tuple[str, str]:
    """Split a name in the store into a job's folder and the file in it; both empty where it cannot be the bot's own."""
    folder, _, file = name.partition("/")
    return (folder, file) if may_be_own_folder(folder) and is_own_file(file) else ("", "")
