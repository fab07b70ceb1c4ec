"""The ledger keeps what it is told, once, in order, for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import Error, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from treaty.ledger import listeners
from treaty.ledger.commands import Entry, identify, identify_many, new_anchors, record, record_many
from treaty.ledger.facts import INSTALLATION, Fact, UnknownKind, about_deal, about_identity, decoded, encoded
from treaty.ledger.queries import (
    Recorded,
    histories,
    history,
    identity_values,
    lines_of_kinds,
    newest_of_each,
    recent,
)

AT = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class BellRung(Fact):
    """Somebody rang the bell; only this test knows of it."""

    tone: str
    loud: int = 0


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[list[Recorded]]:
    """The batches that a listener of BellRung was told."""
    batches: list[list[Recorded]] = []

    def listen(batch: Sequence[Recorded]) -> None:
        batches.append(list(batch))

    monkeypatch.setitem(listeners._heard, "BellRung", (listen,))
    return batches


def ring(number: int, text: str = "") -> Entry:
    """One fact of a series."""
    at = AT + timedelta(seconds=number)
    return Entry(BellRung(f"tone {number}"), INSTALLATION, at, source_key=f"ring:{number}", text=text)


def tones(lines: Sequence[Recorded]) -> list[str]:
    """What rang, in order."""
    return [line.fact.tone for line in lines if isinstance(line.fact, BellRung)]


def test_a_fact_is_read_as_it_was_written() -> None:
    identity = identify("email", "pia@example.com", at=AT)
    told = record(BellRung("high", 3), about=about_identity(identity), at=AT, by=7, text="She laughed.")
    assert told is not None
    [line] = recent([about_identity(identity)], 5)
    assert (line.fact, line.occurred_at, line.by, line.text) == (BellRung("high", 3), AT, 7, "She laughed.")
    assert line.known_at == line.recorded_at > AT


def test_imported_history_is_known_since_it_occurred() -> None:
    told = record(BellRung("low"), about=INSTALLATION, at=AT, known_at=AT)
    assert told is not None
    [line] = history([INSTALLATION])
    assert line.known_at == AT < line.recorded_at


def test_the_same_source_key_is_recorded_once(heard: list[list[Recorded]]) -> None:
    assert record(BellRung("a"), about=INSTALLATION, at=AT, source_key="mail:1") is not None
    assert record(BellRung("b"), about=INSTALLATION, at=AT, source_key="mail:1") is None
    assert [line.fact for batch in heard for line in batch] == [BellRung("a")]


def test_many_facts_are_recorded_once_and_told_in_order(heard: list[list[Recorded]]) -> None:
    first = record_many([ring(1), ring(2, text="two")])
    again = record_many([ring(2), ring(3), ring(3)])
    assert (first.new, first.known) == (2, 0)
    assert (again.new, again.known) == (1, 2)
    assert [tones(batch) for batch in heard] == [["tone 1", "tone 2"], ["tone 3"]]
    assert [line.text for line in recent([INSTALLATION], 9)] == ["", "two", ""]


def test_quiet_history_tells_nobody(heard: list[list[Recorded]]) -> None:
    outcome = record_many([ring(1), ring(2)], quiet=True)
    assert (outcome.new, heard) == (2, [])


def test_a_listener_that_fails_takes_its_fact_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_batch: Sequence[Recorded]) -> None:
        raise RuntimeError("the listener fell over")

    monkeypatch.setitem(listeners._heard, "BellRung", (fail,))
    with pytest.raises(RuntimeError), transaction.atomic():
        record(BellRung("a"), about=INSTALLATION, at=AT)
    assert history([INSTALLATION]) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_touchpoint SET kind = 'Other'",
        "DELETE FROM ledger_touchpoint",
        "UPDATE ledger_identity SET key = 'other'",
        "DELETE FROM ledger_identity",
    ],
)
def test_no_line_is_ever_changed(statement: str) -> None:
    record(BellRung("a"), about=about_identity(identify("email", "pia@example.com", at=AT)), at=AT)
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(
        ValueError, match="BellRung occurred at 2026-11-19 08:00:00, which names no time zone"
    ):
        record(BellRung("a"), about=INSTALLATION, at=datetime(2026, 11, 19, 8))  # noqa: DTZ001  the error is the point


def test_an_identity_is_one_however_often_it_is_met() -> None:
    pairs = [("email", "pia@example.com"), ("phone", "+48123456789"), ("email", "pia@example.com")]
    first, again = identify_many(pairs, at=AT), identify_many(pairs, at=AT + timedelta(days=1))
    assert first == again
    assert len(set(first.values())) == 2
    assert set(identity_values(first.values()).values()) == {*pairs}


def test_the_key_of_an_identity_tells_nothing() -> None:
    identify("email", "pia@example.com", at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM ledger_identity")
        [(key,)] = cursor.fetchall()
    assert len(key) == 32
    assert "pia" not in key


def test_anchors_are_new_identities_without_a_readable_value() -> None:
    anchors = new_anchors(3, at=AT)
    assert len(set(anchors)) == 3
    assert identity_values(anchors) == {}


def test_histories_come_oldest_first_and_apart() -> None:
    ann, bo = new_anchors(2, at=AT)
    hours = [(who, hour) for hour in (3, 1, 2) for who in (ann, bo)]
    record_many(
        Entry(BellRung(str(hour)), about_identity(who), AT + timedelta(hours=hour)) for who, hour in hours
    )
    found = histories([ann, bo])
    assert [tones(found[ann]), tones(found[bo])] == [["1", "2", "3"]] * 2


def test_the_newest_of_each_history_are_read_and_no_more() -> None:
    ann, bo = new_anchors(2, at=AT)
    hours = [*((ann, hour) for hour in (3, 1, 4, 2)), (bo, 5)]
    record_many(
        Entry(BellRung(str(hour)), about_identity(who), AT + timedelta(hours=hour)) for who, hour in hours
    )
    found = newest_of_each([ann, bo], ["BellRung"], 2)
    assert {who: sorted(tones(lines)) for who, lines in found.items()} == {ann: ["3", "4"], bo: ["5"]}
    assert newest_of_each([ann, bo], ["PageSeen"], 2) == {}
    assert newest_of_each([], ["BellRung"], 2) == {}


def test_recent_touchpoints_page_backwards_without_a_gap() -> None:
    record_many([Entry(BellRung(str(n)), about_deal(n % 2), AT) for n in range(7)])
    subjects, seen, before = [about_deal(0), about_deal(1)], [], None
    while page := recent(subjects, 2, before=before):
        seen += [line.id for line in page]
        before = (page[-1].occurred_at, page[-1].id)
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 7


def test_a_rebuild_walks_the_ledger_from_where_it_stopped() -> None:
    record_many([ring(n) for n in range(5)])
    first = lines_of_kinds(["BellRung"], limit=3)
    rest = lines_of_kinds(["BellRung"], after=first[-1].id)
    assert [len(first), len(rest)] == [3, 2]


def test_a_kind_nobody_knows_is_named() -> None:
    with pytest.raises(UnknownKind, match="TeaDrunk is not a fact this version of Treaty knows"):
        decoded("TeaDrunk", "{}")


@given(tone=st.text(), loud=st.integers(-(2**53), 2**53))
def test_facts_survive_the_journey_through_text(tone: str, loud: int) -> None:
    assert decoded("BellRung", encoded(BellRung(tone, loud))) == BellRung(tone, loud)


@pytest.mark.parametrize("number", [3, 60])
def test_few_and_many_are_told_alike_and_what_is_known_is_passed_over(
    number: int, heard: list[list[Recorded]]
) -> None:
    record_many([ring(1)])
    series = [ring(place) for place in range(number)]
    outcome = record_many([*series, ring(0)])
    assert (outcome.new, outcome.known) == (number - 1, 2)
    assert tones(heard[-1]) == [f"tone {place}" for place in range(number) if place != 1]
    assert [line.id for line in heard[-1]] == sorted(line.id for line in heard[-1])


def test_what_one_listener_found_out_the_next_need_not_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Sequence[Recorded]] = []

    def ask(batch: Sequence[Recorded]) -> list[str]:
        asked.append(batch)
        return tones(batch)

    def listen(batch: Sequence[Recorded]) -> None:
        assert listeners.noted(batch, "tones", lambda: ask(batch)) == ["tone 1"]

    monkeypatch.setitem(listeners._heard, "BellRung", (listen, listen))
    record_many([ring(1)])
    assert len(asked) == 1
    listen([Recorded(1, "BellRung", BellRung("tone 1"), INSTALLATION, AT, AT, AT)])
    assert len(asked) == 2  # a list somebody made up is no batch, and keeps nothing


def test_a_fact_that_comes_twice_leaves_its_text_once() -> None:
    for text in ("spoke about valves", "spoke about pumps"):
        record(BellRung("call"), about=about_identity(7), at=AT, source_key="call:1", text=text)
    assert [line.text for line in recent([about_identity(7)], 10)] == ["spoke about valves"]
