"""Open the bucket that MEDIA_URL names, or say which setting stands in the way, and what to do about it."""

from typing import TYPE_CHECKING

from bot.config import BucketAddress
from bot.errors import BucketRefused, MediaProblem, MediaUnavailable

if TYPE_CHECKING:  # it needs the extra `s3`
    from bot.media.bucket_store import BucketStore


async def open_bucket(address: BucketAddress, *, most_bytes: int | None = None) -> "BucketStore":
    """Give the bucket once it was seen to be of use, within seconds; raises `BucketRefused` when it is not."""
    try:
        from bot.media.bucket_client import reach_bucket
    except ModuleNotFoundError:
        raise BucketRefused("MEDIA_URL", "needs the extra `s3`: pip install 'animatic[s3]'.") from None
    bucket = await reach_bucket(address, most_bytes=most_bytes)
    try:
        await bucket.check()
    except MediaUnavailable as error:
        raise _refused(error, address) from None
    return bucket


def _refused(error: MediaUnavailable, address: BucketAddress) -> BucketRefused:
    """Name the setting that is most likely wrong."""
    match error.problem:
        case MediaProblem.NO_KEYS:
            return BucketRefused(
                "AWS_ACCESS_KEY_ID",
                "is not set, and this machine has no key of its own for the bucket that MEDIA_URL names.",
                "Set it together with AWS_SECRET_ACCESS_KEY.",
            )
        case MediaProblem.BAD_KEYS:
            return BucketRefused(
                "AWS_ACCESS_KEY_ID",
                "and AWS_SECRET_ACCESS_KEY are not accepted by the server of the bucket that MEDIA_URL names.",
                "Compare both with what the server gave you, and this machine's clock with the time.",
            )
        case MediaProblem.OTHER_REGION:
            return BucketRefused(
                "AWS_REGION",
                "is not the region of the bucket that MEDIA_URL names.",
                "Set the region that the bucket was made in.",
            )
        case MediaProblem.NO_BUCKET:
            return BucketRefused(
                "MEDIA_URL",
                "names a bucket that does not exist.",
                "Make the bucket, or name another one; AWS_ENDPOINT_URL says at which server it is.",
            )
        case MediaProblem.UNREACHABLE if address.endpoint is not None:
            return BucketRefused(
                "AWS_ENDPOINT_URL",
                "leads to no server that answers, and the bucket that MEDIA_URL names should be there.",
                "See that the server runs and can be reached from here.",
            )
        case _:
            return BucketRefused(
                "MEDIA_URL",
                f"names a bucket that cannot be written: {error}.",
                "Let the key put, get, list and delete objects there.",
            )
