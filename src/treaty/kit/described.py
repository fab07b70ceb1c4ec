"""What holds for every call of the REST API, written into its description: marks, fields, names of calls, the pace."""

from collections.abc import Mapping
from typing import Any

from treaty.kit.routes import SAFE, Route

PROBLEM = "application/problem+json"
JSON = "application/json"
NOTHING_DONE = {412: "Precondition Failed", 429: "Too Many Requests"}
HEADERS: dict[str, dict[str, Any]] = {
    "ETag": {"description": "Names this state of the thing.", "schema": {"type": "string"}},
    "RateLimit": {
        "description": "Calls of this key that are left (r) for so many seconds (t).",
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": "How many calls (q) a key has in so many seconds (w).",
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
}
PACE = ("RateLimit", "RateLimit-Policy")


def described(document: Any, routes: Mapping[str, Route], prefix: str) -> Any:
    """The document of the API with what holds for every call; `prefix` stands before its addresses."""
    components = document["components"]
    components["headers"] = HEADERS
    for path, verbs in document["paths"].items():
        route = routes[f"/{path.removeprefix(prefix).removeprefix('/')}"]
        for verb, operation in verbs.items():
            _describe(operation, route, verb.upper(), components["schemas"])
    return document


def _describe(operation: dict[str, Any], route: Route, method: str, schemas: dict[str, Any]) -> None:
    operation["parameters"] = [*operation.get("parameters", ()), *_parameters(route, method)]
    answers = operation["responses"]
    for status, meaning in NOTHING_DONE.items():
        if status == 429 or (method != SAFE and route.thing):
            answers[status] = {"description": meaning, "content": {JSON: {"schema": _ref("Problem")}}}
    answers[429]["headers"] = _headers("Retry-After")
    for status, answer in answers.items():
        if status >= 400:
            answer["content"] = {PROBLEM: answer["content"][JSON]}
    for status in (200, 201, 204):
        if status in answers:
            marked = status == 200 and route.bears_mark(method)
            answers[status]["headers"] = _headers(*PACE, *(["ETag"] if marked else []))
    if method == SAFE and route.bears_mark(method):
        answers[304] = {"description": "It stands as `If-None-Match` names it."}
        told = answers[200]["content"][JSON]
        told["schema"] = {"anyOf": [told["schema"], _narrowed(told["schema"], schemas)]}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _parameters(route: Route, method: str) -> list[dict[str, Any]]:
    if method == SAFE and not route.bears_mark(method):
        return []  # a file
    if method == SAFE:
        return [_fields(route), _header("If-None-Match", "304 where the answer would bear this ETag.")]
    once = _header("Idempotency-Key", "The call's name: under it, it is done once within a day.")
    once["schema"] |= {"pattern": "^[!-~]{1,255}$"}
    if route.thing is None:
        return [once]
    return [once, _header("If-Match", "The ETag of the state to change; 412 where it is another by now.")]


def _header(name: str, meaning: str) -> dict[str, Any]:
    schema = {"type": "string", "title": name}
    return {"in": "header", "name": name, "required": False, "description": meaning, "schema": schema}


def _fields(route: Route) -> dict[str, Any]:
    schema = {"type": "array", "minItems": 1, "items": {"enum": list(route.fields())}, "title": "Fields"}
    return {
        "in": "query",
        "name": "fields",
        "required": False,
        "description": "Tell only these fields, parted by commas.",
        "style": "form",
        "explode": False,
        "schema": schema,
    }


def _narrowed(schema: Mapping[str, Any], schemas: dict[str, Any]) -> dict[str, str]:
    """The schema of an answer with some of its fields; a list keeps its frame."""
    name = schema["$ref"].rsplit("/", 1)[1]
    whole = schemas[name]
    if "items" in whole["properties"]:
        item = _narrowed(whole["properties"]["items"]["items"], schemas)
        items = {"type": "array", "items": item, "title": "Items"}
        narrowed = whole | {"properties": whole["properties"] | {"items": items}}
    else:
        narrowed = {key: value for key, value in whole.items() if key != "required"}
        narrowed |= {"additionalProperties": False, "description": "Some fields of it."}
    schemas[f"{name}Narrowed"] = narrowed | {"title": f"{name}Narrowed"}
    return _ref(f"{name}Narrowed")
