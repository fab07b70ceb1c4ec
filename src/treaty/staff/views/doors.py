"""The doors strangers come in by: an invitation, the first run; and what is said to those who knock too often."""

import hmac

from allauth.account.utils import perform_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from treaty.staff import commands, queries, wording
from treaty.staff.forms import JoinForm, WelcomeForm, blame


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: somebody tries too often."""
    return render(request, "staff/too_many.html", status=429)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """An invited person gives name and password, and is in."""
    offer = queries.invitation_of(token, timezone.now())
    if offer is None:
        return render(request, "staff/invitation_over.html", status=410)
    form = JoinForm(request.POST or None, initial={"name": offer.name})
    if request.method == "POST" and form.is_valid() and (user_id := joined(form, token)):
        return inside(request, user_id)
    role = wording.role_name(offer.role_key, offer.role)
    return render(request, "staff/invitation.html", {"form": form, "offer": offer, "role": role})


def joined(form: JoinForm, token: str) -> int | None:
    """The id of the user who joined; None with the reason beside the form."""
    name, password = form.cleaned_data["name"], form.cleaned_data["password"]
    try:
        return commands.accept_invitation(token, name=name, password=password, at=timezone.now())
    except commands.Refused as refused:
        blame(form, refused)
    except ValidationError as weak:
        form.add_error("password", weak)
    return None


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The first user of an empty installation, made by whoever can read the code the operator sees."""
    if queries.has_users():
        return HttpResponseRedirect("/")
    code = request.POST.get("code") or request.GET.get("code", "")
    if not hmac.compare_digest(code.encode(), queries.setup_code().encode()):
        return render(request, "staff/welcome_closed.html", status=403)
    form = WelcomeForm(request.POST or None, initial={"code": code})
    if request.method == "POST" and form.is_valid() and (user_id := first(form)):
        return inside(request, user_id)
    return render(request, "staff/welcome.html", {"form": form})


def first(form: WelcomeForm) -> int | None:
    """The id of the first user; None with the reason beside the form."""
    given, at = form.cleaned_data, timezone.now()
    try:
        return commands.begin(
            company=given["company"],
            currency=given["currency"],
            first=commands.NewUser(
                given["email"], given["name"], "administrator", password=given["password"]
            ),
            at=at,
        )
    except commands.Refused as refused:
        blame(form, refused)
    except ValidationError as weak:
        form.add_error("password", weak)
    return None


def inside(request: HttpRequest, user_id: int) -> HttpResponse:
    """Signs in who has just proved to be the user, and opens the first page."""
    answer: HttpResponse = perform_login(request, queries.user_with_role(user_id), redirect_url="/")
    return answer
