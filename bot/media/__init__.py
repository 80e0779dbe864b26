"""Files: guarded downloads, decoding, resizing, transcoding, the file store."""

from bot.media.decode import MAX_PIXELS, MAX_RESULT_PIXELS
from bot.media.download import MAX_CLIP_BYTES, MAX_RESULT_BYTES, Downloader
from bot.media.executor import on_behalf_of, run_in_image_thread
from bot.media.file_store import FileStore
from bot.media.image_process import ImageProcessEnded
from bot.media.images import (
    CARD_SIDE,
    LIST_SIDE,
    MAX_IMAGE_BYTES,
    SCALED,
    CheckedImage,
    check_image,
    check_result,
    split_grid,
    thumbnail,
)
from bot.media.masks import DARK, LIGHT, MAX_MASK_PIXELS, CheckedMask, MaskReading, check_mask, overlay
from bot.media.resize import prepare_for_provider, resize_to_limit
from bot.media.store import MediaStore
from bot.media.temporary import temporary_folder
from bot.media.transcode import Transcoder

__all__ = [
    "CARD_SIDE",
    "DARK",
    "LIGHT",
    "LIST_SIDE",
    "MAX_CLIP_BYTES",
    "MAX_IMAGE_BYTES",
    "MAX_MASK_PIXELS",
    "MAX_PIXELS",
    "MAX_RESULT_BYTES",
    "MAX_RESULT_PIXELS",
    "SCALED",
    "CheckedImage",
    "CheckedMask",
    "Downloader",
    "FileStore",
    "ImageProcessEnded",
    "MaskReading",
    "MediaStore",
    "Transcoder",
    "check_image",
    "check_mask",
    "check_result",
    "on_behalf_of",
    "overlay",
    "prepare_for_provider",
    "resize_to_limit",
    "run_in_image_thread",
    "split_grid",
    "temporary_folder",
    "thumbnail",
]
