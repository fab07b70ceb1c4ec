"""Every address of the house: which are pages, who looks at them and as what; which are acts; which are something else.

An address that stands in none of the tables fails `test_every_address_is_listed`, so a new page must be added here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from tests.stories.company import Company

NOBODY = ""
"""Who has not signed in."""


@dataclass(frozen=True)
class Seen:
    """One way to open a page: who looks, what stands behind the question mark, and which ids are meant."""

    who: str = "ada"
    query: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)


AS_ADA = (Seen(),)
AS_NOBODY = (Seen(NOBODY),)


def of(**ids: str) -> tuple[Seen, ...]:
    """Ada looks at these; each argument names an id of the company."""
    return (Seen(ids=ids),)


PAGES: dict[str, tuple[Seen, ...]] = {
    "account_login": AS_NOBODY,
    "account_logout": AS_ADA,
    "account_inactive": AS_NOBODY,
    "account_signup": AS_NOBODY,
    "account_reauthenticate": AS_ADA,
    "account_change_password": AS_ADA,
    "account_reset_password": AS_NOBODY,
    "account_reset_password_done": AS_NOBODY,
    "account_reset_password_from_key_done": AS_NOBODY,
    "account_reset_password_from_key": (Seen(NOBODY, ids={"key": "reset_key"}),),
    "mfa_index": (Seen(), Seen("olu")),
    "mfa_reauthenticate": (Seen("olu"),),
    "mfa_add_webauthn": AS_ADA,
    "mfa_edit_webauthn": (Seen("olu", ids={"pk": "passkey"}),),
    "mfa_remove_webauthn": (Seen("olu", ids={"pk": "passkey"}),),
    "mfa_reauthenticate_webauthn": (Seen("olu"),),
    "mfa_activate_totp": AS_ADA,
    "mfa_deactivate_totp": (Seen("olu"),),
    "mfa_view_recovery_codes": (Seen("olu"),),
    "mfa_generate_recovery_codes": (Seen("olu"),),
    "usersessions_list": AS_ADA,
    "kit:jobs": AS_ADA,
    "kit:job": AS_ADA,
    "kit:bulk": AS_ADA,
    "staff:invitation": AS_NOBODY,
    "staff:profile": (Seen(), Seen("ann")),
    "staff:staff": AS_ADA,
    "staff:member": AS_ADA,
    "staff:roles": AS_ADA,
    "staff:role": AS_ADA,
    "staff:role_new": AS_ADA,
    "staff:teams": AS_ADA,
    "staff:team": AS_ADA,
    "staff:hours": (Seen(query="list=holidays"),),
    "staff:hours_of": AS_ADA,
    "staff:keys": AS_ADA,
    "staff:audit": AS_ADA,
    "people:people": (
        Seen(),
        Seen(query="q=pia"),
        Seen(query="q=nobody+of+that+name"),
        Seen(query="where=1.stage.is:lead|mql&where=2.name.has:pia&filter=country&cols=all"),
        Seen(query="cols=name,city,owner&edit=city"),
    ),
    "people:new": AS_ADA,
    "people:bin": (Seen(), Seen("olu")),
    "people:company_bins": (Seen(), Seen("olu")),
    "deals:bins": (Seen(), Seen("olu")),
    "conversations:bins": (Seen(), Seen("olu")),
    "people:duplicates": (Seen(), Seen(query="state=apart"), Seen("olu")),
    "people:duplicate": (Seen(), Seen("olu")),
    "people:merging": AS_ADA,
    "people:split": AS_ADA,
    "people:edit": AS_ADA,
    "people:purposes": AS_ADA,
    "people:purpose": AS_ADA,
    "people:forgetting": AS_ADA,
    "people:history": AS_ADA,
    "people:company_history": AS_ADA,
    "deals:history": (Seen(), Seen(ids={"deal_id": "won"})),
    "people:companies": AS_ADA,
    "people:company_new": AS_ADA,
    "people:company": AS_ADA,
    "people:company_edit": AS_ADA,
    "documents:of_person": (Seen(), Seen("olu")),
    "documents:of_company": AS_ADA,
    "documents:of_deal": AS_ADA,
    "documents:of_note": (Seen(), Seen("olu")),
    "fields:fields": AS_ADA,
    "fields:field": AS_ADA,
    "segments:segments": (Seen(), Seen("ann")),
    "segments:segment": AS_ADA,
    "segments:versions": AS_ADA,
    "segments:new": AS_ADA,
    "segments:change": AS_ADA,
    "mail:mail": AS_ADA,
    "webhooks:webhooks": AS_ADA,
    "webhooks:endpoint": AS_ADA,
    "webhooks:delivery": AS_ADA,
    "retention:retention": AS_ADA,
    "retention:rule": (
        Seen(query="months=1", ids={"kind": "retention_texts"}),
        Seen(ids={"kind": "retention_persons"}),
        Seen(ids={"kind": "retention_files"}),
    ),
    "notices:notices": (Seen(), Seen("bo")),
    "capture:form": AS_NOBODY,
    "capture:forms": AS_ADA,
    "capture:new_form": AS_ADA,
    "capture:change_form": AS_ADA,
    "agreements:agreement": AS_ADA,
    "agreements:import": AS_ADA,
    "agreements:version": (
        Seen(ids={"number": "version"}),
        Seen("saul", ids={"number": "proposed"}),
        Seen(ids={"number": "draft"}),
    ),
    "agreements:edit": of(number="draft"),
    "agreements:signature": (Seen("saul", ids={"number": "proposed"}),),
    "agreements:decline": (Seen("saul", ids={"number": "proposed"}),),
    "agreements:guide": AS_ADA,
    "deals:deals": (Seen("ann"), Seen("cy")),
    "deals:table": (Seen("ann"), Seen(query="q=no+such+deal"), Seen(query="group=stage")),
    "deals:new": (Seen("ann"), Seen("ann", query="handover={accepted}")),
    "deals:deal": (Seen("ann"), Seen(ids={"deal_id": "won"}), Seen(ids={"deal_id": "lost"})),
    "deals:edit": AS_ADA,
    "deals:win": AS_ADA,
    "deals:loss": AS_ADA,
    "deals:calls": AS_ADA,
    "deals:messages": AS_ADA,
    "deals:meetings": AS_ADA,
    "deals:notes": AS_ADA,
    "handovers:handovers": (Seen("ann"), Seen("cy")),
    "handovers:table": (Seen(), Seen(query="state=returned")),
    "handovers:handover": (
        Seen("ann"),
        Seen(ids={"handover_id": "broken"}),
        Seen(ids={"handover_id": "returned"}),
    ),
    "handovers:return": (Seen("ann"),),
    "scoreboard:scoreboard": (Seen(), Seen(query="compare=1")),
    "scoreboard:rows": (Seen(query="figure=accepted"),),
    "scoreboard:channels": AS_ADA,
    "scoreboard:channel_rows": (Seen(query="figure=leads"), Seen(query="figure=won&blank=yes")),
    "desk:today": (Seen("ann"), Seen("mia"), Seen("saul"), Seen("olu"), Seen("cy")),
    "desk:own_promises": (Seen("ann"),),
    "desk:own_wins": (Seen("ann"),),
    "desk:channel_leads": (Seen("mia", query="channel=paid_search"),),
    "desk:person": (Seen("ann"), Seen("mia")),
    "desk:palette": (Seen("ann", query="q=pia"),),
    "desk:search": (Seen("ann", query="q=pia"), Seen("mia", query="q=a&in=people")),
    "desk:new_touch": (Seen("ann"),),
    "imports:imports": AS_ADA,
    "imports:columns": (*AS_ADA, Seen(query="what=companies"), Seen(query="what=touchpoints")),
    "imports:preview": AS_ADA,
    "imports:watch": AS_ADA,
    "imports:run": AS_ADA,
    "imports:exports": (Seen(), Seen("mia")),
}
"""Each page by the name of its address."""

ACTS = {
    "staff:absences",
    "kit:cancel",
    "kit:retry",
    "kit:discard",
    "kit:views",
    "kit:view",
    "kit:view_restoration",
    "kit:view_usual",
    "kit:view_pin",
    "staff:own_absences",
    "staff:own_withdrawal",
    "staff:deactivation",
    "staff:invitations",
    "staff:revocation",
    "staff:role_removal",
    "staff:company",
    "staff:hours_removal",
    "staff:withdrawal",
    "staff:key_revocation",
    "people:people_bulk",
    "people:companies_bulk",
    "deals:bulk",
    "handovers:bulk",
    "kit:bulk_undoing",
    "people:people_merging",
    "people:duplicate_scan",
    "people:duplicate_merge",
    "people:duplicate_decision",
    "people:merge_undoing",
    "people:consents",
    "people:work",
    "people:job",
    "people:label",
    "people:purpose_retirement",
    "people:bin_bulk",
    "people:person_bin",
    "people:company_bin_bulk",
    "people:company_bin",
    "deals:bin_bulk",
    "deals:deal_bin",
    "conversations:note_bin",
    "conversations:bin_bulk",
    "people:owner",
    "people:identities",
    "people:invalidation",
    "people:main_identity",
    "people:tags",
    "people:tag_removal",
    "people:refusal",
    "documents:restoration",
    "fields:move",
    "fields:retirement",
    "fields:reinstatement",
    "fields:options",
    "fields:option",
    "fields:option_retirement",
    "fields:option_reinstatement",
    "segments:removal",
    "segments:count",
    "segments:restoration",
    "imports:repetition",
    "imports:undoing",
    "mail:retry",
    "webhooks:secret",
    "webhooks:pause",
    "webhooks:resumption",
    "webhooks:removal",
    "webhooks:test",
    "webhooks:repetition",
    "webhooks:again",
    "retention:ending",
    "mail:discard",
    "notices:read_all",
    "notices:open",
    "agreements:versions",
    "agreements:proposal",
    "agreements:withdrawal",
    "deals:stage",
    "deals:undo",
    "deals:reopening",
    "deals:next_step",
    "deals:next_step_done",
    "handovers:acceptance",
    "handovers:owner",
    "desk:offer",
}
"""What is only sent to, never opened."""

ELSEWHERE = {
    "conversations:note": "leads to the timeline of its person",
    "account_set_password": "leads to changing the password: everybody here has one",
    "mfa_authenticate": "midway through signing in; test_signing_in opens it",
    "mfa_download_recovery_codes": "a file",
    "mfa_list_webauthn": "leads to the page of the second factor, which lists them",
    "mfa_login_webauthn": "tells a device what it is asked; without one it leads to signing in",
    "oidc_departure": "leads to the company's sign-in service, where there is one",
    "oidc_arrival": "the way back from it",
    "kit:healthz": "for machines",
    "kit:readyz": "for machines",
    "kit:metrics": "for machines",
    "kit:progress": "a part of the page of a job",
    "staff:welcome": "only while nobody works here; test_main_job begins there",
    "staff:settings": "leads to the first page of the settings one may see",
    "agreements:export": "a file",
    "desk:dossier": "a file",
    "documents:document": "a file",
    "imports:rejected": "a file",
    "imports:exported": "a file",
    "kit:bulk_rejected": "a file",
    "fields:records": "what is offered while one types into a field that points to a record",
    "fields:tags": "what is offered while one types tags",
}
"""What is neither, and why."""


def addresses() -> dict[str, list[str]]:
    """The arguments of every named address of the house, save the API's."""
    return {name: arguments for name, arguments in walk(get_resolver().url_patterns, "", "") if name}


def walk(
    patterns: list[URLPattern | URLResolver], before: str, space: str
) -> Iterator[tuple[str, list[str]]]:
    """Names with their arguments, depth first."""
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield (f"{space}{one.name}" if one.name else "", re.findall(r"<(?:\w+:)?(\w+)>", route))
        elif one.namespace != "api":
            yield from walk(one.url_patterns, route, f"{space}{one.namespace}:" if one.namespace else space)


def address(name: str, arguments: list[str], seen: Seen, made: Company) -> str:
    """Where it lies in this company."""
    kwargs = {each: made.ids[seen.ids.get(each, each)] for each in arguments}
    path = reverse(name, kwargs=kwargs)
    return f"{path}?{seen.query.format(**made.ids)}" if seen.query else path


def openings(made: Company) -> Iterator[tuple[str, str]]:
    """(who, address) for every way to open every page."""
    known = addresses()
    for name, ways in PAGES.items():
        for seen in ways:
            yield seen.who, address(name, known[name], seen, made)
