"""Documents in words: their types, why a file is not taken, and what a timeline says of them."""

from collections.abc import Callable

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext, gettext_lazy

from treaty.documents.facts import DocumentAdded, DocumentRemoved, DocumentRestored
from treaty.ledger.queries import Recorded

TYPES = {
    "pdf": gettext_lazy("PDF"),
    "docx": gettext_lazy("Word document"),
    "xlsx": gettext_lazy("Excel workbook"),
    "pptx": gettext_lazy("PowerPoint slides"),
    "odt": gettext_lazy("OpenDocument text"),
    "ods": gettext_lazy("OpenDocument spreadsheet"),
    "odp": gettext_lazy("OpenDocument slides"),
    "doc": gettext_lazy("Word document"),
    "xls": gettext_lazy("Excel workbook"),
    "ppt": gettext_lazy("PowerPoint slides"),
    "png": gettext_lazy("Picture (PNG)"),
    "jpeg": gettext_lazy("Photo (JPEG)"),
    "gif": gettext_lazy("Picture (GIF)"),
    "webp": gettext_lazy("Picture (WebP)"),
    "tiff": gettext_lazy("Picture (TIFF)"),
    "heic": gettext_lazy("Photo (HEIC)"),
    "text": gettext_lazy("Text"),
}

REFUSALS: dict[str, Callable[[], str]] = {
    "empty": lambda: gettext("The file is empty."),
    "macros": lambda: gettext(
        "The file holds macros, which could be harmful. Save it without them and add it again."
    ),
    "archive": lambda: gettext(
        "Archives are not taken, for nobody sees what is in them. Unpack it and add the files."
    ),
    "markup": lambda: gettext(
        "Web pages, XML and SVG drawings are not taken, for they can hold scripts. Save it as a PDF."
    ),
    "unknown": lambda: gettext(
        "This type of file is not taken. Taken are PDF, Office and OpenDocument files, pictures and plain texts."
    ),
}


def refusal(code: str) -> str:
    """Why a file is not taken, and what to do instead."""
    if code == "too_large":
        return gettext("The file is larger than %(most)s.") % {"most": most()}
    return REFUSALS[code]()


def most() -> str:
    """How large a file may be."""
    return filesizeformat(settings.DOCUMENT_BYTES)


def told(line: Recorded) -> str:
    """The sentence a timeline says of a document, whose name stands below; empty for facts of other nouns."""
    match line.fact:
        case DocumentAdded():
            return gettext("A document was added")
        case DocumentRemoved():
            return gettext("A document was removed")
        case DocumentRestored():
            return gettext("A removed document was brought back")
    return ""
