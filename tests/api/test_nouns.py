"""What the API of smaller nouns does: segments, conversations, duplicates, webhooks, notices, staff, search, forms, imports."""

from typing import Any

import pytest

from tests.api.rooms import POLES, Hall, Room, hall, room
from tests.api.test_access import HOOK
from tests.api.test_lists import walked
from tests.api.test_problems import problem
from tests.api.world import House, caller
from treaty.people.models import Candidate, Person
from treaty.segments.models import Membership, Segment
from treaty.webhooks.models import Delivery, Endpoint


@pytest.fixture
def rooms(house: House) -> tuple[Room, Hall]:
    """What belongs to Ann, and what belongs to all."""
    return room(house.cast.ann), hall()


def test_a_segment_is_saved_changed_and_removed(house: House) -> None:
    call = caller(house.admin)
    made = call("POST", "/segments", {"name": "Poles", "predicate": POLES})
    assert made.status_code == 201
    one = f"/segments/{made.json()['id']}"
    assert (made.json()["name"], made.json()["predicate"]["match"]) == ("Poles", POLES["match"])
    assert made.json()["meaning"]
    assert problem(call("POST", "/segments", {"name": "Poles", "predicate": POLES})) == (409, [])
    status, errors = problem(call("POST", "/segments", {"name": "None", "predicate": {"match": {"any": 1}}}))
    assert (status, errors[0][0]) == (422, "predicate")
    changed = call("PATCH", one, {"name": "All Poles"}, headers={"If-Match": call("GET", one)["ETag"]})
    assert changed.json()["name"] == "All Poles"
    assert [item["name"] for item in call("GET", "/segments").json()["items"]] == ["All Poles"]
    poles = call("PATCH", one, {"predicate": {"match": {"attribute": "country", "is": "DE"}}})
    assert poles.json()["predicate"]["match"]["is"] == "DE"
    assert [item["number"] for item in call("GET", f"{one}/versions").json()["items"]] == [2, 1]
    restored = call("POST", f"{one}/versions/1/restoration")
    assert restored.json()["predicate"]["match"] == POLES["match"]
    inside = {"name": "Inside", "predicate": {"match": {"segment": made.json()["id"]}}}
    asking = call("POST", "/segments", inside).json()["id"]
    assert problem(call("DELETE", one))[0] == 409
    itself = {"predicate": {"match": {"segment": asking}}}
    status, errors = problem(call("PATCH", one, itself))
    assert (status, errors[0][0]) == (422, "predicate")
    assert call("DELETE", f"/segments/{asking}").status_code == 204
    assert call("DELETE", one).status_code == 204
    assert problem(call("GET", one)) == (404, [])


def test_who_is_in_a_segment_is_told_as_far_as_one_sees(house: House, rooms: tuple[Room, Hall]) -> None:
    segment = rooms[1].segment
    poles = {"name": "Pola", "emails": ["pola@example.com"], "country": "PL"}
    person = caller(house.cast.ann)("POST", "/persons", poles).json()["person"]["id"]
    Segment.objects.filter(pk=segment).update(followed_until=Person.objects.get(pk=person).created_at)
    Membership.objects.create(
        segment_id=segment, person_id=person, since=Person.objects.get(pk=person).created_at
    )
    path = f"/segments/{segment}/members"
    seen = caller(house.cast.ann)("GET", path).json()["items"]
    assert seen == [{"person_id": person, "name": "Pola", "email": "pola@example.com", "stage": "subscriber"}]
    assert caller(house.cast.cy)("GET", path).json()["items"] == []


def test_a_consent_is_recorded_read_and_withdrawn(house: House, rooms: tuple[Room, Hall]) -> None:
    call, person, purpose = caller(house.cast.ann), rooms[0].person, rooms[1].purpose
    (listed,) = call("GET", "/purposes").json()["items"]
    assert (listed["key"], listed["version"], listed["text"]) == ("newsletter", 1, "I want your newsletter.")
    one = f"/persons/{person}/consents/{purpose}"
    assert call("DELETE", one).status_code == 404
    told = {"version": 1, "place": "https://example.com/price?who=pia", "note": "On paper."}
    given = call("PUT", one, told).json()
    assert (given["is_given"], given["text"]) == (True, "I want your newsletter.")
    assert (given["how"], given["place"], given["note"]) == ("api", "https://example.com/price", "On paper.")
    assert call("PUT", one, {}).json() == given
    assert call("GET", f"/persons/{person}/consents").json() == {"items": [given], "next": None}
    assert call("DELETE", one).json()["is_given"] is False
    assert problem(call("PUT", one, {"version": 2})) == (
        422,
        [("version", "The purpose has no such version of its words.")],
    )
    assert problem(call("PUT", one, {"at": "2199-01-01T00:00:00Z"}))[1][0][0] == "at"
    assert call("PUT", f"/persons/{person}/consents/{purpose + 1}", {}).status_code == 404


def test_tags_are_said_as_a_whole(house: House, rooms: tuple[Room, Hall]) -> None:
    call, path = caller(house.cast.ann), f"/persons/{rooms[0].person}/tags"
    assert call("GET", path).json() == {"tags": []}
    assert call("PUT", path, {"tags": ["Zoo", "  Fair  2026 ", "Zoo"]}).json() == {
        "tags": ["Fair 2026", "Zoo"]
    }
    facts = len(call("GET", "/changes?kind=PersonChanged").json()["items"])
    assert call("PUT", path, {"tags": ["Zoo", "Fair 2026"]}).status_code == 200
    assert len(call("GET", "/changes?kind=PersonChanged").json()["items"]) == facts
    assert call("PUT", path, {"tags": ["Zoo"]}).json() == call("GET", path).json() == {"tags": ["Zoo"]}
    assert call("PUT", path, {"tags": []}).json() == {"tags": []}
    assert problem(call("PUT", path, {"tags": [" "]}))[0] == 422
    assert problem(call("PUT", path, {"tags": ["x" * 61]}))[0] == 422


def test_a_person_is_given_to_somebody_and_to_nobody(house: House, rooms: tuple[Room, Hall]) -> None:
    admin, one = caller(house.admin), f"/persons/{rooms[0].person}"
    for owner in (house.cast.bo.pk, None):
        assert admin("PUT", f"{one}/owner", {"owner_id": owner}).json() == {"owner_id": owner}
        assert admin("GET", one).json()["owner_id"] == owner
    assert problem(admin("PUT", f"{one}/owner", {"owner_id": 987654})) == (
        422,
        [("owner_id", "There is no such owner.")],
    )
    assert problem(admin("PUT", f"{one}/owner", {}))[0] == 422


@pytest.mark.parametrize(("way", "since"), [("mail", "unsubscribed_at"), ("call", "do_not_call_at")])
def test_a_person_refuses_and_allows_again(house: House, way: str, since: str) -> None:
    admin, one = caller(house.admin), f"/persons/{house.person}"
    refused = [admin("PUT", f"{one}/refusals/{way}").json() for _twice in range(2)]
    assert refused[0] == refused[1]
    assert admin("GET", one).json()[since] == refused[0][since] is not None
    assert admin("DELETE", f"{one}/refusals/{way}").json()[since] is None
    assert admin("GET", one).json()[since] is None
    assert admin("PUT", f"{one}/refusals/fax").status_code == 404


SAID: dict[str, tuple[dict[str, Any], str]] = {
    "calls": ({"outcome": "reached", "minutes": 12, "note": "Wants ten."}, "CallMade"),
    "messages": ({"way": "mail", "note": "Sent the price."}, "MessageWritten"),
    "meetings": ({"outcome": "interested", "at": "2026-11-18T10:00:00Z"}, "MeetingHeld"),
    "notes": ({"text": "Likes tea."}, "NoteWritten"),
}


@pytest.mark.parametrize("way", SAID)
def test_what_was_said_stands_on_the_timeline(house: House, way: str) -> None:
    call, (body, kind) = caller(house.admin), SAID[way]
    said = call("POST", f"/persons/{house.person}/{way}", body)
    assert (said.status_code, said.json()["kind"]) == (201, kind)
    items = call("GET", f"/persons/{house.person}/touchpoints?kind={kind}").json()["items"]
    assert [item["id"] for item in items] == [said.json()["id"]]
    assert items[0]["text"] == body.get("note", body.get("text", ""))
    assert (items[0]["by"], items[0]["occurred_at"]) == (house.admin.pk, said.json()["occurred_at"])


def test_a_conversation_that_cannot_be_is_refused(house: House) -> None:
    call, path = caller(house.admin), f"/persons/{house.person}"
    late = {"outcome": "reached", "at": "2026-12-01T10:00:00Z"}
    assert problem(call("POST", f"{path}/calls", late))[0] == 422
    assert problem(call("POST", f"{path}/calls", {"outcome": "sang"}))[0] == 422
    assert problem(call("POST", f"{path}/notes", {"text": "  "}))[0] == 422
    person = Person.objects.get(pk=house.person)
    Person.objects.filter(pk=person.pk).update(do_not_call_at=person.created_at)
    assert problem(call("POST", f"{path}/calls", {"outcome": "reached"})) == (409, [])
    asked = {"outcome": "reached", "answered_callback": True}
    assert call("POST", f"{path}/calls", asked).status_code == 201


def test_a_timeline_in_small_parts_is_the_whole(house: House) -> None:
    call, path = caller(house.admin), f"persons/{house.person}/touchpoints"
    whole = call("GET", f"/{path}").json()["items"]
    assert len(whole) > 2
    assert walked(call, path, 1) == whole
    assert [one["occurred_at"] for one in whole] == sorted(
        (one["occurred_at"] for one in whole), reverse=True
    )


def test_a_pair_is_decided_merged_and_parted_again(house: House, rooms: tuple[Room, Hall]) -> None:
    call, pair = caller(house.admin), f"/duplicates/{rooms[0].pair}"
    told = call("GET", pair).json()
    assert (told["one"], told["other"], told["state"]) == ("Ann One", "Ann Two", "open")
    assert told["reasons"]
    assert call("PUT", f"{pair}/decision", {"state": "later"}).json()["state"] == "later"
    assert call("GET", "/duplicates?state=open").json()["items"] == []
    both = {"one_id": told["other_id"], "other_id": told["one_id"]}
    assert call("POST", "/duplicates", both).json()["id"] == rooms[0].pair
    itself, unknown = both | {"one_id": told["one_id"]}, {"take_fields": ["nothing"]}
    for there, body, field in (
        ("/duplicates", itself, "other_id"),
        (f"{pair}/merge", unknown, "take_fields"),
    ):
        status, errors = problem(call("POST", there, body))
        assert (status, [at for at, _why in errors]) == (422, [field])
    merged = call("POST", f"{pair}/merge", {"take": ["name"]}).json()
    assert (merged["person"]["id"], merged["person"]["name"]) == (told["one_id"], "Ann Two")
    assert call("GET", f"/persons/{told['other_id']}").status_code == 307
    assert call("DELETE", f"/merges/{merged['merge_id']}").json()["name"] == "Ann One"
    assert call("GET", f"/persons/{told['other_id']}").json()["name"] == "Ann Two"
    assert problem(call("DELETE", f"/merges/{merged['merge_id']}")) == (404, [])
    assert Candidate.objects.filter(pk=rooms[0].pair).count() <= 1


def test_an_endpoint_is_named_paused_resumed_and_removed(house: House) -> None:
    call = caller(house.admin)
    made = call("POST", "/webhooks", HOOK)
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    one = f"/webhooks/{made.json()['endpoint']['id']}"
    assert call("PATCH", one, {"kinds": ["DealLost", "DealWon"]}).json()["kinds"] == ["DealLost", "DealWon"]
    assert problem(call("PATCH", one, {"kinds": ["Nonsense"]}))[1][0][0] == "kinds"
    assert problem(call("PATCH", one, {"url": "http://127.0.0.1/"}))[1][0][0] == "url"
    assert call("POST", f"{one}/pause").json()["paused_at"]
    assert call("DELETE", f"{one}/pause").json()["paused_at"] is None
    assert call("POST", f"{one}/secret").json()["secret"] != made.json()["secret"]
    assert made.json()["secret"] not in call("GET", one).content.decode()
    assert call("DELETE", one).status_code == 204
    assert not Endpoint.objects.exists()


def test_the_log_of_an_endpoint_is_read_and_a_message_sent_again(
    house: House, rooms: tuple[Room, Hall]
) -> None:
    call, there = caller(house.admin), rooms[1]
    path = f"/webhooks/{there.endpoint}/deliveries"
    Delivery.objects.filter(pk=there.delivery).update(state="failed", attempts=10)
    (item,) = call("GET", f"{path}?state=failed").json()["items"]
    assert (item["id"], item["attempts"]) == (there.delivery, 10)
    again = call("POST", f"{path}/{there.delivery}/repetition").json()
    assert again["state"] == "waiting"
    assert call("GET", f"{path}?state=failed").json()["items"] == []
    assert problem(call("POST", f"{path}/999/repetition")) == (404, [])


def test_an_endpoint_is_sent_a_test_message(house: House, rooms: tuple[Room, Hall]) -> None:
    call, there = caller(house.admin), rooms[1]
    made = call("POST", f"/webhooks/{there.endpoint}/test")
    assert (made.status_code, made.json()["kind"], made.json()["state"]) == (201, "TestSent", "waiting")
    newest, *_rest = call("GET", f"/webhooks/{there.endpoint}/deliveries").json()["items"]
    assert newest == made.json()
    assert problem(call("POST", "/webhooks/999/test")) == (404, [])


def test_a_notice_is_its_reader_s(house: House, rooms: tuple[Room, Hall]) -> None:
    ann, path = caller(house.cast.ann), f"/notices/{rooms[0].notice}"
    assert (ann("GET", path).json()["is_read"], bool(ann("GET", path).json()["headline"])) == (False, True)
    assert ann("POST", f"{path}/reading").json()["is_read"] is True
    assert rooms[0].notice in {item["id"] for item in walked(ann, "notices", 1)}
    assert problem(caller(house.admin)("GET", path)) == (404, [])


def test_a_key_tells_whose_it_is(house: House) -> None:
    me = caller(house.cast.ann, "staff:read", "deals:read")("GET", "/me").json()
    assert (me["name"], me["sees"], me["scopes"]) == ("Ann", "own", ["deals:read", "staff:read"])
    assert "edit_deals" in me["permissions"]


@pytest.mark.parametrize("noun", ["users", "teams", "forms", "imports", "webhooks", "duplicates", "segments"])
def test_the_lists_of_smaller_nouns_go_on_part_by_part(
    house: House, rooms: tuple[Room, Hall], noun: str
) -> None:
    call = caller(house.admin)
    whole = call("GET", f"/{noun}").json()["items"]
    assert whole
    assert walked(call, noun, 1) == whole
    one = call("GET", f"/{noun}/{whole[0]['id']}")
    assert one.status_code == (404 if noun == "teams" else 200)
    assert problem(call("GET", f"/{noun}?colour=red")) == (422, [("colour", "This list does not know it.")])


@pytest.mark.parametrize(
    ("text", "kinds"), [("huta", {"company"}), ("flow", {"deal"}), ("quinn", {"person"})]
)
def test_what_is_looked_for_is_found_by_who_may_see_it(house: House, text: str, kinds: set[str]) -> None:
    def found(call: Any) -> set[str]:
        return {item["kind"] for item in call("GET", f"/search?q={text}").json()["items"]}

    assert found(caller(house.admin)) == kinds
    assert found(caller(house.cast.cy)) == set()
