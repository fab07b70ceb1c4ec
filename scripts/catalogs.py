"""The catalogues in src/treaty/locale: what Treaty says in other languages.

.venv/bin/python scripts/catalogs.py compile   # write each .mo, which runs, from its .po
.venv/bin/python scripts/catalogs.py update    # give each .po the texts of the code, and leave translations as they are
.venv/bin/python scripts/catalogs.py check     # fail where a text is not translated, or not as the code needs it
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "treaty"
SPOKEN = ("wording.py", "attribute_wording.py", "fact_wording.py")
"""The modules of segments whose texts the catalogues hold: a segment is read out in every language, pages in English."""
KEYWORDS = {"gettext": None, "_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
NAMED = re.compile(r"%\(\w+\)[sd]")
UNSAID = (
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Report-Msgid-Bugs-To",
    "Generated-By",
)
"""Lines of the header that change without a text changing, or name nobody."""


def texts() -> Catalog:
    """What the code says, in English, in the order in which it stands there."""
    said = Catalog()
    for name in SPOKEN:
        path = str(SOURCE / "segments" / name)
        for _, message, _, context in extract_from_file("python", path, keywords=KEYWORDS):
            said.add(message, context=context)
    return said


def catalogues() -> Iterator[tuple[Path, Catalog]]:
    """Each .po with what it holds."""
    for path in sorted(SOURCE.glob("locale/*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            yield path, read_po(file, locale=path.parents[1].name)


def compiled() -> int:
    """Writes every .mo; gives 0."""
    for path, catalogue in catalogues():
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
    return 0


def updated() -> int:
    """Writes every .po anew: new texts without a translation, gone ones taken out; gives 0."""
    for path, catalogue in catalogues():
        catalogue.update(texts(), no_fuzzy_matching=True, update_header_comment=False)
        catalogue.obsolete.clear()
        path.write_text(written(catalogue), encoding="utf-8")
    return 0


def written(catalogue: Catalog) -> str:
    """The catalogue as its .po says it."""
    file = io.BytesIO()
    write_po(file, catalogue, width=100, no_location=True)
    lines = file.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in UNSAID)))


def checked() -> int:
    """Prints what is missing or wrong; gives how much."""
    faults = [f"{path.relative_to(ROOT)}: {fault}" for path, held in catalogues() for fault in wrong(held)]
    print("\n".join(faults) or "Every text is translated.")
    return len(faults)


def wrong(catalogue: Catalog) -> Iterator[str]:
    """What the code says and the catalogue does not, or in another form."""
    said = texts()
    for message in filter(lambda one: one.id, said):
        known = catalogue.get(message.id, message.context)
        if known is None or known.fuzzy or not all(forms(known.string)):
            yield f"not translated: {message.id}"
        elif {name for form in forms(known.string) for name in NAMED.findall(form)} - named(message):
            yield f"names what the code does not tell: {message.id}"
        elif named(message) - {*NAMED.findall(forms(known.string)[-1])}:
            yield f"lacks what the code tells: {message.id}"
    yield from (
        f"nobody says this: {one.id}" for one in catalogue if one.id and said.get(one.id, one.context) is None
    )


def forms(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """A text in all its plural forms; that of the largest numbers is the last."""
    return (string,) if isinstance(string, str) else tuple(string or [""])


def named(message: Message) -> set[str]:
    """The placeholders of a text: of one with a plural those of the plural, for some languages have no other form."""
    return {name for form in forms(message.id) for name in NAMED.findall(form)}


COMMANDS = {"compile": compiled, "update": updated, "check": checked}


def main(words: list[str]) -> int:
    """One of the commands; its exit status."""
    if len(words) != 1 or words[0] not in COMMANDS:
        print(f"Choose one of {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    return min(COMMANDS[words[0]](), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
