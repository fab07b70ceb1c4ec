"""How a text is folded for finding: case, width, marks and letter forms that people do not type are taken away."""

import re
import unicodedata
from functools import lru_cache

MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
"""Accents, vowel points and their like. The voicing marks of kana are not among them: が is another sound than か."""

UNSEEN = re.compile("[\u00ad\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
"""Soft hyphens, stretching strokes, joiners and marks of direction."""

LETTERS = str.maketrans(
    {
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ħ": "h",
        "ı": "i",
        "ŋ": "n",
        "ß": "ss",
        "ё": "е",
        "\u0671": "\u0627",  # alef wasla: alef
        "\u0649": "\u064a",  # alef maksura: ya
        "\u06cc": "\u064a",  # Farsi ya: ya
        "\u06a9": "\u0643",  # keheh: kaf
        "\u0629": "\u0647",  # teh marbuta: heh
    }
    | {chr(katakana): chr(katakana - 0x60) for katakana in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
    | {chr(zero + digit): str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)}
)
"""Letters that no decomposition maps to what people type instead; katakana to hiragana; digits of Arabic script."""


NAME = 80
"""Characters of a text that may be a name: of many persons the same names are told again and again."""


def fold(text: str) -> str:
    """The form in which names are kept for finding and ordering; what is asked for is folded alike.

    Compatibility decomposition, case folding, marks away, letter forms mapped, composed again, spaces made single.
    Folding twice gives what folding once gave.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    return _name_folded(text) if len(text) <= NAME else _folded(text)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).casefold()
    plain = UNSEEN.sub("", MARKS.sub("", decomposed))
    # Composed first, so that a voiced kana is one letter when katakana becomes hiragana.
    composed = unicodedata.normalize("NFC", plain).translate(LETTERS)
    return " ".join(unicodedata.normalize("NFC", composed).split())


_name_folded = lru_cache(maxsize=20_000)(_folded)
