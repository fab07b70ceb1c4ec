"""From a predicate to the boxes of a form, and from the boxes to a predicate or to what is still wrong in them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from treaty.segments.rules.matching import LETTERS
from treaty.segments.rules.plain import (
    LISTS,
    NotAValue,
    Plain,
    comparisons,
    node_of,
    number,
    plain_of,
    plain_test,
    record_numbers,
    test_of,
    written,
)
from treaty.segments.rules.predicate import (
    All,
    Any,
    Date,
    Did,
    EngagementAtLeast,
    First,
    FitAtLeast,
    FitIn,
    GradeIn,
    Inside,
    Last,
    Node,
    Not,
    Predicate,
    Sequence,
    Since,
    Step,
    ValueTest,
)
from treaty.segments.rules.reading import NotAPredicate, parse
from treaty.segments.rules.sketch import GROUPS, STEP, Sketch

GRADES = tuple(f"{letter}{digit}" for letter in LETTERS for digit in "1234")
DID, DID_NOT = "did", "did_not"
EDGES = {
    "first_within": ("first", "within_days"),
    "first_longer": ("first", "longer_than_days"),
    "last_within": ("last", "within_days"),
    "last_longer": ("last", "longer_than_days"),
}
"""What a box may ask of the first or the last time, and how that is written."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong at a control: a code of `Problem` and the values of its sentence."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


def sketched(tree: Predicate, of_numbers: Collection[str] = ()) -> Sketch:
    """The boxes of a predicate; the outermost is a group. What boxes cannot state exactly is kept as it is."""
    box = _Boxes(of_numbers).box(tree.match)
    return box if box.kind in GROUPS else Sketch("all", parts=[box])


@dataclass(slots=True)
class Reader:
    """Reads boxes; `flaws` says what is wrong at which control. Those `of_numbers` hold some, `of_records` those of records."""

    of_numbers: Collection[str] = ()
    of_records: Collection[str] = ()
    flaws: dict[str, Flaw] = field(default_factory=dict)

    def predicate(self, root: Sketch) -> Predicate | None:
        """The predicate; None where something is wrong."""
        node = self.node(root)
        if self.flaws or node is None:
            return None
        try:
            return Predicate(match=node)
        except ValueError:
            self.flaws["n0.kind"] = Flaw("too_many_levels")
            return None

    def node(self, box: Sketch, place: str = "0") -> Node | None:
        """What a box states; None where something is wrong in it."""
        if box.kind in GROUPS:
            return self._group(box, place)
        before = len(self.flaws)
        data = self._data(box, place)
        if data is None or len(self.flaws) > before:
            return None
        try:
            return parse({"match": data}).match
        except NotAPredicate as wrong:
            for problem in wrong.problems:
                name = CONTROLS.get(problem.path.split(".")[-1], FIRST[box.kind])
                self.flaws[f"n{place}.{name}"] = Flaw(problem.code, problem.values)
            return None

    def _group(self, box: Sketch, place: str) -> Node | None:
        parts = [self.node(part, f"{place}-{order}") for order, part in enumerate(box.parts)]
        if not parts:
            self.flaws[f"n{place}.kind"] = Flaw("no_part")
            return None
        if None in parts:
            return None
        whole = cast(tuple[Node, ...], tuple(parts))
        is_turned = box.kind in ("none", "not_all")
        if len(whole) == 1:
            return Not(not_=whole[0]) if is_turned else whole[0]
        joined = All(all_=whole) if box.kind in ("all", "not_all") else Any(any_=whole)
        return Not(not_=joined) if is_turned else joined

    def _data(self, box: Sketch, place: str) -> object:
        """What a box states as JSON; None where that is not said."""
        match box.kind:
            case "attribute":
                return self._attribute(box, place)
            case "did":
                return self._did(box, place)
            case "sequence" | "since":
                return self._steps(box, place)
            case "date":
                return self._date(box, place)
            case "segment":
                return self._inside(box, place)
            case "engagement":
                return {"engagement_at_least": self._number(box, place, "points")}
            case "fit":
                return {"fit_in": self._chosen(box, place, LETTERS)}
            case "grade":
                return {"grade_in": self._chosen(box, place, GRADES)}
            case _:
                return self._kept(box, place)

    def _attribute(self, box: Sketch, place: str) -> object:
        try:
            plain = self._plain(box.values, f"n{place}")
            if plain and plain.field in self.of_records:
                plain = replace(plain, value=record_numbers(plain.value))
            if plain and plain.operator not in comparisons(plain.field, self.of_numbers):
                self.flaws[f"n{place}.operator"] = Flaw("not_chosen")
                return None
            made = None if plain is None else node_of(plain, is_number=plain.field in self.of_numbers)
        except NotAValue as wrong:
            self.flaws[f"n{place}.value"] = Flaw(wrong.code)
            return None
        return None if made is None else _written(made)

    def _did(self, box: Sketch, place: str) -> object:
        if not box.said("fact"):
            self.flaws[f"n{place}.fact"] = Flaw("not_chosen")
        if box.said("how") in EDGES:
            which, span = EDGES[box.said("how")]
            where = self._where(box, place)
            return {which: box.said("fact"), "where": where, span: self._number(box, place, "days")}
        told: dict[str, object] = {"did": box.said("fact"), "where": self._where(box, place)}
        for name, key in (("times", "times"), ("days", "within_days")):
            if box.said(name):
                told[key] = self._number(box, place, name)
        return {"not": told} if box.said("how") == DID_NOT else told

    def _steps(self, box: Sketch, place: str) -> object:
        done = []
        for order, part in enumerate(box.parts):
            inner = f"{place}-{order}"
            if not part.said("fact"):
                self.flaws[f"n{inner}.fact"] = Flaw("not_chosen")
            done.append({"did": part.said("fact"), "where": self._where(part, inner)})
        name = FIRST[box.kind]
        told = {CONTROLS_OF[name]: self._number(box, place, name)} if box.said(name) else {}
        if len(done) < FEWEST:
            self.flaws[f"n{place}.{name}"] = Flaw("empty")
            return None
        return (
            {"since": done[0], "then": done[1], **told} if box.kind == "since" else {"sequence": done, **told}
        )

    def _date(self, box: Sketch, place: str) -> object:
        if not box.said("field"):
            self.flaws[f"n{place}.field"] = Flaw("not_chosen")
        told: dict[str, object] = {"date": box.said("field")}
        if box.said("of"):
            told["of"] = box.said("of")
        for name in ("from", "to"):
            if box.said(name):
                told[f"{name}_days"] = self._number(box, place, name)
        return told

    def _inside(self, box: Sketch, place: str) -> object:
        if not box.said("segment"):
            self.flaws[f"n{place}.segment"] = Flaw("not_chosen")
            return None
        return {"segment": self._number(box, place, "segment")}

    def _where(self, box: Sketch, place: str) -> dict[str, object]:
        where: dict[str, object] = {}
        for order, row in enumerate(box.rows):
            name = f"n{place}.row{order}"
            try:
                plain = self._plain(row, name)
                made = plain and test_of(plain, is_number=_is_number(plain))
            except NotAValue as wrong:
                self.flaws[f"{name}.value"] = Flaw(wrong.code)
                continue
            if plain and plain.field in where:
                self.flaws[f"{name}.field"] = Flaw("twice")
            if plain and made:
                where[plain.field] = _written(made)
        return where

    def _plain(self, values: Mapping[str, str], name: str) -> Plain | None:
        field_, operator, value = (values.get(key, "").strip() for key in ("field", "operator", "value"))
        if not field_ or not operator:
            self.flaws[f"{name}.{'operator' if field_ else 'field'}"] = Flaw("not_chosen")
            return None
        if operator in LISTS and not any(part.strip() for part in value.split(",")):
            raise NotAValue("missing")
        return Plain(field_, operator, value)

    def _number(self, box: Sketch, place: str, name: str) -> object:
        text = box.said(name)
        try:
            return number(text)
        except NotAValue as wrong:
            self.flaws[f"n{place}.{name}"] = Flaw(wrong.code if text else "missing")
            return None

    def _chosen(self, box: Sketch, place: str, options: Collection[str]) -> list[str]:
        chosen = [option for option in options if box.said(option)]
        if not chosen:
            self.flaws[f"n{place}.{FIRST[box.kind]}"] = Flaw("empty")
        return chosen

    def _kept(self, box: Sketch, place: str) -> object:
        try:
            return json.loads(box.said("json"))
        except ValueError:
            self.flaws[f"n{place}.json"] = Flaw("object")
            return None


FEWEST = 2
"""Facts of a box of several."""
CONTROLS = {
    "times": "times",
    "within_days": "days",
    "longer_than_days": "days",
    "from_days": "from",
    "to_days": "to",
    "date": "field",
    "of": "of",
    "attribute": "field",
    "did": "fact",
    "segment": "segment",
    "engagement_at_least": "points",
}
"""The control of a box that states a part of its JSON."""
CONTROLS_OF = {"days": "within_days", "times": "times"}
FIRST = {
    "attribute": "value",
    "did": "fact",
    "sequence": "days",
    "since": "times",
    "date": "from",
    "segment": "segment",
    "engagement": "points",
    "fit": "A",
    "grade": "A1",
    "kept": "json",
}
"""The control at which is said what no other states."""


@dataclass(frozen=True, slots=True)
class _Boxes:
    """Makes boxes of nodes."""

    of_numbers: Collection[str]

    def box(self, node: Node) -> Sketch:
        """The box of a node; a box that would be read otherwise is given up for the node as it is."""
        made = self._stated(node)
        if made.kind in GROUPS or isinstance(node, FitAtLeast):
            return made
        is_same = Reader(self.of_numbers).node(made) == node
        return made if is_same else Sketch("kept", {"json": json.dumps(_written(node))})

    def _stated(self, node: Node) -> Sketch:
        if (plain := plain_of(node)) is not None:
            return Sketch("attribute", _row(plain))
        match node:
            case All():
                return self._group("all", node.all_)
            case Any():
                return self._group("any", node.any_)
            case Not():
                return self._turned(node.not_)
            case _:
                return _leaf(node)

    def _turned(self, inner: Node) -> Sketch:
        """The box of what is not so."""
        match inner:
            case All():
                return self._group("not_all", inner.all_)
            case Any() if plain_of(inner) is None:
                return self._group("none", inner.any_)
            case Did():
                box = _leaf(inner)
                box.values["how"] = DID_NOT
                return box
            case _:
                return self._group("none", (inner,))

    def _group(self, kind: str, parts: tuple[Node, ...]) -> Sketch:
        return Sketch(kind, parts=[self.box(part) for part in parts])


def _leaf(node: Node) -> Sketch:
    match node:
        case Did():
            values = {"how": DID, "fact": node.did, "times": str(node.times), "days": _text(node.within_days)}
            return Sketch("did", values, _rows(node.where))
        case First() | Last():
            return _edge(node)
        case Sequence():
            return Sketch(
                "sequence", {"days": _text(node.within_days)}, parts=list(map(_step, node.sequence))
            )
        case Since():
            return Sketch("since", {"times": str(node.times)}, parts=[_step(node.since), _step(node.then)])
        case Date():
            days = {"from": _text(node.from_days), "to": _text(node.to_days)}
            return Sketch("date", {"field": node.date, "of": node.of or "", **days})
        case Inside():
            return Sketch("segment", {"segment": str(node.segment)})
        case EngagementAtLeast() | FitAtLeast() | FitIn() | GradeIn():
            return _scored(node)
        case _:
            return Sketch("kept")


def _scored(node: EngagementAtLeast | FitAtLeast | FitIn | GradeIn) -> Sketch:
    match node:
        case EngagementAtLeast():
            return Sketch("engagement", {"points": _text(node.engagement_at_least)})
        case FitAtLeast():
            return _boxes("fit", LETTERS[: LETTERS.index(node.fit_at_least) + 1])
        case FitIn():
            return _boxes("fit", node.fit_in)
        case GradeIn():
            return _boxes("grade", node.grade_in)


def _edge(node: First | Last) -> Sketch:
    kind, which = (node.first, "first") if isinstance(node, First) else (node.last, "last")
    how = f"{which}_within" if node.within_days is not None else f"{which}_longer"
    days = _text(node.within_days or node.longer_than_days)
    return Sketch("did", {"how": how, "fact": kind, "days": days}, _rows(node.where))


def _step(step: Step) -> Sketch:
    return Sketch(STEP, {"fact": step.did}, _rows(step.where))


def _rows(where: Mapping[str, ValueTest]) -> list[dict[str, str]]:
    """The rows of what can be stated in one; where something cannot, the box is read otherwise and given up."""
    rows = [plain_test(name, test) for name, test in where.items()]
    return [_row(row) for row in rows if row is not None]


def _boxes(kind: str, chosen: Collection[str]) -> Sketch:
    return Sketch(kind, dict.fromkeys(chosen, "on"))


def _row(plain: Plain) -> dict[str, str]:
    return {"field": plain.field, "operator": plain.operator, "value": plain.value}


def _written(part: ValueTest | Node) -> dict[str, object]:
    return part.model_dump(mode="json", by_alias=True, exclude_none=True)


def _text(value: float | None) -> str:
    return "" if value is None else written(value)


def _is_number(plain: Plain) -> bool:
    """Facts carry numbers and texts under names of their own; a written number means one."""
    try:
        float(plain.value)
    except ValueError:
        return False
    return plain.operator == "is"
