"""The bucket that MEDIA_URL names, and what it takes to use it."""

import re
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, SecretStr


class BucketAddress(NamedTuple):
    """Hold what it takes to use a bucket; what is None is what obstore finds in the environment or on its machine."""

    bucket: str
    prefix: str
    key_id: SecretStr | None
    secret: SecretStr | None
    region: str | None
    endpoint: str | None


def _bucket_url(value: str) -> str:
    bucket, *prefix = value.removeprefix("s3://").rstrip("/").split("/")
    named = re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket)
    clean = all(re.fullmatch(r"[A-Za-z0-9._-]+", part) and part.strip(".") for part in prefix)
    if not value.startswith("s3://") or not named or not clean:
        raise ValueError("must be s3:// followed by a bucket, and by a prefix if there is to be one")
    return value.rstrip("/")


def _region(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]+", value):
        raise ValueError("must be a region's name, such as eu-central-1")
    return value


BucketUrl = Annotated[str, AfterValidator(_bucket_url)]
Region = Annotated[str, AfterValidator(_region)]
