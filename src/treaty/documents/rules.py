"""Which files are taken: the type is what the bytes say, never the name; and what a file may be called."""

import re
import unicodedata
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile

import puremagic

RECORDS = ("person", "company", "deal", "note")
"""The kinds of record that can have documents."""
LONGEST = 200
"""Characters of a name."""
KEPT_DAYS = 30
"""How long what was removed can be brought back."""


@dataclass(frozen=True, slots=True)
class Type:
    """A type of file: its key, how it is served, and the endings its names may have, its own one first."""

    key: str
    mime: str
    endings: tuple[str, ...]


OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN = "application/vnd.oasis.opendocument"
TEXTS = (".txt", ".csv", ".tsv", ".md", ".log", ".json", ".eml", ".ics", ".vcf")
"""Endings that texts keep; whatever else a text is called, it is made one that no program runs."""

TYPES = {
    one.key: one
    for one in (
        Type("pdf", "application/pdf", (".pdf",)),
        Type("docx", f"{OFFICE}.wordprocessingml.document", (".docx",)),
        Type("xlsx", f"{OFFICE}.spreadsheetml.sheet", (".xlsx",)),
        Type("pptx", f"{OFFICE}.presentationml.presentation", (".pptx",)),
        Type("odt", f"{OPEN}.text", (".odt",)),
        Type("ods", f"{OPEN}.spreadsheet", (".ods",)),
        Type("odp", f"{OPEN}.presentation", (".odp",)),
        Type("doc", "application/msword", (".doc",)),
        Type("xls", "application/vnd.ms-excel", (".xls",)),
        Type("ppt", "application/vnd.ms-powerpoint", (".ppt",)),
        Type("png", "image/png", (".png",)),
        Type("jpeg", "image/jpeg", (".jpg", ".jpeg")),
        Type("gif", "image/gif", (".gif",)),
        Type("webp", "image/webp", (".webp",)),
        Type("tiff", "image/tiff", (".tiff", ".tif")),
        Type("heic", "image/heif", (".heic", ".heif")),
        Type("text", "text/plain; charset=utf-8", TEXTS),
    )
}
"""What is taken, and nothing else."""

SIGNED = ("pdf", "png", "jpeg", "gif", "webp", "tiff", "heic")
"""Types that begin with a signature."""
PACKED = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
"""Office files are archives; by what lies in them they are told apart."""
STREAMS = {"WordDocument": "doc", "Workbook": "xls", "PowerPoint Document": "ppt"}
"""... and older ones by the names of their streams."""
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEAD = 4_096
"""Bytes in which signatures stand."""
MOST_PARTS = 20_000
MARKUP = re.compile(rb"\s*<[!?a-z]", re.IGNORECASE)
UNREADABLE = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""No text has them."""
HIDDEN = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Signs that show a name in another order than it has: `cod.exe` would be read as `exe.doc`."""


class Refused(ValueError):
    """A file is not taken; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def type_of(content: bytes) -> Type:
    """What a file is by its bytes. Raises Refused: empty, macros, archive, markup, unknown."""
    if not content:
        raise Refused("empty")
    if content.startswith(ZIP):
        return TYPES[_packed(content)]
    if content.startswith(OLE):
        return TYPES[_old(content)]
    endings = _signed(content[:HEAD])
    for key in SIGNED:
        if endings & {*TYPES[key].endings}:
            return TYPES[key]
    return _text(content)


def _signed(head: bytes) -> set[str]:
    try:
        return {match.extension for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        return set()


def _packed(content: bytes) -> str:
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()[:MOST_PARTS]
            mime = archive.read("mimetype").decode("ascii") if names[:1] == ["mimetype"] else ""
    except (BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError):
        raise Refused("unknown") from None
    if any(name.endswith("vbaProject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names):
        raise Refused("macros")
    kinds = {one.mime: one.key for one in TYPES.values()}
    parts = (key for part, key in PACKED.items() if part in names)
    key = kinds.get(mime) or next(parts, None)
    if key is None:
        raise Refused("archive")
    return key


def _old(content: bytes) -> str:
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise Refused("macros")
    for stream, key in STREAMS.items():
        if stream.encode("utf-16-le") in content:
            return key
    raise Refused("unknown")


def _text(content: bytes) -> Type:
    bare = content.removeprefix(b"\xef\xbb\xbf")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            bare = content.decode("utf-16").encode()
        except UnicodeError:
            raise Refused("unknown") from None
    if MARKUP.match(bare):
        raise Refused("markup")
    if UNREADABLE.search(bare):
        raise Refused("unknown")
    return TYPES["text"]


def named(name: str, of: Type) -> str:
    """What a file of a type is called: without folders and signs that nobody sees, with an ending that fits."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(
        sign for sign in HIDDEN.sub("", last) if unicodedata.category(sign) not in {"Cc", "Cs", "Zl", "Zp"}
    )
    path = PurePosixPath(seen.strip(" .") or "document")
    ending = path.suffix if path.suffix.lower() in of.endings else ""
    stem = path.name.removesuffix(ending) if ending else path.name
    ending = ending or of.endings[0]
    return f"{stem[: LONGEST - len(ending)]}{ending}"
