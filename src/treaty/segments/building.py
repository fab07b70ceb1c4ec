"""What the page that makes a segment shows of each box: its controls, what they offer, what is wrong with them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from treaty.fields.queries import FieldRow, all_fields, records_url
from treaty.fields.queries import names as records
from treaty.fields.rules import LINKED, Kind
from treaty.ledger.facts import KINDS
from treaty.people.queries import purposes
from treaty.people.queries.identities import identity_labels
from treaty.people.queries.leads import stage_label
from treaty.people.rules import Stage
from treaty.segments.fact_wording import value_name
from treaty.segments.queries import names, path_of, words_of
from treaty.segments.rules import Node, Predicate
from treaty.segments.rules.matching import LETTERS
from treaty.segments.rules.plain import DEAL, OF_NUMBERS, OPERATORS, YES_OR_NO, comparisons
from treaty.segments.rules.sketch import GROUPS, OF_DEAL, STEP, Sketch
from treaty.segments.rules.sketching import DID, DID_NOT, EDGES, GRADES, Flaw, Reader
from treaty.segments.wording import OPERATOR_NAMES, attribute_name, clause, fact_name, flaw_sentence

ATTRIBUTES = (
    "name",
    "email",
    "phone",
    "title",
    "country",
    "language",
    "city",
    "stage",
    "channel",
    "tags",
    "consents",
    "interest",
    "company.name",
    "company.sector",
    "company.employees",
    "company.country",
    *YES_OR_NO,
    "email_count",
    "email_labels",
    "phone_count",
    "phone_labels",
)
OF_DEALS = ("name", "product", "stage", "state", "value", "currency", "owner")
GROUP_NAMES = {
    "all": _("all of these hold"),
    "any": _("at least one of these holds"),
    "none": _("none of these holds"),
    "not_all": _("not all of these hold"),
}
NAMES = {
    "attribute": _("What is known"),
    "did": _("What the person did"),
    "sequence": _("One thing after the other"),
    "since": _("Something since something else"),
    "date": _("A date"),
    "segment": _("Another segment"),
    "deal": _("A deal of the person"),
    "of_deal": _("What is known of the deal"),
    "date_of_deal": _("A date of the deal"),
    STEP: _("A step"),
    "engagement": _("Engagement"),
    "fit": _("Fit"),
    "grade": _("Grade"),
    "kept": _("Another condition"),
    **dict.fromkeys(GROUPS, _("A group of conditions")),
}
ADDED = (
    "attribute",
    "did",
    "sequence",
    "since",
    "date",
    "deal",
    "segment",
    "engagement",
    "fit",
    "grade",
    "all",
)
"""What one may add, in the order in which it is offered."""
MORE = {
    STEP: _("Add a step"),
    "of_deal": _("Ask for more of the deal"),
    "date_of_deal": _("Ask for a date of the deal"),
}
STATES = {"open": _("open"), "won": _("won"), "lost": _("lost")}
NUMERIC = (Kind.NUMBER, Kind.MONEY, *LINKED)

Choices = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Control:
    """One control: how it is drawn (select, text, number, check), what it holds and offers, what is wrong with it."""

    name: str
    label: Any
    value: str = ""
    kind: str = "text"
    choices: Choices = ()
    offers: Choices = ()
    wrong: str = ""
    swaps: bool = False
    """Whether what others offer depends on it."""
    records: str = ""
    """Where one asks what fits while one types, of a record."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box as the page shows it."""

    kind: str
    place: str
    number: str
    title: Any
    is_group: bool
    controls: Sequence[Control]
    checks: Sequence[Control] = ()
    rows: Sequence[Sequence[Control]] = ()
    parts: Sequence["Box"] = ()
    has_rows: bool = False
    more: Choices = ()
    """The kinds of boxes that can be added to it, each with the words of its button."""
    is_fixed: bool = False
    """Whether it cannot be removed."""
    said: str = ""
    """What a box that is kept as it is says."""
    json: str = ""
    adding: Choices = ()


@dataclass(slots=True)
class Builder:
    """Shows the boxes of a form; what it offers is asked once."""

    flaws: Mapping[str, Flaw] = field(default_factory=dict)
    own: Sequence[FieldRow] = field(
        default_factory=lambda: [one for one in all_fields() if not one.is_retired]
    )
    """The fields of one's own, of all kinds of records."""
    others: Mapping[int, str] = field(default_factory=names)
    """The segments that a condition may ask for, by their numbers."""
    user: Any = None
    """Who looks: records are called by their names where these are seen."""

    @property
    def of_records(self) -> dict[str, Kind]:
        """The attributes that hold another record, with its kind."""
        return {path_of(one): one.kind for one in self.own if one.kind in LINKED}

    @property
    def of_numbers(self) -> tuple[str, ...]:
        """The attributes that hold numbers."""
        return (*OF_NUMBERS, *(path_of(one) for one in self.own if one.kind in NUMERIC))

    def words(self, *trees: Predicate) -> dict[int | str, str]:
        """What the sentences of some trees call segments, fields with their choices, and records."""
        return words_of(self.others, self.own, trees, self.user)

    def reader(self) -> Reader:
        """Reads what is written; from then on what is wrong is shown."""
        made = Reader(self.of_numbers, self.of_records)
        self.flaws = made.flaws
        return made

    def box(self, sketch: Sketch, place: str = "0", title: str | None = None) -> Box:
        """One box and those inside; one with a `title` of its own is a fixed part of the box around it."""
        is_group = sketch.kind in GROUPS
        draw = self._drawing().get(sketch.kind)
        return Box(
            kind=sketch.kind,
            place=place,
            number=".".join(str(int(part) + 1) for part in place.split("-")[1:]),
            title=title or NAMES[sketch.kind],
            is_group=is_group,
            controls=self._group(sketch, place) if is_group else list(draw(sketch, place)) if draw else [],
            checks=self._checks(sketch, place),
            rows=[list(self._row(sketch, place, number)) for number in range(len(sketch.rows))],
            parts=self._parts(sketch, place),
            has_rows=sketch.kind in ("did", STEP),
            more=[(kind, MORE[kind]) for kind in {"sequence": (STEP,), "deal": OF_DEAL}.get(sketch.kind, ())],
            is_fixed=title is not None,
            said=self._said(sketch),
            json=sketch.said("json"),
            adding=[(kind, NAMES[kind]) for kind in ADDED],
        )

    def _parts(self, sketch: Sketch, place: str) -> list[Box]:
        titles: list[str | None] = [None] * len(sketch.parts)
        if sketch.kind == "since":
            titles[:2] = [gettext("Since the last time that the person"), gettext("the person")]
        return [
            self.box(part, f"{place}-{number}", titles[number]) for number, part in enumerate(sketch.parts)
        ]

    def _drawing(self) -> dict[str, Callable[[Sketch, str], Iterator[Control]]]:
        """How the controls of each kind of box are drawn."""
        return {
            "attribute": self._attribute,
            "of_deal": self._attribute,
            "deal": self._deal,
            "did": self._did,
            "sequence": self._sequence,
            "since": self._since,
            "date": self._date,
            "date_of_deal": self._date,
            "segment": self._inside,
            STEP: self._step,
            "engagement": self._engagement,
        }

    def _group(self, sketch: Sketch, place: str) -> list[Control]:
        return [self._select(sketch, place, "kind", gettext("Whoever is meant:"), list(GROUP_NAMES.items()))]

    def _attribute(self, sketch: Sketch, place: str) -> Iterator[Control]:
        held, before = sketch.said("field"), DEAL if sketch.kind == "of_deal" else ""
        choices = self._attributes(held, before)
        yield self._select(sketch, place, "field", gettext("Asks for"), choices, swaps=True)
        name = f"{before}{held}"
        compared = comparisons(name, self.of_numbers) if held else OPERATORS
        yield self._operator(sketch.values, f"n{place}", compared)
        shown = self._text(sketch, place, "value", gettext("Value"), offers=self._offers(name))
        yield self._record(shown, self.of_records[name]) if name in self.of_records else shown

    def _record(self, control: Control, kind: Kind) -> Control:
        """A control that tells of records by their names and numbers."""
        held = [int(part) for part in control.value.split(",") if part.strip().isdecimal()]
        known = records(self.user, {kind: held}) if held and self.user else {}
        told = [f"{known[kind, one].name} #{one}" if (kind, one) in known else f"#{one}" for one in held]
        return replace(control, value=", ".join(told) or control.value, records=records_url(kind))

    def _did(self, sketch: Sketch, place: str) -> Iterator[Control]:
        how = [
            (DID, gettext("did this")),
            (DID_NOT, gettext("did not do this")),
            ("first_within", gettext("did this first within the last days")),
            ("first_longer", gettext("did this first so many days ago or longer")),
            ("last_within", gettext("did this last within the last days")),
            ("last_longer", gettext("did this last so many days ago or longer")),
        ]
        yield self._select(sketch, place, "how", gettext("The person"), how, swaps=True)
        yield from self._step(sketch, place)
        is_edge = sketch.said("how") in EDGES
        if not is_edge:
            yield self._number(sketch, place, "times", gettext("At least so many times"))
        days = gettext("Days") if is_edge else gettext("Within the last days")
        yield self._number(sketch, place, "days", days)

    def _step(self, sketch: Sketch, place: str) -> Iterator[Control]:
        kinds = [("", ""), *((kind, fact_name(kind)) for kind in known_kinds(sketch.said("fact")))]
        yield self._select(sketch, place, "fact", gettext("What was done"), kinds, swaps=True)

    def _sequence(self, sketch: Sketch, place: str) -> Iterator[Control]:
        yield self._number(sketch, place, "days", gettext("Within the last days"))

    def _since(self, sketch: Sketch, place: str) -> Iterator[Control]:
        yield self._number(sketch, place, "times", gettext("At least so many times"))

    def _date(self, sketch: Sketch, place: str) -> Iterator[Control]:
        dates = self._own("deal" if sketch.kind == "date_of_deal" else "", Kind.DATE)
        for name, label, nothing in (
            ("field", gettext("The date"), ""),
            ("of", gettext("Counted from"), gettext("today")),
        ):
            held = sketch.said(name)
            choices = [("", nothing), *dates, *([(held, held)] if held and held not in dict(dates) else [])]
            yield self._select(sketch, place, name, label, choices)
        yield self._number(sketch, place, "from", gettext("From so many days"))
        yield self._number(sketch, place, "to", gettext("To so many days"))

    def _deal(self, sketch: Sketch, place: str) -> Iterator[Control]:
        yield self._number(sketch, place, "times", gettext("At least so many deals"))

    def _own(self, record: str, kind: Kind | None = None) -> Choices:
        """The fields of deals as these are asked, else those of persons and of their companies; all or those of a kind."""
        rows = [one for one in self.own if (one.record == "deal") is (record == "deal")]
        rows.sort(key=lambda one: one.record, reverse=True)
        called = self.words()
        return [
            (path_of(one).removeprefix(DEAL), attribute_name(path_of(one), called))
            for one in rows
            if kind in (None, one.kind)
        ]

    def _inside(self, sketch: Sketch, place: str) -> Iterator[Control]:
        held = sketch.said("segment")
        choices = [("", ""), *((str(number), name) for number, name in self.others.items())]
        shown = choices if held in dict(choices) else [*choices, (held, held)]
        yield self._select(sketch, place, "segment", gettext("The person is in"), shown)

    def _engagement(self, sketch: Sketch, place: str) -> Iterator[Control]:
        yield self._number(sketch, place, "points", gettext("At least so many points"))

    def _checks(self, sketch: Sketch, place: str) -> list[Control]:
        options = {"fit": tuple(LETTERS), "grade": GRADES}.get(sketch.kind, ())
        return [
            Control(f"n{place}.{one}", one, sketch.said(one), "check", wrong=self._wrong(f"n{place}.{one}"))
            for one in options
        ]

    def _row(self, sketch: Sketch, place: str, number: int) -> Iterator[Control]:
        values, name = sketch.rows[number], f"n{place}.row{number}"
        field_ = values.get("field", "")
        carried_ = [
            (one, value_name(one)) for one in dict.fromkeys([*carried(sketch.said("fact")), field_]) if one
        ]
        label = gettext("Where")
        wrong = self._wrong(f"{name}.field")
        yield Control(f"{name}.field", label, field_, "select", [("", ""), *carried_], wrong=wrong)
        yield self._operator(values, name, [one for one in OPERATORS if one != "contains_one"])
        value, wrong = values.get("value", ""), self._wrong(f"{name}.value")
        yield Control(f"{name}.value", gettext("Value"), value, wrong=wrong)

    def _operator(self, values: Mapping[str, str], name: str, options: Sequence[str]) -> Control:
        choices = [("", ""), *((one, OPERATOR_NAMES[one]) for one in options)]
        name = f"{name}.operator"
        value = values.get("operator", "")
        return Control(name, gettext("Compared"), value, "select", choices, wrong=self._wrong(name))

    def _attributes(self, held: str, before: str) -> Choices:
        own, offered = self._own(before.removesuffix(".")), OF_DEALS if before else ATTRIBUTES
        known = [("", ""), *((path, attribute_name(f"{before}{path}")) for path in offered), *own]
        return known if held in dict(known) else [*known, (held, attribute_name(held))]

    def _offers(self, name: str) -> Choices:
        """Values one may mean, and what they are called."""
        if name == "stage":
            return [(stage.value, stage_label(stage.value)) for stage in Stage]
        if name in ("email_labels", "phone_labels"):
            return identity_labels()
        if name == "consents":
            return [(one.key, one.name) for one in purposes(with_retired=True)]
        if name == "deal.state":
            return list(STATES.items())
        own = next((one for one in self.own if path_of(one) == name), None)
        return [] if own is None else [(option.key, option.name) for option in own.live_options]

    def _said(self, sketch: Sketch) -> str:
        if sketch.kind != "kept":
            return ""
        node: Node | None = Reader(self.of_numbers).node(sketch)
        return "" if node is None else clause(node, self.words(Predicate(version=1, match=node)))

    def _select(
        self, sketch: Sketch, place: str, name: str, label: str, choices: Choices, *, swaps: bool = False
    ) -> Control:
        value = sketch.kind if name == "kind" else sketch.said(name)
        name = f"n{place}.{name}"
        return Control(name, label, value, "select", choices, wrong=self._wrong(name), swaps=swaps)

    def _text(self, sketch: Sketch, place: str, name: str, label: str, offers: Choices = ()) -> Control:
        value, name = sketch.said(name), f"n{place}.{name}"
        return Control(name, label, value, offers=offers, wrong=self._wrong(name))

    def _number(self, sketch: Sketch, place: str, name: str, label: str) -> Control:
        value, name = sketch.said(name), f"n{place}.{name}"
        return Control(name, label, value, "number", wrong=self._wrong(name))

    def _wrong(self, name: str) -> str:
        flaw = self.flaws.get(name)
        return "" if flaw is None else flaw_sentence(flaw.code, flaw.values)


def known_kinds(held: str = "") -> list[str]:
    """The kinds of facts a condition may ask for: touches, and what else segments hear of a person."""
    touches = sorted(name for name, kind in KINDS.items() if kind.is_touch and not kind.__subclasses__())
    return list(dict.fromkeys([*touches, *([held] if held else [])]))


def carried(kind: str) -> list[str]:
    """The names of the values that facts of a kind carry."""
    return [one.name for one in fields(KINDS[kind])] if kind in KINDS else []
