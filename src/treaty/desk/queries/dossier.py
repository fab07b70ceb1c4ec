"""Everything the house knows of one person: what each noun offers, in one document, and the files beside it."""

import json
from typing import IO, Any
from zipfile import ZipFile

from django.core.serializers.json import DjangoJSONEncoder

from treaty.documents.queries import DocumentRow
from treaty.kit.nouns import offered


def dossier(person: int) -> dict[str, Any]:
    """Every noun's answer, from the ground up."""
    known: dict[str, Any] = {}
    for _noun, known_of in offered("queries", "known_of"):
        known |= known_of(person)
    return known


def files(person: int) -> list[DocumentRow]:
    """The documents on the person's record and on whatever is the person's, those whose bytes are there."""
    rows = [row for _noun, files_of in offered("queries", "files_of") for row in files_of(person)]
    return [row for row in rows if row.path.is_file()]


def written(person: int) -> str:
    """The document as people can read it."""
    return json.dumps(dossier(person), ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)


def pack(person: int, file: IO[bytes]) -> None:
    """Write the document and the files into one archive."""
    with ZipFile(file, "w") as archive:
        archive.writestr(f"person-{person}.json", written(person))
        for row in files(person):
            archive.write(row.path, f"documents/{row.id}-{row.name}")
