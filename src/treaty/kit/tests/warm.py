"""One process of an installation that has loaded Treaty and forks itself for each command: a cold start costs a second.

Reads one request a line, {"arguments": [...]} or {"code": "..."} with the files "out" and "err"; prints its exit code.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

from treaty import cli


def serve() -> None:
    """Answers until the input ends. This process itself never opens the database, so each child begins anew."""
    cli.of_nouns()
    for line in sys.stdin:
        print(answer(json.loads(line)), flush=True)


def answer(request: dict[str, Any]) -> int:
    """The exit code of a child that does what is asked; 128 and its number for a signal, as a shell says it."""
    child = os.fork()
    if not child:
        turn_to(request["out"], request["err"])
        os._exit(code_of(lambda: do(request)))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def turn_to(out: str, err: str) -> None:
    """Reads nothing, and writes into these files."""
    for number, path, how in (
        (0, os.devnull, os.O_RDONLY),
        (1, out, os.O_WRONLY | os.O_CREAT),
        (2, err, os.O_WRONLY | os.O_CREAT),
    ):
        os.dup2(os.open(path, how, 0o600), number)


def do(request: dict[str, Any]) -> None:
    """One command, or a piece of Python."""
    if "code" in request:
        exec(compile(request["code"], "asked", "exec"), {"__name__": "__main__"})  # noqa: S102  a test's own code
        return
    sys.argv = ["treaty", *request["arguments"]]
    cli.main()


def code_of(act: Callable[[], None]) -> int:
    """How an interpreter that did nothing else would end."""
    try:
        act()
        code: Any = 0
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code if isinstance(code, int) else 1


if __name__ == "__main__":
    serve()
