"""A predicate as one expression over persons: sets, joins, counts and instants are the engine's, texts are Python's.

Each test of a value is made here, once for each different value that the engine knows, by the very functions that judge
a single person; so a tree finds the same persons on every engine (docs/decisions/0016).
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from operator import and_, or_
from typing import Any, assert_never

import ibis
import msgspec

from treaty.segments.bulk.dealing import Dealing
from treaty.segments.bulk.engine import LINKS, Engine, Table
from treaty.segments.bulk.values import Condition, Values
from treaty.segments.rules import (
    All,
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
    PersonState,
    Predicate,
    Sequence,
    Since,
    Step,
    Touch,
)
from treaty.segments.rules import Any as AnyOf
from treaty.segments.rules.known import COMPANY, TEXTS
from treaty.segments.rules.matching import (
    attribute_test,
    compiled,
    day_of,
    getter,
    lies,
    matching_touch,
    test,
)
from treaty.segments.rules.predicate import steps

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
COMPANIES = {"id": "int64", **{name: "int64" if name == "employees" else "string" for name in COMPANY}}
WORN = {"person_id": "int64", "tag_id": "int64"}
TAGS = {"id": "int64", "name": "string"}
AGREED = {"person_id": "int64", "purpose_id": "int64", "is_given": "boolean"}
PURPOSES = {"id": "int64", "key": "string"}
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

Scored = Callable[[], Mapping[int, PersonState]]
"""The scores of everybody who has one, as states without touches; asked only by trees that ask for scores."""

read = msgspec.json.Decoder(dict[str, object]).decode


def joined(both: Callable[[Condition, Condition], Condition], parts: list[Condition]) -> Condition:
    """Many conditions as one, by halves: one after the other they would lie deeper than Ibis and the engines look."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return both(joined(both, parts[:middle]), joined(both, parts[middle:]))


class Compiler:
    """Compiles trees for one engine as of one instant. What it asked the engine about values is kept for the next tree."""

    def __init__(self, engine: Engine, at: datetime, scored: Scored) -> None:
        self.engine, self.at, self.scored = engine, at, scored
        every, binned = engine.table("people_person", PERSONS), engine.table("people_binnedperson", BINNED)
        self.persons = every.filter(every.id.notin(binned.select("person_id").person_id))
        self.values = Values(engine, at)
        self.dealing = Dealing(self.values)
        self.payloads: dict[str, list[tuple[Any, Touch]]] = {}

    def members(self, tree: Predicate) -> Table:
        """The ids of the persons who match."""
        return self.persons.filter(self.condition(tree.match)).select("id")

    def condition(self, node: Node) -> Condition:
        """One node as a condition on persons; never NULL, so that its opposite is not either."""
        match node:
            case All():
                return joined(and_, [self.condition(part) for part in node.all_])
            case AnyOf():
                return joined(or_, [self.condition(part) for part in node.any_])
            case Not():
                return ~self.condition(node.not_)
            case Attribute():
                return self._attribute(node)
            case Date():
                return self._dated(node)
            case Inside():
                return self._among(self.engine.members(node.segment))
            case Deal():
                return self._dealing(node)
            case Did() | First() | Last() | Sequence() | Since():
                return self._among(self._persons_who(node))
            case EngagementAtLeast() | FitAtLeast() | FitIn() | GradeIn():
                check = compiled(node)
                return self.values.one_of(
                    self.persons.id,
                    [person for person, state in self.scored().items() if check(state, self.at)],
                )
            case _:
                assert_never(node)

    def _attribute(self, node: Attribute) -> Condition:
        name, check, persons = node.attribute, attribute_test(node), self.persons
        if name in TEXTS:
            return self.values.one_of(
                persons[name], filter(check, self.values.different(name, persons, persons[name]))
            )
        if name in YES_OR_NO:
            return self._either(YES_OR_NO[name](persons), if_so=check(True), if_not=check(False))
        if name == "owner":
            return self.values.valued(
                persons.owner_id, filter(check, self.values.different(name, persons, persons.owner_id)), check
            )
        if name == "tags":
            return self._tagged(node)
        if name == "consents":
            return self._agreeing(node)
        if name in ADDRESSES:
            return self._reached(node, check)
        if name.startswith("fields."):
            return self.values.own("person", node, check, persons.id)
        if name.startswith("company.fields."):
            return self.values.own("company", node, check, persons.company_id)
        if name.partition(".")[0] == "company":
            return self._employed(name, check)
        return ibis.literal(check({} if name == "fields" else None))

    def _tagged(self, node: Attribute) -> Condition:
        """Of the tags somebody wears, one is enough; `known` asks whether there is any."""
        worn = self.engine.table("people_persontag", WORN)
        if node.known is not None:
            wears = self._among(worn.select("person_id"))
            return wears if node.known else ~wears
        tags, check = self.engine.table("people_tag", TAGS), test(node)
        fitting = [tag for tag, name in self.values.rows("tags", tags.select("id", "name")) if check(name)]
        return self._among(worn.filter(self.values.one_of(worn.tag_id, fitting)).select("person_id"))

    def _agreeing(self, node: Attribute) -> Condition:
        """Of the purposes somebody agrees to, by their keys, one is enough, as of tags."""
        told = self.engine.table("people_consent", AGREED)
        given = told.filter(told.is_given)
        if node.known is not None:
            agrees = self._among(given.select("person_id"))
            return agrees if node.known else ~agrees
        purposes, check = self.engine.table("people_purpose", PURPOSES), test(node)
        rows = self.values.rows("consents", purposes.select("id", "key"))
        fitting = [purpose for purpose, key in rows if check(key)]
        return self._among(given.filter(self.values.one_of(given.purpose_id, fitting)).select("person_id"))

    def _reached(self, node: Attribute, check: Callable[[object], bool]) -> Condition:
        """By how many addresses of a kind somebody can be reached, or what they are; of those one is enough."""
        links = self.engine.table("people_personidentity", LINKS)
        kinds = self.engine.table("ledger_identity", {"id": "int64", "kind": "string"})
        of_kind = kinds.filter(kinds.kind == ADDRESSES[node.attribute]).id
        held = links.filter(links.is_valid & links.identity_id.isin(of_kind))
        if node.attribute.endswith("_labels"):
            return self._labelled(node, held.filter(held.label != ""))
        counted = held.group_by("person_id").aggregate(number=held.count())
        known = self.values.rows(node.attribute, counted.select("number").distinct())
        fitting = counted.filter(
            self.values.one_of(counted.number, [number for (number,) in known if check(number)])
        )
        among = self._among(fitting)
        return among | ~self._among(held) if check(0) else among

    def _labelled(self, node: Attribute, held: Table) -> Condition:
        if node.known is not None:
            return self._among(held) if node.known else ~self._among(held)
        known, check = self.values.rows(node.attribute, held.select("label").distinct()), test(node)
        return self._among(
            held.filter(self.values.one_of(held.label, [label for (label,) in known if check(label)]))
        )

    def _employed(self, name: str, check: Callable[[object], bool]) -> Condition:
        companies = self.engine.table("people_company", COMPANIES)
        get, fitting = getter(name), []
        for number, *values in self.values.rows("company", companies.select("id", *COMPANY)):
            if check(get({"company": {**dict(zip(COMPANY, values, strict=True)), "fields": {}}})):
                fitting.append(number)
        return self.values.valued(self.persons.company_id, fitting, check)

    def _dealing(self, node: Deal) -> Condition:
        """Asked first: nested in the statement it would be more than SQLite's parser takes of a deep tree."""
        persons = self._counted(self.dealing.deals(node), node.times)
        return self.values.one_of(
            self.persons.id, [person for (person,) in self.engine.rows(persons.distinct())]
        )

    def _dated(self, node: Date) -> Condition:
        """Dates are fields of the company's own; where two are compared, those who have both are judged one by one."""
        if node.of is not None:
            return self._between(node, self._days(node.date), self._days(node.of))
        is_of_company = node.date.startswith("company.")
        day = self.values.days("company" if is_of_company else "person", node.date)
        if day is None:
            return ibis.literal(False)
        today = self.at.astimezone(UTC).date()
        different = self.values.rows(f"days {node.date}", day.select("text").distinct())
        fitting = [text for (text,) in different if lies(node, day_of(text), today)]
        column = self.persons.company_id if is_of_company else self.persons.id
        return self.values.inside(column, day.filter(self.values.one_of(day.text, fitting)).record_id)

    def _between(self, node: Date, day: Table | None, of: Table | None) -> Condition:
        """Two dates, each by its person."""
        if day is None or of is None:
            return ibis.literal(False)
        both = day.join(of.select(other=of.record_id, start=of.text), [("record_id", "other")])
        rows = self.values.rows(f"days {node.date} {node.of}", both.select("record_id", "text", "start"))
        fitting = [person for person, text, start in rows if lies(node, day_of(text), day_of(start))]
        return self.values.one_of(self.persons.id, fitting)

    def _days(self, name: str) -> Table | None:
        """What a field of persons or of their companies that holds texts keeps, by the person; None for anything else."""
        if name.startswith("fields."):
            return self.values.days("person", name)
        held = self.values.days("company", name)
        if held is None:
            return None
        workers = self.persons.select(person="id", works_at="company_id")
        both = workers.join(held, workers.works_at == held.record_id)
        return both.select(record_id=both.person, text=both.text)

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
            wanted = wanted.filter(self.values.one_of(wanted.payload, self._fitting(step)))
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
        for number, done in enumerate(others):
            later = self._after(reached, done)
            reached = later.group_by("person_id").aggregate(since=later.occurred_at.min())
            if number % 2:  # each within the one before, more would be too deep for SQLite's parser
                reached = self.engine.kept(reached)
        return reached.select("person_id")

    def _after(self, since: Table, done: Table) -> Table:
        """The touches of persons that lie after an instant of each person."""
        from_ = since.select(of="person_id", since="since")
        return done.join(from_, [done.person_id == from_.of, done.occurred_at > from_.since])

    def _fitting(self, step: Step) -> list[Any]:
        """The payloads of a kind that say what a step asks for."""
        fits = matching_touch(step)
        if step.did not in self.payloads:
            self.payloads[step.did] = [
                (held, Touch(step.did, self.at, read(payload)))
                for held, payload in self.engine.payloads(step.did)
            ]
        return [held for held, touch in self.payloads[step.did] if fits(touch)]

    def _either(self, condition: Condition, *, if_so: bool, if_not: bool) -> Condition:
        if if_so is if_not:
            return ibis.literal(if_so)
        return condition if if_so else ~condition

    def _among(self, persons: Table) -> Condition:
        return self.persons.id.isin(persons.person_id)
