"""What is found, by whom, and that the index follows its records; the same on both engines."""

import pytest

from treaty.deals.tests.factories import deal
from treaty.handovers.tests.factories import NOW
from treaty.kit import sought
from treaty.kit.keyset import Order, Slice
from treaty.people.commands import change_company, change_person, forget_person, merge_persons
from treaty.people.queries import found, found_companies, found_persons, visible_persons
from treaty.people.rules import fold
from treaty.people.tests.factories import company, person
from treaty.search import queries
from treaty.search.models import Line, Posting, Word
from treaty.search.projections import rebuild
from treaty.search.queries import fitting, records
from treaty.search.rules import Kind, line
from treaty.staff.queries import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db


def titles(text: str) -> list[str]:
    return [hit.title for hit in found(staff.mia(), text)]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("lodz", "Łódź"),
        ("елка", "Ёлка"),
        ("営業", "東京営業部"),
        ("محمد", "مُحَمَّد"),
        ("ｔｏｋｙｏ", "Tokyo"),
        ("ｶﾅ", "かな"),
        ("müll", "MULLER"),
        ("strasse", "Straße"),
        ("김민", "김민수"),
    ],
)
def test_each_script_is_found_as_it_is_typed(typed: str, name: str) -> None:
    person(name)
    person("Nobody Else")
    assert titles(typed) == [name]


@pytest.mark.parametrize(
    "typed", ["kowalsak", "kowalsca", "okwalska", "kwalska", "kowallska", "pia kowalzka"]
)
def test_a_slip_of_the_fingers_finds_nevertheless(typed: str) -> None:
    person("Pia Kowalska")
    person("Anna Nowak")
    assert titles(typed) == ["Pia Kowalska"]


def test_the_best_come_first() -> None:
    for name in ("Joanna Berg", "Berg Anna", "Annabel Lee", "Anna Zorn", "Hannah Adler"):
        person(name)
    assert titles("anna") == ["Anna Zorn", "Annabel Lee", "Berg Anna", "Hannah Adler", "Joanna Berg"]


def test_every_word_must_fit_in_any_order() -> None:
    person("Anna Nowak")
    person("Anna Kowalska")
    assert titles("now an") == ["Anna Nowak"]
    assert titles("nowak peter") == []


def test_nobody_is_found_who_may_not_be_seen() -> None:
    person("Pia Kowalska", owner=staff.ann(), company="Huta Wschód")
    assert [hit.title for hit in found(staff.ann(), "kowal")] == ["Pia Kowalska"]
    assert found(staff.cy(), "kowal") == found(staff.cy(), "kowalzka") == found(staff.cy(), "huta") == []


def test_many_hidden_ones_hide_nobody_who_may_be_seen() -> None:
    for number in range(60):
        person(f"Anna Hidden {number}", owner=staff.ann())
    person("Anna Shown", owner=staff.cy())
    assert [hit.title for hit in found_persons(staff.cy(), "anna", 5)] == ["Anna Shown"]


def test_the_index_follows_what_is_changed() -> None:
    buyer = person("Pia Kowalska")
    change_person(buyer.pk, changes={"name": "Pia Zielinska"}, at=NOW, by=None)
    one = company("Pumpwerk Nord")
    change_company(one.pk, changes={"name": "Seilerei Ost"}, at=NOW, by=None)
    assert titles("kowalska") == titles("pumpwerk") == []
    assert titles("zielinska") == ["Pia Zielinska"]
    assert [hit.title for hit in found_companies(staff.mia(), "seil", 5)] == ["Seilerei Ost"]
    assert not Word.objects.filter(text="kowalska").exists()


def test_a_merged_person_is_found_once() -> None:
    one, other = person("Pia Kowalska"), person("Pia Kowalska", emails=("pia@example.net",))
    merge_persons(one.pk, merged=other.pk, at=NOW, by=None)
    assert [hit.id for hit in found(staff.mia(), "kowalska")] == [one.pk]
    assert not Posting.objects.filter(kind=Kind.PERSON, record=other.pk).exists()


def test_forgetting_a_person_empties_the_index() -> None:
    buyer = person("Pia Kowalska")
    forget_person(buyer.pk, at=NOW, by=None)
    assert not Posting.objects.filter(kind=Kind.PERSON, record=buyer.pk).exists()
    assert not Word.objects.filter(text__in=["kowalska"]).exists()


def test_a_check_counts_what_differs_and_a_rebuild_mends_it() -> None:
    buyer = person("Pia Kowalska")
    deal(staff.ann(), name="Pumps for the harbour")
    assert rebuild(check=True, at=NOW) == 0
    Posting.objects.filter(record=buyer.pk, kind=Kind.PERSON).delete()
    Posting.objects.create(kind=Kind.COMPANY, word="ghost", place=0, record=999_999)
    assert rebuild(check=True, at=NOW) == 2
    assert rebuild(check=False, at=NOW) == 2
    assert rebuild(check=True, at=NOW) == 0
    assert titles("kowalska") == ["Pia Kowalska"]


def test_a_word_more_or_less_is_seen_by_a_check() -> None:
    buyer = person("Pia Kowalska", emails=())
    for torn in (
        lambda: Posting.objects.filter(record=buyer.pk, word="pia").delete(),
        lambda: Posting.objects.create(kind=Kind.PERSON, word="ghost", place=1, record=buyer.pk),
        lambda: Line.objects.filter(record=buyer.pk).delete(),
        lambda: Line.objects.filter(record=buyer.pk).update(words=line({"pia": 0, "nowak": 1})),
    ):
        torn()
        assert rebuild(check=True, at=NOW) == rebuild(check=False, at=NOW) == 1
        assert rebuild(check=True, at=NOW) == 0
        assert set(Posting.objects.values_list("word", "place")) == {("pia", 0), ("kowalska", 1)}


@pytest.mark.parametrize("typed", ["anna", "nowak ann", "ann", "kowalzka", "now pia", "zofia"])
def test_who_sees_few_finds_the_same_as_who_sees_many(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    ann = staff.ann()
    for name in ("Anna Nowak", "Joanna Nowak-Berg", "Annabel Lee", "Pia Kowalska", "Pia Nowak", "Berg Anna"):
        person(name, emails=(), owner=ann)
        person(name, emails=(), owner=staff.cy())
    found = records(Kind.PERSON, typed, visible_persons(ann), 5)
    monkeypatch.setattr(queries, "OWNED", ())
    assert found == records(Kind.PERSON, typed, visible_persons(ann), 5)
    assert bool(found) is (typed != "zofia")


def test_what_looks_alike_is_left_out_where_it_is_not_wanted() -> None:
    person("Pia Kowalska")
    seen = visible_persons(staff.mia())
    assert records(Kind.PERSON, "kowalzka", seen, 5)
    assert records(Kind.PERSON, "kowalzka", seen, 5, queries.TO_THE_LETTER) == []
    assert queries.near_words("kowalzka") == {"kowalzka": ["kowalska"]}
    assert queries.near_words("zofia") == {}


@pytest.mark.parametrize("few", [0, 2, 100])
@pytest.mark.parametrize("walked", [1, 100])
def test_a_list_finds_the_same_whether_few_or_many_fit(
    monkeypatch: pytest.MonkeyPatch, few: int, walked: int
) -> None:
    monkeypatch.setattr(queries, "FEW", few)
    monkeypatch.setattr(sought, "WALKED", walked)
    ids = [person(name, emails=()).pk for name in ("Anna Nowak", "Annabel Nowak", "Jan Nowak", "Anna Berg")]
    for text, fit in (
        ("nowak ann", ids[:2]),
        ("ann", [*ids[:2], ids[3]]),
        ("annabelle", []),
        ("now", ids[:3]),
    ):
        found = fitting(Kind.PERSON, fold(text))
        assert found is not None
        rows = visible_persons(staff.mia())
        order = Order("folded")
        assert sorted(found.narrow(rows).values_list("pk", flat=True)) == fit
        assert sorted(row.pk for row in found.page(rows, order, {}, 10).rows) == fit
        first = found.page(rows, order, {}, 2)
        rest = found.page(rows, order, {"after": first.after}, 2) if first.after else Slice([])
        assert [row.pk for row in (*first.rows, *rest.rows)] == [
            row.pk for row in order.sorted(rows.filter(pk__in=fit))
        ]
        if rest.rows:
            back = found.page(rows, order, {"before": rest.before}, 2)
            assert [row.pk for row in back.rows] == [row.pk for row in first.rows]


def test_a_list_counts_the_first_that_fit_and_says_that_there_are_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "FEW", 3)
    for number in range(6):
        person("Anna Nowak", emails=(), owner=staff.ann() if number < 4 else staff.cy())
    found, order = fitting(Kind.PERSON, "nowak"), Order("folded")

    def counted(user: User, size: int) -> tuple[int, bool]:
        assert found is not None
        rows = visible_persons(user)
        count = found.number(rows, found.page(rows, order, {}, size)).count()
        return count.number, count.more

    assert counted(staff.mia(), 2) == (3, True)
    assert counted(staff.mia(), 10) == (6, False)
    assert counted(staff.cy(), 1) == (1, True)
    assert counted(staff.cy(), 2) == (2, False)


def test_a_text_without_a_word_narrows_nothing() -> None:
    assert fitting(Kind.PERSON, "%_") is None


def test_equal_fits_stand_in_the_order_they_came() -> None:
    ids = [person("Anna Nowak", emails=(f"anna{number}@example.net",)).pk for number in range(5)]
    assert records(Kind.PERSON, fold("anna"), visible_persons(staff.mia()), 3) == ids[:3]
