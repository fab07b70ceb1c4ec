"""Reading a predicate from outside: what is wrong with it, where, and what would be right; and its JSON Schema."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from treaty.segments.rules.predicate import KEYS, Predicate


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (a path such as match.all.0), what (a code), and the values of its sentence."""

    path: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


class NotAPredicate(ValueError):
    """What was given is not a predicate; `problems` says why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{problem.path}: {problem.code}" for problem in problems))
        self.problems = tuple(problems)


def parse(data: object) -> Predicate:
    """The predicate of parsed JSON or YAML. Raises NotAPredicate."""
    try:
        return Predicate.model_validate(data, by_alias=True, by_name=False)
    except ValidationError as error:
        raise NotAPredicate(problems_of(error)) from error


def problems_of(error: ValidationError) -> tuple[Problem, ...]:
    """What a failed validation found, in our words."""
    return tuple(_problem(found) for found in error.errors(include_url=False, include_input=True))


def json_schema(model: type[BaseModel] = Predicate) -> dict[str, object]:
    """The published JSON Schema of predicates, or of a document that holds some."""
    schema = _spelled(model.model_json_schema(by_alias=True))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **cast(dict[str, object], schema)}


BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
"""Pydantic's words for bounds of what it reads as it likes best, and those of JSON Schema."""


def _spelled(schema: object) -> object:
    """The schema with bounds in the words that every validator knows."""
    if isinstance(schema, dict):
        return {BOUNDS.get(key, key): _spelled(value) for key, value in schema.items()}
    return [_spelled(one) for one in schema] if isinstance(schema, list) else schema


def _path(parts: Iterable[str | int]) -> str:
    return ".".join(str(part) for part in parts if not str(part).startswith("#"))


def _problem(found: ErrorDetails) -> Problem:
    values = {
        key: value for key, value in found.get("ctx", {}).items() if isinstance(value, str | int | float)
    }
    code = CODES.get(found["type"], "not_valid")
    if code == "one_kind":
        values = {"keys": ", ".join(KEYS)}
    given = found.get("input")
    if isinstance(given, str | int | float):
        values["given"] = given
    return Problem(_path(found["loc"]), code, values | {"reason": found["msg"]})


CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "one_kind": "one_kind",
    "union_tag_not_found": "one_kind",
    "union_tag_invalid": "one_kind",
    "one_test": "one_test",
    "one_span": "one_span",
    "one_bound": "one_bound",
    "own_field": "own_field",
    "of_deal": "of_deal",
    "too_deep": "too_deep",
    "too_large": "too_large",
    "too_short": "empty",
    "too_long": "too_many",
    "string_too_short": "empty",
    "greater_than": "above",
    "greater_than_equal": "at_least",
    "less_than_equal": "at_most",
    "literal_error": "one_of",
    "enum": "one_of",
    "string_pattern_mismatch": "grade",
    "int_parsing": "whole_number",
    "int_type": "whole_number",
    "int_from_float": "whole_number",
    "float_parsing": "number",
    "float_type": "number",
    "string_type": "text",
    "dict_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
    "tuple_type": "list",
    "bool_parsing": "yes_or_no",
    "bool_type": "yes_or_no",
    "finite_number": "number",
}
"""Our word for each kind of error that pydantic finds."""
