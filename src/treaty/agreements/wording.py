"""The clauses as whole sentences with their values set in them, as text and as HTML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from babel import Locale
from babel.numbers import format_currency
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from treaty.agreements.facts import (
    PromiseBroken,
    PromiseExcused,
    PromiseKept,
    VersionDeclined,
    VersionDrafted,
    VersionInForce,
    VersionProposed,
    VersionSigned,
    VersionWithdrawn,
)
from treaty.agreements.rules import Clause
from treaty.kit.rules.money import Money
from treaty.ledger.facts import Fact
from treaty.ledger.queries import Recorded
from treaty.scoring.rules import EngagementRule
from treaty.segments.rules import Did, Node, Predicate
from treaty.segments.wording import clause as condition
from treaty.segments.wording import either, every, number


@dataclass(frozen=True, slots=True)
class Names:
    """What users and teams are called, and what conditions ask for; and the language money is written in."""

    users: Mapping[int, str] = field(default_factory=dict)
    teams: Mapping[int, str] = field(default_factory=dict)
    language: str = "en"
    asked: Mapping[int | str, str] = field(default_factory=dict)
    """Segments and fields of one's own, as `segments.queries.words` has them."""


def heading(section: int) -> str:
    """The title of a section of clauses."""
    return {
        1: gettext("What we want together"),
        2: gettext("What a qualified lead is"),
        3: gettext("What marketing promises"),
        4: gettext("What sales promises"),
        5: gettext("The hand-over"),
    }[section]


def name(code: str) -> str:
    """What a clause is called in a list of changes."""
    return {
        "goals": gettext("Goals"),
        "definition": gettext("Definition"),
        "fit": gettext("Fit"),
        "engagement": gettext("Engagement"),
        "volume": gettext("Volume"),
        "accept": gettext("Accept or return"),
        "first_touch": gettext("First touch"),
        "pool": gettext("Pool"),
        "routing": gettext("Routing"),
        "returns": gettext("Return reasons"),
    }[code]


def text(clause: Clause, names: Names) -> str:
    """The clause as plain text."""
    return template(clause).replace("**", "") % phrases(clause, names)


def html(clause: Clause, names: Names) -> SafeString:
    """The clause with its values marked, and whom it obliges in that side's hue."""
    parts = escape(template(clause)).split("**")
    marked = "".join(
        part if place % 2 == 0 else f'<span class="who">{part}</span>' for place, part in enumerate(parts)
    )
    values = {key: format_html('<span class="v{}">{}</span>', " long" if len(said) > 40 else "", said)
              for key, said in phrases(clause, names).items()}  # fmt: skip
    return mark_safe(marked % values)  # noqa: S308  the template is escaped, so is each value


def template(clause: Clause) -> str:
    """The sentence of a clause; **who is obliged** stands between stars."""
    if clause.code == "routing":
        return _routing(bool(clause.values["owner_first"]), bool(clause.values["match_language"]))
    return {
        "goals": gettext("**Both sides** aim at revenue of %(revenue_minor)s and %(new_customers)s in every quarter."),
        "revenue": gettext("**Both sides** aim at revenue of %(revenue_minor)s in every quarter."),
        "customers": gettext("**Both sides** aim at %(new_customers)s in every quarter."),
        "definition": gettext("A lead is marketing-qualified when %(definition)s."),
        "fit": gettext(
            "Fit is the sum of these points; it is A from %(a)s, B from %(b)s and C from %(c)s points on, and D below."
        ),
        "engagement": gettext(
            "Engagement is the sum of these points, each halved every %(half_life_days)s; it is 1 from %(first)s, "
            "2 from %(second)s and 3 from %(third)s points on, and 4 below."
        ),
        "volume": gettext(
            "**Marketing** delivers %(leads)s a month along the daily line, at least %(of_grade_a)s of them of grade A."
        ),
        "volume_alone": gettext("**Marketing** delivers %(leads)s a month along the daily line."),
        "accept_all": gettext(
            "**Sales** accepts or returns every lead within %(hours)s, and returns only with one of %(reasons)s."
        ),
        "accept": gettext("**Sales** accepts or returns a lead of grade %(grades)s within %(hours)s."),
        "first_touch": gettext(
            "**Sales** makes the first touch within %(hours)s of accepting a lead of grade %(grades)s."
        ),
        "pool": gettext("Leads go to %(members)s of the team %(team)s, in fair shares by what each can take in a month."),
        "returns": gettext("A lead is returned with one of %(reasons)s; each says what becomes of the lead."),
    }[clause.code]  # fmt: skip


def phrases(clause: Clause, names: Names) -> dict[str, str]:
    """Each value of a clause as it stands in the sentence."""
    return {key: phrase(key, clause, names) for key in clause.values if key not in {"currency", "examples"}}


def phrase(key: str, clause: Clause, names: Names) -> str:
    """One value of a clause as it stands in the sentence; empty where the clause does not have it."""
    value = clause.values.get(key)
    if value is None or isinstance(value, bool):
        return ""
    match key:
        case "revenue_minor":
            return money(int(str(value)), str(clause.values["currency"]), names.language)
        case "definition":
            return condition(cast(Predicate, value).match, names.asked)
        case "grades":
            return either(cast(tuple[str, ...], value))
        case "team":
            return names.teams.get(int(str(value)), gettext("(a team that is gone)"))
        case _:
            return _counted(key, float(str(value)))


def money(minor: int, currency: str, language: str) -> str:
    """An amount as people of the language write it, without decimals where there are none."""
    money = Money(minor, currency)
    if money.amount != int(money.amount):
        return money.formatted(language)
    pattern = Locale.parse(language, sep="-").currency_formats["standard"].pattern
    whole = re.sub(r"(?<=0)\.0+", "", pattern)
    return format_currency(money.amount, currency, whole, language.replace("-", "_"), currency_digits=False)


def duration(hours: float) -> str:
    """A span of business time."""
    if hours < 1:
        minutes = round(hours * 60)
        return ngettext("%(n)s business minute", "%(n)s business minutes", minutes) % {"n": minutes}
    return ngettext("%(n)s business hour", "%(n)s business hours", round(hours)) % {"n": number(hours)}


def lines(clause: Clause, names: Names) -> list[tuple[str, str]]:
    """The rows of a clause that lists something: (what, what it brings or becomes)."""
    return [line(clause.code, values, names) for _key, values in clause.lines]


def line(code: str, values: Mapping[str, object], names: Names) -> tuple[str, str]:
    """One row of a clause that lists something."""
    if code == "fit":
        said = gettext("%(label)s: %(when)s") % {
            "label": values["label"],
            "when": condition(cast(Node, values["when"]), names.asked),
        }
        return said, signed(int(str(values["points"])))
    if code == "engagement":
        return _act(cast(EngagementRule, values["rule"]))
    if code == "pool":
        capacity = int(str(values["capacity"]))
        said = names.users.get(int(str(values["user"])), gettext("(somebody who is gone)"))
        return said, ngettext("%(n)s lead a month", "%(n)s leads a month", capacity) % {"n": capacity}
    return str(values["label"]), effect(
        str(values["effect"]), int(str(values["hold_days"])), counts=bool(values["counts"])
    )


def effect(code: str, hold_days: int = 0, *, counts: bool = True) -> str:
    """What becomes of a returned lead."""
    said = {
        "recycle": ngettext(
            "goes to nurture for %(days)s day", "goes to nurture for %(days)s days", hold_days
        ),
        "invalid_identity": gettext(
            "the address or number is marked invalid; offered again once it is corrected"
        ),
        "spam": gettext("is blocked as spam; offered again only on purpose"),
        "not_a_fit": _no_fit(hold_days),
        "duplicate": gettext("is a person we have already; offered again once merged"),
    }[code] % {"days": hold_days}
    return said if counts else gettext("%(effect)s, and counts for neither side") % {"effect": said}


def _no_fit(hold_days: int) -> str:
    if not hold_days:
        return gettext("is no fit; offered again only on purpose")
    return ngettext(
        "is no fit; left in peace for %(days)s day", "is no fit; left in peace for %(days)s days", hold_days
    )


def signed(points: int) -> str:
    """Points with their sign."""
    return f"+{points}" if points >= 0 else f"−{-points}"


def _act(rule: EngagementRule) -> tuple[str, str]:
    did = Did(did=rule.did, where=rule.where)
    said = gettext("%(label)s: %(when)s") % {"label": rule.label, "when": condition(did)}
    more = []
    if rule.most_per_day is not None:
        more.append(
            ngettext("once a day at most", "%(n)s times a day at most", rule.most_per_day)
            % {"n": rule.most_per_day}
        )
    if rule.half_life_days is not None:
        more.append(gettext("halved every %(days)s") % {"days": _days(rule.half_life_days)})
    if more:
        said = gettext("%(act)s (%(limits)s)") % {"act": said, "limits": every(more)}
    return said, signed(rule.points)


def _routing(owner_first: bool, match_language: bool) -> str:
    if owner_first and match_language:
        return gettext(
            "A company's existing owner comes first; else the lead goes to somebody who speaks its language, is not "
            "absent and has room this month."
        )
    if owner_first:
        return gettext(
            "A company's existing owner comes first; else the lead goes to somebody who is not absent and has room "
            "this month."
        )
    if match_language:
        return gettext(
            "A lead goes to somebody who speaks its language, is not absent and has room this month."
        )
    return gettext("A lead goes to somebody who is not absent and has room this month.")


def _days(days: float) -> str:
    return ngettext("%(n)s day", "%(n)s days", round(days)) % {"n": number(days)}


def _counted(key: str, value: float) -> str:
    """A number with what it counts."""
    whole, values = round(value), {"n": number(value)}
    match key:
        case "hours":
            return duration(value)
        case "half_life_days":
            return _days(value)
        case "leads":
            return ngettext("%(n)s lead", "%(n)s leads", whole) % values
        case "new_customers":
            return ngettext("%(n)s new customer", "%(n)s new customers", whole) % values
        case "reasons":
            return ngettext("%(n)s agreed reason", "%(n)s agreed reasons", whole) % values
        case "members":
            return ngettext("%(n)s member", "%(n)s members", whole) % values
        case _:
            return number(value)


def told(line: Recorded) -> str:
    """The sentence a timeline says of a fact of the agreement; empty for facts of other nouns."""
    return _of_version(line.fact) or _of_promise(line.fact)


def _of_version(fact: Fact) -> str:
    match fact:
        case VersionDrafted(number=number):
            said = gettext("Version %(number)s of the agreement drafted")
        case VersionProposed(number=number):
            said = gettext("Version %(number)s of the agreement proposed")
        case VersionSigned(number=number, signed_for="marketing"):
            said = gettext("Version %(number)s of the agreement signed for marketing")
        case VersionSigned(number=number):
            said = gettext("Version %(number)s of the agreement signed for sales")
        case VersionDeclined(number=number):
            said = gettext("Version %(number)s of the agreement declined")
        case VersionWithdrawn(number=number):
            said = gettext("Version %(number)s of the agreement withdrawn")
        case VersionInForce(number=number):
            said = gettext("Version %(number)s of the agreement came into force")
        case _:
            return ""
    return said % {"number": number}


def _of_promise(fact: Fact) -> str:
    match fact:
        case PromiseKept(clause=clause):
            return gettext("Promise %(clause)s kept") % {"clause": clause}
        case PromiseBroken(clause=clause):
            return gettext("Promise %(clause)s broken") % {"clause": clause}
        case PromiseExcused(clause=clause):
            return gettext("Promise %(clause)s excused") % {"clause": clause}
    return ""
