"""From a predicate to the boxes of a form."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from treaty.segments.rules.matching import LETTERS
from treaty.segments.rules.plain import Plain, plain_of, plain_test, written
from treaty.segments.rules.predicate import (
    All,
    Any,
    Attribute,
    Date,
    Deal,
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
from treaty.segments.rules.sketch import GROUPS, STEP, Sketch
from treaty.segments.rules.sketching import DID, DID_NOT, Reader, as_json


def sketched(tree: Predicate, of_numbers: Collection[str] = ()) -> Sketch:
    """The boxes of a predicate; the outermost is a group. What boxes cannot state exactly is kept as it is."""
    box = _Boxes(of_numbers).box(tree.match)
    return box if box.kind in GROUPS else Sketch("all", parts=[box])


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
        return made if is_same else Sketch("kept", {"json": json.dumps(as_json(node))})

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
            return Sketch("date", _dated(node))
        case Inside():
            return Sketch("segment", {"segment": str(node.segment)})
        case Deal():
            return Sketch("deal", {"times": str(node.times)}, parts=list(map(_of_deal, node.deal)))
        case EngagementAtLeast() | FitAtLeast() | FitIn() | GradeIn():
            return _scored(node)
        case _:
            return Sketch("kept")


def _dated(node: Date) -> dict[str, str]:
    days = {"from": _text(node.from_days), "to": _text(node.to_days)}
    return {"field": node.date, "of": node.of or "", **days}


def _of_deal(part: Attribute | Date) -> Sketch:
    """The box of what is asked of a deal; where a form cannot state it, it is read otherwise and given up."""
    if isinstance(part, Date):
        return Sketch("date_of_deal", _dated(part))
    plain = plain_of(part)
    return Sketch("of_deal", {} if plain is None else _row(plain))


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


def _text(value: float | None) -> str:
    return "" if value is None else written(value)
