"""What a bot has done before it is forked: whatever each would do alike is done here, once, on import."""

import gc
from importlib import import_module

from PIL import Image

from bot.cog_modules import COGS
from bot.config import settings_type
from bot.languages import languages
from bot.media import download
from bot.providers import http_client
from bot.providers.registry import provider_names

LATE = (
    "bot.app",
    "bot.doctor",
    "bot.log",
    *(f"cogs.{name}" for name in COGS),
    "aiohttp.web",
    "aiosqlite",
    "asyncpg",
    "argparse",
    "anyio._backends._asyncio",
    "encodings.idna",
    "importlib.resources.readers",
    "stringprep",
)
"""What a bot imports only once it runs; its first module is not here, for it is run anew."""

for late in ("tests.support.forked_bot", *LATE):
    import_module(late)
languages()
settings_type(provider_names())
http_client.trusted()
download.public_authorities()
Image.preinit()
gc.freeze()  # what all bots have is not looked at again by each
