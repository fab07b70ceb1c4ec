"""The published schema of predicates is the one the code reads."""

import json
import random
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treaty.segments.rules import NotAPredicate, json_schema, parse
from treaty.segments.rules.predicate import KEYS, TESTS
from treaty.segments.tests.trees import TREES

VALIDATOR = jsonschema_rs.validator_for(json_schema())


def test_the_published_schema_is_fresh(root: Path) -> None:
    published = json.loads((root / "docs/reference/predicate.schema.json").read_text(encoding="utf-8"))
    assert published == json_schema()


def test_the_schema_says_what_the_reader_says() -> None:
    assert VALIDATOR.is_valid({"version": 1, "match": {"all": [{"fit_in": ["A"]}, {"did": "PageSeen"}]}})
    assert not VALIDATOR.is_valid({"version": 1, "match": {"fit_in": ["E"]}})
    assert not VALIDATOR.is_valid({"version": 1, "match": {"colour": "red"}})


@pytest.mark.parametrize(
    "node",
    [
        {"did": "PageSeen", "times": 0},
        {"did": "PageSeen", "within_days": -5},
        {"did": "PageSeen", "within_days": 36_501},
        {"last": "PageSeen", "longer_than_days": 0},
        {"date": "fields.since", "from_days": 9_999_999},
        {"engagement_at_least": 0},
        {"segment": 0},
    ],
)
def test_neither_the_schema_nor_the_reader_goes_beyond_a_bound(node: Any) -> None:
    assert not VALIDATOR.is_valid({"match": node})
    with pytest.raises(NotAPredicate):
        parse({"match": node})


def test_every_word_of_the_schema_is_one_that_validators_know() -> None:
    assert words_of(json_schema()) <= {
        "$defs", "$ref", "$schema", "additionalProperties", "allOf", "anyOf", "const", "default", "description", "enum",
        "exclusiveMaximum", "exclusiveMinimum", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems",
        "minLength", "minProperties", "minimum", "multipleOf", "not", "oneOf", "pattern", "patternProperties", "properties",
        "propertyNames", "required", "title", "type", "uniqueItems", "examples", "dependentRequired", "if", "then", "else",
    }  # fmt: skip


def words_of(schema: Any) -> set[str]:
    """The keywords of a schema and of all inside it; names of properties and definitions are none."""
    if not isinstance(schema, dict):
        return set().union(*map(words_of, schema)) if isinstance(schema, list) else set()
    named = [schema.get(word, {}) for word in ("properties", "$defs", "patternProperties")]
    inner = [one for part in named for one in part.values()]
    plain = [
        value
        for word, value in schema.items()
        if word
        not in {
            "properties",
            "$defs",
            "patternProperties",
            "default",
            "const",
            "enum",
            "examples",
            "required",
        }
    ]
    return set(schema) | set().union(*map(words_of, [*inner, *plain]))


STRANGE: tuple[Any, ...] = (
    None,
    0,
    1,
    -1,
    1.5,
    2.0,
    1e9,
    2**70,
    "",
    "7",
    "A",
    "fields.x",
    "version",
    True,
    False,
    [],
    ["A"],
    {},
    {"is": 1},
)
"""What may stand where something else should, or something like it."""


def changed(node: Any, chance: random.Random) -> Any:
    """A document with something in it taken away, added, or made something else."""
    if isinstance(node, dict) and node and chance.random() < 0.8:
        key = chance.choice(sorted(node))
        match chance.randrange(5):
            case 0:
                return {name: value for name, value in node.items() if name != key}
            case 1:
                return node | {
                    chance.choice((*KEYS, *TESTS, "within_days", "is_", "colour")): chance.choice(STRANGE)
                }
            case _:
                return node | {key: changed(node[key], chance)}
    if isinstance(node, list) and node and chance.random() < 0.8:
        place = chance.randrange(len(node))
        return [changed(one, chance) if each == place else one for each, one in enumerate(node)]
    return chance.choice(STRANGE)


@settings(max_examples=400)
@given(node=TREES, chance=st.randoms(use_true_random=False), times=st.integers(0, 2))
def test_what_the_schema_accepts_is_what_the_reader_accepts(
    node: Any, chance: random.Random, times: int
) -> None:
    document: Any = {"version": 1, "match": node}
    for _ in range(times):
        document = changed(document, chance)
    try:
        parse(document)
        is_read = True
    except NotAPredicate:
        is_read = False
    assert VALIDATOR.is_valid(document) is is_read
