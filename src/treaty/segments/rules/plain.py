"""Conditions as a form states them: one field, one comparison, one value. Whatever has another shape is not plain."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from treaty.segments.rules import Any, Attribute, Node, ValueTest

WITHOUT_VALUE = ("known", "unknown", "yes", "no")
LISTS = ("one_of", "contains_one")
NUMBERS = ("at_least", "at_most")
OPERATORS = ("is", "one_of", "contains", "contains_one", *NUMBERS, *WITHOUT_VALUE)
"""How a value is compared; a list is written with commas."""
YES_OR_NO = ("has_email", "has_phone", "unsubscribed", "do_not_call")
"""Attributes that are so or not."""
DEAL = "deal."
"""With it forms begin the names of what is known of a deal, so that they are told from those of the person."""
OF_NUMBERS = ("company.employees", "email_count", "phone_count", "deal.value")
"""Attributes that hold numbers, beside fields of the company's own."""

NUMBERED = re.compile(r"#(\d{1,18})(?=\s*(?:,|$))")
"""The number of a record behind its name; several are parted by commas."""

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Plain:
    """One field, one of OPERATORS, and the value as it is written in a form."""

    field: str
    operator: str
    value: str = ""


class NotAValue(ValueError):
    """What was written is no value for its comparison; `code` is missing or no_number."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def record_numbers(text: str) -> str:
    """The numbers of records that are told with their names ("Ewa Lis #7, Pia #12"); else the text itself."""
    return ", ".join(NUMBERED.findall(text)) or text


def comparisons(field: str, of_numbers: Collection[str]) -> tuple[str, ...]:
    """How an attribute can be compared."""
    if field in YES_OR_NO:
        return ("yes", "no")
    if field in of_numbers:
        return ("is", "one_of", *NUMBERS, "known", "unknown")
    if field.startswith(DEAL):
        return ("is", "one_of", "contains", "known", "unknown")
    return ("is", *LISTS, "contains", "known", "unknown")


def plain_of(node: Node) -> Plain | None:
    """A condition on one attribute as a form states it; None for any other shape."""
    if isinstance(node, Attribute):
        return plain_test(node.attribute, node)
    parts = [part for part in node.any_ if isinstance(part, Attribute)] if isinstance(node, Any) else []
    texts = [part.contains for part in parts if part.contains is not None]
    if len(texts) < 2 or len(texts) != len(parts) or len({part.attribute for part in parts}) != 1:
        return None
    if isinstance(node, Any) and len(node.any_) != len(parts):
        return None
    return _listed(parts[0].attribute, "contains_one", texts)


def plain_test(field: str, test: ValueTest) -> Plain | None:
    """One test of a value as a form states it; None where a text in its list holds a comma."""
    if test.known is not None:
        return Plain(field, "known" if test.known else "unknown")
    if isinstance(test.is_, bool):
        return Plain(field, "yes" if test.is_ else "no")
    if test.in_ is not None:
        return _listed(field, "one_of", test.in_)
    single = {"is": test.is_, "contains": test.contains, "at_least": test.at_least, "at_most": test.at_most}
    operator, value = next((name, value) for name, value in single.items() if value is not None)
    return Plain(field, operator, written(value))


def node_of(plain: Plain, *, is_number: bool) -> Node:
    """The condition on an attribute that a form states. Raises NotAValue."""
    if plain.operator == "contains_one":
        parts = tuple(Attribute(attribute=plain.field, contains=part) for part in _parts(plain.value))
        return parts[0] if len(parts) == 1 else Any(any_=parts)
    return Attribute.model_validate({"attribute": plain.field, **_test(plain, is_number=is_number)})


def test_of(plain: Plain, *, is_number: bool) -> ValueTest:
    """The test of a value that a form states; of several parts to contain only one. Raises NotAValue."""
    return ValueTest.model_validate(_test(plain, is_number=is_number))


def written(value: object) -> str:
    """A value as it is written in a form: numbers without needless decimals, a list with commas."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (list, tuple)):
        return ", ".join(written(one) for one in value)
    return str(value)


def read(text: str, *, is_number: bool) -> Value:
    """A written value: a number where the field holds numbers, else the text. Raises NotAValue."""
    if not text.strip():
        raise NotAValue("missing")
    return number(text) if is_number else text.strip()


def number(text: str) -> int | float:
    """A written number. Raises NotAValue."""
    try:
        value = float(text.strip())
    except ValueError:
        raise NotAValue("no_number") from None
    if not isfinite(value):
        raise NotAValue("no_number")
    return int(value) if value.is_integer() else value


def flat(values: Mapping[str, object], before: str = "") -> dict[str, object]:
    """Attributes by their dotted paths: {"company": {"name": "Plant"}} is {"company.name": "Plant"}."""
    found: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = value
    return found


def nested(values: Mapping[str, object]) -> dict[str, object]:
    """The same the other way round."""
    found: dict[str, object] = {}
    for path, value in values.items():
        first, _dot, rest = path.partition(".")
        if rest:
            inner = found.get(first)
            found[first] = nested(flat(inner if isinstance(inner, dict) else {}) | {rest: value})
        else:
            found[first] = value
    return found


def _test(plain: Plain, *, is_number: bool) -> dict[str, object]:
    match plain.operator:
        case "known" | "unknown":
            return {"known": plain.operator == "known"}
        case "yes" | "no":
            return {"is": plain.operator == "yes"}
        case "one_of":
            return {"in": [read(part, is_number=is_number) for part in _parts(plain.value)]}
        case "at_least" | "at_most":
            return {plain.operator: read(plain.value, is_number=True)}
        case "is":
            return {"is": read(plain.value, is_number=is_number)}
        case _:
            return {"contains": read(plain.value, is_number=False)}


def _parts(text: str) -> Sequence[str]:
    """The texts between commas. Raises NotAValue without any."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        raise NotAValue("missing")
    return parts


def _listed(field: str, operator: str, values: Sequence[Value]) -> Plain | None:
    """Several values with commas between; None where they could not be told apart again."""
    texts = [written(value) for value in values]
    if any("," in text or text != text.strip() or not text for text in texts):
        return None
    if any(isinstance(value, bool) for value in values):
        return None
    return Plain(field, operator, ", ".join(texts))
