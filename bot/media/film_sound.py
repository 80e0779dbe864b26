"""What is heard of films that are put behind each other: loaded by the process of films, by its path.

Where the sound of all parts matches, its packets are copied; else it is encoded, with silence where a part has none.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

BLOCK = 1_024
"""Samples of silence that are written at a time."""


def sounds_of(av: Any, film: Any, parts: Sequence[Any]) -> Any:
    """Choose how the sound of some parts comes into a film, by what they have."""
    kinds = {part.sound for part in parts}
    if kinds == {None}:
        return Silent()
    heard = next(part for part in parts if part.sound is not None)
    return CopiedSound(av, film, heard) if len(kinds) == 1 else EncodedSound(av, film, heard)


class Silent:
    """Have no sound."""

    def add(self, part: Any, tick: Fraction) -> None:
        """Do nothing."""

    def end(self) -> None:
        """Do nothing."""


class CopiedSound:
    """Put packets of sound into a film as they are, at their new times."""

    def __init__(self, av: Any, film: Any, heard: Any) -> None:
        self._av = av
        self._film = film
        with av.open(heard.path) as source:
            self._stream = film.add_stream_from_template(source.streams.audio[0])
        self._end: int | None = None

    def add(self, part: Any, tick: Fraction) -> None:
        """Copy one part's sound, from its beginning to its end to the nearest packet, so that parts do not drift."""
        with self._av.open(part.path) as source:
            stream = source.streams.audio[0]
            own = Fraction(stream.time_base)
            begins, ends = part.begins / own, part.ends(tick) / own
            moved = round((_moved(part, tick) - part.first * part.tick) / own)
            for packet in source.demux(stream):
                if packet.dts is None:
                    continue
                at, middle = packet.pts + moved, packet.pts + moved + (packet.duration or 0) // 2
                if middle >= ends or (middle < begins and self._end is not None):
                    continue
                at = at if self._end is None else max(at, self._end)
                packet.pts = packet.dts = at
                packet.time_base = own
                packet.stream = self._stream
                self._end = at + (packet.duration or 0)
                self._film.mux(packet)

    def end(self) -> None:
        """Do nothing: every packet is written already."""


class EncodedSound:
    """Encode sound as AAC, at the rate and in the layout of the first part that has any."""

    def __init__(self, av: Any, film: Any, heard: Any) -> None:
        self._av = av
        self._film = film
        _, _, self._rate, self._layout, _ = heard.sound
        self._stream = film.add_stream("aac", rate=self._rate, layout=self._layout)
        self._samples = 0

    def add(self, part: Any, tick: Fraction) -> None:
        """Encode one part's sound, or silence, to the very sample at which the part ends."""
        end = round(part.ends(tick) * self._rate)
        if part.sound is not None:
            for frame in self._frames(part, end - self._samples, part.begins - _moved(part, tick)):
                self._encode(frame)
        while self._samples < end:
            silence = self._av.AudioFrame("fltp", self._layout, min(BLOCK, end - self._samples))
            for plane in silence.planes:
                plane.update(bytes(plane.buffer_size))
            silence.sample_rate = self._rate
            self._encode(silence)

    def end(self) -> None:
        """Write what the encoder still holds."""
        self._film.mux(self._stream.encode())

    def _frames(self, part: Any, most: int, skipped: Fraction) -> Iterator[Any]:
        """Decode a part's sound without what is skipped of it, seconds; gaps become silence, `most` samples come."""
        with self._av.open(part.path) as source:
            stream = source.streams.audio[0]
            graph = self._av.filter.Graph()
            first = float(part.first * part.tick + skipped)
            graph.link_nodes(
                graph.add_abuffer(template=stream),
                graph.add("asetpts", f"PTS-{first}/TB"),
                graph.add("aresample", f"{self._rate}:async=1:first_pts=0"),
                graph.add("aformat", f"sample_fmts=fltp:channel_layouts={self._layout}"),
                graph.add("atrim", f"start_sample=0:end_sample={most}"),
                graph.add("abuffersink"),
            ).configure()
            for frame in source.decode(stream):
                graph.push(frame)
                yield from self._pulled(graph)
            graph.push(None)
            yield from self._pulled(graph)

    def _pulled(self, graph: Any) -> Iterator[Any]:
        while True:
            try:
                yield graph.pull()
            except (BlockingIOError, self._av.error.EOFError):
                return

    def _encode(self, frame: Any) -> None:
        frame.pts, frame.time_base = self._samples, Fraction(1, self._rate)
        self._samples += frame.samples
        self._film.mux(self._stream.encode(frame))


def _moved(part: Any, tick: Fraction) -> Fraction:
    """Tell when a part would have begun whose first frame is only shown for a tick, in seconds."""
    return part.begins - (part.step - tick if part.doubled else 0)
