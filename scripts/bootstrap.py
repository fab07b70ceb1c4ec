"""Makes .venv from nothing but Python and Git, and finds the browser of the tests. Run by the Makefile.

python3 scripts/bootstrap.py dependencies | browser
"""

import os
import shutil
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = "requirements-dev.lock"
UV = "uv>=0.8,<1"


def main(task: str) -> None:
    """Does one of the two tasks; a second time it finds the work done."""
    os.chdir(ROOT)
    {"dependencies": dependencies, "browser": browser}[task]()


def dependencies() -> None:
    """The environment, what the lock file names (hashes checked), and Treaty itself."""
    if sys.version_info < (3, 11):  # noqa: UP036  whoever runs this may have an older one
        sys.exit("Treaty needs Python 3.11 or newer: make PYTHON=python3.12, for example.")
    if not PYTHON.exists():
        environment()
    shared_library("gomp", "libgomp1")
    run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV)
    env, uv = as_pip_does(), VENV / "bin" / "uv"
    run(uv, "pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes", LOCK, env=env)
    # Treaty in place: what is edited in src is what runs. Its build needs hatchling and editables, both locked.
    run(
        uv,
        "pip",
        "install",
        "--quiet",
        "--python",
        PYTHON,
        "--no-deps",
        "--no-build-isolation",
        "--editable",
        ".",
        env=env,
    )


def environment() -> None:
    """An empty .venv that has pip, in whichever way this machine offers."""
    if not has("ensurepip") and not shutil.which("virtualenv"):
        apt("python3-venv")
    if has("ensurepip"):
        run(sys.executable, "-m", "venv", VENV)
    elif shutil.which("virtualenv"):
        run("virtualenv", "--python", sys.executable, VENV)
    else:
        sys.exit(
            "Python cannot make environments here: install the package `python3-venv`, then run make again."
        )


def has(module: str) -> bool:
    """Whether this Python can import a module (asked outside, for apt may have brought it just now)."""
    return (
        subprocess.run(
            [sys.executable, "-c", f"import {module}"], capture_output=True, check=False
        ).returncode
        == 0
    )


def shared_library(name: str, package: str) -> None:
    """A library of the system that a wheel needs but does not bring; without it, one kind of model is left out."""
    if not find_library(name):
        apt(package)


def browser() -> None:
    """Chromium for the browser stories: found, or installed where that is allowed, or asked for loudly."""
    if os.environ.get("TREATY_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome"):
        return
    apt("chromium")
    if not shutil.which("chromium"):
        sys.exit(
            "The tests need Chromium: install the package `chromium`, or name a browser in TREATY_CHROMIUM."
        )


def apt(package: str) -> None:
    """Installs a Debian package when we may; whoever calls looks whether it is there afterwards."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run("apt-get", "update", "-qq", env=quiet, must=False)
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", package, env=quiet, must=False)


def as_pip_does() -> dict[str, str]:
    """uv does not read pip's configuration: hand over where this machine takes packages from."""
    listed = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    pip = dict(line.split("=", 1) for line in listed.stdout.splitlines() if "=" in line)
    env = dict(os.environ)
    for option, variable in {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
    }.items():
        for section in ("global", "install", ":env:"):
            if value := pip.get(f"{section}.{option}", "").strip("'"):
                env.setdefault(variable, value.replace(" ", ",") if variable == "UV_FIND_LINKS" else value)
    # Hashes decide which file is right, so every place may be asked for every version.
    env.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return env


def run(*command: object, env: dict[str, str] | None = None, must: bool = True) -> None:
    """Runs a command; a failure that must not be ends the set-up."""
    words = [str(word) for word in command]
    done = subprocess.run(words, env=env, check=False)
    if must and done.returncode:
        sys.exit(f"Set-up failed at: {' '.join(words)}")


if __name__ == "__main__":
    main(sys.argv[1])
