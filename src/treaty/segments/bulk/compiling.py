"""A predicate as one expression over persons: sets, joins, counts and instants are the engine's, texts are Python's.

Each test of a value is made here, once for each different value that the engine knows, by the very functions that judge
a single person; so a tree finds the same persons on every engine (docs/decisions/0016).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import and_, or_
from typing import Any, assert_never

import ibis
import msgspec

from treaty.fields.queries import all_fields
from treaty.fields.rules import Kind, column_of, compared_cell
from treaty.segments.bulk.engine import LINKS, Engine, Table
from treaty.segments.rules import (
    All,
    Attribute,
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
    PersonState,
    Predicate,
    Sequence,
    Since,
    Step,
    Touch,
)
from treaty.segments.rules import Any as AnyOf
from treaty.segments.rules.matching import compiled, day_of, getter, lies, matching_touch, test
from treaty.segments.rules.predicate import steps

WITH_TEXT = (Kind.DATE, Kind.TEXT, Kind.CHOICE)
"""Fields whose values are texts, which may be dates."""
FEW = 200
"""Values written into the statement; more go by way of a table."""
TEXTS = (
    "name",
    "name_local",
    "email",
    "phone",
    "title",
    "country",
    "language",
    "time_zone",
    "city",
    "stage",
    "channel",
    "landing_page",
    "interest",
)
OF_COMPANY = ("name", "sector", "employees", "country", "city", "domain")

PERSONS = {
    **dict.fromkeys(("id", "company_id", "owner_id"), "int64"),
    **dict.fromkeys(("unsubscribed_at", "do_not_call_at"), "instant"),
    **dict.fromkeys(TEXTS, "string"),
}
ADDRESSES = {
    "email_count": "email",
    "email_labels": "email",
    "phone_count": "phone",
    "phone_labels": "phone",
}
"""Attributes that lie in the links of identities, and of which kind those are."""
BINNED = {"person_id": "int64", "purged_at": "instant"}
COMPANIES = {"id": "int64", **{name: "int64" if name == "employees" else "string" for name in OF_COMPANY}}
WORN = {"person_id": "int64", "tag_id": "int64"}
TAGS = {"id": "int64", "name": "string"}
AGREED = {"person_id": "int64", "purpose_id": "int64", "is_given": "boolean"}
PURPOSES = {"id": "int64", "key": "string"}
OWN = {
    **dict.fromkeys(("record_id", "field_id", "whole"), "int64"),
    **dict.fromkeys(("text", "currency"), "string"),
    "number": "float64",
}
"""What the company's own fields hold."""
COLUMNS = {
    "has_email": "email",
    "has_phone": "phone",
    "unsubscribed": "unsubscribed_at",
    "do_not_call": "do_not_call_at",
    "owner": "owner_id",
    "company": "company_id",
}
"""The columns of persons behind attributes that are not called like them."""
YES_OR_NO: dict[str, Callable[[Table], Any]] = {
    "has_email": lambda persons: persons.email != "",
    "has_phone": lambda persons: persons.phone != "",
    "unsubscribed": lambda persons: persons.unsubscribed_at.notnull(),
    "do_not_call": lambda persons: persons.do_not_call_at.notnull(),
}

Condition = Any
"""A boolean column of Ibis."""
Scored = Callable[[], Mapping[int, PersonState]]
"""The scores of everybody who has one, as states without touches; asked only by trees that ask for scores."""

read = msgspec.json.Decoder(dict[str, object]).decode


class Compiler:
    """Compiles trees for one engine as of one instant. What it asked the engine about values is kept for the next tree."""

    def __init__(self, engine: Engine, at: datetime, scored: Scored) -> None:
        self.engine, self.at, self.scored = engine, at, scored
        every, binned = engine.table("people_person", PERSONS), engine.table("people_binnedperson", BINNED)
        self.persons = every.filter(every.id.notin(binned.select("person_id").person_id))
        self.known: dict[str, list[Any]] = {}
        self.payloads: dict[str, list[tuple[Any, Touch]]] = {}

    def members(self, tree: Predicate) -> Table:
        """The ids of the persons who match."""
        return self.persons.filter(self.condition(tree.match)).select("id")

    def condition(self, node: Node) -> Condition:
        """One node as a condition on persons; never NULL, so that its opposite is not either."""
        match node:
            case All():
                return reduce(and_, [self.condition(part) for part in node.all_])
            case AnyOf():
                return reduce(or_, [self.condition(part) for part in node.any_])
            case Not():
                return ~self.condition(node.not_)
            case Attribute():
                return self._attribute(node)
            case Date():
                return self._dated(node)
            case Inside():
                return self._among(self.engine.members(node.segment))
            case Did() | First() | Last() | Sequence() | Since():
                return self._among(self._persons_who(node))
            case EngagementAtLeast() | FitAtLeast() | FitIn() | GradeIn():
                check = compiled(node)
                return self._one_of(
                    self.persons.id,
                    [person for person, state in self.scored().items() if check(state, self.at)],
                )
            case _:
                assert_never(node)

    def _attribute(self, node: Attribute) -> Condition:
        name, check, persons = node.attribute, test(node), self.persons
        if name in TEXTS:
            return self._one_of(persons[name], filter(check, self._different(name, persons[name])))
        if name in YES_OR_NO:
            return self._either(YES_OR_NO[name](persons), if_so=check(True), if_not=check(False))
        if name == "owner":
            return self._valued(
                persons.owner_id, filter(check, self._different(name, persons.owner_id)), check
            )
        if name == "tags":
            return self._tagged(node)
        if name == "consents":
            return self._agreeing(node)
        if name in ADDRESSES:
            return self._reached(node, check)
        if name.startswith("fields."):
            return self._own(node, check)
        if name.partition(".")[0] == "company":
            return self._employed(name, check)
        return ibis.literal(check(None))

    def _tagged(self, node: Attribute) -> Condition:
        """Of the tags somebody wears, one is enough; `known` asks whether there is any."""
        worn = self.engine.table("people_persontag", WORN)
        if node.known is not None:
            wears = self._among(worn.select("person_id"))
            return wears if node.known else ~wears
        tags, check = self.engine.table("people_tag", TAGS), test(node)
        fitting = [tag for tag, name in self._rows("tags", tags.select("id", "name")) if check(name)]
        return self._among(worn.filter(self._one_of(worn.tag_id, fitting)).select("person_id"))

    def _agreeing(self, node: Attribute) -> Condition:
        """Of the purposes somebody agrees to, by their keys, one is enough, as of tags."""
        told = self.engine.table("people_consent", AGREED)
        given = told.filter(told.is_given)
        if node.known is not None:
            agrees = self._among(given.select("person_id"))
            return agrees if node.known else ~agrees
        purposes, check = self.engine.table("people_purpose", PURPOSES), test(node)
        rows = self._rows("consents", purposes.select("id", "key"))
        fitting = [purpose for purpose, key in rows if check(key)]
        return self._among(given.filter(self._one_of(given.purpose_id, fitting)).select("person_id"))

    def _reached(self, node: Attribute, check: Callable[[object], bool]) -> Condition:
        """By how many addresses of a kind somebody can be reached, or what they are; of those one is enough."""
        links = self.engine.table("people_personidentity", LINKS)
        kinds = self.engine.table("ledger_identity", {"id": "int64", "kind": "string"})
        of_kind = kinds.filter(kinds.kind == ADDRESSES[node.attribute]).id
        held = links.filter(links.is_valid & links.identity_id.isin(of_kind))
        if node.attribute.endswith("_labels"):
            return self._labelled(node, held.filter(held.label != ""))
        counted = held.group_by("person_id").aggregate(number=held.count())
        known = self._rows(node.attribute, counted.select("number").distinct())
        fitting = counted.filter(
            self._one_of(counted.number, [number for (number,) in known if check(number)])
        )
        among = self._among(fitting)
        return among | ~self._among(held) if check(0) else among

    def _labelled(self, node: Attribute, held: Table) -> Condition:
        if node.known is not None:
            return self._among(held) if node.known else ~self._among(held)
        known, check = self._rows(node.attribute, held.select("label").distinct()), test(node)
        return self._among(
            held.filter(self._one_of(held.label, [label for (label,) in known if check(label)]))
        )

    def _own(self, node: Attribute, check: Callable[[object], bool]) -> Condition:
        """A field of the company's own; of several chosen options one is enough, as of tags."""
        key = node.attribute.removeprefix("fields.")
        field = next((one for one in all_fields() if (one.record, one.key) == ("person", key)), None)
        if field is None:
            return ibis.literal(check(None))
        values = self.engine.table("fields_value", OWN)
        held = values.filter(values.field_id == field.id)
        has_any = self.persons.id.isin(held.record_id)
        if node.known is not None:
            return has_any if node.known else ~has_any
        column, fitting = column_of(field.kind), defaultdict(list)
        for kept, currency in self._rows(node.attribute, held.select(column, "currency").distinct()):
            if check(compared_cell(field.kind, kept, currency)):
                fitting[currency].append(kept)
        of_each = [
            (held.currency == currency) & self._one_of(held[column], kept)
            for currency, kept in fitting.items()
        ]
        fits = reduce(or_, of_each, ibis.literal(False))
        return self.persons.id.isin(held.filter(fits).record_id)

    def _employed(self, name: str, check: Callable[[object], bool]) -> Condition:
        companies = self.engine.table("people_company", COMPANIES)
        get, fitting = getter(name), []
        for number, *values in self._rows("company", companies.select("id", *OF_COMPANY)):
            if check(get({"company": dict(zip(OF_COMPANY, values, strict=True))})):
                fitting.append(number)
        return self._valued(self.persons.company_id, fitting, check)

    def _dated(self, node: Date) -> Condition:
        """Dates are fields of the company's own; where two are compared, those who have both are judged one by one."""
        day = self._days(node.date)
        of = None if node.of is None else self._days(node.of)
        if day is None or (node.of is not None and of is None):
            return ibis.literal(False)
        if of is None:
            today = self.at.astimezone(UTC).date()
            different = self._rows(f"days {node.date}", day.select("text").distinct())
            fitting = [text for (text,) in different if lies(node, day_of(text), today)]
            return self.persons.id.isin(day.filter(self._one_of(day.text, fitting)).record_id)
        both = day.join(of.select(other=of.record_id, start=of.text), [("record_id", "other")])
        rows = self._rows(f"days {node.date} {node.of}", both.select("record_id", "text", "start"))
        fitting = [person for person, text, start in rows if lies(node, day_of(text), day_of(start))]
        return self._one_of(self.persons.id, fitting)

    def _days(self, name: str) -> Table | None:
        """What a field of persons that holds texts keeps; None for anything else."""
        key = name.removeprefix("fields.")
        for field in all_fields():
            if name != key and (field.record, field.key) == ("person", key) and field.kind in WITH_TEXT:
                values = self.engine.table("fields_value", OWN)
                return values.filter(values.field_id == field.id)
        return None

    def _persons_who(self, node: Did | First | Last | Sequence | Since) -> Table:
        """The persons about whose identities the touches lie as a node asks."""
        match node:
            case Did():
                return self._counted(
                    self._done(Step(did=node.did, where=node.where), node.within_days), node.times
                )
            case First() | Last():
                return self._at_the_edge(node)
            case Sequence():
                return self._in_turn(node)
            case Since():
                began = self._done(node.since)
                last = began.group_by("person_id").aggregate(since=began.occurred_at.max())
                return self._counted(self._after(last, self._done(node.then)), node.times)
            case _:
                assert_never(node)

    def _done(self, step: Step, days: float | None = None) -> Table:
        """The persons and instants of the touches that fit, up to now and within the last days."""
        wanted, at = self.engine.acts(step.did), self.at
        # A touch counts from its instant until its window has passed, as in `matching`.
        wanted = wanted.filter(wanted.occurred_at <= self.engine.instant(at))
        if days is not None:
            wanted = wanted.filter(wanted.occurred_at > self.engine.instant(at - timedelta(days=days)))
        if step.where:
            wanted = wanted.filter(self._one_of(wanted.payload, self._fitting(step)))
        return self.engine.persons_of(wanted)

    def _counted(self, done: Table, times: int) -> Table:
        if times == 1:
            return done.select("person_id")
        counted = done.group_by("person_id").aggregate(times=done.count())
        return counted.filter(counted.times >= times).select("person_id")

    def _at_the_edge(self, node: First | Last) -> Table:
        [(step, days)] = steps(node)
        done = self._done(step)
        furthest = done.occurred_at.min() if isinstance(node, First) else done.occurred_at.max()
        edges, since = (
            done.group_by("person_id").aggregate(edge=furthest),
            self.at - timedelta(days=days or 0),
        )
        within = edges.edge > self.engine.instant(since)
        return edges.filter(within if node.within_days is not None else ~within).select("person_id")

    def _in_turn(self, node: Sequence) -> Table:
        """Of each step the first touch after the step before it."""
        [first, *others] = (self._done(step, node.within_days) for step in node.sequence)
        reached = first.group_by("person_id").aggregate(since=first.occurred_at.min())
        for done in others:
            later = self._after(reached, done)
            reached = later.group_by("person_id").aggregate(since=later.occurred_at.min())
        return reached.select("person_id")

    def _after(self, since: Table, done: Table) -> Table:
        """The touches of persons that lie after an instant of each person."""
        from_ = since.select(of="person_id", since="since")
        both = done.join(from_, done.person_id == from_.of)
        return both.filter(both.occurred_at > both.since).select("person_id", "occurred_at")

    def _fitting(self, step: Step) -> list[Any]:
        """The payloads of a kind that say what a step asks for."""
        fits = matching_touch(step)
        if step.did not in self.payloads:
            self.payloads[step.did] = [
                (held, Touch(step.did, self.at, read(payload)))
                for held, payload in self.engine.payloads(step.did)
            ]
        return [held for held, touch in self.payloads[step.did] if fits(touch)]

    def _different(self, name: str, column: Any) -> list[Any]:
        """The different values of a column of persons, NULL left out."""
        rows = self._rows(name, self.persons.filter(column.notnull()).select(value=column).distinct())
        return [value for (value,) in rows]

    def _rows(self, name: str, expression: Table) -> list[Any]:
        if name not in self.known:
            self.known[name] = list(self.engine.rows(expression))
        return self.known[name]

    def _either(self, condition: Condition, *, if_so: bool, if_not: bool) -> Condition:
        if if_so is if_not:
            return ibis.literal(if_so)
        return condition if if_so else ~condition

    def _valued(self, column: Any, values: Iterable[Any], check: Callable[[object], bool]) -> Condition:
        """As `_one_of`, for a column that may be NULL, where nothing known may be what is asked for."""
        among = self._one_of(column, values)
        return among | column.isnull() if check(None) else among

    def _one_of(self, column: Any, values: Iterable[Any]) -> Condition:
        wanted = list(values)
        if not wanted:
            return ibis.literal(False)
        options = wanted if len(wanted) <= FEW else self.engine.set_of(wanted).value
        return column.notnull() & column.isin(options)

    def _among(self, persons: Table) -> Condition:
        return self.persons.id.isin(persons.person_id)
