"""Put films behind each other: loaded by the process of films, by its path, so that it holds nothing of the bot.

What a part and the one before it both show at their seam is shown once. Where the pictures of all parts match, their
packets are copied as they are; else all is encoded to the first part's size.
"""

import json
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

PictureOf = Callable[[Any], Any]
"""Give the moving picture of an opened film, if its header is within the limits."""

SAMPLE = 32
"""Pixels of a side of what is compared of a frame: what a codec leaves of it differs by less than a colour step."""

SAME = 3.0
"""How far two frames may be apart, in steps of 256 on average, and count as the same."""

NOISE = 1.0
"""How far two images of the same frame may be apart that went through a codec."""

FINE = 10_000
"""Ticks of a second that the container has at least; it would choose more of them by itself."""

ENCODED_TICKS = 90_000

ENDING = 1
"""Seconds at the end of a film in which every frame is decoded, so that the last one is among them."""

LARGE = 2_600 * 1_600
"""Pixels of a frame from which on one film is read at a time, for the sake of memory."""

QUALITY = "18"
"""The constant rate factor of what is encoded."""


@dataclass(frozen=True)
class Part:
    """Hold what a film to be joined is like; times are in its own ticks, `length` and `step` in seconds.

    `picture` and `sound` are what must be the same for packets to be copied. `begins` is when it is shown, `doubled`
    whether its first frame is what the part before ends on.
    """

    path: str
    picture: tuple[Any, ...]
    sound: tuple[Any, ...] | None
    tick: Fraction
    first: int
    length: Fraction
    step: Fraction
    opening: bytes
    ending: bytes
    pixels: int
    begins: Fraction = Fraction(0)
    doubled: bool = False

    def at(self, pts: int, tick: Fraction) -> Fraction:
        """Tell when a frame is shown in the whole, in seconds; a doubled one stays for a tick, which others follow."""
        since = (pts - self.first) * self.tick
        return self.begins + (since - self.step + tick if self.doubled and since > 0 else since)

    def ends(self, tick: Fraction) -> Fraction:
        """Tell when it is over in the whole, in seconds."""
        return self.begins + self.length - (self.step - tick if self.doubled else 0)


def join(av: Any, picture_of: PictureOf, sound: Any, to: str, facts: str, *sources: str) -> None:
    """Write films as one MP4 that plays from its beginning on, and its facts as JSON.

    `sound` is the module that does the same for what is heard.
    """
    parts = without_doubles(list(_surveyed(av, picture_of, sources)))
    copied, seconds = len({part.picture for part in parts}) == 1, None
    if copied:
        try:
            seconds = _write(av, picture_of, sound, parts, to, copied=True)
        except (av.error.FFmpegError, ValueError):
            # Such as packets whose order does not go on from one part to the next.
            copied = False
    if seconds is None:
        seconds = _write(av, picture_of, sound, parts, to, copied=False)
    Path(facts).write_text(json.dumps({"seconds": float(seconds), "copied": copied}))


def without_doubles(parts: Sequence[Part]) -> list[Part]:
    """Leave out what a later part holds already, and mark those that begin with what the part before ends on."""
    kept: list[Part] = []
    for part in parts:
        before = kept[-1] if kept else None
        if before is not None and _holds(part, before):
            # It stands for both, and where it begins the one before began.
            kept[-1] = replace(part, doubled=before.doubled)
            continue
        doubled = before is not None and _difference(before.ending, part.opening) <= SAME
        kept.append(replace(part, doubled=doubled))
    return kept


def _holds(part: Part, before: Part) -> bool:
    """Tell whether a part begins where the one before began, and not where it ended: that one is in it."""
    from_start, from_end = _difference(before.opening, part.opening), _difference(before.ending, part.opening)
    return part.length > before.length and from_start <= SAME and from_end > 2 * from_start + NOISE


def _difference(one: bytes, other: bytes) -> float:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)


def _surveyed(av: Any, picture_of: PictureOf, sources: Sequence[str]) -> Iterator[Part]:
    """Read all films, two at a time where they are not too large."""
    last = len(sources) - 1

    def survey(place: int) -> Part:
        return _survey(av, picture_of, sources[place], whole=place < last)

    first = survey(0)
    with ThreadPoolExecutor(1 if first.pixels > LARGE else 2) as threads:
        yield first
        yield from threads.map(survey, range(1, len(sources)))


def _survey(av: Any, picture_of: PictureOf, path: str, *, whole: bool) -> Part:
    """Read one film; its last frame only where it is to be compared with, for that takes decoding it to its end."""
    with av.open(path) as film:
        picture = picture_of(film)
        coder = picture.codec_context
        shown: list[int] = []
        end, opening, last = 0, b"", None
        near_its_end = (picture.start_time or 0) + (picture.duration or 0) - int(ENDING / picture.time_base)
        for packet in film.demux(picture):
            if packet.pts is not None:
                shown.append(packet.pts)
                end = max(end, packet.pts + (packet.duration or 0))
                # Half of all frames in the middle are nothing that others are made of.
                coder.skip_frame = "NONREF" if opening and packet.pts < near_its_end else "DEFAULT"
            if whole or not opening:
                for frame in packet.decode():
                    opening, last = opening or _sample(frame), frame
        if last is None:
            raise ValueError("it has no frames")
        shown.sort()
        tick = Fraction(picture.time_base)
        length = max(end, shown[-1]) - shown[0]
        step = shown[1] - shown[0] if len(shown) > 1 else length
        sound = film.streams.audio[0].codec_context if film.streams.audio else None
        return Part(
            path=path,
            picture=(coder.name, coder.profile, coder.width, coder.height, coder.pix_fmt, tick, coder.extradata),
            sound=sound and (sound.name, sound.profile, sound.sample_rate, sound.layout.name, sound.extradata),
            tick=tick,
            first=shown[0],
            length=length * tick,
            step=step * tick,
            opening=opening,
            ending=_sample(last),
            pixels=coder.width * coder.height,
        )


def _sample(frame: Any) -> bytes:
    """Give a frame's colours, much smaller."""
    small = frame.reformat(width=SAMPLE, height=SAMPLE, format="rgb24", interpolation="AREA").planes[0]
    data, row = bytes(small), small.line_size
    return b"".join(data[top : top + 3 * SAMPLE] for top in range(0, SAMPLE * row, row))


def _write(av: Any, picture_of: PictureOf, sound: Any, parts: Sequence[Part], to: str, *, copied: bool) -> Fraction:
    """Write all parts one after the other; gives how long they are together, in seconds."""
    ticks = _fine_ticks(parts[0]) if copied else ENCODED_TICKS
    options = {"movflags": "+faststart", "video_track_timescale": str(ticks)}
    tick, begins = Fraction(1, ticks), Fraction(0)
    with (
        av.open(parts[0].path) as model,
        av.open(to, "w", format="mp4", options=options) as film,
    ):
        original = picture_of(model)
        pictures = Copied(film, original, tick) if copied else Encoded(av, film, original, tick)
        sounds = sound.sounds_of(av, film, parts)
        for part in parts:
            placed = replace(part, begins=begins)
            with av.open(part.path) as source:
                pictures.add(source, picture_of(source), placed)
            sounds.add(placed, tick)
            begins = placed.ends(tick)
        pictures.end()
        sounds.end()
    return begins


def _fine_ticks(part: Part) -> int:
    """Give so many ticks of a second that each of a part's own is one, or several whole ones."""
    own = part.tick.denominator
    return own * -(-FINE // own)


class Copied:
    """Put packets into a film as they are, at their new times."""

    def __init__(self, film: Any, original: Any, tick: Fraction) -> None:
        self._film = film
        self._tick = tick
        self._stream = film.add_stream_from_template(original)

    def add(self, source: Any, picture: Any, part: Part) -> None:
        """Copy one part."""
        for packet in source.demux(picture):
            if packet.dts is None:
                continue
            if packet.is_discard or packet.is_corrupt:
                raise ValueError("it has packets that are not to be shown")
            shown = part.at(packet.pts, self._tick)
            decoded = shown - (packet.pts - packet.dts) * part.tick
            packet.pts, packet.dts = int(shown / self._tick), int(decoded / self._tick)
            packet.duration = max(1, int((packet.duration or 0) * part.tick / self._tick))
            packet.time_base = self._tick
            packet.stream = self._stream
            self._film.mux(packet)

    def end(self) -> None:
        """Do nothing: every packet is written already."""


class Encoded:
    """Encode frames to the size of the first part."""

    def __init__(self, av: Any, film: Any, original: Any, tick: Fraction) -> None:
        self._av = av
        self._film = film
        self._tick = tick
        options = {"preset": "veryfast", "crf": QUALITY}
        stream = film.add_stream("libx264", rate=original.average_rate or 24, options=options)
        stream.width, stream.height = (max(2, side // 2 * 2) for side in (original.width, original.height))
        stream.pix_fmt = "yuv420p"
        stream.thread_count = 2
        stream.codec_context.time_base = tick
        self._stream = stream

    def add(self, source: Any, picture: Any, part: Part) -> None:
        """Encode one part; its first frame is left out where the part before ends on it."""
        for frame in self._fitting(source.decode(picture), picture):
            if part.doubled and frame.pts == part.first:
                continue
            frame.pts, frame.time_base = int(part.at(frame.pts, self._tick) / self._tick), self._tick
            frame.pict_type = 0
            self._film.mux(self._stream.encode(frame))

    def end(self) -> None:
        """Write what the encoder still holds."""
        self._film.mux(self._stream.encode())

    def _fitting(self, frames: Iterator[Any], picture: Any) -> Generator[Any]:
        """Scale frames to fit; another shape gets bars beside it or above and below."""
        width, height = self._stream.width, self._stream.height
        if (picture.width, picture.height) == (width, height):
            yield from (frame.reformat(format="yuv420p") for frame in frames)
            return
        graph = self._av.filter.Graph()
        graph.link_nodes(
            graph.add_buffer(template=picture),
            graph.add("scale", f"{width}:{height}:force_original_aspect_ratio=decrease"),
            graph.add("pad", f"{width}:{height}:-1:-1"),
            graph.add("setsar", "1"),
            graph.add("format", "yuv420p"),
            graph.add("buffersink"),
        ).configure()
        for frame in frames:
            graph.push(frame)
            yield graph.pull()
