"""The way to the company's sign-in service, and back: two addresses that only send the browser on."""

import secrets
from dataclasses import asdict

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from treaty.kit.environment import SignInService
from treaty.kit.views import failure
from treaty.staff import commands, oidc, queries, wording
from treaty.staff.views.doors import too_many

KEPT = "treaty.oidc"
"""Where the session keeps what was asked."""
MOST = 5
"""Questions under way in one browser; an older one is forgotten."""
SECONDS = 600
"""How long somebody may take at the service."""


@never_cache
@require_GET
def service_departure(request: HttpRequest) -> HttpResponse:
    """Sends the browser to the service."""
    service = configured()
    if not queries.has_users():
        return HttpResponseRedirect(reverse("staff:welcome"))
    if not ratelimit.consume(request, app="allauth.account", action="login", limit_get=True):
        return too_many(request)
    question, state = oidc.asked(get_next_redirect_url(request) or "/", now()), secrets.token_urlsafe(32)
    try:
        address = oidc.address(service, question, state)
    except oidc.Unsure as unsure:
        return turned_away(request, unsure.code)
    kept = list(request.session.get(KEPT, {}).items())[1 - MOST :]
    request.session[KEPT] = dict([*kept, (state, asdict(question))])
    return HttpResponseRedirect(address)


@never_cache
@require_GET
def service_arrival(request: HttpRequest) -> HttpResponse:
    """Lets in whom the service names, once the answer is shown to belong to what this browser was sent with."""
    service = configured()
    try:
        question = taken(request)
        said = answered(request, service)
        who = oidc.who(service, question, said)
        user_id = commands.enter_by_service(who.email, name=who.name, join=service.join, at=timezone.now())
    except oidc.Unsure as unsure:
        return turned_away(request, unsure.code)
    except commands.Refused as refused:
        return turned_away(request, refused.code)
    user = queries.user_with_role(user_id)
    record_authentication(request, user, method=oidc.METHOD)
    answer: HttpResponse = perform_login(request, user, redirect_url=question.next)
    return answer


def configured() -> SignInService:
    """The service; where there is none, there is no such address."""
    service: SignInService | None = settings.SIGN_IN_SERVICE
    if service is None:
        raise Http404
    return service


def taken(request: HttpRequest) -> oidc.Asked:
    """What this browser was sent with, once; raises Unsure where it was not sent, or too long ago."""
    kept = dict(request.session.get(KEPT, {}))
    found = kept.pop(request.GET.get("state", ""), None)
    if found is None:
        raise oidc.Unsure("lost")
    request.session[KEPT] = kept
    if now() - found["at"] > SECONDS:
        raise oidc.Unsure("lost")
    return oidc.Asked(**found)


def answered(request: HttpRequest, service: SignInService) -> str:
    """The code that the service gave; raises Unsure where it gave none, or another service did."""
    if request.GET.get("iss", service.issuer) != service.issuer:
        raise oidc.distrusted("issuer of the answer")
    if code := request.GET.get("code", ""):
        return code
    raise oidc.Unsure("cancelled" if request.GET.get("error") == "access_denied" else "refused")


def turned_away(request: HttpRequest, code: str) -> HttpResponse:
    """Why nobody was let in, and what to do."""
    what, advice = wording.TURNED_AWAY[code]
    return failure(request, 503 if code == "away" else 403, str(what), str(advice))


def now() -> float:
    """Seconds since 1970."""
    return timezone.now().timestamp()
