"""From the boxes of a form to a predicate, or to what is still wrong in them."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from treaty.segments.rules.matching import LETTERS
from treaty.segments.rules.plain import (
    DEAL,
    LISTS,
    NotAValue,
    Plain,
    comparisons,
    node_of,
    number,
    record_numbers,
    test_of,
)
from treaty.segments.rules.predicate import (
    All,
    Any,
    Node,
    Not,
    Predicate,
    ValueTest,
)
from treaty.segments.rules.reading import NotAPredicate, parse
from treaty.segments.rules.sketch import GROUPS, Sketch

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
        read: dict[str, Callable[[Sketch, str], object]] = {
            "attribute": self._attribute,
            "of_deal": self._attribute,
            "deal": self._deal,
            "did": self._did,
            "sequence": self._steps,
            "since": self._steps,
            "date": self._date,
            "date_of_deal": self._date,
            "segment": self._inside,
            "engagement": self._engaged,
            "fit": self._lettered,
            "grade": self._graded,
        }
        return read.get(box.kind, self._kept)(box, place)

    def _attribute(self, box: Sketch, place: str) -> object:
        before = DEAL if box.kind == "of_deal" else ""
        try:
            plain = self._plain(box.values, f"n{place}")
            path = "" if plain is None else f"{before}{plain.field}"
            if plain and path in self.of_records:
                plain = replace(plain, value=record_numbers(plain.value))
            if plain and plain.operator not in comparisons(path, self.of_numbers):
                self.flaws[f"n{place}.operator"] = Flaw("not_chosen")
                return None
            made = None if plain is None else node_of(plain, is_number=path in self.of_numbers)
        except NotAValue as wrong:
            self.flaws[f"n{place}.value"] = Flaw(wrong.code)
            return None
        return None if made is None else as_json(made)

    def _deal(self, box: Sketch, place: str) -> object:
        asked = [self.node(part, f"{place}-{order}") for order, part in enumerate(box.parts)]
        told: dict[str, object] = {"deal": [as_json(part) for part in asked if part is not None]}
        if box.said("times"):
            told["times"] = self._number(box, place, "times")
        return told

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

    def _engaged(self, box: Sketch, place: str) -> object:
        return {"engagement_at_least": self._number(box, place, "points")}

    def _lettered(self, box: Sketch, place: str) -> object:
        return {"fit_in": self._chosen(box, place, LETTERS)}

    def _graded(self, box: Sketch, place: str) -> object:
        return {"grade_in": self._chosen(box, place, GRADES)}

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
                where[plain.field] = as_json(made)
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
    "of_deal": "value",
    "date_of_deal": "from",
    "deal": "times",
    "engagement": "points",
    "fit": "A",
    "grade": "A1",
    "kept": "json",
}
"""The control at which is said what no other states."""


def as_json(part: ValueTest | Node) -> dict[str, object]:
    """A part of a predicate as it is written."""
    return part.model_dump(mode="json", by_alias=True, exclude_none=True)


def _is_number(plain: Plain) -> bool:
    """Facts carry numbers and texts under names of their own; a written number means one."""
    try:
        float(plain.value)
    except ValueError:
        return False
    return plain.operator == "is"
