"""Files: guarded downloads, decoding, resizing, transcoding, the file store."""

from bot.media.decode import MAX_PIXELS, MAX_RESULT_PIXELS
from bot.media.download import MAX_CLIP_BYTES, MAX_RESULT_BYTES, Downloader
from bot.media.executor import apart
from bot.media.file_store import MediaStore
from bot.media.images import (
    MAX_PICTURE_BYTES,
    CheckedPicture,
    check_picture,
    check_result,
    cut,
    thumbnail,
)
from bot.media.masks import MAX_MASK_PIXELS, CheckedMask, check_mask, overlay
from bot.media.resize import fit_picture, for_vendor
from bot.media.transcode import Shrinker

__all__ = [
    "MAX_CLIP_BYTES",
    "MAX_MASK_PIXELS",
    "MAX_PICTURE_BYTES",
    "MAX_PIXELS",
    "MAX_RESULT_BYTES",
    "MAX_RESULT_PIXELS",
    "CheckedMask",
    "CheckedPicture",
    "Downloader",
    "MediaStore",
    "Shrinker",
    "apart",
    "check_mask",
    "check_picture",
    "check_result",
    "cut",
    "fit_picture",
    "for_vendor",
    "overlay",
    "thumbnail",
]
