"""The rows of a draft: rules and example persons are added, changed and removed in the form, and nothing is lost on error."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from treaty.agreements import queries
from treaty.agreements.rules import Document, Example, ExampleTouch
from treaty.agreements.tests.browsing import sent_by
from treaty.agreements.tests.factories import document, draft
from treaty.scoring.rules import FitRule
from treaty.segments.rules import All, Attribute, ValueTest
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
EDIT = "/agreement/versions/1/edit"


@pytest.fixture
def mara() -> Client:
    """The head of marketing."""
    client = Client()
    client.force_login(staff.head_of_marketing())
    return client


def pressed(client: Client, page: bytes, **button: Any) -> bytes:
    """The page after one of the form's buttons."""
    answer = client.post(EDIT, sent_by(page, "draft", **button))
    assert answer.status_code == 200
    return answer.content


def saved(client: Client, page: bytes, **changes: Any) -> Document:
    """The document after saving the page's form with some fields filled otherwise."""
    answer = client.post(EDIT, sent_by(page, "draft", **changes))
    assert answer.status_code == 302, [form.errors for form in answer.context["forms"].every_form()]
    row = queries.version_row(1, staff.SINCE)
    assert row is not None
    return row.document


def wrong(client: Client, page: bytes, **changes: Any) -> dict[str, list[str]]:
    """The errors by field name after trying to save."""
    answer = client.post(EDIT, sent_by(page, "draft", **changes))
    assert answer.status_code == 422
    forms = answer.context["forms"].every_form()
    return {form.add_prefix(name): list(found) for form in forms for name, found in form.errors.items()}


def test_a_rule_of_fit_is_added_and_stated_in_fields(now: datetime, mara: Client) -> None:
    draft(now)
    page = pressed(mara, mara.get(EDIT).content, add="fit")
    assert b'name="fit-6-label"' in page
    assert b"autofocus" in page
    made = saved(
        mara,
        page,
        **{
            "fit-6-label": "large plant",
            "fit-6-field": "company.employees",
            "fit-6-operator": "at_least",
            "fit-6-value": "500",
            "fit-6-points": "15",
        },
    )
    rule = made.scoring.fit[6]
    assert rule == FitRule(
        label="large plant", when=Attribute(attribute="company.employees", at_least=500), points=15
    )


def test_an_added_row_that_nobody_fills_in_is_no_mistake(now: datetime, mara: Client) -> None:
    made = draft(now)
    before, page = queries.document_of(made), mara.get(EDIT).content
    for rows in ("fit", "act", "example", "example-0-attribute", "example-0-touch"):
        page = pressed(mara, page, add=rows)
    assert b'class="err"' not in page
    assert saved(mara, page) == before


def test_what_was_typed_survives_adding_and_removing_rows(now: datetime, mara: Client) -> None:
    draft(now)
    page = pressed(mara, mara.get(EDIT).content, add="act", leads="77", **{"fit-0-label": "decides alone"})
    page = pressed(mara, page, remove="fit-1")
    made = saved(mara, page)
    assert made.volume.leads == 77
    assert [rule.label for rule in made.scoring.fit][:2] == ["decides alone", "company known"]
    assert len(made.scoring.fit) == 5


def test_a_rule_of_engagement_asks_for_what_its_fact_carries(now: datetime, mara: Client) -> None:
    draft(now)
    page = pressed(mara, mara.get(EDIT).content, add="act")
    row = {
        "act-9-label": "demo asked for",
        "act-9-did": "FormSubmitted",
        "act-9-field": "form",
        "act-9-operator": "contains",
        "act-9-value": "demo",
        "act-9-points": "30",
        "act-9-half_life_days": "14",
    }
    rule = saved(mara, page, **row).scoring.engagement[9]
    assert rule.where == {"form": ValueTest(contains="demo")}
    assert (rule.did, rule.half_life_days, rule.most_per_day) == ("FormSubmitted", 14, None)
    page = mara.get(EDIT).content
    found = wrong(mara, page, **{"act-9-field": "minutes"})
    assert found == {
        "act-9-field": ["“sent a form” knows no minutes; it knows: form, page, channel, campaign, answers."]
    }


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"fit-1-value": "many"}, "fit-1-value", "This is not a number"),
        ({"fit-1-value": ""}, "fit-1-value", "Say which value"),
        ({"fit-1-points": ""}, "fit-1-points", "This field is required"),
        ({"fit-3-operator": "contains", "fit-3-value": "4"}, "fit-3-operator", "so or not so"),
        ({"act-1-half_life_days": "0"}, "act-1-half_life_days", "greater than or equal to 0.1"),
        ({"act-1-operator": ""}, "act-1-operator", "Say how the value is compared"),
        ({"example-0-name": ""}, "example-0-name", "This field is required"),
        ({"example-0-attribute-3-value": "many"}, "example-0-attribute-3-value", "This is not a number"),
        ({"example-0-attribute-4-value": "perhaps"}, "example-0-attribute-4-value", "write yes or no"),
        ({"example-0-touch-0-days_ago": "-1"}, "example-0-touch-0-days_ago", "greater than or equal to 0"),
    ],
)
def test_an_error_stands_at_its_field_and_nothing_is_lost(
    now: datetime, mara: Client, changes: dict[str, str], field: str, says: str
) -> None:
    made = draft(now)
    before, page = queries.document_of(made), mara.get(EDIT).content
    found = wrong(mara, page, leads="99", **changes)
    assert list(found) == [field]
    assert says in found[field][0]
    answer = mara.post(EDIT, sent_by(page, "draft", leads="99", **changes))
    again = sent_by(answer.content, "draft")
    assert again == sent_by(page, "draft", leads="99", **changes)
    assert "Nothing is saved yet: one field needs another look." in answer.content.decode()
    assert queries.document_of(made) == before


def test_an_example_person_is_added_with_what_is_known_and_done(now: datetime, mara: Client) -> None:
    draft(now)
    page = pressed(mara, mara.get(EDIT).content, add="example")
    page = pressed(mara, page, add="example-5-attribute")
    made = saved(
        mara,
        page,
        **{
            "example-5-name": "Lab head at an event",
            "example-5-passes": "0",
            "example-5-attribute-0-field": "company.employees",
            "example-5-attribute-0-value": "80",
            "example-5-attribute-1-field": "unsubscribed",
            "example-5-attribute-1-value": "no",
            "example-5-touch-0-did": "EventAttended",
            "example-5-touch-0-days_ago": "3",
            "example-5-touch-0-field": "minutes",
            "example-5-touch-0-value": "45",
        },
    )
    assert made.examples[5] == Example(
        name="Lab head at an event",
        passes=False,
        attributes={"company": {"employees": 80}, "unsubscribed": False},
        touches=(ExampleTouch(did="EventAttended", days_ago=3, values={"minutes": 45}),),
    )


def test_what_is_wrong_is_counted_without_the_rows_taken_out(now: datetime, mara: Client) -> None:
    draft(now)
    page = pressed(mara, mara.get(EDIT).content, remove="fit-2")
    answer = mara.post(EDIT, sent_by(page, "draft", **{"fit-1-value": "many"}))
    assert "one field needs another look" in answer.content.decode()


def test_an_example_is_removed_whole(now: datetime, mara: Client) -> None:
    draft(now)
    page = pressed(mara, mara.get(EDIT).content, remove="example-1")
    page = pressed(mara, page, remove="example-0-attribute-0")
    made = saved(mara, page)
    assert len(made.examples) == 4
    assert "title" not in made.examples[0].attributes
    assert made.examples[1].name == "Head of a plant who asked half a year ago"


def test_what_a_form_cannot_state_is_shown_in_words_and_kept(now: datetime, mara: Client) -> None:
    both = All(all_=(Attribute(attribute="country", is_="PL"), Attribute(attribute="title", known=True)))
    commas = Attribute(attribute="title", in_=("VP, Sales", "Head"))
    spec = document().scoring
    fit = tuple(
        FitRule(label=name, when=when, points=5) for name, when in (("both", both), ("commas", commas))
    )
    touch = ExampleTouch(did="FormSubmitted", values={"form": "demo", "page": "/demo"})
    examples = tuple(one.model_copy(update={"touches": (touch,)}) for one in document().examples)
    made = draft(now, scoring=spec.model_copy(update={"fit": fit}), examples=examples)
    before, page = queries.document_of(made), mara.get(EDIT).content
    assert "the country is “PL” and the job title is known" in page.decode()
    assert b'name="fit-0-operator"' not in page
    assert saved(mara, page) == before
    assert saved(mara, page, **{"fit-0-points": "7"}).scoring.fit[0] == FitRule(
        label="both", when=both, points=7
    )


def test_a_script_gets_only_the_part_with_the_rows(now: datetime, mara: Client) -> None:
    draft(now)
    whole = mara.get(EDIT).content
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    part = mara.post(EDIT, sent_by(whole, "draft", add="fit"), headers=headers).content.decode()
    assert part.strip().startswith('<fieldset class="card body" id="lead">')
    assert "fit-6-label" in part
    assert "3 What marketing promises" not in part


def test_rows_do_not_grow_without_end(now: datetime, mara: Client) -> None:
    draft(now)
    page = mara.get(EDIT).content
    sent = sent_by(page, "draft", add="fit", **{"fit-TOTAL_FORMS": "99999999"})
    answer = mara.post(EDIT, sent)
    assert len(answer.context["forms"].fit.forms) <= 100
