"""What is committed belongs to everyone: no host in a lock file, no registry, no path of one machine."""

import re

import pytest

from tests.architecture import sources

# Written in parts, so that this file keeps the rule it checks.
HOSTS = (
    "pypi" + ".org",
    "files.python" + "hosted.org",
    "registry.npm" + "js.org",
    "registry.yarn" + "pkg.com",
)
MACHINES = ("/" + "work/", "/" + "root/", "/" + "home/")
FOREIGN = re.compile(
    "|".join([*map(re.escape, HOSTS), *(rf"(?<![\w.>-]){re.escape(path)}[\w.]" for path in MACHINES)])
)
LOCKS = ("requirements.lock", "requirements-dev.lock", "package-lock.json")


def foreign(text: str) -> list[str]:
    """Lines that name a registry's host or a machine's path."""
    return [line.strip()[:120] for line in text.splitlines() if FOREIGN.search(line)]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_names_no_address(lock: str) -> None:
    assert "://" not in (sources.ROOT / lock).read_text(encoding="utf-8")


def test_no_committed_file_names_a_registry_or_a_machine() -> None:
    found = [
        f"{sources.name(path)}: {line}"
        for path in sources.committed()
        for line in foreign(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


WRITTEN = {".css", ".html", ".js", ".json", ".md", ".po", ".py", ".toml", ".txt", ".yml"}


def untidy(text: str, *, component: bool = False) -> list[str]:
    """What an editor that reads .editorconfig would not have left; a component ends without a newline on purpose."""
    lines = [
        f"line {number}"
        for number, line in enumerate(text.split("\n"), 1)
        if line != line.rstrip() or "\t" in line
    ]
    return lines + (["no newline at the end"] if text and not text.endswith("\n") and not component else [])


def test_every_file_is_as_editorconfig_asks() -> None:
    paths = [
        path for path in sources.committed() if path.suffix in WRITTEN and path.name != "package-lock.json"
    ]
    found = [
        f"{sources.name(path)}: {one}"
        for path in paths
        for one in untidy(path.read_text(encoding="utf-8"), component="cotton" in path.parts)
    ]
    assert found == []


@pytest.mark.parametrize("text", ["a \n", "\ta\n", "a"])
def test_a_planted_untidiness_is_found(text: str) -> None:
    assert untidy(text)


@pytest.mark.parametrize(
    "text", [f"see https://{HOSTS[0]}/simple", f"cd {MACHINES[1]}treaty", f"path={MACHINES[2]}ann"]
)
def test_a_planted_host_or_path_is_found(text: str) -> None:
    assert foreign(text)
