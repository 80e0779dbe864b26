"""Write words on a chart in whichever font has their letters; loaded by its path by the process that draws.

Pillow's own font is always there and has the letters of English; what a machine's fonts have beyond that is taken from
them. A letter that no font has loses its accents, or is left out: no box stands in for it.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts")

NAMES = (
    "NotoSans-Regular",
    "DejaVuSans",
    "NotoSansArabic-Regular",
    "NotoSansHebrew-Regular",
    "NotoSansThai-Regular",
    "NotoSansDevanagari-Regular",
    "NotoSansCJK-Regular",
    "NotoSansCJKsc-Regular",
    "NotoSansSC-Regular",
    "wqy-microhei",
    "wqy-zenhei",
    "PingFang",
    "Arial Unicode",
)
"""Fonts of these names are taken where they are, in this order."""

NO_LETTER = "\U0010ffff"
"""What no font has: what is drawn for it is what is drawn for all that is missing."""

MOST_MARKS = 2
"""Marks that may stand above and below one letter."""

RIGHT_TO_LEFT = frozenset({"R", "AL"})

ELLIPSIS = "…"

DASHES = {"–": "-", "—": "-"}

Font = ImageFont.FreeTypeFont


class Fonts:
    """Choose fonts for words; sizes are in pixels."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._files = tuple(files)
        self._can_shape = features.check("raqm")
        self._own = lru_cache(None)(self._load_own)
        self._found = lru_cache(None)(self._load_found)

    def write(
        self, canvas: ImageDraw.ImageDraw, at: tuple[int, int], words: str, size: int, colour: str, *, room: int
    ) -> int:
        """Write words in one line of as many pixels at most, their middle at a height; gives how wide they are."""
        kept, font = self.fit(words, size, room)
        if not kept:
            return 0
        canvas.text(at, kept, fill=colour, font=font, anchor="lm")
        return round(font.getlength(kept))

    def width(self, words: str, size: int) -> int:
        """Tell how wide words are."""
        kept, font = self._choose(words, size)
        return round(font.getlength(kept))

    def fit(self, words: str, size: int, room: int) -> tuple[str, Font]:
        """Shorten words to what can be drawn of them in so many pixels."""
        kept, font = self._choose(words, size)
        if font.getlength(kept) <= room:
            return kept, font
        low, high = 0, len(kept)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if font.getlength(kept[:middle] + ELLIPSIS) <= room else (low, middle - 1)
        return (kept[:low].rstrip() + ELLIPSIS if low else ""), font

    def _choose(self, words: str, size: int) -> tuple[str, Font]:
        """Take the font that has most of the letters, and leave out what it has not."""
        plain = without_piled_marks(words)
        own, best, most = self._own(size), self._own(size), -1
        for font in (own, *self._found(size)):
            known = sum(self._has(font, letter) for letter in plain)
            if known > most:
                best, most = font, known
            if known == len(plain):
                break
        kept = "".join(self._closest(best, letter) for letter in plain)
        return " ".join(kept.split()), best

    def _closest(self, font: Font, letter: str) -> str:
        """Give the letter if a font has it, else what it is without its accents."""
        plainer = DASHES.get(letter) or unicodedata.normalize("NFKD", letter)[0]
        return next((one for one in (letter, plainer) if self._has(font, one)), "")

    def _has(self, font: Font, letter: str) -> bool:
        if letter == " ":
            return True
        if unicodedata.bidirectional(letter) in RIGHT_TO_LEFT and not self._can_shape:
            return False
        return _is_known(font, letter)

    def _load_own(self, size: int) -> Font:
        font = ImageFont.load_default(size)
        if not isinstance(font, ImageFont.FreeTypeFont):
            raise TypeError("Pillow was built without FreeType")
        return font

    def _load_found(self, size: int) -> tuple[Font, ...]:
        found: list[Font] = []
        for file in self._files:
            try:
                found.append(ImageFont.truetype(file, size))
            except OSError:
                continue  # no font after all
        return tuple(found)


def find_fonts(folders: Iterable[str] = FOLDERS) -> list[Path]:
    """Find the fonts that this machine has of those that are taken."""
    files = {
        file.stem: file
        for folder in folders
        for file in sorted(Path(folder).rglob("*"))
        if file.suffix.lower() in (".ttf", ".otf", ".ttc") and file.stem in NAMES
    }
    return [files[name] for name in NAMES if name in files]


def without_piled_marks(words: str) -> str:
    """Take out what does not stand in a line: signs that cannot be seen, and marks piled upon marks."""
    kept: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFC", words):
        category = unicodedata.category(letter)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > MOST_MARKS or category in ("Cc", "Cf", "Cs", "Co", "Cn"):
            continue
        kept.append(" " if category.startswith("Z") else letter)
    return "".join(kept).strip()


@lru_cache(4096)
def _is_known(font: Font, letter: str) -> bool:
    return _glyph(font, letter) != _glyph(font, NO_LETTER)


@lru_cache(64)
def _glyph(font: Font, letter: str) -> bytes:
    side = 3 * int(font.size)
    picture = Image.new("L", (side, side))
    ImageDraw.Draw(picture).text((side // 3, side // 3), letter, fill=255, font=font)
    return picture.tobytes()
