"""docs/how-to/use-the-api.md: each of its calls does what the page says."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any

from tests.api.world import Caller, House, token
from treaty.api import api
from treaty.documents.tests.factories import document
from treaty.staff.rules import SCOPES

TREATY = "https://treaty.example.com"


def calls(page: str) -> Iterator[str]:
    """The curl lines of a page."""
    for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL):
        yield from block.strip().splitlines()


def made(line: str, words: dict[str, str]) -> Any:
    """What the API answers to a curl line, whose variables have these values."""
    method, body, path, rest = "GET", None, "", iter(shlex.split(Template(line).substitute(words))[1:])
    key = file = ""
    for word in rest:
        match word:
            case "-H":
                name, _colon, value = next(rest).partition(": ")
                key = value.removeprefix("Bearer ") if name == "Authorization" else key
            case "-X":
                method = next(rest)
            case "--json":
                body, method = next(rest).encode(), "POST" if method == "GET" else method
            case "-F":
                file = next(rest).partition("=@")[2]
            case "-OJ":
                continue
            case _:
                path = word.removeprefix(f"{TREATY}/api")
    return Caller(key).upload(path, file, b"%PDF-1.7") if file else Caller(key)(method, path, body)


def read(line: str, words: dict[str, str]) -> Any:
    """The same; a file is read to its end."""
    answer = made(line, words)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


def test_every_example_of_the_page_works(house: House, root: Path) -> None:
    words = {"TREATY": TREATY, "KEY": token(house.admin), "PERSON": str(house.person)}
    words |= {"COMPANY": str(house.company), "HANDOVER": str(house.offered), "DEAL": str(house.deal)}
    words["DOCUMENT"] = str(document("person", house.person))
    words |= {"COLLEAGUE": str(house.cast.bo.pk), "NEXT": first_part(words["KEY"])}
    page = (root / "docs/how-to/use-the-api.md").read_text(encoding="utf-8")
    lines = list(calls(page))
    assert len(lines) >= 25
    failed = [
        (line, answer.json()) for line in lines if (answer := read(line, words)).status_code not in {200, 201}
    ]
    assert failed == []


def first_part(key: str) -> str:
    """The cursor behind the first person."""
    return str(Caller(key)("GET", "/persons?limit=1").json()["next"])


def test_the_page_tells_every_noun_scope_and_status(root: Path) -> None:
    page = (root / "docs/how-to/use-the-api.md").read_text(encoding="utf-8")
    wanted = [f"`{scope}`" for scope in SCOPES]
    wanted += [f"/api/{noun}" for noun in ("persons", "companies", "touchpoints", "handovers", "deals")]
    assert [word for word in wanted if word not in page] == []
    told = re.findall(r"^\| (\d{3}) \|", page, re.MULTILINE)
    assert set(map(int, told)) == {405, 500, 503, *refusals()}


def refusals() -> set[int]:
    """Every status of 400 and above that a route of the API says it may answer."""
    schema = api.get_openapi_schema(path_prefix="/")
    verbs = (verb for verbs in schema["paths"].values() for verb in verbs.values())
    return {code for verb in verbs for code in map(int, verb["responses"]) if code >= 400}
