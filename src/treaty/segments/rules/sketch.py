"""A predicate as a form states it: boxes inside boxes, each with what was written into it, however unfinished."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

GROUPS = ("all", "any", "none", "not_all")
"""Boxes that hold others; the last two are the first two turned round."""
LEAVES = (
    "attribute",
    "did",
    "sequence",
    "since",
    "date",
    "segment",
    "deal",
    "engagement",
    "fit",
    "grade",
    "kept",
)
STEP = "step"
"""What a box of several facts holds, one for each."""
OF_STEPS = {"sequence": 5, "since": 2}
"""The boxes of several facts, and how many those are at most; at least two."""
OF_DEAL = ("of_deal", "date_of_deal")
"""What a box on deals holds, all of which has to hold of the same deal, and how many of them at most."""
MOST_OF_DEAL = 10
MOST = 100
"""Boxes of one predicate."""
MOST_ROWS = 10
"""Conditions of one box."""
DEEPEST = 9
LONGEST = 4_000
NAME = re.compile(r"n(?P<place>0(?:-\d{1,2}){0,8})\.(?:row(?P<row>\d)\.)?(?P<name>\w{1,20})")
"""The name of a control: n0-1.field is a field of the second box inside the outermost, n0-1.row0.field of its first row."""


@dataclass(slots=True)
class Sketch:
    """One box: its kind, what is written into it, the rows of conditions it has, the boxes inside."""

    kind: str
    values: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, str]] = field(default_factory=list)
    parts: list["Sketch"] = field(default_factory=list)

    def said(self, name: str) -> str:
        """What is written under a name, without blanks around it."""
        return self.values.get(name, "").strip()


def begun() -> Sketch:
    """The form before anybody wrote into it."""
    return Sketch("all", parts=[Sketch("attribute")])


def sketch_of(sent: Mapping[str, str]) -> Sketch:
    """What was sent as boxes; names that mean none are passed over."""
    values: dict[str, dict[str, str]] = {}
    rows: dict[str, dict[int, dict[str, str]]] = {}
    for name, value in sent.items():
        if found := NAME.fullmatch(name):
            place, row = found["place"], found["row"]
            kept = values.setdefault(place, {})
            if row is not None:
                kept = rows.setdefault(place, {}).setdefault(int(row), {})
            kept[found["name"]] = value[:LONGEST]
    boxes = {
        place: Sketch(
            kept.pop("kind", ""), kept, [row for _number, row in sorted(rows.get(place, {}).items())]
        )
        for place, kept in values.items()
    }
    for place in sorted(boxes, key=_order)[:MOST]:
        outer = boxes.get(place.rpartition("-")[0])
        if outer is not None and boxes[place].kind in _held(outer.kind):
            outer.parts.append(boxes[place])
    root = boxes.get("0")
    return root if root is not None and root.kind in GROUPS else begun()


def placed(root: Sketch, place: str = "0") -> Iterator[tuple[str, Sketch]]:
    """Every box with its place, the outer before the inner."""
    yield place, root
    for number, part in enumerate(root.parts):
        yield from placed(part, f"{place}-{number}")


def changed(root: Sketch, wish: str) -> str:
    """Do what a button asks for: add a box, remove one, add or remove a row; the place that is new, else where one is.

    The wish is such as "add 0-1 did", "remove 0-1", "row 0-1", "unrow 0-1 2"; any other changes nothing. What is to be
    added may also stand in the box itself, under `add`.
    """
    word, _blank, rest = wish.partition(" ")
    place, _blank, more = rest.partition(" ")
    boxes = dict(placed(root))
    box = boxes.get(place)
    if box is None:
        return "0"
    if word == "add":
        more = more or box.said("add")
    match word:
        case "add" if more in _held(box.kind) and _has_room(root, place, box):
            box.parts.append(Sketch(more, parts=_begun(more)))
            return f"{place}-{len(box.parts) - 1}"
        case "remove" if place != "0":
            outer = place.rpartition("-")[0]
            boxes[outer].parts = [part for part in boxes[outer].parts if part is not box]
            return outer
        case "row" if len(box.rows) < MOST_ROWS:
            box.rows.append({})
        case "unrow" if more.isdecimal():
            box.rows = [row for number, row in enumerate(box.rows) if number != int(more)]
    return place


def _begun(kind: str) -> list[Sketch]:
    """What a new box holds."""
    if kind in OF_STEPS:
        return [Sketch(STEP), Sketch(STEP)]
    if kind == "deal":
        return [Sketch("of_deal")]
    return [Sketch("attribute")] if kind in GROUPS else []


def _held(kind: str) -> tuple[str, ...]:
    """The kinds of boxes that a box may hold."""
    if kind in OF_STEPS:
        return (STEP,)
    if kind == "deal":
        return OF_DEAL
    return (*GROUPS, *LEAVES) if kind in GROUPS else ()


def _has_room(root: Sketch, place: str, box: Sketch) -> bool:
    if len(box.parts) >= (OF_STEPS | {"deal": MOST_OF_DEAL}).get(box.kind, MOST):
        return False
    return len(list(placed(root))) < MOST - 1 and place.count("-") < DEEPEST - 2


def _order(place: str) -> tuple[int, ...]:
    return tuple(map(int, place.split("-")))
