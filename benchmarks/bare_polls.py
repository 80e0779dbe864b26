"""The floor of asking for many jobs: the bot's own client, as many questions at a time as it has steps, nothing else.

`python -m benchmarks.bare_polls URL KEY`, with the jobs' ids on standard input.
"""

import asyncio
import sys
from collections.abc import Iterator

from bot.providers.ttapi.videos import Ttapi

AT_A_TIME = 16


async def main(base_url: str, key: str, remote_ids: Iterator[str]) -> None:
    """Ask for each job once."""
    provider = Ttapi(key, base_url)

    async def ask() -> None:
        for remote_id in remote_ids:
            await provider.poll(remote_id)

    try:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(AT_A_TIME):
                tasks.create_task(ask())
    finally:
        await provider.aclose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], iter(sys.stdin.read().split())))
