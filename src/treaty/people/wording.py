"""What stages and kinds of identity are called on pages, and what a timeline says of a person's facts."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from treaty.ledger.facts import Fact
from treaty.ledger.queries import Recorded
from treaty.people.facts import (
    CallsRefused,
    CompanyBinned,
    CompanyChanged,
    CompanyErased,
    CompanyRestored,
    ConsentGiven,
    ConsentWithdrawn,
    ContactAllowed,
    ImportUndone,
    OwnerAssigned,
    PersonAdded,
    PersonBinned,
    PersonChanged,
    PersonForgotten,
    PersonRestored,
    PersonsMerged,
    PersonsSplit,
    StageEntered,
    Unsubscribed,
)
from treaty.people.rules import Stage

STAGES = {
    Stage.SUBSCRIBER: _("Subscriber"),
    Stage.LEAD: _("Lead"),
    Stage.MQL: _("MQL"),
    Stage.SAL: _("SAL"),
    Stage.SQL: _("SQL"),
    Stage.OPPORTUNITY: _("Opportunity"),
    Stage.CUSTOMER: _("Customer"),
    Stage.PAST_CUSTOMER: _("Past customer"),
}
CHANNELS = {
    "organic_search": _("Organic search"),
    "paid_search": _("Paid search"),
    "social": _("Social media"),
    "paid_social": _("Paid social media"),
    "email": _("Mail"),
    "referral": _("Referral"),
    "partner": _("Partner"),
    "affiliate": _("Affiliate"),
    "direct": _("Direct visit"),
    "direct_traffic": _("Direct visit"),
    "display": _("Display advertising"),
    "other_publicities": _("Other advertising"),
    "trade_fair": _("Trade fair"),
    "event": _("Event"),
    "webinar": _("Webinar"),
    "website": _("Website"),
    "phone": _("Phone"),
    "other": _("Other"),
    "unknown": _("Unknown"),
}
"""What usual channels are called; a company's own ones are shown as they are written."""
KINDS = {"email": _("Mail address"), "phone": _("Phone number"), "external": _("Key elsewhere")}


LABELS = {
    "work": _("work"),
    "private": _("private"),
    "mobile": _("mobile"),
    "switchboard": _("switchboard"),
    "other": _("other"),
}
"""What an address or number is."""
HOW_AGREED = {
    "form": _("by a form"),
    "hand": _("noted by hand"),
    "import": _("by an import"),
    "api": _("by another system"),
    "sample": _("with the sample company"),
}
"""How a consent came."""


FIELDS = {
    "name": _("name"),
    "given_name": _("given name"),
    "family_name": _("family name"),
    "name_local": _("name in its own script"),
    "title": _("job title"),
    "company_id": _("company"),
    "work": _("work"),
    "country": _("country"),
    "city": _("city"),
    "language": _("language"),
    "time_zone": _("time zone"),
    "interest": _("interest"),
    "channel": _("channel"),
    "landing_page": _("landing page"),
    "tags": _("tags"),
    "email": _("mail address"),
    "phone": _("phone number"),
    "external": _("key elsewhere"),
    "identity": _("address or number"),
    "domain": _("web domain"),
    "sector": _("sector"),
    "employees": _("employees"),
    "founded": _("founded in"),
    "revenue_minor": _("revenue"),
    "revenue_currency": _("currency"),
    "owner_id": _("owner"),
    "parent_id": _("parent company"),
}
"""What a timeline calls the fields that were corrected; those a company defined have their keys."""

BAD_PARENT = {
    "absent": _("There is no such record."),
    "round": _("A company cannot belong to itself, nor to one that belongs to it."),
}
"""Why a company cannot belong to another."""


def channel(key: str) -> str:
    """What a channel is called."""
    return str(CHANNELS.get(key, key))


def told(line: Recorded) -> str:
    """The sentence a timeline says of a person's fact; empty for facts of other nouns."""
    match line.fact:
        case PersonAdded(source=source):
            return _added(source)
        case StageEntered(stage=stage, back=back):
            return _moved(Stage(stage), back=back)
        case OwnerAssigned(owner=None):
            return gettext("Has no owner any more")
        case OwnerAssigned():
            return gettext("Got an owner")
        case Unsubscribed():
            return gettext("Asked not to be written to")
        case CallsRefused():
            return gettext("Asked not to be called")
        case ContactAllowed(way="call"):
            return gettext("May be called again")
        case ContactAllowed():
            return gettext("May be written to again")
    return _told_of_record(line.fact) or _told_of_consent(line.fact)


def _told_of_consent(fact: Fact) -> str:
    match fact:
        case ConsentGiven(name=name, version=version):
            line = gettext("Agreed to “%(purpose)s”, version %(version)s of the words")
            return line % {"purpose": name, "version": version}
        case ConsentWithdrawn(name=name):
            return gettext("Does not agree to “%(purpose)s” any more") % {"purpose": name}
    return ""


def _told_of_record(fact: Fact) -> str:
    match fact:
        case PersonChanged(fields=fields) | CompanyChanged(fields=fields):
            return _corrected(fields)
        case ImportUndone():
            return gettext("The import that had added or changed the record was taken back")
        case PersonBinned() | CompanyBinned():
            return gettext("Was put into the bin")
        case PersonRestored(cause="came"):
            return gettext("Came back from the bin by coming again")
        case PersonRestored() | CompanyRestored():
            return gettext("Came back from the bin")
        case CompanyErased():
            return gettext("Went for good after a month in the bin")
        case PersonForgotten():
            return gettext("Was forgotten: what was readable is erased")
        case PersonsMerged():
            return gettext("Turned out to be the same as another record; both are one now")
        case PersonsSplit():
            return gettext("Turned out to be two persons; the other one has a record again")
    return ""


def _moved(stage: Stage, *, back: bool) -> str:
    line = gettext("Went back to stage %(stage)s") if back else gettext("Entered stage %(stage)s")
    return line % {"stage": STAGES[stage]}


def _added(source: str) -> str:
    return {
        "import": gettext("Added by an import"),
        "form": gettext("Became known by a form"),
        "api": gettext("Added by another system"),
        "hand": gettext("Added by hand"),
        "sample": gettext("Added with the sample company"),
    }.get(source, gettext("Added"))


def _corrected(fields: tuple[str, ...]) -> str:
    names = dict.fromkeys(str(FIELDS.get(key, key.partition(".")[2] or key)) for key in fields)
    if not names:
        return gettext("The record was corrected")
    return gettext("Corrected: %(fields)s") % {"fields": ", ".join(names)}
