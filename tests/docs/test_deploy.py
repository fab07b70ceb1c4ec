"""What deploy/ ships fits this version: commands exist, settings are known, sources are there, and Django finds no fault."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from treaty.cli import treaty
from treaty.kit.environment import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])


def unit(path: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(path)
    return read


def settings_of(text: str) -> set[str]:
    return set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE))


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_commands_that_exist(path: Path) -> None:
    lines = (
        [value for key, value in unit(path).items("Service") if key.startswith("Exec")]
        if path.suffix == ".service"
        else []
    )
    for line in lines:
        program, verb, *_ = line.split()
        assert program == "/opt/treaty/.venv/bin/treaty"
        assert treaty.get_command(click.Context(treaty), verb) is not None
    assert unit(path).get("Unit", "Description").startswith("Treaty")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    for path in UNITS:
        text = path.read_text().replace("/opt/treaty/.venv/bin/treaty", sys.executable)
        (tmp_path / path.name).write_text(re.sub(r"^(User|Group)=.*\n", "", text, flags=re.MULTILINE))
    names = [str(tmp_path / path.name) for path in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_setting_that_is_shipped_is_known() -> None:
    known = {setting.name for setting in SETTINGS}
    assert settings_of((DEPLOY / "treaty.env").read_text()) <= known
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    for service in ("init", "web", "worker"):
        assert set(compose["services"][service]["environment"]) <= known
        assert treaty.get_command(click.Context(treaty), compose["services"][service]["command"][1])


def test_the_container_copies_what_is_there() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    sources = [
        name for line in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE) for name in line.split()
    ]
    assert sources
    assert [name for name in sources if not (ROOT / name).exists()] == []
    assert "USER treaty" in text


def shipped(home: Path) -> dict[str, str]:
    """The surroundings as deploy/treaty.env states them."""
    lines = (DEPLOY / "treaty.env").read_text().splitlines()
    told = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {"PATH": os.environ["PATH"], **told, "TREATY_HOME": str(home)}


ASKED = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "treaty.settings"
django.setup()
from django.test import Client
for host in sys.argv[2:]:
    print(host, Client().get(sys.argv[1], headers={"host": host}).status_code)
"""


def test_the_probe_of_the_container_is_answered_under_the_shipped_settings(tmp_path: Path) -> None:
    [probe] = re.findall(r"urlopen\('http://([^/]+)(/\w+)'", (DEPLOY / "Containerfile").read_text())
    command = [sys.executable, "-c", ASKED, probe[1], probe[0], "treaty.example.com"]
    done = subprocess.run(
        command, cwd=ROOT, env=shipped(tmp_path), capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == [probe[0], "200", "treaty.example.com", "200"], done.stderr


def test_django_finds_no_fault_in_the_shipped_settings(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "treaty.cli", "manage", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(
        command, cwd=ROOT, env=shipped(tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr
