"""The bot's hands: check pictures, fetch from strangers' hosts, keep files."""

from bot.media.download import MAX_CLIP_BYTES, Downloader
from bot.media.pictures import MAX_PICTURE_BYTES, MAX_PIXELS, CheckedPicture, check_picture, thumbnail
from bot.media.shrink import Shrinker
from bot.media.store import MediaStore

__all__ = [
    "MAX_CLIP_BYTES",
    "MAX_PICTURE_BYTES",
    "MAX_PIXELS",
    "CheckedPicture",
    "Downloader",
    "MediaStore",
    "Shrinker",
    "check_picture",
    "thumbnail",
]
