"""A generated right-to-left language: every translated text in Arabic letters and a third longer, so that what was
not translated shows its Latin letters, what is too narrow breaks, and what has a left side is on the wrong one.

    def test_today_reads_from_right_to_left(right_to_left, new_page):
        page = new_page(language=right_to_left)
"""

import re
import string
from collections.abc import Iterator

import pytest
from django.utils import translation
from django.utils.translation import trans_real

LANGUAGE = "ar"
CONTEXT = "\x04"
"""What gettext puts between a context and its message."""

# Placeholders, tags and entities stay as they are.
UNTOUCHED = re.compile(r"(%\([^)]*\)[sd]|%[sd%]|\{[^}]*\}|<[^>]*>|&\w+;)")
ARABIC = str.maketrans(string.ascii_letters, ("ابتثجحخدذرزسشصضطظعغفقكلمنه" * 2)[:52])
STRETCH = "ـ"


def pseudo(message: str) -> str:
    """The message in Arabic letters, a third longer."""
    text = message.rpartition(CONTEXT)[2]
    parts = UNTOUCHED.split(text)
    return "".join(part if UNTOUCHED.fullmatch(part) else stretched(part.translate(ARABIC)) for part in parts)


def stretched(text: str) -> str:
    """A text made longer inside its last word; spaces at its ends stay."""
    bare = text.rstrip()
    return bare + STRETCH * (len(bare) // 3) + text[len(bare) :]


class PseudoTranslation(trans_real.DjangoTranslation):
    """Arabic as Django knows it, with every text replaced."""

    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)


@pytest.fixture
def right_to_left() -> Iterator[str]:
    """The code of the pseudo-language, for as long as the test runs."""
    catalogs: dict[str, trans_real.DjangoTranslation] = vars(trans_real)["_translations"]
    kept = catalogs.pop(LANGUAGE, None)
    catalogs[LANGUAGE] = PseudoTranslation(LANGUAGE)
    yield LANGUAGE
    catalogs.pop(LANGUAGE)
    if kept is not None:
        catalogs[LANGUAGE] = kept
    translation.deactivate()
