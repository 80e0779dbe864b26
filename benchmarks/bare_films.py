"""The floor of a job's cost: a discord.py bot that goes straight on, keeps nothing and survives nothing.

`python -m benchmarks.bare_films URL KEY`: it defers, fetches the picture, submits, polls, downloads and uploads.
"""

import asyncio
import io
import os
import sys
from typing import Any, cast

import discord
import httpx
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

POLL_SECONDS = 0.95


class BareBot(commands.AutoShardedBot):
    """Connect, register one command, and carry it out."""

    def __init__(self, base_url: str, key: str) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            intents=discord.Intents(guilds=True, guild_messages=True),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self._provider = httpx.AsyncClient(base_url=base_url, headers={"TT-API-KEY": key})
        self._files = httpx.AsyncClient()

    async def setup_hook(self) -> None:
        """Find the gateway and register."""
        _, gateway, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
        self.tree.add_command(cast("app_commands.Command[Any, ..., None]", video))
        await self.tree.sync()

    async def film(self, prompt: str, image: str) -> list[bytes]:
        """Have clips made of an image, and download them."""
        await self._file(image)
        order = {"prompt": prompt, "imageUrl": image, "mode": "fast", "manual": "low", "resolution": "sd", "bs": 4}
        submitted = (await self._provider.post("/midjourney/video/submit", json=order)).raise_for_status().json()
        while True:
            await asyncio.sleep(POLL_SECONDS)
            asked = {"jobId": submitted["data"]["jobId"]}
            job = (await self._provider.get("/midjourney/video/fetch", params=asked)).raise_for_status().json()
            if job["status"] == "SUCCESS":
                return [await self._file(link) for link in job["data"]["videos"]]

    async def _file(self, link: str) -> bytes:
        return (await self._files.get(link)).raise_for_status().content


@app_commands.command(name="video", description="Make a film")
async def video(interaction: discord.Interaction[BareBot], prompt: str, image: discord.Attachment) -> None:
    """Defer, have the film made, and show it."""
    await interaction.response.defer(thinking=True)
    clips = await interaction.client.film(prompt, image.url)
    files = [discord.File(io.BytesIO(clip), f"{number}.mp4") for number, clip in enumerate(clips, 1)]
    await interaction.edit_original_response(content=prompt, attachments=files)


def main(base_url: str, key: str) -> None:
    """Run until killed."""
    Route.BASE = os.environ["DISCORD_API_URL"]
    BareBot(base_url, key).run(os.environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
