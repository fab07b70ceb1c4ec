"""Predicates in words."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from treaty.fields.commands import FieldDraft, add_field
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import field
from treaty.kit.languages import languages
from treaty.people.tests.factories import company, person
from treaty.segments.building import ATTRIBUTES, OF_DEALS, carried, known_kinds
from treaty.segments.queries import words
from treaty.segments.rules import NotAPredicate, parse
from treaty.segments.rules.known import OF_OTHERS
from treaty.segments.tests.world import AT
from treaty.segments.wording import problem_sentence, sentence, sentences
from treaty.staff.tests import factories as staff
from treaty.webhooks.queries import fact_kinds


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ({"fit_in": ["A", "B", "C"]}, "A person matches when the fit is A, B or C."),
        (
            {"all": [{"fit_at_least": "C"}, {"engagement_at_least": 40}]},
            "A person matches when the fit is C or better and the engagement reaches 40 points.",
        ),
        (
            {"did": "PageSeen", "where": {"page": {"contains": "pricing"}}, "times": 3, "within_days": 7},
            (
                "A person matches when the person looked at a page at least 3 times within the last 7 days "
                "where page contains “pricing”."
            ),
        ),
        ({"did": "FormSubmitted"}, "A person matches when the person sent a form."),
        (
            {
                "not": {
                    "any": [
                        {"attribute": "country", "in": ["PL", "DE"]},
                        {"attribute": "phone", "known": False},
                    ]
                }
            },
            "A person matches when it is not so that (the country is “PL” or “DE” or the phone number is not known).",
        ),
        ({"attribute": "has_phone", "is": True}, "A person matches when a phone number is known."),
        (
            {
                "any": [
                    {"attribute": "title", "contains": "head"},
                    {"attribute": "title", "contains": "chief"},
                ]
            },
            "A person matches when the job title contains “head” or “chief”.",
        ),
        (
            {"attribute": "company.employees", "at_least": 50},
            "A person matches when the company's number of employees is at least 50.",
        ),
        (
            {"first": "PageSeen", "within_days": 7},
            "A person matches when the first time the person looked at a page was within the last 7 days.",
        ),
        (
            {"last": "CallMade", "longer_than_days": 30},
            "A person matches when the last time the person was called was 30 days ago or longer.",
        ),
        (
            {"sequence": [{"did": "PageSeen", "where": {"page": {"is": "/x"}}}, {"did": "FormSubmitted"}]},
            "A person matches when the person one after the other looked at a page where page is “/x”, then sent a form.",
        ),
        (
            {"since": {"did": "CallMade"}, "then": {"did": "PageSeen"}, "times": 2},
            (
                "A person matches when the person looked at a page at least 2 times "
                "since the last time the person was called."
            ),
        ),
        (
            {"date": "fields.renewal", "from_days": -1, "to_days": 30},
            "A person matches when fields.renewal lies between 1 day before today and 30 days after today.",
        ),
        ({"deal": []}, "A person matches when the person has a deal."),
        (
            {
                "deal": [{"attribute": "state", "is": "won"}, {"attribute": "value", "at_least": 500}],
                "times": 2,
            },
            (
                "A person matches when the person has at least 2 deals where the state is “won” "
                "and the value is at least 500."
            ),
        ),
        (
            {"deal": [{"date": "fields.renewal", "to_days": 30}]},
            (
                "A person matches when the person has a deal where deal.fields.renewal is known "
                "and not later than 30 days after today."
            ),
        ),
        (
            {"not": {"segment": 7}},
            "A person matches when it is not so that the person is in the segment “7”.",
        ),
        (
            {"attribute": "email_labels", "is": "work"},
            "A person matches when the label of an e-mail address is “work”.",
        ),
        (
            {"date": "fields.renewal", "of": "fields.signed", "from_days": 0},
            "A person matches when fields.renewal is known and not earlier than the day of fields.signed.",
        ),
    ],
)
def test_a_predicate_is_one_whole_sentence(node: dict[str, object], said: str) -> None:
    with translation.override("en"):
        assert sentence(parse({"match": node})) == said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"match": {"did": "PageSeen", "times": 0}}, "match.times: 0 is too small; it has to be at least 1."),
        ({"match": {"grade_in": ["E1"]}}, "match.grade_in.0: “E1” is not a grade; write A1 to D4."),
        (
            {"match": {"colour": "red"}},
            "match: A node has exactly one of these keys: all, any, not, attribute, ",
        ),
        ({"match": {"fit_in": ["E"]}}, "match.fit_in.0: “E” is not one of these: 'A', 'B', 'C' or 'D'."),
    ],
)
def test_a_problem_says_where_it_is_what_it_is_and_what_would_be_right(data: object, said: str) -> None:
    with pytest.raises(NotAPredicate) as refused:
        parse(data)
    assert problem_sentence(refused.value.problems[0]).startswith(said)


def test_fields_and_choices_of_ones_own_are_told_by_their_names(db: None) -> None:
    field("Plan", Kind.CHOICE)
    field("Renewed", Kind.DATE)
    node = {
        "all": [
            {"attribute": "fields.plan", "in": ["gold", "lodz"]},
            {"any": [{"attribute": "fields.plan", "known": True}, {"attribute": "fields.gone", "is": "x"}]},
            {"date": "fields.renewed", "to_days": 0},
        ]
    }
    assert sentence(parse({"match": node}), words((), None)) == (
        "A person matches when Plan is “Gold” or “Łódź”, (Plan is known or fields.gone is “x”)"
        " and Renewed is known and not later than today."
    )


def test_fields_of_companies_and_deals_are_told_from_those_of_persons(db: None) -> None:
    for record in ("person", "company", "deal"):
        add_field(FieldDraft(record, "Plan", Kind.CHOICE, options=(f"Gold {record}",)), at=AT, by=None)
    node = {
        "all": [
            {"attribute": "fields.plan", "is": "gold_person"},
            {"attribute": "company.fields.plan", "is": "gold_company"},
            {"deal": [{"attribute": "fields.plan", "is": "gold_deal"}]},
        ]
    }
    assert sentence(parse({"match": node}), words((), None)) == (
        "A person matches when Plan is “Gold person”, Plan of the company is “Gold company”"
        " and the person has a deal where Plan is “Gold deal”."
    )


def test_records_are_told_by_their_names_to_whoever_sees_them(db: None) -> None:
    field("Referred by", Kind.PERSON)
    ann, cy = staff.ann(), staff.cy()
    pia, works = person("Pia Kowalska", owner=ann), company("Huta Wschód", owner=ann.pk)
    node = {
        "all": [
            {"attribute": "fields.referred_by", "in": [pia.pk, 999]},
            {"attribute": "company", "is": works.pk},
            {"attribute": "owner", "is": ann.pk},
            {"attribute": "title", "is": str(pia.pk)},
        ]
    }
    tree = parse({"match": node})
    assert sentence(tree, words([tree], ann)) == (
        "A person matches when Referred by is “Pia Kowalska” or “#999”, the company is “Huta Wschód”,"
        f" the owner is “Ann” and the job title is “{pia.pk}”."
    )
    assert f"Referred by is “#{pia.pk}” or “#999”" in sentence(tree, words([tree], cy))
    assert sentence(tree, words([tree], None)) == sentence(tree, words([tree], ann))


EACH: list[Any] = [
    *({"attribute": name, "is": 7} for name in ATTRIBUTES),
    *({"attribute": "city"} | told for told in (
        {"in": [7, 8]}, {"contains": "7"}, {"at_least": 7}, {"at_most": 7}, {"known": True}, {"known": False}, {"is": True},
    )),
    *({"did": kind, "times": 2} for kind in fact_kinds() if not OF_OTHERS.match(kind)),
    *({"did": "PageSeen", "where": {name: {"is": 7}}, "within_days": 7} for kind in known_kinds() for name in carried(kind)),
    *({"deal": [{"attribute": name, "is": 7}, {"attribute": "name", "known": False}], "times": 7} for name in OF_DEALS),
    {"deal": []},
    {"first": "PageSeen", "within_days": 1},
    {"last": "PageSeen", "longer_than_days": 7},
    {"sequence": [{"did": "PageSeen"}, {"did": "FormSubmitted"}], "within_days": 30},
    {"since": {"did": "CallMade"}, "then": {"did": "PageSeen"}, "times": 2},
    {"date": "fields.7", "of": "fields.8", "from_days": -1, "to_days": 30},
    {"segment": 7},
    {"engagement_at_least": 7},
    {"fit_at_least": "C"},
    {"fit_in": ["A", "B"]},
    {"grade_in": ["A1"]},
    {"not": {"any": [{"segment": 1}, {"all": [{"segment": 2}, {"segment": 3}]}]}},
]  # fmt: skip
"""Every kind of node and test, every attribute, and every fact about a person that segments hear of."""


def test_a_sentence_is_told_in_the_language_of_its_reader_to_the_last_word(right_to_left: str) -> None:
    with translation.override(right_to_left):
        for node in EACH:
            said = sentence(parse({"match": node})).replace("fields.", "")
            assert re.findall("[A-Za-z]{2,}", said) == [], said


def test_a_number_that_no_record_can_have_is_told_as_it_is(db: None) -> None:
    tree = parse({"match": {"attribute": "owner", "is": 2**70}})
    assert str(2**70) in sentence(tree, words([tree], None))


@pytest.mark.parametrize("code", [one.code for one in languages() if one.code not in ("en", "pl")])
def test_a_sentence_has_no_english_word_in_a_language_of_other_letters(code: str) -> None:
    with translation.override(code):
        for node in EACH:
            said = sentence(parse({"match": node})).replace("fields.", "")
            assert re.findall("[A-Za-z]{2,}", said) == [], said


def test_a_sentence_is_said_in_every_language_that_has_a_catalogue() -> None:
    said = dict(sentences(parse({"match": {"did": "MailOpened", "times": 3, "within_days": 7}})))
    assert list(said) == list(languages())
    assert len(set(said.values())) == len(said)
    assert {one.code: one.direction for one in said if one.direction != "ltr"} == {"ar": "rtl"}
    assert translation.get_language() == "en"


OPENED: dict[str, dict[int, str]] = {
    "ar": {1: "فتح رسالة بريد إلكتروني", 2: "مرتين على الأقل", 3: "3 مرات", 11: "11 مرة"},
    "ja": {1: "該当するのは、メールを開封した人です。", 3: "該当するのは、3回以上メールを開封した人です。"},
    "pl": {1: "jeśli osoba otworzyła e-mail.", 2: "co najmniej 2 razy", 5: "co najmniej 5 razy"},
    "ru": {1: "если человек открыл письмо.", 3: "не менее 3 раз", 21: "не менее 21 раза"},
    "zh-hans": {1: "符合条件的联系人须满足：曾打开邮件。", 3: "曾打开邮件至少3次"},
}
"""What is said of who opened a mail so many times, by the grammar of each language's numbers."""


@pytest.mark.parametrize("code", OPENED)
def test_numbers_are_told_by_the_grammar_of_the_language(code: str) -> None:
    with translation.override(code):
        for times, said in OPENED[code].items():
            assert said in sentence(parse({"match": {"did": "MailOpened", "times": times}}))


def test_what_is_denied_or_done_in_turn_is_bracketed_among_others() -> None:
    parts = [
        {"not": {"segment": 1}},
        {"sequence": [{"did": "PageSeen"}, {"did": "AdClicked"}]},
        {"segment": 2},
    ]
    assert sentence(parse({"match": {"all": parts}})) == (
        "A person matches when (it is not so that the person is in the segment “1”), (the person one after the other"
        " looked at a page, then followed an advertisement) and the person is in the segment “2”."
    )


def test_every_language_has_a_catalogue_and_every_catalogue_is_offered() -> None:
    [folder] = settings.LOCALE_PATHS
    catalogues = {translation.to_language(path.parents[1].name) for path in folder.glob("*/*/django.po")}
    assert catalogues == {one.code for one in languages()} - {"en"}


@pytest.mark.parametrize(
    ("days", "said"),
    [(1, "within the last day"), (0.5, "within the last 0.5 days"), (7, "within the last 7 days")],
)
def test_part_of_a_day_is_told_as_it_is(days: float, said: str) -> None:
    assert said in sentence(parse({"match": {"did": "MailOpened", "within_days": days}}))
