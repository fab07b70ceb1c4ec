"""Channels: the default grouping case by case, sites under any host, and a company's own channels before it."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.published import needs_data
from treaty.capture.rules import (
    CHANNELS,
    Mark,
    Origin,
    OwnRule,
    TagTest,
    default_channel,
    grouping,
    grouping_of,
)
from treaty.capture.rules.sites import SITES, Kind, kind_of
from treaty.capture.tests.oracles import FOLDER
from treaty.kit.rules.refusals import Refused


@needs_data
def test_all_thirty_published_cases_pass() -> None:
    cases = json.loads((FOLDER / "channel_grouping_cases.json").read_text(encoding="utf-8"))
    found = [default_channel(Origin(one["source"], one["medium"], one["campaign"])) for one in cases]
    assert found == [one["expected_channel"] for one in cases]
    assert len(cases) == 30


@needs_data
def test_our_sites_contradict_none_of_the_819_of_the_published_list() -> None:
    lines = (FOLDER / "ga4_source_categories.csv").read_text(encoding="utf-8").splitlines()[1:]
    listed = dict(line.rsplit(",", 1) for line in lines)
    assert len(listed) == 819
    kinds = {name: kind_of(name) for name in listed}
    known = {name: kind for name, kind in kinds.items() if kind}
    assert [name for name, kind in known.items() if listed[name] != f"SOURCE_CATEGORY_{kind.name}"] == []
    assert len(known) >= 720  # whoever needs the rest brings the list: `--sites`


@pytest.mark.parametrize(
    ("source", "medium", "campaign", "channel"),
    [
        # each published condition at its edge; the table of cases has the plain ones
        ("", "", "", "Direct"),
        ("(direct)", "email", "", "Email"),
        ("GOOGLE", "CPC", "", "Paid Search"),
        ("www.google.co.uk", "organic", "", "Organic Search"),
        ("amazon.co.uk", "referral", "", "Organic Shopping"),
        ("alibaba.com", "", "", "Organic Shopping"),
        ("alibaba", "referral", "", "Organic Shopping"),
        ("alibaba", "cpc", "", "Paid Shopping"),
        ("IGShopping", "", "", "Organic Shopping"),
        ("newsletter", "cpc", "eshop", "Paid Shopping"),
        ("newsletter", "cpc", "workshop", "Paid Other"),
        ("m.facebook.com", "referral", "", "Organic Social"),
        ("facebook", "paid-social", "", "Paid Social"),
        ("facebook.example.org", "referral", "", "Referral"),
        ("example.org", "app", "", "Referral"),
        ("example.org", "cpm", "", "Display"),
        ("youtube.com", "cpv", "", "Paid Video"),
        ("example.org", "unpaid", "", "Unassigned"),
        ("example.org", "affiliates", "", "Unassigned"),
        ("example.org", "web-push", "", "Mobile Push Notifications"),
    ],
)
def test_the_first_condition_that_holds_decides(
    source: str, medium: str, campaign: str, channel: str
) -> None:
    assert default_channel(Origin(source, medium, campaign)) == channel
    assert channel in CHANNELS


words = st.sampled_from(
    [*list(SITES)[::40], "", "(direct)", "(none)", "cpc", "cross-network", "shop", "email", "Ж"]
)
origins = st.builds(Origin, words, words, words)


@given(origins, st.sampled_from([str.upper, str.title, " {} ".format]))
def test_every_origin_has_one_channel_whatever_its_case_and_the_space_around(
    origin: Origin, changed: Callable[[str], str]
) -> None:
    found = default_channel(origin)
    assert found in CHANNELS
    again = Origin(*(changed(text) for text in (origin.source, origin.medium, origin.campaign)))
    assert default_channel(again) == found


@given(origins, st.sampled_from(["Partner", "Radio"]))
def test_own_channels_take_what_is_theirs_and_leave_the_rest_as_it_was(origin: Origin, channel: str) -> None:
    ours = grouping([OwnRule(channel, (TagTest("source", "is", ("facebook",)),))])
    assert ours.channel(origin) == (channel if origin.source == "facebook" else default_channel(origin))


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("answers.yahoo.com", Kind.SOCIAL),
        ("de.search.yahoo.com", Kind.SEARCH),
        ("shopping.yahoo.co.jp", Kind.SHOPPING),
        ("t.co", Kind.SOCIAL),
        ("at.co", None),
        ("notfacebook.com", None),
        ("com", None),
        ("", None),
        (".", None),
    ],
)
def test_the_longest_entry_of_a_host_says_what_a_site_is(source: str, kind: Kind | None) -> None:
    assert kind_of(source) is kind


def test_a_mark_goes_before_own_rules_and_those_before_the_default() -> None:
    partner = OwnRule(
        "Partner", (TagTest("source", "ends", ("partner.example",)), TagTest("medium", "is", ("Referral",)))
    )
    ours = grouping([partner], [Mark("Radio", "number", "+49 30 1234"), Mark("Print", "code", "Spring-24")])
    assert ours.channel(Origin("shop.partner.example", "referral")) == "Partner"
    assert ours.channel(Origin("shop.partner.example", "email")) == "Email"
    assert ours.channel(Origin("shop.partner.example", "referral", code="spring 24")) == "Print"
    assert ours.channel(Origin(number="0049 30/1234")) == "Radio"
    assert ours.channel(Origin("google", "cpc", number="4930999")) == "Paid Search"


def test_a_file_of_own_channels_says_the_same() -> None:
    ours = grouping_of(
        {
            "rules": [{"channel": "Partner", "when": {"source": {"contains": ["ally", "friend"]}}}],
            "marks": [{"channel": "Trade fair", "qr": "booth-7"}],
        },
        {"ours.example": Kind.VIDEO},
    )
    assert ours.channel(Origin("my-friend", "cpc")) == "Partner"
    assert ours.channel(Origin(qr="booth-7")) == "Trade fair"
    assert ours.channel(Origin("www.ours.example", "referral")) == "Organic Video"


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ([], "bad_rules"),
        ({"rule": []}, "bad_rules"),
        ({"rules": {}, "marks": {"a": 1}}, "bad_rules"),
        ({"rules": [{"channel": "A"}]}, "bad_rules"),
        ({"rules": [{"channel": "A", "when": {"source": "b"}}]}, "bad_rules"),
        ({"rules": [{"channel": "A", "when": {"source": {"like": "b"}}}]}, "bad_rules"),
        ({"rules": [{"channel": "A", "when": {}}]}, "no_test"),
        ({"rules": [{"channel": "A", "when": {"source": {"contains": ""}}}]}, "no_test"),
        ({"rules": [{"channel": " ", "when": {"source": {"is": "b"}}}]}, "no_channel"),
        ({"marks": [{"channel": "A", "code": "x", "qr": "y"}]}, "bad_rules"),
        ({"marks": [{"channel": "A", "number": "none"}]}, "empty_mark"),
        ({"marks": [{"channel": "", "qr": "y"}]}, "no_channel"),
        ({"marks": [{"channel": "A", "code": "x-1"}, {"channel": "B", "code": "X1"}]}, "mark_twice"),
    ],
)
def test_own_channels_that_mean_nothing_or_two_things_are_refused(told: object, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        grouping_of(told)
    assert refused.value.reason == reason
