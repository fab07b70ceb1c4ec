"""What is known of persons, of their companies and of their deals, and what is asked of it, in words."""

from collections import abc
from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext, pgettext

from treaty.segments.rules import Attribute, Date, Deal, ValueTest
from treaty.segments.rules.plain import DEAL
from treaty.segments.rules.predicate import OF_COMPANY

Names = Mapping[int | str, str]
"""What segments are called by their numbers, fields of one's own by their paths, and their choices by `path=key`."""
NO_NAMES: Names = {}
NOTHING: Mapping[str, str] = {}


def every(parts: abc.Sequence[str]) -> str:
    """Clauses that all hold: “a, b and c”."""
    both = pgettext("clauses that all hold", "%(first)s and %(last)s")
    return _listed(parts, pgettext("clauses that all hold", ", "), both)


def either(parts: abc.Sequence[str]) -> str:
    """Clauses of which one holds: “a, b or c”."""
    one = pgettext("clauses of which one holds", "%(first)s or %(last)s")
    return _listed(parts, pgettext("clauses of which one holds", ", "), one)


def one_of(values: abc.Sequence[str]) -> str:
    """Values of which one is meant: “a, b or c”."""
    one = pgettext("values", "%(first)s or %(last)s")
    return _listed(values, pgettext("values", ", "), one)


def named(names: abc.Sequence[str]) -> str:
    """Names: “a, b and c”."""
    both = pgettext("names", "%(first)s and %(last)s")
    return _listed(names, pgettext("names", ", "), both)


def _listed(parts: abc.Sequence[str], comma: str, last: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return last % {"first": comma.join(parts[:-1]), "last": parts[-1]}


def attribute_name(path: str, own: Names = NO_NAMES) -> str:
    """What an attribute is called; one we do not know is called by its path."""
    if path in own:
        name = own[path]
        is_of_company = path.startswith(OF_COMPANY)
        return gettext("%(field)s of the company") % {"field": name} if is_of_company else name
    return _names().get(path, path)


def _names() -> dict[str, str]:
    return {
        "name": gettext("the name"),
        "email": gettext("the e-mail address"),
        "phone": gettext("the phone number"),
        "email_count": gettext("the number of e-mail addresses"),
        "email_labels": gettext("the label of an e-mail address"),
        "phone_count": gettext("the number of phone numbers"),
        "phone_labels": gettext("the label of a phone number"),
        "title": gettext("the job title"),
        "country": gettext("the country"),
        "language": gettext("the language"),
        "city": gettext("the city"),
        "stage": gettext("the lifecycle stage"),
        "channel": gettext("the channel"),
        "tags": gettext("a tag"),
        "consents": gettext("a consent, by the key of its purpose"),
        "interest": gettext("the interest"),
        "owner": gettext("the owner"),
        "company": gettext("the company"),
        "company.name": gettext("the company's name"),
        "company.sector": gettext("the company's sector"),
        "company.employees": gettext("the company's number of employees"),
        "company.country": gettext("the company's country"),
        "deal.name": pgettext("a deal", "the name"),
        "deal.product": gettext("the product"),
        "deal.stage": gettext("the stage"),
        "deal.state": gettext("the state"),
        "deal.value": gettext("the value"),
        "deal.currency": gettext("the currency"),
        "deal.owner": gettext("the owner"),
        "has_email": gettext("having an e-mail address"),
        "has_phone": gettext("having a phone number"),
        "unsubscribed": gettext("being unsubscribed"),
        "do_not_call": gettext("refusing calls"),
    }


def number(value: float) -> str:
    """A number as people write it: no decimals where there are none."""
    return number_format(int(value) if float(value).is_integer() else value)


def yes_or_no(node: Attribute) -> str:
    """An attribute that is so or not, as people say it; empty for any other one."""
    if not isinstance(node.is_, bool):
        return ""
    said = {
        "has_email": (gettext("an e-mail address is known"), gettext("no e-mail address is known")),
        "has_phone": (gettext("a phone number is known"), gettext("no phone number is known")),
        "unsubscribed": (gettext("the person has unsubscribed"), gettext("the person has not unsubscribed")),
        "do_not_call": (gettext("the person refuses calls"), gettext("the person does not refuse calls")),
    }.get(node.attribute)
    return "" if said is None else said[0 if node.is_ else 1]


def date_clause(node: Date, names: Names, *, before: str = "") -> str:
    """When a date lies; of a deal its path begins with DEAL."""
    of = None if node.of is None else f"{before}{node.of}"
    values = {"name": attribute_name(f"{before}{node.date}", names), "from": "", "to": ""}
    if node.from_days is not None:
        values["from"] = _day(node.from_days, of, names)
    if node.to_days is not None:
        values["to"] = _day(node.to_days, of, names)
    if node.from_days is None:
        return gettext("%(name)s is known and not later than %(to)s") % values
    if node.to_days is None:
        return gettext("%(name)s is known and not earlier than %(from)s") % values
    return gettext("%(name)s lies between %(from)s and %(to)s") % values


def _day(days: int, of: str | None, names: Names) -> str:
    """A day by its distance from today or from another date."""
    values = {"days": number(abs(days)), "of": "" if of is None else attribute_name(of, names)}
    if of is None:
        if days == 0:
            return gettext("today")
        before = ngettext("%(days)s day before today", "%(days)s days before today", abs(days))
        after = ngettext("%(days)s day after today", "%(days)s days after today", abs(days))
    else:
        if days == 0:
            return gettext("the day of %(of)s") % values
        before = ngettext("%(days)s day before %(of)s", "%(days)s days before %(of)s", abs(days))
        after = ngettext("%(days)s day after %(of)s", "%(days)s days after %(of)s", abs(days))
    return (before if days < 0 else after) % values


def deal_clause(node: Deal, names: Names) -> str:
    """How many deals of which kind the person has."""
    parts = [
        attribute_clause(part, names, before=DEAL)
        if isinstance(part, Attribute)
        else date_clause(part, names, before=DEAL)
        for part in node.deal
    ]
    return _deals(node) % {"times": node.times, "conditions": every(parts)}


def _deals(node: Deal) -> str:
    if node.times == 1:
        return (
            gettext("the person has a deal where %(conditions)s")
            if node.deal
            else gettext("the person has a deal")
        )
    if node.deal:
        return ngettext(
            "the person has at least %(times)d deal where %(conditions)s",
            "the person has at least %(times)d deals where %(conditions)s",
            node.times,
        )
    return ngettext(
        "the person has at least %(times)d deal", "the person has at least %(times)d deals", node.times
    )


def attribute_clause(node: Attribute, names: Names, *, before: str = "") -> str:
    """What is known and its test; a choice of one's own is told by its name. Of a deal its path begins with DEAL."""
    path = f"{before}{node.attribute}"
    options = {
        key.removeprefix(f"{path}="): name
        for key, name in names.items()
        if isinstance(key, str) and key.startswith(f"{path}=")
    }
    return value_clause(attribute_name(path, names), node, options)


def value_clause(name: str, wanted: ValueTest, called: Mapping[str, str] = NOTHING) -> str:
    """A value and its test; `called` are names of values."""
    if wanted.known is not None:
        said = gettext("%(name)s is known") if wanted.known else gettext("%(name)s is not known")
        return said % {"name": name}
    if isinstance(wanted.is_, bool):
        said = gettext("%(name)s is so") if wanted.is_ else gettext("%(name)s is not so")
        return said % {"name": name}
    if wanted.contains is not None:
        return gettext("%(name)s contains “%(value)s”") % {"name": name, "value": wanted.contains}
    if wanted.at_least is not None:
        return gettext("%(name)s is at least %(value)s") % {"name": name, "value": number(wanted.at_least)}
    if wanted.at_most is not None:
        return gettext("%(name)s is at most %(value)s") % {"name": name, "value": number(wanted.at_most)}
    options = wanted.in_ if wanted.in_ is not None else (wanted.is_,)
    quoted = [gettext("“%(value)s”") % {"value": called.get(str(option), option)} for option in options]
    return gettext("%(name)s is %(value)s") % {"name": name, "value": one_of(quoted)}
