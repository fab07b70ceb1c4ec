"""Between a draft's document and the forms of its clauses, both ways."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BaseFormSet
from django.http import QueryDict

from treaty.agreements import wording
from treaty.agreements.choices import choices_of
from treaty.agreements.example_rows import Examples, examples_of
from treaty.agreements.forms import ClausesForm, MemberForms, ReasonForms, hours_of
from treaty.agreements.queries import known_kinds
from treaty.agreements.rows import ActForms, FitForms, act_condition
from treaty.agreements.rules import Document, Goals, Member, Pool, ReturnReason, Volume, clauses
from treaty.agreements.wording import Names
from treaty.kit.rules.money import Money, decimals
from treaty.scoring.rules import Digits, Letters
from treaty.segments.rules import All, EngagementAtLeast, FitIn, Node, Predicate
from treaty.segments.rules.plain import Plain, plain_of
from treaty.staff import queries as staff


@dataclass(frozen=True)
class DraftForms:
    """All forms of one draft, filled from its document or from what was sent."""

    document: Document
    clauses: ClausesForm
    fit: Any
    acts: Any
    examples: Examples
    members: Any
    reasons: Any

    def all_forms(self) -> tuple[Any, ...]:
        """Each form and formset but the examples'."""
        return (self.clauses, self.fit, self.acts, self.members, self.reasons)

    def every_form(self) -> list[Any]:
        """Each single form."""
        sets = [one.forms if isinstance(one, BaseFormSet) else [one] for one in self.all_forms()]
        return [form for forms in sets for form in forms] + self.examples.all_rows()

    def is_valid(self) -> bool:
        """Whether every form is; all are asked, so that all errors show."""
        valid = [form.is_valid() for form in (*self.all_forms(), self.examples)]
        return all(valid)

    def unjudged(self, fresh: str) -> None:
        """Say nothing of errors yet, and begin to write in the row of the prefix `fresh`."""
        for form in self.every_form():
            form.is_judged = False
            if form.prefix == fresh:
                form.visible_fields()[0].field.widget.attrs["autofocus"] = True

    @property
    def number_wrong(self) -> int:
        """How many fields need another look."""
        return sum(len(form.errors) for form in self.every_form() if form.is_bound and not form.is_removed)

    def new_document(self) -> Document:
        """The document as the forms say it. Call it once they are valid."""
        given = self.clauses.cleaned_data
        return self.document.model_copy(
            update={
                "title": given["title"],
                "begins_at": given["begins_at"],
                "goals": _goals(self.document, given),
                "definition": _definition(self.document, given),
                "scoring": self._scoring(given),
                "examples": self.examples.made(),
                "volume": Volume(leads=given["leads"], of_grade_a=given["of_grade_a"]),
                "accept": self.clauses.promises("accept"),
                "first_touch": self.clauses.promises("touch"),
                "pool": self._pool(given),
                "return_reasons": self._reasons() or self.document.return_reasons,
            }
        )

    def _scoring(self, given: Mapping[str, Any]) -> Any:
        return self.document.scoring.model_copy(
            update={
                "fit": tuple(form.made() for form in self.fit.filled),
                "engagement": tuple(form.made() for form in self.acts.filled),
                "half_life_days": given["half_life_days"],
                "letters": Letters(**{key: given[key] for key in ("a", "b", "c")}),
                "digits": Digits(**{key: given[key] for key in ("first", "second", "third")}),
            }
        )

    def _pool(self, given: Mapping[str, Any]) -> Pool:
        team = {person.id for person in staff.colleagues(given["team"])}
        rows = [form.cleaned_data for form in self.members if form.cleaned_data.get("capacity")]
        members = tuple(
            Member(user=row["user"], capacity=row["capacity"]) for row in rows if row["user"] in team
        )
        more = {key: given[key] for key in ("team", "owner_first", "match_language")}
        return self.document.pool.model_copy(update={"members": members, **more})

    def _reasons(self) -> tuple[ReturnReason, ...]:
        found: dict[str, ReturnReason] = {}
        for form in self.reasons:
            given = form.cleaned_data
            if given.get("label"):
                code = form.code_among(set(found))
                found[code] = ReturnReason(
                    code=code,
                    label=given["label"],
                    effect=given["effect"],
                    hold_days=given["hold_days"] or 0,
                    counts=given["counts"],
                )
        return tuple(found.values())


def forms_of(document: Document, sent: QueryDict | None = None) -> DraftForms:
    """The forms of a document; with what was sent, bound to it."""
    is_plain = plain_definition(document.definition) is not None
    teams = [(team.id, team.name) for team in staff.teams() if team.side in {"sales", "both"}]
    spec, choices = document.scoring, choices_of(document, known_kinds())
    of_acts = {"kinds": choices.kinds, "values": choices.values, "stands": spec.engagement}
    reasons = [
        reason.model_dump() | {"hold_days": reason.hold_days or None} for reason in document.return_reasons
    ]
    return DraftForms(
        document=document,
        clauses=ClausesForm(sent, initial=_values(document), teams=teams, is_plain=is_plain),
        fit=FitForms(
            sent,
            initial=_fit(document),
            prefix="fit",
            form_kwargs={"attributes": choices.attributes, "stands": spec.fit},
        ),
        acts=ActForms(sent, initial=_acts(document), prefix="act", form_kwargs=of_acts),
        examples=examples_of(document, choices, sent),
        members=MemberForms(sent, initial=_members(document), prefix="member"),
        reasons=ReasonForms(sent, initial=reasons, prefix="reason"),
    )


def plain_definition(definition: Predicate) -> tuple[tuple[str, ...], float, tuple[Node, ...]] | None:
    """(letters, engagement, other conditions) of a definition that asks for both; None for another shape."""
    parts = definition.match.all_ if isinstance(definition.match, All) else (definition.match,)
    letters = [part for part in parts if isinstance(part, FitIn)]
    engaged = [part for part in parts if isinstance(part, EngagementAtLeast)]
    if len(letters) != 1 or len(engaged) != 1:
        return None
    others = tuple(part for part in parts if part not in (*letters, *engaged))
    return letters[0].fit_in, engaged[0].engagement_at_least, others


def beside(document: Document, names: Names, forms: DraftForms) -> dict[str, list[tuple[Any, str]]]:
    """The rows of fit and of acts, each with what its form does not state, in words; empty where it states all."""
    told = {
        clause.code: [said for said, _points in wording.lines(clause, names)] for clause in clauses(document)
    }
    return {
        "fit": [(form, _unstated(form, told["fit"])) for form in forms.fit.forms],
        "acts": [(form, _unstated(form, told["engagement"])) for form in forms.acts.forms],
    }


def _unstated(form: Any, told: list[str]) -> str:
    return "" if form.is_plain else told[int(form["place"].value())]


def named_members(forms_of_members: Any) -> list[tuple[Any, str]]:
    """Each member's form with the name it is for."""
    users = [int(form["user"].value() or 0) for form in forms_of_members]
    names = staff.user_names(users)
    return [(form, names.get(user, "")) for form, user in zip(forms_of_members, users, strict=True)]


def _fit(document: Document) -> list[dict[str, object]]:
    """What the rows of fit begin with."""
    return [
        {"place": place, "label": rule.label, "points": rule.points, **_condition(plain_of(rule.when))}
        for place, rule in enumerate(document.scoring.fit)
    ]


def _acts(document: Document) -> list[dict[str, object]]:
    """What the rows of engagement begin with; whole numbers without decimals."""
    found = []
    for place, rule in enumerate(document.scoring.engagement):
        stated = rule.model_dump(include={"label", "did", "points", "most_per_day", "half_life_days"})
        found.append(_whole({"place": place, **stated, **_condition(act_condition(rule))}))
    return found


def _condition(plain: Plain | None) -> dict[str, object]:
    if plain is None:
        return {}
    return {"field": plain.field, "operator": plain.operator, "value": plain.value}


def _whole(values: Mapping[str, object]) -> dict[str, object]:
    """Whole numbers without decimals."""
    return {
        key: int(value) if isinstance(value, float) and value.is_integer() else value
        for key, value in values.items()
    }


def _values(document: Document) -> dict[str, object]:
    """What the form of the clauses begins with."""
    return _whole(_stated(document))


def _stated(document: Document) -> dict[str, object]:
    """Every value that stands alone in its clause, by the name of its field."""
    spec, goals = document.scoring, document.goals
    plain = plain_definition(document.definition)
    revenue = None if goals.revenue_minor is None else Money(goals.revenue_minor, goals.currency).amount
    return {
        "title": document.title,
        "begins_at": document.begins_at,
        "revenue": revenue if revenue is None or revenue != int(revenue) else int(revenue),
        "new_customers": goals.new_customers,
        "letters": plain[0] if plain else (),
        "engagement": plain[1] if plain else None,
        **spec.letters.model_dump(),
        **spec.digits.model_dump(),
        "half_life_days": spec.half_life_days,
        "leads": document.volume.leads,
        "of_grade_a": document.volume.of_grade_a,
        "team": document.pool.team,
        "owner_first": document.pool.owner_first,
        "match_language": document.pool.match_language,
        **hours_of(document),
    }


def _members(document: Document) -> list[dict[str, object]]:
    """Everybody of the sales teams, with their capacity where they have one."""
    capacity = {member.user: member.capacity for member in document.pool.members}
    people = [person for person in staff.colleagues() if person.side in {"sales", "both"} and person.team_id]
    return [{"user": person.id, "capacity": capacity.get(person.id)} for person in people]


def _goals(document: Document, given: Mapping[str, Any]) -> Goals:
    currency = document.goals.currency
    minor = None if not given["revenue"] else int(given["revenue"] * 10 ** decimals(currency))
    return Goals(revenue_minor=minor, currency=currency, new_customers=given["new_customers"])


def _definition(document: Document, given: Mapping[str, Any]) -> Predicate:
    plain = plain_definition(document.definition)
    if plain is None or not given.get("letters") or not given.get("engagement"):
        return document.definition
    first: tuple[Node, ...] = (
        FitIn(fit_in=tuple(given["letters"])),
        EngagementAtLeast(engagement_at_least=given["engagement"]),
    )
    return Predicate(match=All(all_=(*first, *plain[2])))
