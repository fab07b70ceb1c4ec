"""What is read in files of each type, by a program of its own; and that nothing bad comes of what cannot be read."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from treaty.documents import reading
from treaty.documents.texts import text_of

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DRAWN = "<p:sld xmlns:p='p' xmlns:a='a'><a:p><a:r><a:t>Warranty</a:t></a:r></a:p></p:sld>"
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><w:t xmlns:w="w">&b;</w:t>'


def archive(**parts: str) -> bytes:
    """An archive; `__` in a name is a slash."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def pdf(words: str) -> bytes:
    """A page with some words, as PDF 1.4 asks (ISO 32000-1, 7.5)."""
    stream = f"BT /F1 12 Tf 72 700 Td ({words}) Tj ET"
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, places = "%PDF-1.4\n", list[int]()
    for number, body in enumerate(bodies, start=1):
        places.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    head = f"xref\n0 6\n0000000000 65535 f \n{table}trailer\n<< /Size 6 /Root 1 0 R >>\n"
    return f"{content}{head}startxref\n{len(content)}\n%%EOF\n".encode()


def read(tmp_path: Path, kind: str, content: bytes) -> str:
    """What the program reads, its white space aside."""
    path = tmp_path / "bytes"
    path.write_bytes(content)
    return " ".join(text_of(kind, path).split())


FILES = {
    "pdf": pdf("Warranty of five years"),
    "docx": archive(
        **{
            "word__document.xml": f"<w:document {WORD}><w:p><w:r><w:t>Warr</w:t></w:r><w:r><w:t>anty</w:t></w:r></w:p>"
            "<w:p><w:r><w:t>of five years</w:t></w:r></w:p></w:document>"
        },
    ),
    "xlsx": archive(
        **{"xl__sharedStrings.xml": "<sst><si><t>Warranty</t></si><si><t>of five years</t></si></sst>"}
    ),
    "pptx": archive(**{"ppt__slides__slide1.xml": DRAWN, "ppt__slides__slide2.xml": DRAWN}),
    "odt": archive(
        **{"content.xml": "<o xmlns:t='t'><t:h>Warranty</t:h><t:p>of <t:s>five</t:s> years</t:p></o>"}
    ),
    "text": "Warranty of five years".encode("utf-16"),
}


@pytest.mark.parametrize("kind", FILES)
def test_the_words_of_a_file_are_read(tmp_path: Path, kind: str) -> None:
    wanted = "Warranty Warranty" if kind == "pptx" else "Warranty of five years"
    assert read(tmp_path, kind, FILES[kind]) == wanted


@pytest.mark.parametrize(
    ("content", "wanted"), [("Grüße".encode("cp1252"), "Grüße"), ("Łódź".encode(), "Łódź")]
)
def test_texts_are_read_in_the_encoding_they_seem_to_be_in(
    tmp_path: Path, content: bytes, wanted: str
) -> None:
    assert read(tmp_path, "text", content) == wanted


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("pdf", b"%PDF-1.7 and nothing behind"),
        ("docx", b"PK\x03\x04 broken"),
        ("docx", archive(**{"word__document.xml": BOMB})),
        ("docx", archive(**{"word__document.xml": "<w:t>open"})),
        ("png", b"\x89PNG"),
    ],
)
def test_what_cannot_be_read_has_no_text_and_breaks_nothing(
    tmp_path: Path, kind: str, content: bytes
) -> None:
    assert read(tmp_path, kind, content) == ""


def test_no_more_is_read_than_the_search_can_keep(tmp_path: Path) -> None:
    path = tmp_path / "bytes"
    path.write_bytes(b"word " * 100_000)
    assert len(text_of("text", path)) == reading.MOST_LETTERS


def test_a_part_that_unpacks_to_more_than_memory_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000)
    path = tmp_path / "bytes"
    path.write_bytes(archive(**{"content.xml": "<o>" + "a" * 2_000 + "</o>"}))
    assert reading.read("odt", path) == ""


def test_the_program_has_no_more_memory_than_it_is_given(tmp_path: Path) -> None:
    path = tmp_path / "bytes"
    path.write_bytes(archive(**{f"word__header{number}.xml": "<a>" * 4_000_000 for number in range(3)}))
    assert text_of("docx", path) == ""
