"""What a bucket's refusals mean: the words of obstore and of its servers, turned into one of ours."""

import re
from collections.abc import Generator
from contextlib import contextmanager

from obstore.exceptions import BaseError

from bot.errors import MediaProblem, MediaUnavailable

_CODES = {
    "NoSuchBucket": MediaProblem.NO_BUCKET,
    "InvalidAccessKeyId": MediaProblem.BAD_KEYS,
    "SignatureDoesNotMatch": MediaProblem.BAD_KEYS,
    "InvalidToken": MediaProblem.BAD_KEYS,
    "ExpiredToken": MediaProblem.BAD_KEYS,
    "PermanentRedirect": MediaProblem.OTHER_REGION,
    "AuthorizationHeaderMalformed": MediaProblem.OTHER_REGION,
    "IllegalLocationConstraintException": MediaProblem.OTHER_REGION,
}
"""What the codes mean that S3 gives in the body of a refusal."""

_ASKS_FOR_KEYS = "//169.254."
"""Where obstore asks the machine that it runs on for keys when nobody gave it any."""

_STATUSES = {"401": MediaProblem.BAD_KEYS, "403": MediaProblem.DENIED}

_SIGNS = (
    ("incorrectly configured region", MediaProblem.OTHER_REGION),
    ("HTTP error:", MediaProblem.UNREACHABLE),
    ("HttpError", MediaProblem.UNREACHABLE),
)
"""What obstore's own words tell of what never came to an answer, or to none that has a code."""

WORDS = {
    MediaProblem.NO_KEYS: "nobody gave it a key for the bucket",
    MediaProblem.BAD_KEYS: "the bucket's server does not accept the key",
    MediaProblem.DENIED: "the key may not do that in the bucket",
    MediaProblem.NO_BUCKET: "there is no such bucket",
    MediaProblem.OTHER_REGION: "the bucket is in another region",
    MediaProblem.UNREACHABLE: "the bucket's server does not answer",
    MediaProblem.BROKEN: "the bucket's server answers with an error",
}


_VAGUE = (MediaProblem.DENIED, MediaProblem.BROKEN)
"""Where the server's own status and code tell more than our words."""


@contextmanager
def told() -> Generator[None]:
    """Turn whatever obstore raises into a `MediaUnavailable`, but for a file that is not there: FileNotFoundError."""
    try:
        yield
    except MediaUnavailable:
        raise
    except (BaseError, OSError) as error:
        # Not `from error`: its words name the bucket's address, and hold what its server chose to say.
        raise _explained(error) from None


def unanswered() -> MediaUnavailable:
    """Say that the bucket's server was waited for long enough."""
    return MediaUnavailable(MediaProblem.UNREACHABLE, WORDS[MediaProblem.UNREACHABLE])


def _explained(error: Exception) -> OSError:
    words = str(error)
    found = re.search(r"<Code>(\w{1,50})</Code>", words)
    code = found[1] if found else ""
    if isinstance(error, FileNotFoundError) and code not in _CODES:
        return FileNotFoundError("the file is not in the bucket")
    found = re.search(r"status code: (\d{3})", words)
    status = found[1] if found else ""
    problem = MediaProblem.NO_KEYS if _ASKS_FOR_KEYS in words else _CODES.get(code) or _STATUSES.get(status)
    if problem is None:
        problem = next((problem for sign, problem in _SIGNS if sign in words), MediaProblem.BROKEN)
    answer = f" ({status} {code})".replace(" )", ")") if problem in _VAGUE and status else ""
    return MediaUnavailable(problem, WORDS[problem] + answer)
