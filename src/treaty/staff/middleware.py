"""Every page needs a sign-in, save the few that are named here; pages speak the user's language and time zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect

from treaty.staff import queries

OPEN = (
    "/accounts/",
    "/invitation/",
    "/welcome/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/static/",
    "/f/",
    "/api/",
    "/favicon.ico",
)
"""Paths that strangers may ask for. Pages under /accounts/ and /api/ ask who is there by themselves."""

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class SignedIn:
    """Sends strangers to the sign-in page, and an installation without any user to its first run."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as the page does, or with the way to the sign-in."""
        if request.user.is_authenticated:
            speak(request, request.user.language, request.user.time_zone)
        else:
            timezone.deactivate()
            if not request.path_info.startswith(OPEN):
                return way_in(request)
        return self.get_response(request)


def speak(request: HttpRequest, language: str, zone: str) -> None:
    """Activate what the user chose; it stays on until the next request, because streams render late."""
    if language:
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
    if zone:
        timezone.activate(ZoneInfo(zone))
    else:
        timezone.deactivate()


def way_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page, or the first run; a part of a page becomes a whole one."""
    if not queries.has_users():
        return HttpResponseRedirect(reverse("staff:welcome"))
    part = request.headers.get("HX-Request") == "true"
    login = redirect_to_login("/" if part else request.get_full_path())
    return HttpResponseClientRedirect(login.url) if part else login
