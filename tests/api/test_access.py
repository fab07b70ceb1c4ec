"""Role by operation by owner: every operation that the description names is asked by every role for everybody's records."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from tests.api.rooms import POLES, Hall, Room, hall, room
from tests.api.world import Caller, token
from treaty.api import api
from treaty.deals.commands import prepare
from treaty.handovers.tests.factories import NOW, World, world
from treaty.staff.models import Role, User
from treaty.staff.rules import ALL, OWN, STARTER_ROLES, TEAM, StarterRole

DENIED = "This key does not allow this."


@dataclass(frozen=True)
class Ask:
    """What an operation needs: a permission, a body that is right; and of what an answer lists, where users own that."""

    permission: str
    body: Any = None
    lists: str = ""


PEOPLE, EDIT, DECIDE, SELL = "see_people", "edit_people", "decide_handovers", "edit_deals"
FIELDS, TALK, KEYS, CAPTURE, IMPORT, FORGET = (
    "manage_fields",
    "log_conversations",
    "manage_keys",
    "manage_capture",
    "run_imports",
    "forget_people",
)
HOOK = {"name": "Till", "url": "https://till.example.com/hook", "kinds": ["DealWon"]}
TOUCH = {"kind": "PageSeen", "person": {"email": "rob@example.com"}, "values": {"page": "/"}}

FILE = {"file": "notes.txt"}

OPERATIONS = {
    "GET /me": Ask(PEOPLE),
    "GET /users": Ask(PEOPLE),
    "GET /users/{user}": Ask(PEOPLE),
    "GET /teams": Ask(PEOPLE),
    "GET /persons": Ask(PEOPLE, lists="person"),
    "POST /persons": Ask(EDIT, {"name": "Rob"}),
    "GET /persons/{person}": Ask(PEOPLE),
    "PATCH /persons/{person}": Ask(EDIT, {"city": "Łódź"}),
    "DELETE /persons/{person}": Ask(EDIT),
    "POST /persons/{binned}/restoration": Ask(EDIT),
    "DELETE /companies/{company}": Ask(EDIT),
    "POST /companies/{binned_company}/restoration": Ask(EDIT),
    "DELETE /deals/{deal}": Ask(SELL),
    "DELETE /notes/{note}": Ask(TALK),
    "POST /notes/{binned_note}/restoration": Ask(TALK),
    "POST /deals/{binned_deal}/restoration": Ask(SELL),
    "POST /persons/{person}/forgetting": Ask(FORGET),
    "GET /persons/{person}/touchpoints": Ask(PEOPLE),
    "GET /persons/{person}/identities": Ask(PEOPLE),
    "POST /persons/{person}/identities": Ask(EDIT, {"kind": "email", "value": "rob@example.com"}),
    "PATCH /persons/{person}/identities/{identity}": Ask(EDIT, {"label": "work"}),
    "GET /persons/{person}/work": Ask(PEOPLE),
    "POST /persons/{person}/work": Ask(EDIT, {"company_id": 1}),
    "PATCH /persons/{person}/work/{job}": Ask(EDIT, {"title": "Buyer"}),
    "DELETE /persons/{person}/work/{job}": Ask(EDIT),
    "GET /persons/{person}/score": Ask(PEOPLE),
    "GET /fields": Ask(PEOPLE),
    "GET /fields/{field}": Ask(PEOPLE),
    "POST /fields": Ask(FIELDS, {"record": "deal", "name": "Plan", "kind": "tags"}),
    "PATCH /fields/{field}": Ask(FIELDS, {"name": "Tariff"}),
    "PUT /fields/{field}/retirement": Ask(FIELDS),
    "DELETE /fields/{field}/retirement": Ask(FIELDS),
    "POST /fields/{field}/options": Ask(FIELDS, {"name": "Silver"}),
    "PATCH /fields/{field}/options/{option}": Ask(FIELDS, {"is_retired": True}),
    "GET /purposes": Ask(PEOPLE),
    "GET /persons/{person}/consents": Ask(PEOPLE),
    "PUT /persons/{person}/consents/{purpose}": Ask(EDIT, {}),
    "DELETE /persons/{person}/consents/{purpose}": Ask(EDIT),
    "GET /persons/{person}/tags": Ask(PEOPLE),
    "PUT /persons/{person}/tags": Ask(EDIT, {"tags": ["Fair"]}),
    "PUT /persons/{person}/owner": Ask(EDIT, {"owner_id": None}),
    "PUT /persons/{person}/refusals/{way}": Ask(EDIT),
    "DELETE /persons/{person}/refusals/{way}": Ask(EDIT),
    "POST /persons/{person}/calls": Ask(TALK, {"outcome": "reached"}),
    "POST /persons/{person}/messages": Ask(TALK, {"way": "mail"}),
    "POST /persons/{person}/meetings": Ask(TALK, {"outcome": "interested"}),
    "POST /persons/{person}/notes": Ask(TALK, {"text": "Likes tea."}),
    "GET /companies": Ask(PEOPLE, lists="company"),
    "POST /companies": Ask(EDIT, {"name": "Odlewnia"}),
    "GET /companies/{company}": Ask(PEOPLE),
    "PATCH /companies/{company}": Ask(EDIT, {"city": "Łódź"}),
    "PUT /companies/{company}/owner": Ask(EDIT, {"owner_id": None}),
    "PUT /companies/{company}/parent": Ask(EDIT, {"parent_id": None}),
    "POST /batches/persons": Ask(EDIT, {"items": [{"name": "Rob"}]}),
    "POST /batches/companies": Ask(EDIT, {"items": [{"name": "Odlewnia"}]}),
    "POST /batches/deals": Ask(SELL, {"items": [{"name": "Meters", "source_key": "a"}]}),
    "GET /duplicates": Ask(PEOPLE, lists="pair"),
    "POST /duplicates": Ask(EDIT, {"one_id": 1, "other_id": 2}),
    "GET /duplicates/{pair}": Ask(PEOPLE),
    "PUT /duplicates/{pair}/decision": Ask(EDIT, {"state": "apart"}),
    "POST /duplicates/{pair}/merge": Ask(EDIT, {}),
    "DELETE /merges/{merge}": Ask(EDIT),
    "GET /segments": Ask(PEOPLE),
    "POST /segments": Ask(EDIT, {"name": "More Poles", "predicate": POLES}),
    "GET /segments/{segment}": Ask(PEOPLE),
    "PATCH /segments/{segment}": Ask(EDIT, {"name": "All Poles"}),
    "DELETE /segments/{segment}": Ask(EDIT),
    "GET /segments/{segment}/meanings": Ask(PEOPLE),
    "GET /segments/{segment}/members": Ask(PEOPLE),
    "GET /segments/{segment}/versions": Ask(PEOPLE),
    "POST /segments/{segment}/versions/{number}/restoration": Ask(EDIT),
    "GET /notices": Ask(PEOPLE),
    "GET /notices/{notice}": Ask(PEOPLE),
    "POST /notices/{notice}/reading": Ask(PEOPLE),
    "POST /touchpoints": Ask(EDIT, {"touchpoints": [TOUCH]}),
    "GET /forms": Ask(CAPTURE),
    "GET /forms/{form}": Ask(CAPTURE),
    "GET /agreement": Ask(PEOPLE),
    "GET /agreement/versions": Ask(PEOPLE),
    "GET /agreement/versions/{number}": Ask(PEOPLE),
    "GET /deals": Ask(PEOPLE, lists="deal"),
    "POST /deals": Ask(SELL, {"name": "Meters"}),
    "GET /deals/{deal}": Ask(PEOPLE),
    "PATCH /deals/{deal}": Ask(SELL, {"name": "Gauges"}),
    "POST /deals/{deal}/stage": Ask(SELL, {"stage": "proposal"}),
    "POST /deals/{deal}/win": Ask(SELL, {}),
    "POST /deals/{deal}/loss": Ask(SELL, {"reason": "Price"}),
    "PUT /deals/{deal}/next-step": Ask(SELL, {"kind": "call"}),
    "DELETE /deals/{deal}/next-step": Ask(SELL),
    "GET /persons/{person}/documents": Ask(PEOPLE),
    "POST /persons/{person}/documents": Ask(EDIT, FILE),
    "GET /companies/{company}/documents": Ask(PEOPLE),
    "POST /companies/{company}/documents": Ask(EDIT, FILE),
    "GET /notes/{note}/documents": Ask(PEOPLE),
    "POST /notes/{note}/documents": Ask(TALK, FILE),
    "GET /deals/{deal}/documents": Ask(PEOPLE),
    "POST /deals/{deal}/documents": Ask(SELL, FILE),
    "GET /documents/{document}": Ask(PEOPLE),
    "GET /documents/{document}/content": Ask(PEOPLE),
    "DELETE /documents/{document}": Ask(EDIT),
    "POST /documents/{document}/restoration": Ask(EDIT),
    "GET /handovers": Ask(PEOPLE, lists="handover"),
    "GET /handovers/{handover}": Ask(PEOPLE),
    "POST /handovers/{handover}/acceptance": Ask(DECIDE),
    "DELETE /handovers/{handover}/acceptance": Ask(DECIDE),
    "POST /handovers/{handover}/return": Ask(DECIDE, {"reason": "no_budget"}),
    "POST /handovers/{handover}/owner": Ask(DECIDE, {"owner_id": 1, "cause": "head"}),
    "GET /scoreboard": Ask(PEOPLE),
    "GET /search?q=One": Ask(PEOPLE, lists="person"),
    "GET /changes": Ask(PEOPLE),
    "GET /webhooks": Ask(KEYS),
    "POST /webhooks": Ask(KEYS, HOOK),
    "GET /webhooks/{endpoint}": Ask(KEYS),
    "PATCH /webhooks/{endpoint}": Ask(KEYS, {"name": "Till"}),
    "DELETE /webhooks/{endpoint}": Ask(KEYS),
    "POST /webhooks/{endpoint}/secret": Ask(KEYS),
    "POST /webhooks/{endpoint}/pause": Ask(KEYS),
    "DELETE /webhooks/{endpoint}/pause": Ask(KEYS),
    "POST /webhooks/{endpoint}/test": Ask(KEYS),
    "GET /webhooks/{endpoint}/deliveries": Ask(KEYS),
    "POST /webhooks/{endpoint}/deliveries/{delivery}/repetition": Ask(KEYS),
    "GET /imports": Ask(IMPORT),
    "GET /imports/{run}": Ask(IMPORT),
}
"""Every operation; written by hand beside the code, so that a permission that is lost there is missed here."""

BINNED = {"binned", "binned_company", "binned_deal", "binned_note"}
RECORDS = {"document", "note", "person", "company", "deal", "handover", "pair", "merge"} | BINNED
"""What one has to see to reach it. A notice is its reader's alone, whatever the role sees."""


@dataclass(frozen=True)
class Stage:
    """The caller, and everybody's rooms: the caller's, a team-mate's, a stranger's."""

    me: User
    cast: World
    rooms: dict[str, Room]
    hall: Hall


@pytest.fixture
def stage(db: None) -> Stage:
    """Ann calls; Bo is of her team, Cy of another."""
    cast = world()
    prepare(at=NOW)
    of_all = hall()
    rooms = {"own": room(cast.ann), "mate": room(cast.bo), "stranger": room(cast.cy)}
    return Stage(cast.ann, cast, rooms, of_all)


def described() -> set[str]:
    """Every operation that the API's description names."""
    paths = api.get_openapi_schema(path_prefix="/")["paths"]
    return {f"{method.upper()} {path}" for path, verbs in paths.items() for method in verbs}


def test_the_matrix_holds_every_operation_of_the_description() -> None:
    assert {name.partition("?")[0] for name in OPERATIONS} == described()


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_role_reaches_what_it_may_and_nothing_else(stage: Stage, name: str) -> None:
    ask, call = OPERATIONS[name], Caller(token(stage.me))
    for role in STARTER_ROLES:
        User.objects.filter(pk=stage.me.pk).update(role=Role.objects.get(key=role.key))
        for whose, there in stage.rooms.items():
            with transaction.atomic():
                answer = asked(call, name, ask, there, stage)
                transaction.set_rollback(True)
            wanted = expected(name, ask, role, whose)
            assert came_to(answer, ask, there) == wanted, (role.key, whose, answer.content)


def asked(call: Caller, name: str, ask: Ask, there: Room, stage: Stage) -> Any:
    """The answer to an operation on the records of one room."""
    method, path = name.split(" ")
    ids = vars(stage.hall) | vars(there) | {"user": stage.me.pk, "way": "mail"}
    address = re.sub(r"\{(\w+)\}", lambda place: str(ids[place[1]]), path)
    return (
        call.upload(address, "notes.txt", b"Notes") if ask.body is FILE else call(method, address, ask.body)
    )


def expected(name: str, ask: Ask, role: StarterRole, whose: str) -> str:
    """By the tables of roles alone: who may not at all, who does not see it, who gets through."""
    if ask.permission not in role.permissions:
        return "denied"
    if ask.permission == KEYS and role.visibility != ALL:
        return "denied"
    places = set(re.findall(r"\{(\w+)\}", name))
    if "notice" in places:
        return "through" if whose == "own" else "unseen"
    sees = {OWN: {"own"}, TEAM: {"own", "mate"}, ALL: {"own", "mate", "stranger"}}[role.visibility]
    return "through" if whose in sees or not (places & RECORDS or ask.lists) else "unseen"


def came_to(answer: Any, ask: Ask, there: Room) -> str:
    """What an answer says: denied to the key, not there for it, or let through (whatever the state of things then says)."""
    assert answer.status_code < 500
    if answer.streaming:
        b"".join(answer.streaming_content)
        return "through"
    if answer.status_code in {401, 403} and answer.json()["detail"] == DENIED:
        return "denied"
    if answer.status_code == 404:
        return "unseen"
    if not ask.lists:
        return "through"
    listed = {item["id"] for item in answer.json()["items"] if item.get("kind", ask.lists) == ask.lists}
    return "through" if getattr(there, ask.lists) in listed else "unseen"


def permissions_of_roles() -> Iterator[tuple[str, str]]:
    """Each permission with the roles that lack it."""
    for ask in OPERATIONS.values():
        for role in STARTER_ROLES:
            if ask.permission not in role.permissions:
                yield ask.permission, role.key


def test_every_permission_but_seeing_is_lacked_by_some_role() -> None:
    """Else the matrix would not notice that a call asks for none."""
    lacked = {permission for permission, _role in permissions_of_roles()}
    assert lacked == {ask.permission for ask in OPERATIONS.values()} - {PEOPLE}
