"""The process in which pictures are decoded, one after the other: what breaks it costs a picture, and never the bot."""

import os
import pickle
import resource
import signal
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from bot.media.images import CheckedImage, check_for_card, check_image, check_result, split_grid, thumbnail
from bot.media.masks import check_mask, overlay
from bot.media.resize import prepare_for_provider, resize_to_limit

WORK: dict[str, Callable[..., Any]] = {
    work.__name__: work
    for work in (
        check_for_card,
        check_image,
        check_mask,
        check_result,
        overlay,
        prepare_for_provider,
        resize_to_limit,
        split_grid,
        thumbnail,
    )
}
"""All that is done here, by name."""

_LENGTH = struct.Struct(">Q")


def send(to: BinaryIO, told: object) -> None:
    """Write a value; both ends are of one program and version."""
    data = pickle.dumps(told, pickle.HIGHEST_PROTOCOL)
    to.write(_LENGTH.pack(len(data)))
    to.write(data)
    to.flush()


def receive(source: BinaryIO) -> Any:
    """Read a value; raises EOFError once the other end is gone."""
    return pickle.loads(_whole(source, *_LENGTH.unpack(_whole(source, _LENGTH.size))))  # noqa: S301  # of our own process


def _whole(source: BinaryIO, size: int) -> bytes:
    data = source.read(size)
    if len(data) < size:
        raise EOFError
    return data


def main(mebibytes: str) -> None:
    """Do what is asked until nobody asks any more, within mebibytes beside what the libraries take."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what ends the bot ends this
    source, to = sys.stdin.buffer, sys.stdout.buffer
    _bound(int(mebibytes) * 2**20)
    while True:
        try:
            name, args, options = receive(source)
        except EOFError:
            return
        try:
            answer = (_without_given(WORK[name](*args, **options), args), None)
        except Exception as error:  # noqa: BLE001  # it is raised where it was asked for
            answer = (None, error)
        try:
            send(to, answer)
        except BrokenPipeError:
            os._exit(0)  # the bot is gone; an orderly end would try once more to send the rest


def _without_given(made: object, args: tuple[object, ...]) -> object:
    """Leave out of an answer what was given and has not changed, for whoever asked has it."""
    if isinstance(made, CheckedImage) and made.data is args[0]:
        return replace(made, data=b"")
    return made


def _bound(more: int) -> None:
    statm = Path("/proc/self/statm")
    if statm.exists():
        most = int(statm.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE") + more
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    with suppress(OSError):  # only Linux has it, and only some systems let it be changed
        Path("/proc/self/oom_score_adj").write_text("1000")
