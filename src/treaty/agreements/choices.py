"""What the rows of a draft can ask for: attributes of a person, kinds of facts and what those carry, comparisons."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext

from treaty.agreements.rules import Document
from treaty.ledger.facts import KINDS
from treaty.scoring.rules import attributes_of
from treaty.segments.rules.plain import OF_NUMBERS, YES_OR_NO, NotAValue, flat, number, written
from treaty.segments.wording import OPERATOR_NAMES, attribute_name, fact_name

ATTRIBUTES = (
    "title",
    "email",
    "phone",
    "country",
    "language",
    "city",
    "channel",
    "tags",
    "interest",
    "company.name",
    "company.sector",
    "company.employees",
    "company.country",
    "has_email",
    "has_phone",
    "unsubscribed",
    "do_not_call",
)
OPERATOR_CHOICES = (("", ""), *OPERATOR_NAMES.items())


@dataclass(frozen=True)
class Choices:
    """What one document's rows can choose from: (code, words) of attributes and kinds, names of values."""

    attributes: list[tuple[str, str]]
    kinds: list[tuple[str, str]]
    values: list[str]


def choices_of(document: Document, kinds: Collection[str]) -> Choices:
    """Everything that can be chosen, and whatever the document asks for besides."""
    spec, examples = document.scoring, document.examples
    touches = [touch for example in examples for touch in example.touches]
    known = [path for example in examples for path in flat(example.attributes)]
    asked = _once(ATTRIBUTES, sorted(attributes_of(spec)), known)
    done = _once(kinds, [rule.did for rule in spec.engagement], [touch.did for touch in touches])
    named = [name for rule in spec.engagement for name in rule.where]
    carried_at_all = sorted({name for kind in done for name in carried(kind)})
    return Choices(
        attributes=[(path, attribute_name(path)) for path in asked],
        kinds=[(kind, fact_name(kind)) for kind in done],
        values=_once(carried_at_all, named, [name for touch in touches for name in touch.values]),
    )


def carried(kind: str) -> list[str]:
    """The names of the values that facts of a kind carry."""
    return [one.name for one in fields(KINDS[kind])] if kind in KINDS else []


def is_of_numbers(kind: str, name: str) -> bool:
    """Whether facts of a kind carry a number under this name."""
    return kind in KINDS and any(one.name == name and one.type in (int, float) for one in fields(KINDS[kind]))


def said(value: object) -> str:
    """What is known of a person, as it is written in a form."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return written(value)


def known_value(path: str, text: str) -> object:
    """What is written of a person, as its attribute holds it. Raises NotAValue."""
    if path in YES_OR_NO:
        truth = {"yes": True, "no": False, gettext("yes").casefold(): True, gettext("no").casefold(): False}
        if text.casefold() not in truth:
            raise NotAValue("no_truth")
        return truth[text.casefold()]
    if path == "tags":
        return [part.strip() for part in text.split(",") if part.strip()]
    return number(text) if path in OF_NUMBERS else text


def NOT_A_VALUE() -> dict[str, str]:  # noqa: N802  a table that follows the language of the moment
    """The sentence of each value that is none."""
    return {
        "missing": gettext("Say which value; it cannot be empty."),
        "no_number": gettext("This is not a number; write one such as 50 or 12.5."),
        "no_truth": gettext("This is so or not so; write yes or no."),
    }


def _once(*lists: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(one for listed in lists for one in listed))
