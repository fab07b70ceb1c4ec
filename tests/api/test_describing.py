"""What callers read beside records: which fields of its own a company has, and how a person is scored."""

from tests.api.world import House, caller
from treaty.fields.commands import retire_field
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import field
from treaty.handovers.tests.factories import NOW
from treaty.scoring.commands import score_again
from treaty.scoring.models import Score
from treaty.scoring.tests.factories import model


def test_fields_are_told_with_what_there_is_to_choose(house: House) -> None:
    plan, gone = field("Plan", Kind.CHOICE), field("Gone", Kind.TEXT)
    field("Size", Kind.NUMBER, record="deal")
    retire_field(gone.id, at=NOW, by=None)
    call = caller(house.cast.ann)
    items = call("GET", "/fields?record=person").json()["items"]
    assert [(one["key"], one["kind"], one["is_retired"]) for one in items] == [
        ("gone", "text", True),
        ("plan", "choice", False),
    ]
    assert [one["record"] for one in call("GET", "/fields").json()["items"]].count("deal") == 1
    one = call("GET", f"/fields/{plan.id}").json()
    assert {"id": 1, "key": "gold", "name": "Gold", "is_retired": False} in one["options"]
    assert call("GET", "/fields/999").status_code == 404
    assert call("GET", "/fields?record=note").status_code == 422


def test_a_score_is_told_with_its_reasons_to_whoever_sees_the_person(house: House) -> None:
    call, path = caller(house.admin), f"/persons/{house.person}/score"
    assert call("GET", path).json()["grade"] is None
    model()
    score_again([house.person], at=NOW)
    told = call("GET", path).json()
    row = Score.objects.get(person=house.person)
    assert (told["grade"], told["fit"], told["engagement"]) == (row.grade, row.fit, row.engagement)
    assert [one["points"] for one in told["reasons"]]
    assert caller(house.cast.cy)("GET", path).status_code == 404
