"""Signing in: the second factor, the mail that resets, the limits, and that nothing tells who works here."""

import base64
import hashlib
import hmac
import re
import struct
import time
from datetime import datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from treaty.staff import commands, queries
from treaty.staff.models import User
from treaty.staff.tests import factories

pytestmark = pytest.mark.django_db

SEED = base64.b32encode(b"12345678901234567890").decode()
"""The seed of the standard's examples."""

LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"


@pytest.fixture(autouse=True)
def post(settings: Settings) -> None:
    """Mails stay in memory, and tries are counted in memory as they are in the database."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": str(time.perf_counter_ns()),
        }
    }


def sign_in(client: Client, password: str = factories.PASSWORD, email: str = "ann@kestrel.example") -> int:
    """The status of trying to sign in."""
    return client.post(LOGIN, {"login": email, "password": password}).status_code


def shown(answer: object) -> str:
    """What a page shows, without its tokens and what was typed into it."""
    content: bytes = getattr(answer, "content")  # noqa: B009  the test client's own type has no name
    return re.sub(r'(value|content)="[^"]*"', "", content.decode())


def totp(secret: str, at: float) -> str:
    """The code of an authenticator app: RFC 6238 with SHA-1, 30 seconds and 6 digits."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def test_the_code_of_this_test_is_that_of_the_standard() -> None:
    # RFC 6238, appendix B: at 59 seconds SHA-1 gives 94287082 in eight digits.
    assert totp(SEED, 59) == "287082"


@pytest.mark.parametrize("path", ["/", "/people/", "/settings/", "/profile/", "/no/such/page/"])
def test_a_stranger_is_sent_to_the_sign_in(path: str, client: Client) -> None:
    factories.ann()
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"{LOGIN}?next={path}")


def test_a_part_of_a_page_sends_the_whole_browser_to_the_sign_in(client: Client) -> None:
    factories.ann()
    answer = client.get("/profile/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"{LOGIN}?next=/"


def test_who_signs_in_comes_where_they_wanted_to(client: Client) -> None:
    factories.ann()
    sent = {"login": "Ann@kestrel.example", "password": factories.PASSWORD, "next": "/profile/"}
    assert client.post(LOGIN, sent)["Location"] == "/profile/"
    assert client.get("/profile/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client: Client) -> None:
    factories.ann()
    wrong = client.post(LOGIN, {"login": "ann@kestrel.example", "password": "wrong"})
    unknown = client.post(LOGIN, {"login": "eve@kestrel.example", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 200
    assert shown(wrong) == shown(unknown)


def test_an_unknown_address_costs_as_many_hashes_as_a_known_one(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.ann()
    hashed: list[str] = []
    plain = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return plain(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    counts = []
    for email in ("ann@kestrel.example", "eve@kestrel.example"):
        hashed.clear()
        sign_in(client, "wrong", email)
        counts.append(len(hashed))
    assert counts[0] == counts[1] > 0


def test_a_flood_of_wrong_passwords_is_refused_even_when_the_right_one_comes(client: Client) -> None:
    factories.ann()
    for _ in range(5):
        sign_in(client, "wrong")
    assert sign_in(client) != 302
    assert "_auth_user_id" not in client.session


def test_a_flood_of_requests_is_answered_with_429_in_our_own_words(client: Client) -> None:
    factories.ann()
    statuses = [sign_in(client, "wrong", f"{number}@x.example") for number in range(31)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
    page = client.post(LOGIN, {"login": "a@x.example", "password": "x"})
    assert "Too many tries" in page.content.decode()


def test_a_deactivated_user_cannot_sign_in_and_is_out_at_once(client: Client, now: datetime) -> None:
    ann = factories.ann()
    assert sign_in(client) == 302
    assert client.get("/profile/").status_code == 200
    commands.change_user(ann.pk, at=now, by=None, is_active=False)
    assert client.get("/profile/").status_code == 302
    sign_in(Client())
    assert not User.objects.get(pk=ann.pk).is_active


def test_the_reset_mail_leads_to_a_new_password_once(client: Client) -> None:
    factories.ann()
    assert client.post(RESET, {"email": "ann@kestrel.example"}).status_code == 302
    assert mail.outbox[0].to == ["ann@kestrel.example"]
    link = re.findall(r"http://localhost:8000(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))[0]
    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    new = "another horse battery staple"
    done = client.post(address, {"password1": new, "password2": new}, follow=True)
    assert "Your password is new" in done.content.decode()
    assert sign_in(Client()) == 200, "the old password no longer works"
    assert sign_in(Client(), new) == 302
    assert "This link no longer works" in Client().get(link, follow=True).content.decode()


def test_a_reset_for_an_unknown_address_looks_the_same(client: Client) -> None:
    factories.ann()
    known = client.post(RESET, {"email": "ann@kestrel.example"}, follow=True)
    unknown = Client().post(RESET, {"email": "eve@kestrel.example"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert shown(known) == shown(unknown)
    assert "nobody works here with this address" in mail.outbox[1].body


@pytest.mark.django_db(transaction=True)
def test_the_second_factor_is_told_by_mail_and_its_seed_is_kept_unreadable(client: Client) -> None:
    ann = factories.ann()
    sign_in(client)
    asked = client.get("/accounts/2fa/totp/activate/", follow=True)
    assert "needs your password again" in asked.content.decode()
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = re.findall(r'id="authenticator-key">([A-Z2-7]+)<', page.content.decode())[0]
    code = totp(secret, timezone.now().timestamp())
    done = client.post("/accounts/2fa/totp/activate/", {"code": code}, follow=True)
    assert "Recovery codes" in done.content.decode()
    assert queries.has_second_factor(ann.pk)
    assert "This was changed in how you sign in" in mail.outbox[0].body
    assert mail.outbox[0].subject == "Your second factor for Treaty is on"
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_who_never_proved_an_address_by_a_link_may_have_a_second_factor_too(client: Client) -> None:
    ann = factories.ann()
    EmailAddress.objects.create(user=ann, email=ann.email, verified=False, primary=True)
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    assert client.get("/accounts/2fa/webauthn/add/").status_code == 200


@pytest.mark.parametrize("answer", ["{}", "null", "[]", '"no"', "not json", '{"id": "x", "response": {}}'])
def test_what_no_device_would_answer_lets_nobody_in(client: Client, answer: str) -> None:
    factories.ann()
    client.get("/accounts/2fa/webauthn/login/", headers={"X-Requested-With": "XMLHttpRequest"})
    done = client.post("/accounts/2fa/webauthn/login/", {"credential": answer})
    assert (done.status_code, done["Location"]) == (302, LOGIN)
    assert client.get("/profile/").status_code == 302


def test_the_password_alone_no_longer_lets_in_who_has_a_second_factor(client: Client, now: datetime) -> None:
    ann = factories.ann()
    TOTP.activate(ann, SEED)
    answer = client.post(LOGIN, {"login": ann.email, "password": factories.PASSWORD})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/profile/").status_code == 302
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "This code does not fit" in wrong.content.decode()
    code = totp(SEED, now.timestamp())
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert client.get("/profile/").status_code == 200
    assert client.get("/accounts/2fa/").status_code == 200


@pytest.mark.parametrize(
    "path", ["recovery-codes/", "recovery-codes/generate/", "totp/deactivate/", "", "reauthenticate/"]
)
def test_the_pages_of_the_second_factor_open(path: str, client: Client) -> None:
    ann = factories.ann()
    sign_in(client)
    TOTP.activate(ann, SEED)
    RecoveryCodes.activate(ann)
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    assert client.get(f"/accounts/2fa/{path}", follow=True).status_code == 200


def test_changing_the_password_is_told_by_mail(client: Client) -> None:
    factories.ann()
    sign_in(client)
    new = "another horse battery staple"
    sent = {"oldpassword": factories.PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", sent)["Location"] == "/profile/"
    assert mail.outbox[0].to == ["ann@kestrel.example"]
    assert client.get("/profile/").status_code == 200


def test_the_fields_of_a_new_password_do_not_say_their_labels_twice(client: Client) -> None:
    client.force_login(factories.ann())
    page = client.get("/accounts/password/change/").content.decode()
    for label in ("Current password", "New password", "New password, once more"):
        assert f">{label}</label>" in page
    assert "Forgot" not in page
    assert "placeholder" not in page[page.index('<form class="form"') : page.index("</main>")]


def test_nobody_signs_up_alone(client: Client) -> None:
    factories.ann()
    sent = {"email": "eve@kestrel.example", "password1": factories.PASSWORD}
    for answer in (client.get("/accounts/signup/"), client.post("/accounts/signup/", sent)):
        assert "Nobody signs up alone" in answer.content.decode()
    assert queries.user_by_email("eve@kestrel.example") is None


def test_the_sign_in_list_signs_out_elsewhere(client: Client) -> None:
    factories.ann()
    other = Client()
    for browser in (client, other):
        sign_in(browser)
        browser.get("/profile/")
    assert "Sign out everywhere else" in client.get("/accounts/sessions/").content.decode()
    client.post("/accounts/sessions/")
    assert other.get("/profile/").status_code == 302
    assert client.get("/profile/").status_code == 200
    assert Session.objects.count() >= 1


def test_the_sign_ins_come_as_a_spreadsheet_for_those_who_export(client: Client) -> None:
    factories.head_of_sales()
    sign_in(client, email="saul@kestrel.example")
    client.get("/profile/", headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    assert 'href="?format=csv"' in client.get("/accounts/sessions/").content.decode()
    lines = client.get("/accounts/sessions/?format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Browser,Address,Since,This one"
    assert len(lines) == 2
    client.force_login(factories.user("Olga", "onlooker"))
    assert "format=csv" not in client.get("/accounts/sessions/").content.decode()
    assert client.get("/accounts/sessions/?format=csv")["Content-Type"].startswith("text/html")


def test_an_empty_installation_opens_for_the_operators_code_only(client: Client) -> None:
    commands.prepare(at=factories.SINCE)
    assert client.get("/")["Location"] == "/welcome/"
    assert client.get("/welcome/?code=guess").status_code == 403
    address = queries.first_run_address().removeprefix("http://localhost:8000")
    assert client.get(address).status_code == 200
    sent = {"company": "Kestrel", "currency": "pln", "name": "Ada", "email": "ada@kestrel.example"}
    sent |= {"password": factories.PASSWORD, "code": queries.setup_code()}
    assert client.post("/welcome/", sent)["Location"] == "/"
    assert client.get("/settings/staff/").status_code == 200
    assert queries.installation().currency == "PLN"
    assert Client().get(address)["Location"] == "/", "there is a first user now"


def test_an_invited_person_joins_in_the_browser(client: Client, now: datetime) -> None:
    admin = factories.admin()
    link = commands.invite(
        "zoe@x.example", name="Zoe", role=factories.role("marketer").pk, team=None, at=now, by=admin.pk
    )
    path = link.removeprefix("http://localhost:8000")
    assert "zoe@x.example" in client.get(path).content.decode()
    weak = client.post(path, {"name": "Zoe", "password": "1234"})
    assert "too short" in weak.content.decode()
    assert client.post(path, {"name": "Zoe", "password": factories.PASSWORD}).status_code == 302
    assert "this one" in client.get("/accounts/sessions/").content.decode()
    assert Client().get(path).status_code == 410


def test_pages_speak_the_users_language_and_zone(client: Client, now: datetime) -> None:
    ann = factories.ann()
    commands.change_profile(ann.pk, at=now, by=ann.pk, language="pl", time_zone="Asia/Tokyo")
    sign_in(client)
    page = client.get("/profile/")
    assert page["Content-Language"] == "pl"
    assert timezone.get_current_timezone_name() == "Asia/Tokyo"
    Client().get(LOGIN)
    assert timezone.get_current_timezone_name() == "UTC"
