"""Which files are taken, by their bytes alone; and what they are called then."""

import pytest

from treaty.documents.rules import LONGEST, TYPES, Refused, named, type_of
from treaty.documents.tests.packing import PNG, packed

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
ODT = "application/vnd.oasis.opendocument.text"

TAKEN = {
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    "png": PNG,
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1",
    "gif": b"GIF89a\1\0\1\0",
    "webp": b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0",
    "tiff": b"II*\0\x08\0\0\0",
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "docx": packed("[Content_Types].xml", "word/document.xml"),
    "xlsx": packed("[Content_Types].xml", "xl/workbook.xml"),
    "pptx": packed("[Content_Types].xml", "ppt/presentation.xml"),
    "odt": packed("content.xml", mimetype=ODT),
    "doc": OLE + "WordDocument".encode("utf-16-le"),
    "xls": OLE + "Workbook".encode("utf-16-le"),
    "ppt": OLE + "PowerPoint Document".encode("utf-16-le"),
    "text": "Zażółć gęślą jaźń\nŁódź;12\n".encode(),
}


@pytest.mark.parametrize("key", TAKEN)
def test_the_bytes_say_what_a_file_is(key: str) -> None:
    assert type_of(TAKEN[key]) is TYPES[key]


@pytest.mark.parametrize(
    "text",
    [
        "Grüße".encode("cp1252"),
        "Łódź".encode("utf-16"),
        b"From: pia@example.com\nSubject: Quote\n\nHi",
        b'{"a": 1}',
    ],
)
def test_texts_of_every_encoding_are_texts(text: bytes) -> None:
    assert type_of(text) is TYPES["text"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "markup"),
        (b"\xef\xbb\xbf \n<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "markup"),
        ("<html>".encode("utf-16"), "markup"),
        (b"<?xml version='1.0'?><svg/>", "markup"),
        (b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0" + b"\0" * 64, "unknown"),
        (b"\x7fELF\2\1\1\0" + b"\0" * 64, "unknown"),
        (packed("setup.exe"), "archive"),
        (packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macros"),
        (packed("Basic/Standard/Module1.xml", mimetype=ODT), "macros"),
        (OLE + "WordDocument".encode("utf-16-le") + "_VBA_PROJECT".encode("utf-16-le"), "macros"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "unknown"),
        (b"PK\x03\x04 and nothing behind", "unknown"),
    ],
)
def test_what_could_do_harm_is_refused_whatever_it_is_called(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        type_of(content)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("name", "key", "becomes"),
    [
        ("Quote.PDF", "pdf", "Quote.PDF"),
        ("photo.jpeg", "jpeg", "photo.jpeg"),
        ("prices.csv", "text", "prices.csv"),
        ("invoice.exe", "pdf", "invoice.exe.pdf"),
        ("page.html", "text", "page.html.txt"),
        ("C:\\Users\\Pia\\offer.docx", "docx", "offer.docx"),
        ("../../etc/passwd", "text", "passwd.txt"),
        ("cod\u202efdp.exe", "text", "codfdp.exe.txt"),
        ("a\0b\n.txt", "text", "ab.txt"),
        ("", "png", "document.png"),
        ("..", "pdf", "document.pdf"),
        ("Łódź – ёлка 営業.pdf", "pdf", "Łódź – ёлка 営業.pdf"),
    ],
)
def test_a_name_has_no_folder_no_hidden_signs_and_an_ending_that_fits(
    name: str, key: str, becomes: str
) -> None:
    assert named(name, TYPES[key]) == becomes


def test_a_long_name_keeps_its_ending() -> None:
    short = named("x" * 400 + ".pdf", TYPES["pdf"])
    assert len(short) == LONGEST
    assert short.endswith("x.pdf")
