"""Which encoding a text was written in: every candidate reads the bytes, and the most plausible reading wins.

A reading is plausible where its words keep to one script, to the letters that its languages use, and to the places
where those languages put capitals.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence, Set
from functools import cache, partial
from itertools import islice, pairwise

CANDIDATES = ("cp1252", "cp1250", "cp1251", "cp1256", "cp932", "gb18030")
"""Encodings that are told apart; the earlier one wins where two are equally plausible."""

NAMES = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "cp1250": "CP1250",
    "cp1251": "CP1251",
    "cp1252": "CP1252",
    "cp1256": "CP1256",
    "cp932": "Shift_JIS",
    "gb18030": "GB18030",
}
"""Every encoding that a page offers, as people know it."""

ALPHABETS = {
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîșțşţ", "äöüß"),
    "cp1251": (
        "абвгдежзийклмнопрстуфхцчшщъыьэюяё№",
        "абвгдежзийклмнопрстуфхцчшщьюяєіїґ",
        "абвгдежзијклмнопрстуфхцчшђљњћџ",
        "абвгдежзійклмнопрстуфхцчшыьэюяёў",
    ),
    "cp1252": (
        "äöüß",
        "éèêëàâçîïôûùœæ",
        "áéíóúñü",
        "ãõáàâéêíóôúç",
        "àèéìòù",
        "åäö",
        "æøå",
        "ðþæöáéíóúý",
        "éëïö",
    ),
    "cp1256": ("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأإؤئپچژگ،؛؟",),
}
"""The letters beyond ASCII of each language that is written in an encoding: Polish, Czech, Slovak, Hungarian ..."""

EDGES = "“”„‘’‚«»–—…•€№.,:!?()[]'-"
"""Signs around words, which lie at the same places in several encodings and so tell nothing."""
NOWHERE = re.compile("õ(?!e)", re.IGNORECASE)
"""What stands in no word of the languages above, but in Hungarian that was read wrongly."""
MOST_WORDS = 1_000
"""Words that are judged: more say nothing new."""
KANA = re.compile("[\u3041-\u3096\u30a1-\u30fc々]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""What no text holds."""
HALF_KANA = re.compile("[\uff61-\uff9f]")


def likeliest(sample: bytes) -> str | None:
    """The encoding in which a sample is most plausible; None where no candidate reads it."""
    scores = {encoding: plausibility(text, encoding) for encoding, text in readings(sample)}
    return max(scores, key=lambda encoding: scores[encoding], default=None)


def readings(sample: bytes) -> Iterator[tuple[str, str]]:
    """The sample in each encoding that can read it; a sign cut off at its end is left out."""
    for encoding in CANDIDATES:
        for cut in range(4):
            try:
                text = sample[: len(sample) - cut].decode(encoding)
            except UnicodeDecodeError as error:
                if error.start < len(sample) - 4:
                    break
            else:
                if not CONTROL.search(text):
                    yield encoding, text
                break


def plausibility(text: str, encoding: str) -> float:
    """How well a reading looks, from -1 to 1: the best mean over the signs beyond ASCII that one language gives."""
    words = list(islice(foreign_words(text), MOST_WORDS))
    if encoding not in ALPHABETS:
        return mean(words, lambda word: east_asian(word, encoding))
    return max(mean(words, partial(alphabetic, usual=frozenset(usual))) for usual in ALPHABETS[encoding])


def mean(words: Sequence[str], worth: Callable[[str], float]) -> float:
    """The mean worth of words, each counted by its signs beyond ASCII."""
    signs = [sum(not sign.isascii() for sign in word) for word in words]
    total = sum(worth(word) * number for word, number in zip(words, signs, strict=True))
    return total / sum(signs) if words else 0.0


def foreign_words(text: str) -> Iterator[str]:
    """Runs of letters and signs without a blank, those with something beyond ASCII."""
    for word in re.split(r"[\s;,|\t\"]+", text):
        if not word.isascii():
            yield word


def alphabetic(word: str, usual: Set[str]) -> float:
    """How plausible a word is in a language whose further letters are given, from -1 to 1."""
    word = word.strip(EDGES)
    letters = [sign for sign in word if sign.isalpha()]
    if any(not sign.isascii() and not sign.isalpha() and sign not in usual for sign in word):
        return -1.0
    if NOWHERE.search(word):
        return -1.0
    if len({script(sign) for sign in letters}) > 1:
        return -1.0
    if any(low.islower() and high.isupper() for low, high in pairwise(letters)):
        return -1.0
    foreign = [sign for sign in letters if not sign.isascii()]
    # A letter alone may be a sign of another encoding: € is Ђ.
    if not foreign or len(letters) == 1:
        return 0.0
    known = sum(sign.lower() in usual for sign in foreign) / len(foreign)
    # Latin words are hardly ever made of accents alone, such as Żółć; those of other scripts are made of nothing else.
    if script(foreign[0]) == "LATIN" and len(foreign) > 3 and len(foreign) > len(letters) * 0.7:
        return 0.0 if known == 1 else -1.0
    return 2 * known - 1


def east_asian(word: str, encoding: str) -> float:
    """How plausible a word is in Japanese or Chinese, from -1 to 1."""
    foreign = [sign for sign in word if not sign.isascii()]
    if any(sign.isascii() and sign.isalpha() for sign in word) and len(foreign) < 2:
        return -1.0
    return sum(_usual_sign(sign, encoding) for sign in foreign) / len(foreign)


@cache
def _usual_sign(sign: str, encoding: str) -> float:
    """Kana and the first levels of the two standards, which hold the signs of daily life, are usual."""
    if HALF_KANA.match(sign):
        return -0.5
    if encoding == "cp932" and KANA.match(sign):
        return 1.0
    try:
        lead = sign.encode("cp932" if encoding == "cp932" else "gb2312")[0]
    except UnicodeEncodeError:
        return -1.0
    most = 0x97 if encoding == "cp932" else 0xD7
    least = 0x88 if encoding == "cp932" else 0xB0
    return 1.0 if least <= lead <= most else 0.0 if sign in "（）、。，・ー" else -0.5


@cache
def script(sign: str) -> str:
    """The first word of a letter's name, which is its script."""
    return unicodedata.name(sign, "?").split(" ")[0]
