"""Signing in by the company's own service, which is a real one here: whom it lets in, and whom nothing does."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.test import Client
from pytest_django import Settings

from treaty.kit.environment import BadSetting, Environment
from treaty.staff import commands, queries
from treaty.staff.models import AuditRow, User
from treaty.staff.tests import factories
from treaty.staff.tests.provider import Key, Provider, provider
from treaty.staff.tests.test_sign_in import SEED

pytestmark = pytest.mark.django_db
DEPARTURE, ARRIVAL = "/accounts/oidc/", "/accounts/oidc/back/"


@pytest.fixture
def there(settings: Settings) -> Iterator[Provider]:
    """The service, configured and allowed to be on this machine."""
    memory = {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": str(time.perf_counter_ns()),
    }
    settings.CACHES = {"default": memory}
    settings.OUTGOING_HOSTS = ["127.0.0.1"]
    factories.ann()
    with provider() as made:
        settings.SIGN_IN_SERVICE = made.service()
        yield made


def way_back(client: Client, path: str = DEPARTURE) -> str:
    """The path the service sends the browser back to."""
    return led(client.get(path)["Location"])


def led(page: str) -> str:
    """Where the service's own page leads."""
    address = urlsplit(page)
    connection = HTTPConnection(str(address.hostname), address.port)
    connection.request("GET", f"{address.path}?{address.query}")
    location = connection.getresponse().headers["Location"]
    connection.close()
    return str(location).removeprefix("http://localhost:8000")


def is_inside(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def refusal(client: Client) -> str:
    """What somebody reads who was not let in."""
    answer = client.get(way_back(client))
    assert answer.status_code == 403
    assert not is_inside(client)
    return answer.content.decode()


def test_somebody_who_works_here_comes_in_and_to_the_page_they_wanted(
    there: Provider, client: Client
) -> None:
    page = client.get("/accounts/login/?next=/people/%3Fq%3Dpia").content.decode()
    assert "Sign in with your company account" in page
    assert 'href="/accounts/oidc/?next=/people/%3Fq%3Dpia"' in page
    arrived = client.get(way_back(client, f"{DEPARTURE}?next=/people/%3Fq%3Dpia"))
    assert (arrived.status_code, arrived["Location"]) == (302, "/people/?q=pia")
    assert is_inside(client)
    ann = factories.ann()
    line = AuditRow.objects.latest("id")
    assert (line.verb, line.about_kind, line.about_id, line.by_id) == (
        "enter_by_service",
        "user",
        ann.pk,
        ann.pk,
    )
    assert [one.user_id for one in UserSession.objects.all()] == [ann.pk]
    assert ann.check_password(factories.PASSWORD), "the password goes on working"


def test_without_a_service_there_is_no_button_and_no_address(client: Client) -> None:
    factories.ann()
    assert "oidc" not in client.get("/accounts/login/").content.decode()
    assert [client.get(path).status_code for path in (DEPARTURE, ARRIVAL)] == [404, 404]


def test_the_button_bears_the_name_people_know(there: Provider, client: Client, settings: Settings) -> None:
    settings.SIGN_IN_SERVICE = there.service(label="Kestrel <ID>")
    assert "Sign in with Kestrel &lt;ID&gt;" in client.get("/accounts/login/").content.decode()


def test_nobody_is_led_to_a_foreign_page_afterwards(there: Provider, client: Client) -> None:
    assert client.get(way_back(client, f"{DEPARTURE}?next=//evil.example/"))["Location"] == "/"


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1_000_000},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"aud": "another program"},
        {"aud": ["treaty at kestrel", "another program"]},
        {"azp": "another program"},
        {"iss": "https://evil.example"},
    ],
    ids=str,
)
def test_a_token_that_is_not_meant_for_this_sign_in_lets_nobody_in(
    there: Provider, client: Client, lies: dict[str, Any]
) -> None:
    there.lies = lies
    assert "cannot be trusted" in refusal(client)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_without_a_signature_of_the_service_lets_nobody_in(
    there: Provider, client: Client, algorithm: str
) -> None:
    there.algorithm = algorithm
    assert "cannot be trusted" in refusal(client)


def test_a_token_signed_by_a_stranger_under_the_name_of_a_key_lets_nobody_in(
    there: Provider, client: Client
) -> None:
    there.key = Key()
    assert "cannot be trusted" in refusal(client)


def test_a_new_key_of_the_service_is_fetched_when_it_is_first_used(there: Provider, client: Client) -> None:
    client.get(way_back(client))
    there.key = Key("two")
    there.published.append(there.key)
    other = Client()
    other.get(way_back(other))
    assert is_inside(other)
    assert there.asked.count("/keys") == 2
    assert there.asked.count("/.well-known/openid-configuration") == 1


def test_a_way_back_works_once_and_only_in_the_browser_that_was_sent(there: Provider, client: Client) -> None:
    back = way_back(client)
    for stranger in (Client(), client):
        if stranger is client:
            assert client.get(back)["Location"] == "/"
            client.logout()
        assert "This sign-in is over" in stranger.get(back).content.decode()
        assert not is_inside(stranger)


def test_whoever_stays_away_for_long_begins_again(there: Provider, client: Client, now: datetime) -> None:
    back = way_back(client)
    with time_machine.travel(now + timedelta(minutes=11), tick=False):
        assert "This sign-in is over" in client.get(back).content.decode()


def test_a_code_from_elsewhere_is_not_taken_with_our_state(there: Provider, client: Client) -> None:
    victim, thief = way_back(client), way_back(Client())
    code = parse_qs(urlsplit(thief).query)["code"][0]
    own = parse_qs(urlsplit(victim).query)
    answer = client.get(ARRIVAL, {"state": own["state"][0], "code": code})
    assert "refused" in answer.content.decode(), (
        "the verifier of one browser does not open the code of another"
    )
    assert not is_inside(client)


def test_an_answer_in_the_name_of_another_service_is_not_believed(there: Provider, client: Client) -> None:
    back = way_back(client).replace("iss=http", "iss=https")
    assert "cannot be trusted" in client.get(back).content.decode()


def test_a_service_that_calls_itself_by_another_name_is_not_believed(there: Provider, client: Client) -> None:
    there.about_lies = {"issuer": "https://evil.example"}
    assert "cannot be trusted" in client.get(DEPARTURE).content.decode()


@pytest.mark.parametrize(
    "claims",
    [{"email_verified": False}, {"email_verified": None}, {"email": None}, {"email": "no address"}],
    ids=str,
)
def test_an_address_that_the_service_has_not_verified_lets_nobody_in(
    there: Provider, client: Client, claims: dict[str, Any]
) -> None:
    there.claims |= claims
    there.claims = {name: value for name, value in there.claims.items() if value is not None}
    assert "Your mail address is not confirmed" in refusal(client)


def test_a_thin_token_is_completed_by_what_the_service_tells_of_the_same_person(
    there: Provider, client: Client
) -> None:
    there.tells_by_userinfo = True
    client.get(way_back(client))
    assert is_inside(client)
    there.userinfo_lies = {"sub": "8"}
    assert "cannot be trusted" in refusal(Client())


def test_somebody_unknown_is_told_to_ask_for_an_invitation(there: Provider, client: Client) -> None:
    there.claims["email"] = "eve@kestrel.example"
    assert "Nobody works here with your address" in refusal(client)
    assert queries.user_by_email("eve@kestrel.example") is None


@pytest.mark.parametrize(
    "email", ["ANN@Kestrel.example", "ann@\u212aestrel.example", "\uff41nn@kestrel.example"]
)
def test_only_letters_that_are_the_same_make_the_same_address(
    there: Provider, client: Client, email: str
) -> None:
    there.claims["email"] = email
    client.get(way_back(client))
    assert is_inside(client) is email.isascii()


def test_newcomers_of_an_allowed_domain_join_with_its_role(
    there: Provider, client: Client, settings: Settings
) -> None:
    settings.SIGN_IN_SERVICE = there.service(join={"kestrel.example": "onlooker"})
    there.claims |= {"email": "Eve@Kestrel.example", "name": "Eve Nowak"}
    client.get(way_back(client))
    eve = queries.user_by_email("eve@kestrel.example")
    assert eve is not None
    assert (eve.name, eve.role.key, eve.team, eve.has_usable_password()) == (
        "Eve Nowak",
        "onlooker",
        None,
        False,
    )
    assert is_inside(client)
    verbs = AuditRow.objects.filter(about_kind="user", about_id=eve.pk).order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == ["add_user", "enter_by_service"]
    there.claims["email"] = "eve@sub.kestrel.example"
    assert "Nobody works here" in refusal(Client())


def test_a_role_that_is_gone_is_said(there: Provider, client: Client, settings: Settings) -> None:
    settings.SIGN_IN_SERVICE = there.service(join={"kestrel.example": "king"})
    there.claims["email"] = "eve@kestrel.example"
    assert "The role that newcomers get does not exist" in refusal(client)
    assert not User.objects.filter(email__startswith="eve").exists()


def test_a_deactivated_user_stays_outside(there: Provider, client: Client, now: datetime) -> None:
    commands.change_user(factories.ann().pk, at=now, by=None, is_active=False)
    assert "An administrator deactivated you" in refusal(client)


@pytest.mark.parametrize("is_trusted", [False, True])
def test_the_second_factor_is_asked_for_unless_the_service_is_trusted_with_it(
    there: Provider, client: Client, settings: Settings, *, is_trusted: bool
) -> None:
    settings.SIGN_IN_SERVICE = there.service(is_trusted=is_trusted)
    ann = factories.ann()
    TOTP.activate(ann, SEED)
    arrived = client.get(way_back(client))
    assert arrived["Location"] == ("/" if is_trusted else "/accounts/2fa/authenticate/")
    assert is_inside(client) is is_trusted
    other = Client()
    way_back(other)
    asked = other.post("/accounts/login/", {"login": ann.email, "password": factories.PASSWORD})
    assert asked["Location"] == "/accounts/2fa/authenticate/", "a password is not the service"


@pytest.mark.parametrize(
    ("error", "said"),
    [("access_denied", "You did not sign in"), ("server_error", "The sign-in service refused")],
)
def test_what_the_service_refuses_is_told_in_words(
    there: Provider, client: Client, error: str, said: str
) -> None:
    there.error = error
    assert said in refusal(client)


def test_a_service_that_is_away_or_not_allowed_is_told(
    there: Provider, client: Client, settings: Settings
) -> None:
    settings.OUTGOING_HOSTS = []
    away = client.get(DEPARTURE)
    assert away.status_code == 503
    assert "does not answer" in away.content.decode()


def test_the_way_to_the_service_is_limited_as_passwords_are(there: Provider, client: Client) -> None:
    statuses = [client.get(DEPARTURE).status_code for _ in range(31)]
    assert (statuses[0], statuses[-1]) == (302, 429)


def test_an_installation_without_users_begins_with_the_first_one(client: Client, settings: Settings) -> None:
    commands.prepare(at=factories.SINCE)
    with provider() as made:
        settings.SIGN_IN_SERVICE = made.service(join={"kestrel.example": "administrator"})
        assert client.get(DEPARTURE)["Location"] == "/welcome/"


def test_the_doctor_looks_at_the_service_where_there_is_one(there: Provider, settings: Settings) -> None:
    def seen() -> list[tuple[str, str]]:
        return [(one.state, one.seen) for one in queries.findings()]

    assert seen() == [("ok", "answers")]
    settings.SIGN_IN_SERVICE = there.service(join={"kestrel.example": "king"})
    assert seen() == [("warn", "no such role: king")]
    there.about_lies = {"issuer": "https://evil.example"}
    assert seen() == [("bad", "calls itself by another name")]
    settings.SIGN_IN_SERVICE = None
    assert seen() == []


WHOLE = {
    "TREATY_OIDC_ISSUER": "https://id.kestrel.example",
    "TREATY_OIDC_CLIENT": "treaty",
    "TREATY_OIDC_SECRET": "hush",
}


def test_the_service_is_described_whole_or_not_at_all() -> None:
    assert Environment({}).sign_in_service() is None
    service = Environment(
        {**WHOLE, "TREATY_OIDC_JOIN": "Kestrel.example=onlooker, b.example = marketer"}
    ).sign_in_service()
    assert service is not None
    assert service.join == {"kestrel.example": "onlooker", "b.example": "marketer"}
    assert "hush" not in repr(service)


@pytest.mark.parametrize(
    "changed",
    [
        {"TREATY_OIDC_SECRET": ""},
        {"TREATY_OIDC_ISSUER": "id.kestrel.example"},
        {"TREATY_OIDC_JOIN": "kestrel.example"},
    ],
    ids=str,
)
def test_half_a_description_stops_the_start(changed: dict[str, str]) -> None:
    with pytest.raises(BadSetting):
        Environment({**WHOLE, **changed}).sign_in_service()
