"""Every list can be taken away as a spreadsheet: which pages hold none, and why."""

from collections.abc import Collection, Iterator

from django.test import Client

from tests.stories.company import Company
from tests.stories.pages import PAGES, address, addresses

FORMS = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reauthenticate",
    "account_change_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_reset_password_from_key",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "staff:invitation",
    "staff:member",
    "staff:role",
    "staff:role_new",
    "people:new",
    "people:edit",
    "people:merging",
    "people:split",
    "people:forgetting",
    "people:company_new",
    "people:company_edit",
    "segments:new",
    "segments:change",
    "capture:form",
    "capture:new_form",
    "capture:change_form",
    "agreements:import",
    "imports:exports",
    "agreements:edit",
    "agreements:signature",
    "agreements:decline",
    "agreements:guide",
    "deals:new",
    "deals:edit",
    "deals:win",
    "deals:loss",
    "deals:calls",
    "deals:messages",
    "deals:meetings",
    "deals:notes",
    "handovers:return",
}
"""Pages on which one says something, and reads no rows."""
WITHOUT: dict[str, set[str]] = {
    "a form, or one sentence": FORMS,
    "one record with what belongs to it": {
        "deals:deal",
        "handovers:handover",
        "kit:job",
        "people:duplicate",
        "webhooks:delivery",
    },
    "one person: desk:dossier is the file of all that is known": {"desk:person"},
    "the choices of one field: they stand in the spreadsheet of all fields": {"fields:field"},
    "a board: the table beside it is the list": {"deals:deals", "handovers:handovers"},
    "the beginnings of lists: each leads to the whole one": {"desk:today"},
    "what was found of several kinds, to go on to": {"desk:palette", "desk:search", "desk:new_touch"},
    "what a file of one's own holds": {"imports:columns", "imports:preview", "imports:watch"},
    "what was refused goes back as a file of its own": {"imports:run", "kit:bulk"},
}
"""Pages without a spreadsheet by the reason why."""


def unlisted() -> set[str]:
    """The names of all pages that need none."""
    return set().union(*WITHOUT.values())


def lists(made: Company) -> Iterator[tuple[str, str]]:
    """(address, who looks at it) of the lists."""
    known = addresses()
    for name in PAGES.keys() - unlisted():
        for seen in PAGES[name]:
            yield address(name, known[name], seen, made), seen.who


def kept_back(made: Company, linked: Collection[str]) -> Iterator[str]:
    """Lists that are no spreadsheet when they are asked to be, and those with rows that lead to none."""
    client = Client()
    client.force_login(made.users["ada"])
    for path, who in sorted(set(lists(made))):
        answer = client.get(f"{path}{'&' if '?' in path else '?'}format=csv")
        if not answer.headers.get("Content-Type", "").startswith("text/csv"):
            yield f"{path}: no spreadsheet"
        elif len(answer.getvalue().splitlines()) > 1 and path not in linked and who == "ada":
            yield f"{path}: no link to its spreadsheet"
