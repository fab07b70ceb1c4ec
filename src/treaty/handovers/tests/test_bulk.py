"""Many persons are offered to sales at once, many leads handed on; what cannot be says why."""

import pytest
from django.test import Client

from treaty.handovers import commands
from treaty.handovers.models import Handover
from treaty.handovers.tests.factories import NOW, buyer, lead, only_ann
from treaty.kit.bulk import counts
from treaty.kit.models import Bulk
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_ticked_persons_are_offered_and_whom_sales_has_is_told() -> None:
    only_ann()
    theirs, mia = lead(buyer("Pia")), signed_in(staff.mia())
    fresh = buyer("Paul")
    assert "/people/bulk/handovers.offer" in mia.get("/people/").content.decode()
    answer = mia.post("/people/bulk/handovers.offer", {"pick": [theirs.person_id, fresh.pk]})
    assert Handover.objects.get(person=fresh).state == "offered"
    page = mia.get(answer["Location"]).content.decode()
    assert "sales has this person already" in page
    assert "Take it back" not in page


def test_a_seller_is_not_shown_the_verb_and_may_not_do_it() -> None:
    cast = only_ann()
    ann, fresh = signed_in(cast.ann), buyer("Paul")
    assert "handovers.offer" not in ann.get("/people/").content.decode()
    assert ann.post("/people/bulk/handovers.offer", {"pick": [fresh.pk]}).status_code == 403
    assert not Handover.objects.exists()


def test_ticked_leads_are_handed_on_and_a_decided_one_says_so() -> None:
    cast = only_ann()
    open_lead, decided = lead(buyer("Pia")), lead(buyer("Paul"))
    commands.accept(decided.pk, at=NOW, by=cast.ann.pk)
    ann = signed_in(cast.ann)
    told = {"pick": [open_lead.pk, decided.pk], "to": cast.bo.pk, "cause": "absent"}
    page = ann.get(ann.post("/handovers/bulk/handovers.hand_on", told)["Location"]).content.decode()
    open_lead.refresh_from_db()
    assert open_lead.owner_id == cast.bo.pk
    assert counts(Bulk.objects.get().pk)["failed"] == 1
    assert "Somebody has decided this lead already" in page
    assert "Paul" in page


def test_nobody_and_no_reason_are_chosen_for_whoever_hands_leads_on() -> None:
    cast = only_ann()
    row = lead(buyer("Pia"))
    ann = signed_in(cast.ann)
    page = ann.get("/handovers/table").content.decode()
    assert '<option value="" disabled selected>Colleague</option>' in page
    assert '<option value="" disabled selected>Why</option>' in page
    told = {"pick": [row.pk], "next": "/handovers/table"}
    answer = ann.post("/handovers/bulk/handovers.hand_on", told, follow=True).content.decode()
    assert "Choose a colleague, and say why." in answer
    row.refresh_from_db()
    assert row.owner_id == cast.ann.pk
