"""How a document leaves: as a file to keep, which no browser shows as a page of ours, whatever it holds."""

from collections.abc import Iterator
from pathlib import Path

import structlog
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from treaty.documents.queries import DocumentRow

log = structlog.get_logger("treaty.documents")
BLOCK = 65_536


def sent(row: DocumentRow) -> StreamingHttpResponse | None:
    """The answer that brings the bytes, block by block; None where they are not there."""
    if not row.path.is_file():
        log.error("bytes are missing", document=row.id, digest=row.digest)
        return None
    answer = StreamingHttpResponse(blocks(row.path), content_type=row.type.mime)
    answer["Content-Length"] = str(row.size)
    answer["Content-Disposition"] = str(content_disposition_header(True, row.name))
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-cache"
    return answer


def blocks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, which is open only while they are read."""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
