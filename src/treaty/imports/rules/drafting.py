"""Who reads a row, by what the rows of a file are."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from treaty.imports.rules.columns import Columns
from treaty.imports.rules.companies import company_of
from treaty.imports.rules.deals import deal_of
from treaty.imports.rules.persons import draft_of
from treaty.imports.rules.rows import Around
from treaty.imports.rules.touchpoints import touch_of
from treaty.people.rules import PersonDraft

Read = Callable[[Columns, Sequence[str], Around], Any]


def person_of(columns: Columns, cells: Sequence[str], around: Around) -> PersonDraft:
    """The person a row tells of; raises BadRow."""
    return draft_of(
        columns,
        cells,
        source=around.source,
        owners=around.owners,
        day_first=around.day_first,
        home=around.home,
    )


READERS: Mapping[str, Read] = {
    "persons": person_of,
    "companies": company_of,
    "deals": deal_of,
    "touchpoints": touch_of,
}
"""Each makes the draft of a row, or raises BadRow with every wrong field."""
