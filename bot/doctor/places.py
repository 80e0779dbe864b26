"""Addresses as they may be printed."""

from urllib.parse import urlsplit


def origin(url: str) -> str:
    """Give scheme, host and port of an address, and leave out what may be a secret."""
    parts = urlsplit(url)
    port = "" if parts.port is None else f":{parts.port}"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{port}"
