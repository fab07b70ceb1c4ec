"""What of a person is compared, in the one form in which spelling, script, case and order of names do not matter."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from treaty.kit.rules.folding import fold

NOT_LETTERS = re.compile(r"[^\w]+")
TITLES = frozenset({"dr", "prof", "mr", "mrs", "ms", "herr", "frau", "ing", "mgr", "inz", "pan", "pani"})
"""Words before a name that are no part of it."""
LEGAL = frozenset({
    "ab", "ag", "bv", "co", "company", "corp", "corporation", "doo", "gmbh", "inc", "kg", "kk", "limited",
    "llc", "llp", "ltd", "mbh", "nv", "oao", "ooo", "oy", "oyj", "plc", "pte", "pty", "sa", "sarl", "sas",
    "se", "sl", "spa", "spzoo", "srl", "sro", "zao", "ооо", "зао", "оао", "ао",
})  # fmt: skip
"""Legal forms that people write after a company's name, or not."""
ONE_MAILBOX = {"googlemail.com": "gmail.com"}

# GOST 7.79 (system B) and ELOT 743, simplified to what people type into Latin forms after folding.
LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхцыэіїєґўђјљњћџ", (
        "a", "b", "v", "g", "d", "e", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts",
        "y", "e", "i", "i", "e", "g", "u", "dj", "j", "lj", "nj", "c", "dz"), strict=True))
    | {"ж": "zh", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya", "ё": "e"}
    | dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", (
        "a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s", "t", "y", "f",
        "ch", "ps", "o"), strict=True))
)  # fmt: skip
"""Cyrillic and Greek letters as Latin ones, so that Иван is Ivan. Scripts that need a dictionary stay as they are."""
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Kana, CJK ideographs, Hangul: names are written in one piece, and one other letter is another name."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which a person's name is written, folded and in Latin letters where that needs no dictionary."""

    given: str
    family: str
    is_unspaced: bool = False


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of a person for comparing; empty where it is unknown.

    `emails` canonical, `phones` E.164, `keys` source:key, `born` YYYYMMDD, the rest folded.
    """

    names: tuple[Form, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    company: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    born: str = ""


def forms(*, given: str = "", family: str = "", name: str = "", local: str = "") -> tuple[Form, ...]:
    """The ways a name is written: its parts where they are told, else the whole; and the one in its own script."""
    written = [_form(given, family) if given or family else _split(name), _split(local)]
    return tuple(dict.fromkeys(form for form in written if form.given or form.family))


def canonical_email(address: str) -> str:
    """The mailbox behind an address: without a tag behind +, without the dots that Gmail does not read."""
    local, _, domain = address.partition("@")
    domain = ONE_MAILBOX.get(domain, domain)
    local = local.partition("+")[0] or local
    return f"{local.replace('.', '') if domain == 'gmail.com' else local}@{domain}"


@lru_cache(maxsize=20_000)
def plain_company(name: str) -> str:
    """A company's name without its legal form and punctuation."""
    words = _words(fold(name).replace("sp. z o.o.", "").replace("s.a.", "").replace("s.r.o.", ""))
    kept = [word for word in words if word not in LEGAL]
    return latin(" ".join(kept or words))


def latin(folded: str) -> str:
    """Cyrillic and Greek letters written in Latin ones."""
    return folded if folded.isascii() else folded.translate(LATIN)


def _split(name: str) -> Form:
    # At spaces only: of a name joined by a hyphen both parts are the family's.
    parts = [" ".join(_words(part)) for part in fold(name).split()]
    words = [word for word in parts if word and word not in TITLES]
    if UNSPACED.search("".join(words[:1])):
        return Form("", "".join(words), is_unspaced=True)  # as it stands: the family name is first already
    return _joined(" ".join(words[:-1]), words[-1]) if words else Form("", "")


def _form(given: str, family: str) -> Form:
    kept = [word for word in _words(fold(given)) if word not in TITLES]
    return _joined(" ".join(kept), " ".join(_words(fold(family))))


def _joined(given: str, family: str) -> Form:
    if UNSPACED.search(given or family):
        return Form("", (family + given).replace(" ", ""), is_unspaced=True)
    return Form(latin(given), latin(family))


def _words(folded: str) -> Iterable[str]:
    if folded.isalnum():
        return [folded]
    return NOT_LETTERS.sub(" ", folded.replace("'", "").replace("’", "")).split()
