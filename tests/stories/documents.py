"""The documents of the company that stories look at."""

from datetime import datetime, timedelta

from treaty.documents.commands import add_document, remove_document

HOUR = timedelta(hours=1)


def kept(person: int, deal: int, *, at: datetime, by: int) -> dict[str, int]:
    """Two documents on a person and one on a deal; one more was removed. The id of the first, by its name in addresses."""
    told = [
        ("person", person, "Zapytanie ofertowe – przepływomierze FM-40.txt"),
        ("person", person, "عرض أسعار.txt"),
        ("deal", deal, "Quote 2026-114.txt"),
        ("person", person, "Draft.txt"),
    ]
    ids = [
        add_document(record, one, name=name, chunks=[name.encode()], at=at - HOUR, by=by).id
        for record, one, name in told
    ]
    remove_document(ids[-1], at=at - HOUR / 2, by=by)
    return {"document": ids[0]}
