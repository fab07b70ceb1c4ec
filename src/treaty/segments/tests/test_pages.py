"""The pages of segments: a swap equals a reload, a fixed number of questions, and who may open what."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from treaty.fields.commands import FieldDraft, add_field
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import field
from treaty.people.tests.factories import person, pia
from treaty.people.tests.test_api import api
from treaty.segments import commands, projections, queries
from treaty.segments.rules import parse
from treaty.segments.tests.world import AT
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db

SCRIPT = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "section#list"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def poland() -> int:
    tree = parse({"match": {"attribute": "country", "is": "pl"}})
    made = commands.add_segment("Poland", tree=tree, at=AT, by=None)
    projections.fill(made, AT)
    return made


def test_a_swap_is_the_part_a_reload_shows() -> None:
    mia = signed_in(staff.mia())
    pia()
    made = poland()
    for path in ("/segments/", f"/segments/{made}/", f"/segments/{made}/?q=nobody"):
        swap, reload = text(mia.get(path, headers=SCRIPT)), text(mia.get(path))
        assert swap.strip().startswith('<section class="card" id="list"')
        assert swap.strip() in reload


def test_mia_reads_whom_a_segment_means_and_who_is_in() -> None:
    mia = signed_in(staff.mia())
    assert "No segment is here yet" in text(mia.get("/segments/"))
    pia()
    made = poland()
    assert "the country is “pl”" in text(mia.get("/segments/"))
    page = text(mia.get(f"/segments/{made}/"))
    assert "Pia Kowalska" in page
    assert "the country is “pl”" in page


def test_a_segment_is_read_out_in_other_languages() -> None:
    mia, made = signed_in(staff.mia()), poland()
    page = text(mia.get(f"/segments/{made}/"))
    assert '<dd lang="ja" dir="ltr">該当するのは、国が「pl」である人です。</dd>' in page
    assert '<dd lang="ar" dir="rtl">' in page
    assert '<dd lang="en"' not in page
    program = api(staff.mia(), "segments:read")
    told = program.get(f"/api/segments/{made}/meanings").json()["meanings"]
    assert (len(told), told["pl"]) == (6, "Kryteria są spełnione, jeśli kraj to „pl”.")
    assert told["en"] == program.get(f"/api/segments/{made}").json()["meaning"]


def test_the_builder_reads_out_in_other_languages_where_that_is_asked() -> None:
    mia = signed_in(staff.mia())
    said = {"n0.kind": "all", "n0-0.kind": "engagement", "n0-0.points": "40"}
    assert "エンゲージメント" not in text(mia.post("/segments/count", said))
    part = text(mia.post("/segments/count", said | {"languages": "on"}))
    assert "エンゲージメントが40ポイント以上である" in part
    assert 'name="languages" checked' in part


def test_cy_does_not_see_whom_he_may_not_see() -> None:
    pia(owner=staff.ann())
    made = poland()
    assert "Pia Kowalska" in text(signed_in(staff.ann()).get(f"/segments/{made}/"))
    page = text(signed_in(staff.cy()).get(f"/segments/{made}/"))
    assert "Pia Kowalska" not in page
    assert "Nobody you may see is in this segment" in page


def test_a_segment_is_taken_away_and_is_gone() -> None:
    mia, made = signed_in(staff.mia()), poland()
    assert mia.post(f"/segments/{made}/removal").status_code == 302
    assert queries.segment(made) is None
    assert mia.get(f"/segments/{made}/").status_code == 404
    assert mia.post(f"/segments/{made}/removal").status_code == 404


def test_the_members_page_asks_a_fixed_number_of_questions(
    query_count: Callable[[str], AbstractContextManager[None]],
) -> None:
    mia = signed_in(staff.mia())
    for number in range(3):
        person(f"Person {number}", country="PL")
    made = poland()
    mia.get(f"/segments/{made}/")
    with query_count("members of a segment"):
        mia.get(f"/segments/{made}/")
    with query_count("list of segments"):
        mia.get("/segments/")
    for number in range(3, 9):
        person(f"Person {number}", country="PL")
    projections.fill(made, AT)
    with query_count("members of a segment"):
        assert "Person 8" in text(mia.get(f"/segments/{made}/"))


BOXES = {
    "name": "Poland",
    "n0.kind": "all",
    "n0-0.kind": "attribute",
    "n0-0.field": "country",
    "n0-0.operator": "is",
    "n0-0.value": "PL",
}


def test_mia_makes_a_segment_of_boxes_and_changes_it() -> None:
    mia = signed_in(staff.mia())
    assert "New segment" in text(mia.get("/segments/"))
    page = text(mia.get("/segments/new/"))
    assert 'name="n0-0.field"' in page
    added = text(mia.post("/segments/new/", BOXES | {"do": "add 0", "n0.add": "did"}))
    assert 'name="n0-1.fact"' in added
    assert 'value="PL"' in added
    saved = mia.post("/segments/new/", BOXES | {"do": "save"})
    [row] = queries.listed()
    assert saved.headers["Location"] == f"/segments/{row.pk}/"
    assert row.predicate["match"] == {"attribute": "country", "is": "PL"}
    assert 'value="PL"' in text(mia.get(f"/segments/{row.pk}/edit/"))
    mia.post(f"/segments/{row.pk}/edit/", BOXES | {"n0-0.value": "DE", "do": "save"})
    assert queries.listed().get().predicate["match"]["is"] == "DE"


def test_mia_asks_for_fields_of_the_company_and_of_deals() -> None:
    for record in ("company", "deal"):
        add_field(FieldDraft(record, "Meters", Kind.NUMBER), at=AT, by=None)
    add_field(FieldDraft("deal", "Renewal", Kind.DATE), at=AT, by=None)
    mia = signed_in(staff.mia())
    boxes = BOXES | {
        "n0-0.field": "company.fields.meters",
        "n0-0.operator": "at_least",
        "n0-0.value": "12",
        "n0-1.kind": "deal",
        "n0-1-0.kind": "of_deal",
        "n0-1-0.field": "fields.meters",
        "n0-1-0.operator": "at_most",
        "n0-1-0.value": "3",
        "n0-1-1.kind": "date_of_deal",
        "n0-1-1.field": "fields.renewal",
        "n0-1-1.to": "30",
    }
    page = text(mia.post("/segments/new/", boxes | {"do": "add 0-1 of_deal"}))
    assert "Meters of the company is at least 12" not in page
    assert 'name="n0-1-2.field"' in page
    assert "the person has a deal where Meters is at most 3" in text(
        mia.post("/segments/new/", boxes | {"do": "count"})
    )
    mia.post("/segments/new/", boxes | {"do": "save"})
    [row] = queries.listed()
    assert row.predicate["match"] == {
        "all": [
            {"attribute": "company.fields.meters", "at_least": 12.0},
            {
                "deal": [
                    {"attribute": "fields.meters", "at_most": 3.0},
                    {"date": "fields.renewal", "to_days": 30},
                ],
                "times": 1,
            },
        ]
    }
    assert 'value="12"' in text(mia.get(f"/segments/{row.pk}/edit/"))


def test_a_record_is_chosen_by_its_name_as_in_lists() -> None:
    field("Buddy", Kind.PERSON)
    ewa, mia = person("Ewa Lis").pk, signed_in(staff.mia())
    boxes = BOXES | {"n0-0.field": "fields.buddy", "n0-0.value": f"Ewa Lis #{ewa}"}
    assert 'data-records="/fields/records/person"' in text(mia.post("/segments/new/", boxes | {"do": "look"}))
    mia.post("/segments/new/", boxes | {"do": "save"})
    [row] = queries.listed()
    assert row.predicate["match"] == {"attribute": "fields.buddy", "is": ewa}
    assert f'value="Ewa Lis #{ewa}"' in text(mia.get(f"/segments/{row.pk}/edit/"))


def test_what_is_wrong_is_said_in_place_and_nothing_is_saved() -> None:
    mia = signed_in(staff.mia())
    refused = mia.post("/segments/new/", BOXES | {"name": "", "n0-0.value": "", "do": "save"})
    assert refused.status_code == 422
    assert "This is missing; it has to be given." in text(refused)
    assert 'aria-describedby="n0-0.value_error"' in text(refused)
    assert not queries.listed()
    poland()
    taken = mia.post("/segments/new/", BOXES | {"do": "save"})
    assert "Another segment is called so" in text(taken)


def test_boxes_tell_their_sentence_and_how_many_they_mean() -> None:
    mia = signed_in(staff.mia())
    pia()
    person("Someone", country="PL")
    said = "A person matches when the country is “PL”."
    swap = text(mia.post("/segments/count", BOXES, headers=SCRIPT))
    assert swap.strip().startswith('<section class="card" id="reading"')
    assert said in swap
    assert "2 persons match now" in swap
    assert swap.strip() in text(mia.post("/segments/new/", BOXES | {"do": "count"}))
    unfilled = text(mia.post("/segments/count", BOXES | {"n0-0.value": ""}, headers=SCRIPT))
    assert "match now" not in unfilled


def test_a_swap_of_boxes_is_the_part_a_reload_shows() -> None:
    mia = signed_in(staff.mia())
    for do in ("add 0", "remove 0-0", "row 0-0", ""):
        sent = BOXES | {"n0.add": "any", "do": do}
        swap = text(mia.post("/segments/new/", sent, headers=SCRIPT)).strip()
        assert swap.startswith('<div class="with-side builder" id="builder"')
        assert swap in text(mia.post("/segments/new/", sent | {"do": do or "look"}))


def test_who_may_not_change_people_makes_no_segment() -> None:
    olu = signed_in(staff.user("olu", "onlooker"))
    made = poland()
    assert "New segment" not in text(olu.get("/segments/"))
    for path in ("/segments/new/", f"/segments/{made}/edit/"):
        assert olu.get(path).status_code == 403
    assert olu.post("/segments/count", BOXES).status_code == 403


def test_counting_stops_behind_ten_thousand_and_asks_a_sample_for_scores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(4):
        person(f"Person {number}", country="PL")
    tree, scored = (
        parse({"match": node})
        for node in ({"attribute": "country", "is": "pl"}, {"not": {"engagement_at_least": 5}})
    )
    assert queries.counted(tree, AT) == queries.Count(4)
    monkeypatch.setattr("treaty.segments.queries.asking.MOST_COUNTED", 3)
    assert queries.counted(tree, AT) == queries.Count(3, is_more=True)
    monkeypatch.setattr("treaty.segments.queries.asking.SAMPLES", 2)
    monkeypatch.setattr("treaty.segments.queries.asking.SAMPLE", 1)
    assert queries.counted(scored, AT) == queries.Count(4, is_about=True)


def test_the_page_of_boxes_asks_a_fixed_number_of_questions(
    query_count: Callable[[str], AbstractContextManager[None]],
) -> None:
    mia, made = signed_in(staff.mia()), poland()
    mia.get(f"/segments/{made}/edit/")
    with query_count("boxes of a segment"):
        mia.get(f"/segments/{made}/edit/")
    with query_count("boxes with more conditions"):
        mia.post(f"/segments/{made}/edit/", BOXES | {"do": "add 0", "n0.add": "did"})
    with query_count("count of boxes"):
        mia.post("/segments/count", BOXES, headers=SCRIPT)


def test_mia_asks_for_another_segment_and_not_for_the_one_itself() -> None:
    mia, inner = signed_in(staff.mia()), poland()
    pia()
    boxes = {"name": "Outer", "n0.kind": "all", "n0-0.kind": "segment", "n0-0.segment": str(inner)}
    counted = text(mia.post("/segments/count", boxes, headers=SCRIPT))
    assert "the person is in the segment “Poland”" in counted
    assert "0 persons match now" in counted
    mia.post("/segments/new/", boxes | {"do": "save"})
    outer = queries.listed().get(name="Outer")
    assert outer.predicate["match"] == {"segment": inner}
    assert "the person is in the segment “Poland”" in text(mia.get("/segments/"))
    page = text(mia.get(f"/segments/{outer.pk}/edit/"))
    assert f'<option value="{inner}" selected>Poland</option>' in page
    adding = BOXES | {"do": "add 0", "n0.add": "segment"}
    assert ">Outer</option>" not in text(mia.post(f"/segments/{inner}/edit/", adding))
    refused = mia.post(
        f"/segments/{inner}/edit/", boxes | {"name": "Poland", "n0-0.segment": str(outer.pk), "do": "save"}
    )
    assert refused.status_code == 422
    assert "would ask for itself" in text(refused)
    kept = mia.post(f"/segments/{inner}/removal", follow=True)
    assert "Other segments ask for this one: Outer." in text(kept)
    assert queries.segment(inner) is not None


def test_mia_restores_what_a_segment_meant() -> None:
    mia, made = signed_in(staff.mia()), poland()
    mia.post(f"/segments/{made}/edit/", BOXES | {"n0-0.value": "DE", "do": "save"})
    page = text(mia.get(f"/segments/{made}/versions/"))
    assert page.index("the country is “DE”") < page.index("the country is “pl”")
    assert "Mia" in page
    assert page.count("restoration") == 1
    assert mia.post(f"/segments/{made}/versions/9/restoration").status_code == 404
    back = mia.post(f"/segments/{made}/versions/1/restoration", follow=True)
    assert "The segment means again what it meant in version 1." in text(back)
    assert queries.listed().get().predicate["match"]["is"] == "pl"
    lines = b"".join(mia.get(f"/segments/{made}/versions/?format=csv")).decode().splitlines()
    assert [line.split(",")[0] for line in lines] == ["\ufeffVersion", "3", "2", "1"]


def test_versions_ask_a_fixed_number_of_questions_and_an_onlooker_restores_none(
    query_count: Callable[[str], AbstractContextManager[None]],
) -> None:
    mia, made = signed_in(staff.mia()), poland()
    mia.post(f"/segments/{made}/edit/", BOXES | {"n0-0.value": "DE", "do": "save"})
    with query_count("versions of a segment"):
        mia.get(f"/segments/{made}/versions/")
    for value in ("JP", "AE"):
        mia.post(f"/segments/{made}/edit/", BOXES | {"n0-0.value": value, "do": "save"})
    mia.get(f"/segments/{made}/versions/")
    with query_count("versions of a segment"):
        mia.get(f"/segments/{made}/versions/")
    olu = signed_in(staff.user("olu", "onlooker"))
    assert "restoration" not in text(olu.get(f"/segments/{made}/versions/"))
    assert olu.post(f"/segments/{made}/versions/1/restoration").status_code == 403
