"""Whatever is written into the audit has words there: its verb and what it is about."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture import sources
from treaty.staff.telling import Words


def told(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Verb and kind of each call of `audit` that names them itself; what is put together is left out."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "audit"):
            continue
        about = next((one.value for one in node.keywords if one.arg == "about"), None)
        kind = about.elts[0] if isinstance(about, ast.Tuple) else None
        yield text(node.args[0] if node.args else None), text(kind)


def text(node: ast.expr | None) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""


@pytest.mark.django_db
def test_every_verb_and_every_kind_of_the_audit_has_words() -> None:
    words = Words()
    known = {"", *words.verbs, *words.kinds}
    seen = [(sources.name(path), *one) for path, tree in sources.python() for one in told(tree)]
    assert len(seen) > 40
    assert [one for one in seen if not known.issuperset(one[1:])] == []


def test_a_planted_verb_is_found() -> None:
    planted = ast.parse('audit("import_undone", about=("import", run), by=by)')
    assert list(told(planted)) == [("import_undone", "import")]
    assert list(told(ast.parse("audit(verb, about=(record, one))"))) == [("", "")]
