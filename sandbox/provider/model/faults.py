"""The closed set of ways in which the provider misbehaves when told to, free of any vendor's wire format.

A fault befalls one request (``FakeProvider.next_submit(fault)``) or all of them (``settings.submit_fault = fault``).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Status:
    """Answer with this HTTP status and the vendor's own error body; 200 gives a refusal under HTTP 200.

    TTAPI documents 400, 401, 402, 403, 404, 429, 499 (its queue is full), 500 and 504 (status-code and response pages).
    ``accepted`` says whether the job is started all the same, as behind a gateway that gave up waiting.
    """

    code: int
    message: str = ""
    retry_after: float | None = None
    accepted: bool = False


@dataclass(frozen=True)
class BodyCode:
    """Answer an order with a code of the /mj family in the body, under status 200; 1, 21 and 22 start its job.

    midjourney-proxy's ReturnCode names 1, 3, 4, 9 and 21 to 24; new-api adds 30 for too many requests, under 429.
    """

    code: int
    message: str = ""


@dataclass(frozen=True)
class ResetBefore:
    """Reset the connection without doing anything."""


@dataclass(frozen=True)
class ResetAfter:
    """Do what was asked, then reset the connection instead of answering."""


@dataclass(frozen=True)
class Hang:
    """Do what was asked and never answer."""


@dataclass(frozen=True)
class Slow:
    """Answer late: a JSON answer waits whole, a download drips over these seconds."""

    seconds: float


@dataclass(frozen=True)
class Html:
    """Answer with a web page where JSON belongs, as a gateway in front of the vendor does.

    CometAPI's error page warns of web pages behind wrong paths; 502 and 504 pages are any gateway's habit.
    """

    code: int = 200
    accepted: bool = False


@dataclass(frozen=True)
class Malformed:
    """Do what was asked and answer with JSON that breaks off in the middle."""


@dataclass(frozen=True)
class NoJobId:
    """Accept the job and say so without naming it; no document promises against it."""


@dataclass(frozen=True)
class FailLater:
    """Accept the job and let it fail with this message while it runs.

    TTAPI documents ``job timeout`` (video page) and the prefixes in ``FAILURES`` (Midjourney FAQ). With ``charged`` it
    costs its price all the same, as after 30 illegal prompts a day (the same FAQ).
    """

    message: str = "job timeout"
    charged: bool = False


FAILURES = (
    "job timeout",
    "[Banned prompt detected]",
    "[Image denied]",
    "[Invalid link!]",
    "[Invalid parameter]",
    "[Internal error]",
)


@dataclass(frozen=True)
class FewerClips:
    """Let the job succeed with only this many clips or images; 0 leaves the list null.

    Clients of the /mj family report successes without a video; none of the documents promises the full number.
    """

    count: int


@dataclass(frozen=True)
class Stuck:
    """Accept the job and let it run for ever, or as long as an order for images allows (TTAPI: ``timeout``)."""


@dataclass(frozen=True)
class OddState:
    """Report a state that the vendor's document does not name; MODAL is one of the /mj family's."""

    name: str = "MODAL"


@dataclass(frozen=True)
class ShowProgress:
    """Report this progress, whatever was reported before; None is null.

    TTAPI's samples show null while a job runs; in midjourney-proxy an extend's progress may fall.
    """

    percent: int | None


@dataclass(frozen=True)
class NotAVideo:
    """Serve a web page under a result's name and type."""


@dataclass(frozen=True)
class Empty:
    """Serve no bytes at all, as if all were well."""


@dataclass(frozen=True)
class CutOff:
    """Promise the whole file, send half of it and reset the connection."""


@dataclass(frozen=True)
class Endless:
    """Serve a file that never ends, with no Content-Length."""


@dataclass(frozen=True)
class Huge:
    """Serve the file padded to this many bytes by a ``free`` box: an MP4 stays valid, an image readable."""

    size: int


@dataclass(frozen=True)
class Redirect:
    """Send the client elsewhere. CometAPI: 301 behind wrong paths (error page)."""

    url: str
    code: int = 302


AnswerFault = Status | ResetBefore | ResetAfter | Hang | Slow | Html | Malformed | Redirect
JobFault = FailLater | FewerClips | Stuck
SubmitFault = AnswerFault | JobFault | NoJobId | BodyCode
FetchFault = AnswerFault | OddState | ShowProgress
DownloadFault = Status | ResetBefore | Hang | Slow | NotAVideo | Empty | CutOff | Endless | Huge | Redirect
