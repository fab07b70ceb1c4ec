"""Writes docs/reference from the code: settings, facts, commands, the command line, the API, predicates.

.venv/bin/python scripts/reference.py            # write
.venv/bin/python scripts/reference.py --check    # name what is stale; exit 1 when something is
"""

import ast
import dataclasses
import importlib
import inspect
import json
import os
import pkgutil
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import click
import django

Node = TypeVar("Node", bound=ast.stmt)

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
NOTE = "<!-- Written by `make docs` from the code. Change the code, not this page. -->"


def page(title: str, lead: str, *blocks: str) -> str:
    """A page of the reference: its title, where it comes from, a sentence, and the blocks."""
    return "\n\n".join([f"# {title}", NOTE, lead, *blocks]) + "\n"


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table; bars inside cells are escaped."""
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def settings() -> str:
    """Every variable an operator may set."""
    environment = importlib.import_module("treaty.kit.environment")
    rows = [
        (f"`{one.name}`", f"`{one.default}`" if one.default else "", one.form, one.meaning)
        for one in environment.SETTINGS
    ]
    lead = "Read from the environment when a process starts; an unknown name that begins with `TREATY_` stops it."
    return page("Settings", lead, table(("Variable", "Default", "Form", "Meaning"), rows))


def modules(part: str) -> Iterator[tuple[str, list[ModuleType]]]:
    """Each noun that has such a part, with the modules the part consists of."""
    house = importlib.import_module("treaty")
    for noun in sorted(one.name for one in pkgutil.iter_modules(house.__path__) if one.ispkg):
        package = importlib.import_module(f"treaty.{noun}")
        if part in {one.name for one in pkgutil.iter_modules(package.__path__)}:
            yield noun, list(with_submodules(importlib.import_module(f"treaty.{noun}.{part}")))


def with_submodules(module: ModuleType) -> Iterator[ModuleType]:
    """The module, and what lies in it when it is a package."""
    yield module
    for one in pkgutil.iter_modules(getattr(module, "__path__", [])):
        yield importlib.import_module(f"{module.__name__}.{one.name}")


def own(module: ModuleType, wanted: Callable[[object], bool]) -> list[Any]:
    """The public things of a kind that the module itself defines, as they stand in its source."""
    found = [one for name, one in inspect.getmembers(module, wanted) if not name.startswith("_")]
    return sorted(
        (one for one in found if one.__module__ == module.__name__),
        key=lambda one: inspect.getsourcelines(one)[1],
    )


def first_paragraph(thing: object) -> str:
    """The docstring's first paragraph on one line."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def facts() -> str:
    """Every kind of fact, with what it holds."""
    kind = importlib.import_module("treaty.ledger.facts").Fact
    blocks = []
    for noun, parts in modules("facts"):
        kinds = [
            one
            for module in parts
            for one in own(module, inspect.isclass)
            if issubclass(one, kind) and one is not kind
        ]
        if kinds:
            blocks += [f"## {noun}", *map(fact, kinds)]
    lead = (
        "What can happen in the company. Each becomes a touchpoint; its name is the kind and never changes."
    )
    return page("Facts", lead, *blocks)


def fact(kind: type) -> str:
    """One kind of fact: its sentence and its fields."""
    said = said_of_fields(kind)
    rows = [
        (f"`{one.name}`", f"`{shown(one.type)}`", said.get(one.name, "")) for one in dataclasses.fields(kind)
    ]
    fields = f"\n\n{table(('Field', 'Type', 'Meaning'), rows)}" if rows else ""
    return f"### {kind.__name__}\n\n{first_paragraph(kind)}{fields}"


def shown(annotation: object) -> str:
    """A type as its author wrote it, without the path to its module."""
    return annotation.__name__ if isinstance(annotation, type) else str(annotation).replace("datetime.", "")


def syntax(thing: Any, kind: type[Node]) -> Node:
    """The syntax tree of a function or class."""
    return next(
        node for node in ast.parse(textwrap.dedent(inspect.getsource(thing))).body if isinstance(node, kind)
    )


def said_of_fields(kind: type) -> dict[str, str]:
    """The sentence under each field of a class."""
    body = syntax(kind, ast.ClassDef)
    pairs = zip(body.body, body.body[1:], strict=False)
    return {
        field.target.id: " ".join(text.value.value.split())
        for field, text in pairs
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


def commands() -> str:
    """Every verb of every noun."""
    blocks = []
    for noun, parts in modules("commands"):
        verbs = [one for module in parts for one in own(module, inspect.isfunction)]
        blocks += [f"## {noun}", *map(command, verbs)] if verbs else []
    return page("Commands", "The verbs: each changes rows and records its fact in one transaction.", *blocks)


def command(verb: Callable[..., object]) -> str:
    """One verb: how it is called and what it does."""
    node = syntax(verb, ast.FunctionDef)
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    said = inspect.getdoc(verb) or ""
    return f"### {node.name}\n\n```python\n{node.name}({ast.unparse(node.args)}){returns}\n```\n\n{said}"


def cli() -> str:
    """Every command of the command line."""
    treaty = importlib.import_module("treaty.cli").treaty
    lead = "Run as `.venv/bin/treaty`. Exit status: 0 done, 1 failed with the reason on standard error, 2 wrong usage."
    return page("Command line", lead, *usages(treaty, opened(treaty, "treaty", None)))


def usages(command: click.Command, context: click.Context) -> Iterator[str]:
    """The help of a command and of all below it."""
    # A fixed width: the page must not depend on the terminal it was written in.
    context.terminal_width = context.max_content_width = 100
    yield f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```"
    if isinstance(command, click.Group):
        for name in sorted(command.list_commands(context)):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from usages(below, opened(below, name, context))


def opened(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    """A command as it would be when somebody calls it by this name."""
    return click.Context(command, info_name=name, parent=parent, **command.context_settings)


def openapi() -> str:
    """The API as machines read it."""
    api = importlib.import_module("treaty.api").api
    schema = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def predicate() -> str:
    """The language of segments and definitions as machines read it."""
    schema = importlib.import_module("treaty.segments.rules").json_schema()
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings,
    "facts.md": facts,
    "commands.md": commands,
    "cli.md": cli,
    "openapi.json": openapi,
    "predicate.schema.json": predicate,
}


def stale() -> list[str]:
    """The pages that no longer say what the code says."""
    return [name for name, write in PAGES.items() if read(REFERENCE / name) != write()]


def read(path: Path) -> str:
    """A page as it lies on disk, empty when it does not."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main(words: list[str]) -> int:
    """Writes the reference, or with --check names what is stale."""
    os.environ.setdefault("TREATY_HOME", tempfile.mkdtemp(prefix="treaty-reference-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "treaty.settings")
    django.setup()
    if "--check" in words:
        old = stale()
        print(f"Stale: {', '.join(old)}. Run `make docs`." if old else "The reference is fresh.")
        return 1 if old else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, write in PAGES.items():
        (REFERENCE / name).write_text(write(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
