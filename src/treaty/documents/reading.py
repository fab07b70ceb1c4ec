"""What can be read in a file, for the search. Runs as a program of its own, with limits: whoever wrote the file may be hostile.

    python -m treaty.documents.reading pdf /path/of/the/bytes

It knows nothing of the rest of the house and prints the text; where it breaks, there is none.
"""

import re
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat
from zipfile import ZipFile

from pypdf import PdfReader

MOST_LETTERS = 40_000
"""More than the search keeps words of."""
MOST_PAGES, MOST_PARTS = 100, 100
MOST_BYTES = 64 * 1024**2
"""Of one part of an archive, unpacked."""
MEMORY, SECONDS = 768 * 1024**2, 20
SEVERAL = re.compile(r"[ \t\r\f\v]+")

PARTS = {
    "docx": re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml"),
    "xlsx": re.compile(r"xl/sharedStrings\.xml"),
    "pptx": re.compile(r"ppt/(slides|notesSlides)/[a-zA-Z]+\d+\.xml"),
    **dict.fromkeys(("odt", "ods", "odp"), re.compile(r"content\.xml")),
}
"""The parts of an archive that hold its text."""
ENDS = frozenset({"p", "h", "si", "tr", "br", "tab"})
"""Elements after which another word begins."""


def of_pdf(path: Path) -> Iterator[str]:
    """The text of each page."""
    for page in PdfReader(path).pages[:MOST_PAGES]:
        yield page.extract_text()


def of_text(path: Path) -> Iterator[str]:
    """The text itself, in the encoding it seems to be in."""
    content = path.read_bytes()[: 4 * MOST_LETTERS]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield content.decode("utf-16", "replace")
        return
    try:
        # The cut may have gone through a letter.
        yield content.decode("utf-8-sig", "strict" if len(content) < 4 * MOST_LETTERS else "ignore")
    except UnicodeDecodeError:
        yield content.decode("cp1252", "replace")


def of_archive(kind: str) -> Callable[[Path], Iterator[str]]:
    """The texts of the parts of an Office or OpenDocument file."""

    def read(path: Path) -> Iterator[str]:
        with ZipFile(path) as archive:
            parts = [one for one in archive.infolist() if PARTS[kind].fullmatch(one.filename)]
            for part in parts[:MOST_PARTS]:
                if part.file_size <= MOST_BYTES:
                    yield _written(archive.read(part), is_open=kind.startswith("od"))

    return read


def _written(markup: bytes, *, is_open: bool) -> str:
    """What is written in a part: in OpenDocument all text, in Office that of elements called `t`."""
    found: list[str] = []
    inside: list[str] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        inside.append(name.rpartition(":")[2])

    def end(name: str) -> None:
        inside.pop()
        if name.rpartition(":")[2] in ENDS:
            found.append("\n")

    def text(words: str) -> None:
        if is_open or (inside and inside[-1] == "t"):
            found.append(words)

    def refuse(*_declared: object) -> None:
        raise ValueError("An entity: no office program declares any.")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.EntityDeclHandler = text, refuse
    parser.Parse(markup, True)
    return "".join(found)


READERS: dict[str, Callable[[Path], Iterator[str]]] = {
    "pdf": of_pdf,
    "text": of_text,
    **{kind: of_archive(kind) for kind in PARTS},
}
"""Types in which something can be read."""


def read(kind: str, path: Path) -> str:
    """The first letters of a file's text."""
    found, length = list[str](), 0
    for part in READERS[kind](path):
        words = SEVERAL.sub(" ", part)
        found.append(words)
        length += len(words)
        if length > MOST_LETTERS:
            break
    return "\n".join(found)[:MOST_LETTERS]


def limit() -> None:
    """Let this program have so much memory and time, and write no files."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(kind: str, path: str) -> None:
    """Print the text of a file."""
    limit()
    text = read(kind, Path(path))
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))


if __name__ == "__main__":
    main(*sys.argv[1:])
