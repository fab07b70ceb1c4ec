"""The published schema of predicates is the one the code reads."""

import json
from pathlib import Path

import jsonschema_rs

from treaty.segments.rules import json_schema


def test_the_published_schema_is_fresh(root: Path) -> None:
    published = json.loads((root / "docs/reference/predicate.schema.json").read_text(encoding="utf-8"))
    assert published == json_schema()


def test_the_schema_says_what_the_reader_says() -> None:
    validator = jsonschema_rs.validator_for(json_schema())
    assert validator.is_valid({"version": 1, "match": {"all": [{"fit_in": ["A"]}, {"did": "PageSeen"}]}})
    assert not validator.is_valid({"version": 1, "match": {"fit_in": ["E"]}})
    assert not validator.is_valid({"version": 1, "match": {"colour": "red"}})
