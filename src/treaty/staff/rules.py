"""What staff may do and see: permissions, the roles an installation begins with, the scopes of keys."""

from dataclasses import dataclass

SEE_PEOPLE = "see_people"
EDIT_PEOPLE = "edit_people"
DECIDE_HANDOVERS = "decide_handovers"
EDIT_DEALS = "edit_deals"
LOG_CONVERSATIONS = "log_conversations"
DRAFT_AGREEMENT = "draft_agreement"
SIGN_AGREEMENT = "sign_agreement"
RUN_IMPORTS = "run_imports"
EXPORT = "export"
MANAGE_STAFF = "manage_staff"
MANAGE_HOURS = "manage_hours"
MANAGE_CAPTURE = "manage_capture"
MANAGE_JOBS = "manage_jobs"
MANAGE_KEYS = "manage_keys"
FORGET_PEOPLE = "forget_people"
MANAGE_FIELDS = "manage_fields"

BUSINESS = (
    SEE_PEOPLE,
    EDIT_PEOPLE,
    DECIDE_HANDOVERS,
    EDIT_DEALS,
    LOG_CONVERSATIONS,
    DRAFT_AGREEMENT,
    SIGN_AGREEMENT,
    RUN_IMPORTS,
    EXPORT,
)
"""What the daily work of both teams needs."""

UPKEEP = (
    MANAGE_STAFF,
    MANAGE_HOURS,
    MANAGE_CAPTURE,
    MANAGE_FIELDS,
    MANAGE_JOBS,
    MANAGE_KEYS,
    FORGET_PEOPLE,
)
"""What whoever runs the installation needs."""

PERMISSIONS = (*BUSINESS, *UPKEEP)
"""Every permission a role can give."""

OWN, TEAM, ALL = "own", "team", "all"
VISIBILITIES = (OWN, TEAM, ALL)
"""Whose records a role sees: those its holder owns, those of the holder's team, all."""

MARKETING, SALES, BOTH = "marketing", "sales", "both"
SIDES = (MARKETING, SALES, BOTH)

COMPANY, OF_TEAM, OF_USER = "company", "team", "user"
SCOPES_OF_HOURS = (COMPANY, OF_TEAM, OF_USER)
"""Whose working hours a schedule states."""


@dataclass(frozen=True)
class StarterRole:
    """A role that every new installation has."""

    key: str
    name: str
    visibility: str
    permissions: tuple[str, ...]


SELLING = (SEE_PEOPLE, EDIT_PEOPLE, DECIDE_HANDOVERS, EDIT_DEALS, LOG_CONVERSATIONS)

STARTER_ROLES = (
    StarterRole("administrator", "Administrator", ALL, PERMISSIONS),
    StarterRole("head_of_marketing", "Head of marketing", ALL, (*BUSINESS, MANAGE_HOURS, MANAGE_CAPTURE)),
    StarterRole("head_of_sales", "Head of sales", ALL, (*BUSINESS, MANAGE_HOURS)),
    StarterRole(
        "marketer",
        "Marketer",
        ALL,
        (SEE_PEOPLE, EDIT_PEOPLE, LOG_CONVERSATIONS, RUN_IMPORTS, EXPORT, MANAGE_CAPTURE),
    ),
    StarterRole("team_lead", "Team lead", TEAM, (*SELLING, EXPORT)),
    StarterRole("representative", "Representative", OWN, SELLING),
    StarterRole("onlooker", "Onlooker", ALL, (SEE_PEOPLE,)),
)

STARTER_KEYS = frozenset(role.key for role in STARTER_ROLES)
"""Roles that `treaty init` keeps, and that imports and sides count on: they can be changed, not deleted."""

SCOPES = (
    "people:read",
    "people:write",
    "touchpoints:write",
    "handovers:read",
    "handovers:write",
    "deals:read",
    "deals:write",
    "documents:read",
    "documents:write",
    "agreement:read",
    "scoreboard:read",
    "changes:read",
    "segments:read",
    "segments:write",
    "conversations:write",
    "webhooks:read",
    "webhooks:write",
    "notices:read",
    "notices:write",
    "fields:write",
    "imports:read",
    "staff:read",
    "capture:read",
)
"""What a key for the REST API can be allowed to do, never more than its owner may."""

KEY_MARK = "treaty_"
"""Every API token begins with this, so that secret scanners and people know one when they see it."""


def side_of(role_key: str, team_side: str | None) -> str:
    """The side somebody acts for: that of the team, else what the role says, else both."""
    if team_side in {MARKETING, SALES}:
        return team_side
    return {"head_of_marketing": MARKETING, "marketer": MARKETING, "head_of_sales": SALES}.get(role_key, BOTH)
