"""How the provider behaves until it is told otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sandbox.provider.model.faults import (
    AnswerFault,
    DownloadFault,
    FetchFault,
    SubmitFault,
)


@dataclass
class ProviderSettings:
    """Standing behaviour; every field may be changed while the provider runs and counts from then on."""

    queue_seconds: float = 1.0
    """How long a job waits before it runs."""
    run_seconds: float = 3.0
    """How long a job runs at least; rendering may take longer."""
    ready_made: bool = False
    """Serve small clips made once per process instead of rendering the image that was sent; draw small."""
    clip_scale: float = 1.0
    """How wide a rendered clip is, as a share of what Midjourney's own are."""
    image_side: int = 768
    """How wide a square image is drawn, in pixels; a grid of four is as large. Midjourney's own are larger."""
    extend_holds_parent: bool = False
    """Whether an extend's file begins with its parent's, as Midjourney's own do, or holds the new part alone."""
    extend_repeats_frame: bool = True
    """Whether an extend's first frame is its parent's last; else the camera is further on."""
    max_running: int = 10
    """Unfinished jobs at a time, videos and images together. TTAPI: 10 (video and image page)."""
    paused: bool = False
    """No queued job starts until ``FakeProvider.release()``."""
    hold: bool = False
    """No running job ends until ``FakeProvider.release()``."""
    progress_goes_back: bool = False
    """Progress falls behind once, half way, as an extend's does in midjourney-proxy."""

    kept_requests: int = 10_000
    """How many requests are remembered; older ones are forgotten, but not those that still wait for their answer."""
    kept_request_bytes: int = 64 * 1024 * 1024
    """How large the bodies of the remembered requests may be together."""
    kept_deliveries: int = 10_000
    """How many attempts to deliver a callback are remembered."""
    kept_jobs: int = 5_000
    """How many jobs are remembered; older ones are forgotten with their files, but none that is still under way or
    that one under way builds upon."""
    kept_job_bytes: int = 4 * 1024 * 1024 * 1024
    """How large the files of the remembered jobs may be together."""

    strict_fields: bool = True
    """Refuse fields that the documents do not name."""
    bad_link: Literal["fail", "refuse"] = "fail"
    """An image that cannot be fetched fails the job (TTAPI's FAQ lists the message) or is refused at once."""
    max_image_bytes: int = 12 * 1024 * 1024
    """The largest image that is fetched. APIMart: 12 MiB; the other vendors name none."""
    banned_words: frozenset[str] = frozenset()
    """A prompt with one of these words is refused (TTAPI: 400 bad parameters or banned words; AceData: 403)."""

    fetch_verb: Literal["get", "post", "both"] = "get"
    """TTAPI's video page heads fetch with GET and shows POST in its samples; the refused verb answers 405."""
    id_field: Literal["jobId", "job_id", "both"] = "jobId"
    """The name of the id in a submit's answer: TTAPI's older page says jobId, its newer one job_id."""
    list_shows_callback: bool = True
    """Whether a list of jobs repeats the callback's address; TTAPI does not say, AceData repeats the request."""
    list_shows_videos: bool = True
    """Whether a list of jobs names video jobs at all; no page of TTAPI or AceData says."""
    list_verb: Literal["get", "post", "both"] = "both"
    """TTAPI's English page reads the list and the account with GET, its Chinese page with POST."""

    ttapi_speed: Literal["mode", "model", "both"] = "both"
    """The name of the speed in an order for images: TTAPI's tables and one sample say mode, most samples model."""
    ttapi_action: Literal["actions", "action", "both"] = "actions"
    """What an image job calls its action: TTAPI's image page actions, its video page action."""
    ttapi_quota: Literal["number", "text"] = "number"
    """How an image job writes its quota: a number on TTAPI's image page, a text on its video page."""
    ttapi_nothing: Literal["list", "null", "object"] = "list"
    """The data of an image job that waits or failed: a list on TTAPI's image page, an object on its video page."""
    ttapi_previews: bool = True
    """Whether a running image job shows links, to an unfinished image, as TTAPI's sample does."""
    ttapi_reroll: bool = True
    """Whether a grid offers a reroll: TTAPI's table of actions has one, its sample of a finished imagine lacks it."""
    ttapi_singles: bool = True
    """Whether a grid's images are given one by one where getUImages asks for them; null stands for none."""
    ttapi_describe: Literal["numbered", "lines"] = "numbered"
    """How data.prompt holds a describe's four texts; no page shows it. Midjourney numbers them with emoji."""
    ttapi_moderation: Literal["at_once", "later"] = "at_once"
    """A banned word in an order for images is refused with 400 (TTAPI's list of status codes) or fails the job with
    the message of TTAPI's FAQ."""
    timeout_scale: float = 1.0
    """How many seconds a second of an order's `timeout` lasts."""

    forgotten: set[str] = field(default_factory=set[str])
    """Ids of tasks that are answered as unknown although their clips stay. APIMart: tasks are kept for about 3 days."""
    foreign: set[str] = field(default_factory=set[str])
    """Ids of tasks that belong to another account. APIMart: asking for one is answered with 403."""
    apimart_errors: Literal["http", "message", "description"] = "http"
    """APIMart shows an HTTP status with an error object, and lists Midjourney's own codes, which come under HTTP 200.

    What stands beside such a code no page shows: message or, as in the /mj family, description.
    """
    apimart_batch: Literal["refuse", "one"] = "refuse"
    """APIMart's video page says both that another batch_size is refused and that it counts as 1."""
    apimart_flags: Literal["fill in", "win"] = "fill in"
    """A prompt's flags count where the body names no such option (APIMart, on images), or always (/mj family)."""
    apimart_keys: Literal["recorded", "replayed"] = "recorded"
    """Whether an Idempotency-Key gives the first task again; APIMart documents it for other paths only."""
    apimart_page: Literal["full", "sparse"] = "full"
    """/v1/midjourney/{id} with empty fields and progress, or with nothing but what the video page's sample shows."""
    apimart_tasks: Literal["videos", "lists", "video_urls", "top", "midjourney"] = "videos"
    """Where /v1/tasks/{id} shows clips; no page says.

    ``videos`` and ``lists`` follow the status page's images, whose url is a text or a list of texts; ``video_urls``
    stands in the result, ``top`` beside it; ``midjourney`` is the other page's body, as the video page has it.
    """
    apimart_cost: bool = False
    """Whether a finished task names its cost; a repository of APIMart's says so, its documents do not."""

    comet_account: Literal["good", "empty", "blocked"] = "good"
    """An empty account is refused as quota_not_enough (new-api's relay), a blocked one with 403 (CometAPI's errors)."""
    comet_codes: Literal["rewritten", "raw"] = "rewritten"
    """Whether an order that waits behind others is answered with 1 (new-api rewrites it) or 22 (midjourney-proxy)."""
    comet_refusals: Literal["code", "relay", "gateway"] = "code"
    """How a failure is told: its code under status 200 (midjourney-proxy), new-api's relay error under 400, or status
    500 with ``invalid_request`` where the request is wrong (CometAPI's error page)."""
    comet_queue_full: Literal[23, 9] = 23
    """The code of a full queue; newer versions of midjourney-proxy say 9 with the same words."""
    comet_data_links: Literal["accept", "refuse", "fail"] = "accept"
    """Whether an image may come as a data URI: CometAPI says so, midjourney-proxy lets its operator refuse them, and
    a client of the family saw such jobs fail with an invalid link."""
    comet_extend_needs_image: bool = True
    """CometAPI's schema requires ``image`` always; midjourney-proxy lets an extend come without it."""
    comet_needs_prompt: bool = True
    """midjourney-proxy refuses an empty prompt; CometAPI's schema does not require one and its sample has none."""
    comet_family_fields: bool = False
    """Take midjourney-proxy's endImage, loop, batchSize and notifyHook, which CometAPI's page does not name."""
    comet_waiting: Literal["NOT_START", ""] = "NOT_START"
    """The state of a task that waits: CometAPI's list has NOT_START, new-api's rows begin with an empty one."""
    comet_clips: Literal["urls", "single", "image", "url", "nowhere"] = "urls"
    """Where a finished task shows its clips.

    ``urls`` is videoUrls with videoUrl, as in midjourney-proxy; ``single`` is videoUrl alone, CometAPI's own page.
    Clients of the family report an MP4 in ``image``'s place or as ``url``, and ``nowhere``: a button to ask for it.
    """
    comet_names: Literal["camel", "snake", "text"] = "camel"
    """videoUrls and failReason, or video_urls and fail_reason as clients of the family were seen to read, where
    ``text`` puts the list into a string."""
    comet_ids: Literal["text", "number"] = "text"
    """Whether a task's id is written as text, or as the number that it looks like."""
    comet_wrapped: bool = False
    """Whether a fetched task stands in ``result``, as one client of CometAPI sees it."""
    comet_unknown: Literal["null", "nothing", "task_no_found"] = "task_no_found"
    """The answer about an unknown task: null (midjourney-proxy), 204 without a body (what becomes of null there), or
    new-api's 400."""
    comet_wrong_path: Literal["redirect", "page"] = "redirect"
    """Under a wrong path CometAPI answers 301 or a web page instead of a JSON 404 (its error page)."""

    acedata_running: Literal["bare", "nulls", "progress", "no"] = "bare"
    """What the record of a running task shows.

    ``bare`` lacks response, finished_at and elapsed, ``nulls`` has null there (AceData's OpenAPI description allows
    both); ``progress`` has a response without success, on which the vendor's MCP server goes on asking; ``no``
    has one that says success: false, without an error and without finished_at.
    """
    acedata_state: bool = False
    """A record also has a state in words, which no schema names and AceData's MCP server reads."""
    acedata_words: Literal["tools", "others"] = "tools"
    """These words are those of the vendor's own tools, or others that mean the same."""
    acedata_success: bool = True
    """Whether a finished result says success, or only its record's finished_at tells that it is over."""
    acedata_request: Literal["sent", "filled"] = "sent"
    """A record repeats the body as it was sent, or with null for what was not (sample of the OpenAPI description)."""
    acedata_count: Literal["page", "total"] = "page"
    """What a list of tasks counts: its items (AceData's tasks guide) or all that match (its OpenAPI description)."""
    acedata_result: Literal["videos", "image"] = "videos"
    """A result names video_id and video_urls (AceData's video guide), or has an image's fields (reference and newer
    guide), with the first clip under image_url and no other."""
    acedata_error_success: bool = True
    """Errors begin with success: false (AceData's guides) or lack it (its OpenAPI description)."""
    acedata_trace: bool = False
    """The answer to an asynchronous order names trace_id beside task_id (AceData's notes on tasks: it may)."""
    acedata_moderation: Literal["at_once", "later"] = "at_once"
    """A banned word is refused with 403 (AceData's OpenAPI description) or fails the accepted task with that error."""
    acedata_patience: float | None = None
    """Seconds after which a blocking order is answered with 504 while its task goes on (AceData: timeout)."""
    loop_with_end: Literal["loop", "refuse"] = "loop"
    """A loop asked for together with an end image wins, as in midjourney-proxy, or is refused; AceData is silent."""

    links: Literal["plain", "spaces", "unicode"] = "plain"
    """How links to results are written: as they should be, with spaces around and inside, or with other letters."""
    cdn_agents: Literal["any", "browsers"] = "any"
    """Whose requests for results are served; Midjourney's delivery network refuses those that no browser would send."""

    callbacks: Literal["once", "twice", "early", "never"] = "once"
    """A callback at the end; twice repeats it; early adds one while the job still runs; never sends none."""
    callback_retry_seconds: float = 0.2
    """The pause before a callback that was not answered with 200 is sent again."""

    submit_fault: SubmitFault | None = None
    extend_fault: SubmitFault | None = None
    fetch_fault: FetchFault | None = None
    download_fault: DownloadFault | None = None
    check_fault: AnswerFault | None = None
    """What befalls TTAPI's check of a prompt."""
