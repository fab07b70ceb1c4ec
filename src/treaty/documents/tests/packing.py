"""Bytes of files, for tests that know no database."""

from io import BytesIO
from zipfile import ZipFile

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0"


def packed(*names: str, mimetype: str = "") -> bytes:
    """An archive with parts of some names."""
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "<part/>")
    return file.getvalue()
