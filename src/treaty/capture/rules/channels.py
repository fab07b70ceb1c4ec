"""The channel of a touch by the default channel grouping of Google Analytics 4, from source, medium and campaign.

The conditions are those that Google publishes for traffic tagged by hand (Analytics Help, answer 9756891, "Default channel
group"), in the published order; the first that holds decides. Case is ignored.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from treaty.capture.rules.sites import SITES, TABS, Kind, kind_of

PAID = re.compile(r"^(.*cp.*|ppc|retargeting|paid.*)$")
SHOP = re.compile(r"^(.*(([^a-df-z]|^)shop|shopping).*)$")
NO_MEDIUM = frozenset({"(not set)", "(none)"})
BANNERS = frozenset({"display", "banner", "expandable", "interstitial", "cpm"})
SOCIALS = frozenset({"social", "social-network", "social-media", "sm", "social network", "social media"})
REFERRALS = frozenset({"referral", "app", "link"})
MAILS = frozenset({"email", "e-mail", "e_mail", "e mail"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a touch came from: how its link was tagged, and for what happened off line a code, a called number or a QR mark."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    code: str = ""
    number: str = ""
    qr: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """An origin as the conditions read it: lower case, no space around, its site's kind looked up."""

    source: str
    medium: str
    campaign: str
    kind: Kind | None

    @property
    def is_paid(self) -> bool:
        """Whether the medium says that somebody paid."""
        return PAID.match(self.medium) is not None

    @property
    def is_shop(self) -> bool:
        """Whether the site sells, or the campaign is about a shop."""
        return self.kind is Kind.SHOPPING or SHOP.match(self.campaign) is not None


Condition = Callable[[Seen], bool]


def is_direct(seen: Seen) -> bool:
    """Nothing is known of where it came from, said in words or by silence."""
    told = seen.source == "(direct)" and seen.medium in NO_MEDIUM
    return told or not (seen.source or seen.medium or seen.campaign)


def is_placed(seen: Seen) -> bool:
    """A marketplace by its bare name and no medium: Paid Shopping by the cases of `ga4-channels`.

    The published conditions alone would say Organic Shopping. A visit that nobody tagged comes from a host, with a dot or the
    medium "referral"; whoever writes a bare name tagged a link for a page of that marketplace, where places are bought.
    """
    is_bare = "." not in seen.source and seen.source not in TABS
    return seen.kind is Kind.SHOPPING and is_bare and not seen.medium


def is_paid_on(kind: Kind) -> Condition:
    """Paid for, on a site of that kind."""
    return lambda seen: seen.kind is kind and seen.is_paid


def is_push(seen: Seen) -> bool:
    """A message that a telephone showed by itself."""
    medium = seen.medium
    named = medium.endswith("push") or "mobile" in medium or "notification" in medium
    return named or seen.source == "firebase"


DEFAULT: tuple[tuple[str, Condition], ...] = (
    ("Direct", is_direct),
    ("Cross-network", lambda seen: "cross-network" in seen.campaign),
    ("Paid Shopping", lambda seen: (seen.is_shop and seen.is_paid) or is_placed(seen)),
    ("Paid Search", is_paid_on(Kind.SEARCH)),
    ("Paid Social", is_paid_on(Kind.SOCIAL)),
    ("Paid Video", is_paid_on(Kind.VIDEO)),
    ("Display", lambda seen: seen.medium in BANNERS),
    ("Paid Other", lambda seen: seen.is_paid),
    ("Organic Shopping", lambda seen: seen.is_shop),
    ("Organic Social", lambda seen: seen.kind is Kind.SOCIAL or seen.medium in SOCIALS),
    ("Organic Video", lambda seen: seen.kind is Kind.VIDEO or "video" in seen.medium),
    ("Organic Search", lambda seen: seen.kind is Kind.SEARCH or seen.medium == "organic"),
    ("Referral", lambda seen: seen.medium in REFERRALS),
    ("Email", lambda seen: seen.source in MAILS or seen.medium in MAILS),
    ("Affiliates", lambda seen: seen.medium == "affiliate"),
    ("Audio", lambda seen: seen.medium == "audio"),
    ("SMS", lambda seen: "sms" in {seen.source, seen.medium}),
    ("Mobile Push Notifications", is_push),
)
"""The channels in their order, each with its condition."""
UNASSIGNED = "Unassigned"
CHANNELS = (*(name for name, _ in DEFAULT), UNASSIGNED)


def default_channel(origin: Origin, sites: Mapping[str, Kind] = SITES) -> str:
    """The default channel of an origin: one of CHANNELS."""
    source, medium, campaign = (
        text.strip().lower() for text in (origin.source, origin.medium, origin.campaign)
    )
    seen = Seen(source, medium, campaign, kind_of(source, sites))
    return next((name for name, holds in DEFAULT if holds(seen)), UNASSIGNED)
