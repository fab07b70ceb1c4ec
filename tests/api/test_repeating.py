"""A call named by its caller is done once, however often it is sent, and answered as it was."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.test_problems import problem
from tests.api.world import Caller, House, caller, token
from treaty.deals.models import Deal
from treaty.handovers.tests.factories import NOW
from treaty.kit import vault
from treaty.ledger.models import Touchpoint
from treaty.people.commands import forget_person
from treaty.staff.commands import Answer, AnswerGone, Call, do_once, erase_answers, forget_answers
from treaty.staff.commands.repeats import PURPOSE
from treaty.staff.models import AnswerSeed, ApiKey, KeptAnswer

DEAL = {"name": "Flow meters, second lot"}


def named(call: Caller, name: str, body: object = DEAL, path: str = "/deals", method: str = "POST") -> Any:
    return call(method, path, body, headers={"Idempotency-Key": name})


def test_the_same_call_again_is_answered_as_before_and_does_nothing(house: House) -> None:
    call = caller(house.admin)
    first = named(call, "a1")
    lines = Touchpoint.objects.count()
    again = named(call, "a1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert again["X-Request-ID"] != first["X-Request-ID"]
    assert Deal.objects.filter(name=DEAL["name"]).count() == 1
    assert Touchpoint.objects.count() == lines


def test_another_name_is_another_call(house: House) -> None:
    call = caller(house.admin)
    assert named(call, "a1").json()["id"] != named(call, "a2").json()["id"]


@pytest.mark.parametrize(
    ("path", "method", "body"),
    [
        ("/deals", "POST", {"name": "Something else"}),
        ("/companies", "POST", DEAL),
        ("/deals?x=1", "POST", DEAL),
    ],
)
def test_a_name_does_not_stand_for_another_call(house: House, path: str, method: str, body: object) -> None:
    call = caller(house.admin)
    named(call, "a1")
    assert problem(named(call, "a1", body, path, method))[0] == 422


def test_names_of_one_key_are_not_those_of_another(house: House) -> None:
    ids = {named(Caller(token(house.admin)), "a1").json()["id"] for _ in range(2)}
    assert len(ids) == 2


def test_a_call_that_was_refused_is_not_kept_and_leaves_nothing(house: House) -> None:
    call = caller(house.admin)
    assert problem(named(call, "a1", {"name": ""}))[0] == 422
    assert KeptAnswer.objects.count() == 0
    assert named(call, "a1").status_code == 201


def test_a_revoked_key_is_told_nothing_of_what_it_did(house: House) -> None:
    key = token(house.admin)
    named(Caller(key), "a1")
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        type(house.admin).objects.filter(pk=house.admin.pk).update(is_active=False)
        assert problem(named(Caller(key), "a1"))[0] == 401


@pytest.mark.parametrize("name", ["", "a b", "ä", "x" * 256])
def test_a_name_that_is_none_is_refused(house: House, name: str) -> None:
    assert problem(named(caller(house.admin), name))[0] == 422
    assert not Deal.objects.filter(name=DEAL["name"]).exists()


def test_after_a_day_a_name_is_free_again(house: House) -> None:
    call = caller(house.admin)
    named(call, "a1")
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        assert "Idempotency-Replayed" not in named(call, "a1")
    assert Deal.objects.filter(name=DEAL["name"]).count() == 2
    forget_answers(NOW + timedelta(days=3))
    assert KeptAnswer.objects.count() == 0


def test_what_was_answered_lies_locked_and_is_told_again_with_its_mark(house: House) -> None:
    call = caller(house.admin)
    hook = {"name": "Till", "url": "https://till.example.com/", "kinds": ["DealWon"]}
    secret = named(call, "a1", hook, "/webhooks").json()["secret"]
    change = {"city": "Gliwice"}
    first = named(call, "a2", change, f"/persons/{house.person}", "PATCH")
    kept = "".join(KeptAnswer.objects.values_list("body", flat=True))
    assert not [word for word in (secret, "Till", "Pia", "Gliwice") if word in kept]
    assert named(call, "a1", hook, "/webhooks").json()["secret"] == secret
    again = named(call, "a2", change, f"/persons/{house.person}", "PATCH")
    assert again["ETag"] == first["ETag"]


def test_once_somebody_was_forgotten_what_was_answered_is_told_no_more(house: House) -> None:
    call = caller(house.admin)
    named(call, "a1")
    forget_person(house.person, at=NOW, by=None)
    assert problem(named(call, "a1")) == (409, [])
    assert Deal.objects.filter(name=DEAL["name"]).count() == 1
    named(call, "a2")
    assert named(call, "a2")["Idempotency-Replayed"] == "true", "what is answered since then is told again"


def test_no_key_of_the_installation_opens_what_was_answered_before_somebody_was_forgotten(
    house: House,
) -> None:
    named(caller(house.admin), "a1")
    body, before = KeptAnswer.objects.get().body, AnswerSeed.objects.get().value
    assert vault.is_readable(body, purpose=PURPOSE + before)
    forget_person(house.person, at=NOW, by=None)
    assert KeptAnswer.objects.get().body == body
    (seed,) = AnswerSeed.objects.values_list("value", flat=True)
    assert seed != before
    assert not any(vault.is_readable(body, purpose=PURPOSE + one) for one in ("", seed))


def test_an_answer_on_its_way_while_somebody_is_forgotten_is_told_no_more(house: House) -> None:
    token(house.admin)
    call, answer = Call(ApiKey.objects.latest("pk").pk, "a1", "f" * 64), Answer(201, "Pia")

    def act() -> Answer:
        erase_answers()
        return answer

    assert do_once(call, act, at=NOW) == answer
    with pytest.raises(AnswerGone):
        do_once(call, act, at=NOW)


def test_forgetting_costs_the_same_however_many_answers_are_kept(house: House) -> None:
    call = caller(house.admin)
    for number in range(5):
        named(call, f"a{number}")
    with CaptureQueriesContext(connection) as asked:
        erase_answers()
    assert [one["sql"].partition("staff_")[2].split('"')[0] for one in asked.captured_queries] == [
        "answerseed"
    ]


def test_a_body_that_is_too_large_is_refused_as_ever(house: House) -> None:
    large = b'{"name": "' + b"P" * 3_000_000 + b'"}'
    assert problem(named(caller(house.admin), "a1", large))[0] == 413


@pytest.mark.django_db(transaction=True)
def test_of_two_calls_at_the_same_moment_one_is_done(house: House) -> None:
    if connection.vendor == "sqlite":
        pytest.skip(
            "the tests' SQLite lies in memory, where connections refuse each other instead of waiting"
        )
    key, barrier, answers = token(house.admin), Barrier(2), list[Any]()

    def send() -> None:
        barrier.wait(10)
        answers.append(named(Caller(key), "a1"))
        connection.close()

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Deal.objects.filter(name=DEAL["name"]).count() == 1
