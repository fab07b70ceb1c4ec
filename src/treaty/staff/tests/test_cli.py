"""`treaty user`: adding and listing from the command line."""

import json

import pytest
from click.testing import CliRunner

from treaty.staff import queries
from treaty.staff.cli import user
from treaty.staff.tests import factories

pytestmark = pytest.mark.django_db

ADD = ["add", "--email", "pia@x.example", "--name", "Pia", "--role", "marketer", "--password-stdin", "--json"]


def test_a_user_is_added_with_the_password_from_standard_input() -> None:
    factories.company()
    done = CliRunner().invoke(user, [*ADD, "--team", "marketing"], input=factories.PASSWORD + "\n")
    assert done.exit_code == 0, done.output
    pia = queries.user_by_email("pia@x.example")
    assert pia is not None
    assert pia.check_password(factories.PASSWORD)
    assert json.loads(done.stdout)["id"] == pia.pk
    listed = json.loads(CliRunner().invoke(user, ["list", "--json"]).stdout)
    assert [(one["email"], one["role"], one["team"]) for one in listed] == [
        ("pia@x.example", "marketer", "Marketing")
    ]


@pytest.mark.parametrize(
    ("arguments", "password", "reason"),
    [
        ([], "1234", "too short"),
        (["--team", "Nobody"], factories.PASSWORD, "There is no team"),
        (["--role", "king"], factories.PASSWORD, "There is no such role"),
    ],
)
def test_what_cannot_be_ends_with_1_and_the_reason(arguments: list[str], password: str, reason: str) -> None:
    factories.company()
    done = CliRunner().invoke(user, [*ADD, *arguments], input=password + "\n")
    assert done.exit_code == 1
    assert reason in done.stderr
    assert done.stdout == ""
