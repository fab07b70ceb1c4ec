"""Who is new and told of by one plain draft is written without a comparison, and stands there as if compared."""

import sys
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from msgspec.structs import replace

from treaty.ledger.commands import identify
from treaty.people import commands, queries
from treaty.people.commands import ready
from treaty.people.rules import PersonDraft, Ready, Stage, made_ready
from treaty.people.tests import factories
from treaty.staff.tests.factories import ann

pytestmark = pytest.mark.django_db

DOOR = sys.modules[commands.add_persons.__module__]

letters = st.sampled_from("abcdef")
texts = st.sampled_from(["", "Ana", "Łucja Żak", "田中 太郎"])
drafts_strategy = st.lists(
    st.builds(
        PersonDraft,
        name=texts,
        given_name=texts,
        family_name=texts,
        name_local=texts,
        emails=st.lists(letters.map("{}@example.com".format), max_size=2).map(tuple),
        phones=st.lists(letters.map(lambda one: f"+4812345678{ord(one) % 10}"), max_size=1).map(tuple),
        external=st.lists(letters.map("crm:{}".format), min_size=1, max_size=1).map(tuple),
        labels=st.sampled_from([None, {"a@example.com": "work", "+48123456787": "mobile"}]),
        title=texts,
        company=st.sampled_from(["", "Huta", "HUTA", "Acme"]),
        stage=st.sampled_from([None, *Stage]),
        tags=st.lists(st.sampled_from(["x", "y"]), max_size=2).map(tuple),
        unsubscribed=st.booleans(),
        added_at=st.sampled_from([None, factories.SINCE - timedelta(days=90)]),
    ),
    min_size=1,
    max_size=7,
)

PICTURES = {
    "persons": """
        SELECT p.name, p.name_local, p.given_name, p.family_name, p.folded, p.email, p.phone, p.title, p.stage,
               p.stage_since, p.unsubscribed_at, p.created_at, p.changed_at, c.name, i.kind
        FROM people_person p JOIN ledger_identity i ON i.id = p.anchor_id
        LEFT JOIN people_company c ON c.id = p.company_id ORDER BY p.id""",
    "links": """
        SELECT i.kind, COALESCE(t.value, ''), l.label, l.is_valid, l.is_main, p.name, p.folded
        FROM people_personidentity l JOIN ledger_identity i ON i.id = l.identity_id
        LEFT JOIN ledger_identitytext t ON t.identity_id = i.id JOIN people_person p ON p.id = l.person_id
        ORDER BY p.id, i.kind, t.value""",
    "facts": """
        SELECT t.kind, t.subject_kind, t.occurred_at, t.recorded_at, t.known_at, t.batch, t.payload
        FROM ledger_touchpoint t JOIN people_person p ON p.anchor_id = t.subject_id ORDER BY p.id, t.id""",
    "words": """
        SELECT s.words FROM search_line s JOIN people_person p ON p.id = s.record WHERE s.kind = 1 ORDER BY p.id""",
    "postings": "SELECT word, place, COUNT(*) FROM search_posting GROUP BY word, place ORDER BY word, place",
    "known words": "SELECT text, reversed FROM search_word ORDER BY text",
    "work": """
        SELECT c.folded, e.title, e.since, e.until FROM people_employment e
        JOIN people_company c ON c.id = e.company_id ORDER BY e.person_id, c.folded""",
    "tags": """
        SELECT t.name FROM people_persontag w JOIN people_tag t ON t.id = w.tag_id ORDER BY w.person_id, t.name""",
    "marks": "SELECT COUNT(DISTINCT row) FROM kit_changedrow WHERE kind = 'person'",
    "unscanned": "SELECT COUNT(DISTINCT person_id) FROM people_unscanned",
}


def pictures(drafts: list[PersonDraft]) -> dict[str, object]:
    """What drafts leave, three a transaction, and what came of each; nothing of it stays."""
    with transaction.atomic(), mock.patch.object(DOOR, "CHUNK", 3):
        told = {"at": factories.SINCE, "by": None, "source": "import", "batch": 7}
        came = [
            one
            for _time in range(2)
            for one in commands.add_persons(drafts, **told)  # type: ignore[arg-type]
        ]
        first = min(one.person_id for one in came)
        found: dict[str, object] = {
            "came": [(one.person_id - first, one.outcome, one.is_conflict) for one in came]
        }
        with connection.cursor() as cursor:
            for name, statement in PICTURES.items():
                cursor.execute(statement)
                found[name] = cursor.fetchall()
        transaction.set_rollback(True)
    return found


def compared(draft: PersonDraft, pepper: bytes) -> Ready:
    """A draft that nobody takes for plain."""
    return replace(made_ready(draft, pepper), is_plain=False)


class AnyNewcomers(TestCase):
    """Whatever drafts come, in one transaction or several."""

    @settings(max_examples=25)
    @given(drafts_strategy)
    def test_a_plain_draft_leaves_what_a_comparison_would(self, drafts: list[PersonDraft]) -> None:
        plain = pictures(drafts)
        with mock.patch.object(ready, "made_ready", compared):
            assert pictures(drafts) == plain


PLAIN = [
    PersonDraft(name="Pia"),
    PersonDraft(name="Ana", emails=("a@example.com", "b@example.com"), labels={"b@example.com": "work"}),
    PersonDraft(given_name="Łucja", phones=("+48123456789",), tags=("y", "x", "y"), title="Engineer"),
    PersonDraft(external=("crm:1",), stage=Stage.MQL, city="Łódź", country="PL"),
    PersonDraft(name="Jan", emails=("j@example.com",), added_at=factories.SINCE - timedelta(days=90)),
]


def told_of(drafts: list[PersonDraft]) -> mock.MagicMock:
    """The call by which those who hear of newcomers are told what there is to read of them."""
    with mock.patch.object(DOOR, "notes_of", wraps=queries.notes_of) as notes:
        commands.add_persons(
            drafts, at=factories.SINCE, by=None, source="api", quiet=False, owner_if_new=ann().pk
        )
    return notes


@pytest.mark.parametrize("drafts", [*([draft] for draft in PLAIN), PLAIN])
def test_who_hears_of_newcomers_is_told_what_could_be_read(drafts: list[PersonDraft]) -> None:
    (known,) = told_of(drafts).call_args.args
    assert len(known) == len(drafts)
    assert known == queries.known(known)


def test_who_came_under_an_identity_with_a_history_is_read() -> None:
    identify("email", "a@example.com", at=factories.SINCE)
    told_of(PLAIN[:2]).assert_not_called()


def test_who_works_somewhere_is_read() -> None:
    told_of([PersonDraft(name="Pia", company="Huta")]).assert_not_called()
