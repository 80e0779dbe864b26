"""How the studio behaves until it is told otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.sandbox.studio.faults import DownloadFault, FetchFault, SubmitFault


@dataclass
class Knobs:
    """Standing behaviour; every field may be changed while the studio runs and counts from then on."""

    queue_seconds: float = 1.0
    """How long a job waits before it runs."""
    run_seconds: float = 3.0
    """How long a job runs at least; rendering may take longer."""
    ready_made: bool = False
    """Serve small clips made once per process instead of rendering the picture that was sent."""
    max_running: int = 10
    """Unfinished jobs at a time. TTAPI: 10 (video page)."""
    paused: bool = False
    """No queued job starts until ``studio.release()``."""
    hold: bool = False
    """No running job ends until ``studio.release()``."""
    progress_goes_back: bool = False
    """Progress falls behind once, half way, as an extend's does in midjourney-proxy."""

    strict_fields: bool = True
    """Refuse fields that the documents do not name."""
    bad_link: Literal["fail", "refuse"] = "fail"
    """A picture that cannot be fetched fails the job (TTAPI's FAQ lists the message) or is refused at once."""
    max_picture_bytes: int = 12 * 1024 * 1024
    """The largest picture that is fetched. APIMart: 12 MiB; the other vendors name none."""
    banned_words: frozenset[str] = frozenset()
    """A prompt with one of these words is refused with 400 (TTAPI: bad parameters or banned words)."""

    fetch_verb: Literal["get", "post", "both"] = "get"
    """TTAPI's video page heads fetch with GET and shows POST in its samples; the refused verb answers 405."""
    id_field: Literal["jobId", "job_id", "both"] = "jobId"
    """The name of the id in a submit's answer: TTAPI's older page says jobId, its newer one job_id."""
    list_shows_hook: bool = True
    """Whether fetch-list repeats hookUrl; no page says."""
    list_shows_videos: bool = True
    """Whether fetch-list names video jobs at all; no page says."""
    list_verb: Literal["get", "post", "both"] = "both"
    """TTAPI's English page reads the list and the account with GET, its Chinese page with POST."""

    hooks: Literal["once", "twice", "early", "never"] = "once"
    """A callback at the end; twice repeats it; early adds one while the job still runs; never sends none."""
    hook_retry_seconds: float = 0.2
    """The pause before a callback that was not answered with 200 is sent again."""

    submit_fault: SubmitFault | None = None
    extend_fault: SubmitFault | None = None
    fetch_fault: FetchFault | None = None
    download_fault: DownloadFault | None = None
