"""Letters of other alphabets that look like Latin ones: a word that is written with them reads the same to people.

From confusables.txt 17.0.0 of Unicode Technical Standard 39 (unicode.org/Public/security), whose licence stands beside
this file: the letters and digits there that are drawn as one Latin letter, or as a small capital, and are not made one
by normalization. What it says of Latin letters themselves is left out: "all" would be taken for "ail".
"""

import re
from unicodedata import normalize

_ALWAYS = {
    "a": "\u0251\u0391\u03b1\u0410\u0430\u13aa\u15c5\u1d00\ua4ee\U000102a0\U00016f40",
    "b": (
        "\u0184\u0299\u0392\u0412\u042c\u13cf\u13f4\u1472\u15af\u15f7\u2c82\ua4d0\ua7b4\U00010282\U000102a1\U00010301"
    ),
    "c": (
        "\u03f2\u03f9\u0421\u0441\u1004\u105a\u13df\u1d04\u2ca4\u2ca5\ua4da\uabaf\U000102a2\U00010302"
        "\U00010415\U0001043d\U0001051c\U000118e9\U000118f2"
    ),
    "d": "\u0501\u13a0\u13e7\u146f\u15de\u15ea\u1d05\ua4d2\ua4d3",
    "e": "\u0395\u0415\u0435\u04bd\u13ac\u1d07\u2d39\ua4f0\uab32\U00010286\U000118a6\U000118ae",
    "f": (
        "\u0192\u03dc\u0584\u15b4\u1e9d\ua4dd\ua730\ua798\ua799\uab35\U00010287\U000102a5\U00010525\U000118a2\U000118c2"
    ),
    "g": "\u018d\u0261\u0262\u050c\u0581\u13c0\u13f3\u1d83\ua4d6",
    "h": "\u029c\u0397\u041d\u04bb\u0570\u13bb\u13c2\u157c\u2c8e\ua4e7\U000102cf",
    "i": ("\u0131\u0196\u0269\u026a\u037a\u0399\u03b9\u0406\u0456\u04c0\u0582\u13a5\u2c92\u2c93\ua647\uab75\U000118c3"),
    "j": "\u037f\u03f3\u0408\u0458\u13ab\u148d\u1d0a\ua4d9\ua7b2",
    "k": "\u0138\u039a\u041a\u13e6\u16d5\u1d0b\u2c94\ua4d7\U00010518",
    "l": (
        "\u01c0\u029f\u04cf\u05d5\u05df\u0627\u0661\u06f1\u07ca\u13de\u14aa\u16c1\u2cd0\u2d4f\ua4e1\ua4f2"
        "\U0001028a\U00010309\U00010320\U0001041b\U00010526\U000118a3\U000118b2\U00016f16\U00016f28\U0001e8c7"
    ),
    "m": "\u028d\u039c\u03fa\u041c\u13b7\u15f0\u16d6\u1d0d\u2c98\ua4df\U000102b0\U00010311\U00011700\U000118e3",
    "n": "\u0274\u039d\u0578\u057c\u2c9a\ua4e0\U00010513",
    "o": (
        "\u039f\u03bf\u03c3\u03ed\u041e\u043e\u0555\u0585\u05e1\u0647\u0665\u06be\u06c1\u06d5\u06f5\u07c0"
        "\u0966\u09e6\u0a66\u0ae6\u0b20\u0b66\u0be6\u0c66\u0ce6\u0d20\u0d66\u0e50\u0ed0\u101d\u1040\u10ff"
        "\u12d0\u17e0\u1d0f\u1d11\u2c9e\u2c9f\u2d54\u3007\ua4f3\uab3d\U00010292\U000102ab\U00010404\U0001042c"
        "\U000104c2\U000104ea\U00010516\U000114d0\U000118b5\U000118c8\U000118d7\U000118e0"
    ),
    "p": "\u00fe\u01bf\u03a1\u03c1\u03f8\u0420\u0440\u13e2\u146d\u1d18\u2ca2\u2ca3\u2cce\u2ccf\ua4d1\U00010295",
    "q": "\u051b\u0563\u0566\u2d55\ua7af",
    "r": "\u01a6\u0280\u0433\u13a1\u13d2\u1587\u1d26\u2c85\ua4e3\uab47\uab48\uab81\U000104b4\U00016f35",
    "s": (
        "\u01bd\u0405\u0455\u054f\u0d1f\u13d5\u13da\ua4e2\ua731\uabaa\U00010296\U00010420\U00010448\U000118c1\U00016f3a"
    ),
    "t": "\u03a4\u0422\u13a2\u1d1b\u2ca6\ua4d4\U00010297\U000102b1\U00010315\U000118bc\U00016f0a",
    "u": (
        "\u028b\u03c5\u054d\u057d\u1200\u144c\u1d1c\ua4f4\ua79f\uab4e\uab52\U000104ce\U000104f6\U000118b8"
        "\U000118d8\U00016f42"
    ),
    "v": (
        "\u03bd\u0474\u0475\u05d8\u0667\u06f7\u13d9\u142f\u1d20\u2d38\ua4e6\ua6df\uaba9\U0001051d\U00011706"
        "\U000118a0\U000118c0\U00016f08"
    ),
    "w": (
        "\u026f\u0448\u0461\u051c\u051d\u0561\u13b3\u13d4\u1d21\u2cbd\ua4ea\uab83\U0001170a\U0001170e"
        "\U0001170f\U000118e6\U000118ef"
    ),
    "x": (
        "\u03a7\u0425\u0445\u1541\u157d\u16b7\u2cac\u2d5d\ua4eb\ua7b3\U00010290\U000102b4\U00010317\U00010322"
        "\U00010527\U000118ec"
    ),
    "y": (
        "\u0263\u028f\u03a5\u03b3\u0423\u0443\u04ae\u04af\u10e7\u13a9\u13bd\u1d8c\u1eff\u2ca8\u2ca9\ua4ec"
        "\uab5a\U000102b2\U000118a4\U000118dc\U00016f43"
    ),
    "z": "\u0396\u13c3\u1d22\ua4dc\uab93\U000102f5\U000118a9\U000118c4\U000118e5",
}
"""What is drawn as a Latin letter wherever it stands."""

_IN_A_LATIN_WORD = {
    "a": "\uab7a",
    "b": "\u0432\u13fc\u2c83",
    "d": "\uab70",
    "e": "\uab7c",
    "g": "\u050d\u13fb\uab90",
    "h": "\u043d\u2c8f\uab8b",
    "j": "\uab7b",
    "k": "\u03ba\u043a\u2c95\uabb6",
    "l": "\u2cd1\uabae\U00010443",
    "m": "\u043c\u2c99\uab87",
    "n": "\u2c9b",
    "p": "\u1d29\uabb2",
    "r": "\uab71\uaba2",
    "t": "\u03c4\u0442\u2ca7\uab72",
}
"""What is drawn as a small capital: it passes for a letter among Latin ones, and is its own alphabet's elsewhere."""

_TO_LATIN = {ord(like): letter for letter, alike in _ALWAYS.items() for like in alike}
_AMONG_LATIN = {**_TO_LATIN, **{ord(like): letter for letter, alike in _IN_A_LATIN_WORD.items() for like in alike}}

_LATIN = re.compile("[A-Za-z]")


def latin_look(word: str) -> str:
    """Write a word in the small Latin letters that it looks like; two words that look the same become the same."""
    table = _AMONG_LATIN if _LATIN.search(normalize("NFKC", word)) else _TO_LATIN
    # Capitals look like other letters than small ones do, and what normalization makes may be in the table too.
    once = normalize("NFKC", word.translate(table)).translate(table)
    return normalize("NFKC", once.casefold()).translate(table)
