"""The boxes of a form: what is read from them, what is wrong in them, and a predicate to boxes and back."""

import pytest
from hypothesis import given, settings

from treaty.segments.rules import matches, parse
from treaty.segments.rules.boxes import sketched
from treaty.segments.rules.sketch import Sketch, begun, changed, placed, sketch_of
from treaty.segments.rules.sketching import Reader
from treaty.segments.tests.test_predicate import AT, PIA
from treaty.segments.tests.trees import TREES

NUMBERS = ("company.employees", "fields.size", "fields.budget")


def sent_of(root: Sketch) -> dict[str, str]:
    """The boxes as a browser sends them."""
    sent = {}
    for place, box in placed(root):
        sent[f"n{place}.kind"] = box.kind
        sent |= {f"n{place}.{name}": value for name, value in box.values.items()}
        for number, row in enumerate(box.rows):
            sent |= {f"n{place}.row{number}.{name}": value for name, value in row.items()}
    return sent


@settings(max_examples=50)
@given(TREES)
def test_boxes_say_what_the_predicate_says(node: object) -> None:
    tree = parse({"match": node})
    boxes = sketched(tree, NUMBERS)
    reader = Reader(NUMBERS)
    read = reader.predicate(sketch_of(sent_of(boxes)))
    assert read is not None, reader.flaws
    for later in (0, 3, 30):
        at = AT.replace(month=AT.month - later // 30)
        assert matches(read, PIA, at) is matches(tree, PIA, at)


def test_what_boxes_state_is_written_in_their_controls() -> None:
    tree = parse({"match": {"any": [
        {"attribute": "company.employees", "at_least": 50},
        {"not": {"did": "PageSeen", "where": {"page": {"contains": "pricing"}}, "within_days": 7}},
    ]}})  # fmt: skip
    boxes = sketched(tree, NUMBERS)
    assert boxes.kind == "any"
    assert boxes.parts[0].values == {"field": "company.employees", "operator": "at_least", "value": "50"}
    assert boxes.parts[1].said("how") == "did_not"
    assert boxes.parts[1].rows == [{"field": "page", "operator": "contains", "value": "pricing"}]
    assert Reader(NUMBERS).predicate(boxes) == tree


@pytest.mark.parametrize(
    ("node", "kind"),
    [
        ({"first": "PageSeen", "within_days": 7}, "did"),
        ({"last": "CallMade", "longer_than_days": 30, "where": {"outcome": {"is": "reached"}}}, "did"),
        ({"sequence": [{"did": "PageSeen"}, {"did": "FormSubmitted"}], "within_days": 30}, "sequence"),
        ({"since": {"did": "CallMade"}, "then": {"did": "PageSeen"}, "times": 2}, "since"),
        ({"date": "fields.renewal", "from_days": -7, "to_days": 0}, "date"),
        ({"date": "fields.renewal", "of": "fields.signed", "to_days": 0}, "date"),
        ({"date": "company.fields.renewal", "from_days": 0}, "date"),
        ({"deal": []}, "deal"),
        ({"deal": [{"attribute": "fields.plan", "in": ["gold", "silver"]}], "times": 2}, "deal"),
        (
            {
                "deal": [
                    {"attribute": "state", "is": "open"},
                    {"date": "fields.renewal", "from_days": 0, "to_days": 30},
                ]
            },
            "deal",
        ),
    ],
)
def test_every_kind_of_node_has_a_box(node: object, kind: str) -> None:
    tree = parse({"match": node})
    [box] = sketched(tree).parts
    assert box.kind == kind
    assert Reader().predicate(sketch_of(sent_of(sketched(tree)))) == tree


def test_numbers_of_a_deal_are_read_as_numbers() -> None:
    tree = parse(
        {"match": {"deal": [{"attribute": "value", "at_least": 500}, {"attribute": "fields.size", "is": 5}]}}
    )
    numbers = ("deal.value", "deal.fields.size")
    assert Reader(numbers).predicate(sketch_of(sent_of(sketched(tree, numbers)))) == tree


def test_what_is_wrong_of_a_deal_is_said_where_it_stands() -> None:
    boxes = Sketch(
        "all", parts=[Sketch("deal", {"times": "x"}, parts=[Sketch("of_deal"), Sketch("date_of_deal")])]
    )
    reader = Reader()
    assert reader.predicate(boxes) is None
    assert {name: flaw.code for name, flaw in reader.flaws.items()} == {
        "n0-0.times": "no_number",
        "n0-0-0.field": "not_chosen",
        "n0-0-1.field": "not_chosen",
    }


def test_of_a_deal_is_asked_up_to_ten_times() -> None:
    root = Sketch("all")
    changed(root, "add 0 deal")
    for kind in ("of_deal", "date_of_deal", "did", "all"):
        changed(root, f"add 0-0 {kind}")
    assert [part.kind for part in root.parts[0].parts] == ["of_deal", "of_deal", "date_of_deal"]
    for _ in range(9):
        changed(root, "add 0-0 of_deal")
    assert len(root.parts[0].parts) == 10


def test_steps_are_added_up_to_five() -> None:
    root = Sketch("all")
    changed(root, "add 0 sequence")
    for _ in range(9):
        changed(root, "add 0-0 step")
    assert [part.kind for part in root.parts[0].parts] == ["step"] * 5
    changed(root, "add 0-0 did")
    changed(root, "add 0 since")
    changed(root, "add 0-1 step")
    assert [len(part.parts) for part in root.parts] == [5, 2]


def test_a_text_with_a_comma_in_a_list_is_kept_as_it_is() -> None:
    tree = parse({"match": {"attribute": "city", "in": ["Halle, Saale", "Köln"]}})
    [box] = sketched(tree).parts
    assert box.kind == "kept"
    assert Reader().predicate(sketched(tree)) == tree


@pytest.mark.parametrize(
    ("part", "control", "code"),
    [
        (Sketch("attribute"), "n0-0.field", "not_chosen"),
        (Sketch("attribute", {"field": "country"}), "n0-0.operator", "not_chosen"),
        (Sketch("attribute", {"field": "has_email", "operator": "is"}), "n0-0.operator", "not_chosen"),
        (Sketch("attribute", {"field": "country", "operator": "is"}), "n0-0.value", "missing"),
        (
            Sketch("attribute", {"field": "country", "operator": "one_of", "value": " , "}),
            "n0-0.value",
            "missing",
        ),
        (
            Sketch("attribute", {"field": "company.employees", "operator": "at_least", "value": "many"}),
            "n0-0.value",
            "no_number",
        ),
        (Sketch("did"), "n0-0.fact", "not_chosen"),
        (Sketch("did", {"fact": "PageSeen", "times": "0"}), "n0-0.times", "at_least"),
        (Sketch("did", {"fact": "PageSeen", "times": "some"}), "n0-0.times", "no_number"),
        (Sketch("did", {"fact": "PageSeen", "days": "0"}), "n0-0.days", "above"),
        (Sketch("did", {"fact": "PageSeen", "how": "did_not", "days": "inf"}), "n0-0.days", "no_number"),
        (Sketch("did", {"fact": "PageSeen"}, [{"field": "page"}]), "n0-0.row0.operator", "not_chosen"),
        (
            Sketch("did", {"fact": "PageSeen"}, [{"field": "page", "operator": "known"}] * 2),
            "n0-0.row1.field",
            "twice",
        ),
        (Sketch("did", {"fact": "PageSeen", "how": "last_longer"}), "n0-0.days", "missing"),
        (Sketch("sequence", parts=[Sketch("step", {"fact": "PageSeen"})]), "n0-0.days", "empty"),
        (
            Sketch("sequence", parts=[Sketch("step", {"fact": "PageSeen"}), Sketch("step")]),
            "n0-0-1.fact",
            "not_chosen",
        ),
        (
            Sketch("since", {"times": "0"}, parts=[Sketch("step", {"fact": "PageSeen"})] * 2),
            "n0-0.times",
            "at_least",
        ),
        (Sketch("date", {"from": "1"}), "n0-0.field", "not_chosen"),
        (Sketch("date", {"field": "fields.since"}), "n0-0.from", "one_bound"),
        (Sketch("date", {"field": "fields.since", "to": "1.5"}), "n0-0.to", "whole_number"),
        (Sketch("engagement"), "n0-0.points", "missing"),
        (Sketch("engagement", {"points": "-1"}), "n0-0.points", "above"),
        (Sketch("fit"), "n0-0.A", "empty"),
        (Sketch("grade"), "n0-0.A1", "empty"),
        (Sketch("kept", {"json": "{"}), "n0-0.json", "object"),
        (Sketch("any"), "n0-0.kind", "no_part"),
    ],
)
def test_what_is_wrong_is_said_at_its_control(part: Sketch, control: str, code: str) -> None:
    reader = Reader(NUMBERS)
    assert reader.predicate(Sketch("all", parts=[part])) is None
    assert {name: flaw.code for name, flaw in reader.flaws.items()} == {control: code}


def test_buttons_add_and_remove_boxes_and_rows() -> None:
    root = begun()
    assert changed(root, "add 0 any") == "0-1"
    assert changed(root, "add 0-1 did") == "0-1-1"
    changed(root, "row 0-1-1")
    assert [box.kind for _place, box in placed(root)] == ["all", "attribute", "any", "attribute", "did"]
    assert root.parts[1].parts[1].rows == [{}]
    changed(root, "unrow 0-1-1 0")
    changed(root, "remove 0-0")
    assert [place for place, _box in placed(root)] == ["0", "0-0", "0-0-0", "0-0-1"]
    assert root.parts[0].parts[1].rows == []
    for wish in ("remove 0", "add 0-7 did", "add 0-0-1 did", "add 0 nonsense", "unrow 0 x", "", "save"):
        changed(root, wish)
    assert len(list(placed(root))) == 4


def test_names_that_mean_no_box_are_passed_over() -> None:
    sent = {
        "n0.kind": "all",
        "n0-0.kind": "fit",
        "n0-0.A": "on",
        "n0-9-9.kind": "did",
        "csrf": "x",
        "n1.kind": "any",
    }
    assert sketch_of(sent) == Sketch("all", parts=[Sketch("fit", {"A": "on"})])
    assert sketch_of({"n0.kind": "attribute"}) == begun()
