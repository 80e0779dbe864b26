"""What members can ask for, as use cases: no Discord, no HTTP, no SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.domain import (
    MAX_PROMPT,
    Frame,
    Job,
    Kind,
    Motion,
    Params,
    Picture,
    Prices,
    Resolution,
    Speed,
    State,
    new_job_id,
)
from bot.errors import (
    AlreadyMaking,
    BadPicture,
    Cancelled,
    CannotPost,
    EmptyPrompt,
    EndImageWithLoop,
    LostLease,
    NoProvider,
    NoSuchClip,
    NotInServer,
    NotYours,
    PictureProblem,
    PromptTooLong,
    ServerNotAllowed,
    TooLateToCancel,
    Unsupported,
)
from bot.media import MAX_PICTURE_BYTES, Downloader, MediaStore
from bot.prompts import clean_prompt
from bot.providers.base import Capabilities, Provider
from bot.store import Store


@dataclass(frozen=True)
class Asker:
    """Hold who asks, where, and what the payload says about it; `missing` names permissions the bot lacks there."""

    request_id: str
    guild_id: int | None
    channel_id: int
    user_id: int
    roles: tuple[int, ...]
    file_limit: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """Hold the deferred answer that becomes the job's card: its message, and the token that may edit it until then."""

    message_id: int | None
    token: str
    until_ms: int


@dataclass(frozen=True)
class VideoOptions:
    """Hold the options of /video as typed; a None was not typed."""

    prompt: str
    image: Picture
    end_image: Picture | None = None
    motion: Motion | None = None
    resolution: Resolution | None = None
    clips: int | None = None
    loop: bool | None = None
    speed: Speed | None = None
    provider: str | None = None


@dataclass(frozen=True)
class Plan:
    """Hold a request that the payload alone shows to be fine."""

    provider: str
    params: Params


class Service:
    """Check requests, write them down, and prepare them for the queue."""

    def __init__(
        self,
        store: Store,
        providers: Mapping[str, Provider],
        downloader: Downloader,
        media: MediaStore,
        *,
        default_provider: str,
        prices: Prices,
        allowed_guilds: frozenset[int],
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._providers = providers
        self._downloader = downloader
        self._media = media
        self._default_provider = default_provider
        self._prices = prices
        self._allowed_guilds = allowed_guilds
        self._clock = clock
        self._wake = wake

    def check_place(self, asker: Asker) -> None:
        """Refuse direct messages, servers that are not allowed, and channels where the card could not appear."""
        if asker.guild_id is None:
            raise NotInServer
        if self._allowed_guilds and asker.guild_id not in self._allowed_guilds:
            raise ServerNotAllowed
        if asker.missing:
            raise CannotPost(asker.missing)

    def plan_video(self, asker: Asker, options: VideoOptions) -> Plan:
        """Check everything that the payload alone shows; raises a `Refused`, touches neither disk nor network."""
        self.check_place(asker)
        if len(options.prompt) > MAX_PROMPT:
            raise PromptTooLong(len(options.prompt), MAX_PROMPT)
        prompt = clean_prompt(options.prompt)
        if not prompt.text:
            raise EmptyPrompt
        _check_claims(options.image, "start")
        if options.end_image is not None:
            _check_claims(options.end_image, "end")
        if options.loop and options.end_image is not None:
            raise EndImageWithLoop
        provider = self._provider(options.provider or self._default_provider)
        self._check_typed(provider, options)
        able = provider.capabilities
        params = Params(
            prompt=prompt.text,
            clips=options.clips or (4 if 4 in able.batches else max(able.batches)),
            motion=options.motion or (Motion.LOW if able.motions else None),
            resolution=options.resolution or Resolution.SD,
            loop=bool(options.loop),
            speed=options.speed or (Speed.FAST if Speed.FAST in able.speeds else None),
            image=options.image,
            end_image=options.end_image,
            removed=prompt.removed,
        )
        return Plan(provider.name, params)

    async def receive_video(self, asker: Asker, plan: Plan, answer: Answer) -> Job:
        """Write a checked /video down (T0); the worker does the rest."""
        now = self._clock()
        job = await self._store.jobs.receive(
            _new_job(asker, answer, now, kind=Kind.VIDEO, provider=plan.provider, params=plan.params)
        )
        self._wake()
        return job

    async def receive_extend(
        self, asker: Asker, parent_id: str, slot: int, motion: Motion | None, answer: Answer
    ) -> Job:
        """Write a click on an extend button down (T0); `slot` counts from 0.

        Raises `NoSuchClip`, `NoProvider`, `Unsupported`, or `AlreadyMaking` while the same click is being made.
        """
        parent = await self._store.jobs.get(parent_id)
        if parent is None or parent.guild_id != asker.guild_id or parent.extend_ref is None:
            raise NoSuchClip(parent_id, slot + 1)
        clips = await self._store.media.clips(parent_id)
        if slot not in {clip.slot for clip in clips}:
            raise NoSuchClip(parent_id, slot + 1)
        provider = self._provider(parent.provider)
        if not provider.capabilities.extend:
            raise Unsupported("extend", provider.title)
        now = self._clock()
        job = _new_job(
            asker,
            answer,
            now,
            kind=Kind.EXTEND,
            provider=parent.provider,
            params=parent.params.extended(motion),
            dedupe_key=f"extend:{asker.user_id}:{parent_id}:{slot}:{motion}",
            parent_job_id=parent_id,
            parent_slot=slot,
        )
        standing = await self._store.jobs.receive(job)
        if standing.request_id != job.request_id:
            raise AlreadyMaking(card_link(standing))
        self._wake()
        return standing

    async def cancel(self, asker: Asker, job_id: str, *, moderates: bool) -> Job:
        """Take a waiting job back and return all its credits.

        Raises `NotYours`, or `TooLateToCancel` when it waits no longer.
        """
        self.check_place(replace(asker, missing=()))
        job = await self._store.jobs.get(job_id)
        if job is None or job.guild_id != asker.guild_id:
            raise TooLateToCancel
        if job.user_id != asker.user_id and not moderates:
            raise NotYours
        if job.state is not State.QUEUED:
            raise TooLateToCancel
        cancelled = Cancelled(asker.user_id)
        try:
            gone = await self._store.jobs.fail(job, cancelled.code, cancelled.data, self._clock())
        except LostLease:
            raise TooLateToCancel from None
        self._wake()
        return gone

    async def prepare(self, job: Job) -> Job:
        """Fetch, check and keep the pictures, then reserve the credits (T1).

        Raises a `Refused`, and then nothing is reserved.
        """
        frames: list[Frame] = []
        for place, picture in (("start", job.params.image), ("end", job.params.end_image)):
            if picture is not None:
                checked = await self._downloader.picture(picture.url, place)
                kept = await self._media.keep(f"{job.id}/{place}.{checked.extension}", checked.data)
                frames.append(Frame(job.id, place, kept))
        if job.kind is Kind.EXTEND:
            parent = (await self._store.media.frames(job.parent_job_id or "")).get("start")
            if parent is not None:
                frames.append(Frame(job.id, "start", parent.media_file))
        cost = self._prices.clips(job.params.clips, job.params.resolution)
        return await self._store.jobs.charge(job, cost, frames, self._clock())

    def _provider(self, name: str) -> Provider:
        if name not in self._providers:
            raise NoProvider(name)
        return self._providers[name]

    def _check_typed(self, provider: Provider, options: VideoOptions) -> None:
        """Refuse what was typed and the provider lacks; what was not typed adapts."""
        for option, has in _typed(options):
            if not has(provider.capabilities):
                others = tuple(p.title for p in self._providers.values() if has(p.capabilities))
                raise Unsupported(option, provider.title, others)


def card_link(job: Job) -> str:
    """Give the address of a job's card."""
    return f"https://discord.com/channels/{job.guild_id}/{job.channel_id}/{job.message_id or ''}".rstrip("/")


def _typed(options: VideoOptions) -> list[tuple[str, Callable[[Capabilities], bool]]]:
    """Name each typed option, with the question whether a provider has it."""
    typed: list[tuple[str, Callable[[Capabilities], bool]]] = []
    if options.motion is not None:
        typed.append((f"{options.motion} motion", lambda able: options.motion in able.motions))
    if options.resolution is not None:
        typed.append((f"resolution {options.resolution.upper()}", lambda able: options.resolution in able.resolutions))
    if options.clips is not None:
        typed.append((f"choice of {options.clips} clips", lambda able: options.clips in able.batches))
    if options.speed is not None:
        typed.append((f"speed {options.speed}", lambda able: options.speed in able.speeds))
    if options.loop:
        typed.append(("loop", lambda able: able.loop))
    if options.end_image is not None:
        typed.append(("end image", lambda able: able.end_image))
    return typed


def _check_claims(picture: Picture, place: str) -> None:
    if picture.size > MAX_PICTURE_BYTES:
        raise BadPicture(PictureProblem.TOO_LARGE, place, MAX_PICTURE_BYTES)
    if picture.content_type is not None and not picture.content_type.startswith("image/"):
        raise BadPicture(PictureProblem.NOT_A_PICTURE, place)


def _new_job(
    asker: Asker,
    answer: Answer,
    now_ms: int,
    *,
    kind: Kind,
    provider: str,
    params: Params,
    dedupe_key: str | None = None,
    parent_job_id: str | None = None,
    parent_slot: int | None = None,
) -> Job:
    if asker.guild_id is None:
        raise NotInServer
    return Job(
        id=new_job_id(now_ms),
        request_id=asker.request_id,
        kind=kind,
        state=State.RECEIVED,
        guild_id=asker.guild_id,
        channel_id=asker.channel_id,
        user_id=asker.user_id,
        roles=asker.roles,
        file_limit=asker.file_limit,
        params=params,
        provider=provider,
        created_ms=now_ms,
        dedupe_key=dedupe_key,
        message_id=answer.message_id,
        token=answer.token,
        token_until_ms=answer.until_ms,
        parent_job_id=parent_job_id,
        parent_slot=parent_slot,
    )
