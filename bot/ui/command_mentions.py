"""Commands that can be clicked: Discord draws `</name:id>` so, with the id that the command was registered under."""

import json
from collections.abc import Mapping


class CommandMentions:
    """Know the ids of the registered commands, by their names; those of groups have the group's."""

    def __init__(self) -> None:
        self._ids: Mapping[str, int] = {}

    def learn(self, ids: Mapping[str, int]) -> None:
        """Take what is registered now."""
        self._ids = dict(ids)

    def knows(self, name: str) -> bool:
        """Tell whether a command is registered."""
        return name.partition(" ")[0] in self._ids

    def mention(self, name: str) -> str:
        """Write a command, given without its slash; as plain words where its id is not known yet."""
        known = self._ids.get(name.partition(" ")[0])
        return f"**/{name}**" if known is None else f"</{name}:{known}>"


def write_ids(ids: Mapping[str, int]) -> str:
    """Write ids down for the next start, which registers nothing if nothing changed."""
    return json.dumps(dict(ids), sort_keys=True)


def read_ids(written: str) -> dict[str, int]:
    """Read back what `write_ids` wrote."""
    return {name: int(number) for name, number in json.loads(written).items()}
