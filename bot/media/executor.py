"""A thread of its own for whatever decodes pictures: one at a time, and nobody else's threads wait for it.

The event loop's own threads read and write files and look hosts up; a few large pictures would keep all of them busy.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from bot.media.image_process import image_process

P = ParamSpec("P")
T = TypeVar("T")

_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")


async def run_in_image_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function of this package that blocks while it decodes; those that wait for their turn can be cancelled.

    The thread waits for a process that does the work, so that what a picture breaks is not the bot.
    """
    return await asyncio.get_running_loop().run_in_executor(_thread, partial(image_process.run, work, *args, **kwargs))
