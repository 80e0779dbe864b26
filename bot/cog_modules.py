"""The modules in cogs/, in one list: nothing else of bot/ knows them."""

from importlib import import_module

from bot.client import Animatic
from bot.services.use_cases import UseCases

COGS = (
    "video",
    "extend",
    "images",
    "animate",
    "region",
    "providers",
    "quota",
    "info",
    "owner",
    "admin",
    "jobs",
    "film",
    "servers",
    "favourites",
    "locales",
    "reruns",
    "spoiler",
    "storyboard",
    "settings",
    "presets",
    "privacy",
    "setup",
    "help",
    "reports",
    "who",
    "mod",
    "showcase",
    "removal",
)


async def add_cogs(client: Animatic, use_cases: UseCases) -> None:
    """Let each add what it has to the client."""
    for name in COGS:
        await import_module(f"cogs.{name}").setup(client, use_cases)
