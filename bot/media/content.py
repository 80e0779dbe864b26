"""Tell by its first bytes what a file surely is, whatever its host says."""

_MEDIA = (
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"\x1a\x45\xdf\xa3",  # Matroska and WebM
    b"OggS",
    b"FLV\x01",
    b"%PDF-",
    b"PK\x03\x04",
)


def is_media(head: bytes) -> bool:
    """Tell whether a file is surely a picture, a film or a document.

    A page, a message and nothing at all are not: a host says them in place of a file that may still come.
    """
    return head.startswith(_MEDIA) or head.startswith(b"ftyp", 4)
