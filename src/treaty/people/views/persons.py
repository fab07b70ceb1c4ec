"""Adding a person, and the verbs of a person's page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from treaty.fields.commands import WrongValue
from treaty.kit.web import redirect_back, toast
from treaty.people import commands, queries
from treaty.people.forms import (
    MISTAKES,
    ForgettingForm,
    IdentityForm,
    NewPersonForm,
    OwnerForm,
    PersonForm,
    TagsForm,
)
from treaty.people.rules import WAYS, BadIdentity, CompanyDraft, Outcome
from treaty.staff.access import actor, needs, verb
from treaty.staff.rules import EDIT_PEOPLE, FORGET_PEOPLE

TAKEN = gettext_lazy(
    "This person is known already and looked after by somebody whose people you do not see."
    " Ask the head of your team."
)

BINNED = gettext_lazy(
    "Somebody with this address or number is in the bin, so nothing was added. Restore that person instead."
)

COMPANY_BINNED = gettext_lazy("A company of this name is in the bin. Bring it back first, or choose another.")

FORGOTTEN = gettext_lazy(
    "Somebody with this address or number asked to be forgotten, so nothing was added."
    " If they came to you again themselves, use another address or number of theirs."
)


def seen(request: HttpRequest, person: int) -> Any:
    """The person, if this user may see it and it was not forgotten; else the page does not exist."""
    rows = queries.visible_persons(request.user).filter(forgotten_at=None)
    return get_object_or_404(rows.select_related("company"), pk=person)


def back(request: HttpRequest, person: int) -> HttpResponse:
    """To where the user came from, else to the person."""
    return redirect_back(request, f"/people/{person}/")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT_PEOPLE)
def new(request: HttpRequest) -> HttpResponse:
    """Add a person by hand; who has the address or number already, or is probably the same, is shown first."""
    form, alike, likely = NewPersonForm(request.POST or None, user=request.user), [], []
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if not request.POST.get("known"):
            alike = queries.similar(
                request.user, email=told["email"], phone=told["phone"], country=told["country"]
            )
        if not alike and not request.POST.get("known") and not request.POST.get("another"):
            likely = queries.probable(request.user, form.draft())
        if not alike and not likely and (person := _add(request, form)):
            return redirect(f"/people/{person}/")
    status = 422 if form.errors or alike or likely else 200
    return render(request, "people/new.html", {"form": form, "alike": alike, "likely": likely}, status=status)


def _add(request: HttpRequest, form: NewPersonForm) -> int | None:
    visible = queries.visible_persons(request.user)
    try:
        added = commands.add_person(
            form.draft(),
            at=timezone.now(),
            by=actor(request),
            source="hand",
            owner_if_new=actor(request),
            may_enrich=lambda person: visible.filter(pk=person).exists(),
        )
    except commands.Forgotten:
        form.add_error(None, FORGOTTEN)
        return None
    except commands.Binned:
        form.add_error(None, BINNED)
        return None
    except commands.IdentityTaken:
        form.add_error(None, TAKEN)
        return None
    except WrongValue as wrong:
        form.blame_field(wrong)
        return None
    is_new = added.outcome is Outcome.NEW
    toast(
        request,
        _("The person was added.") if is_new else _("The person was known already; what you told was added."),
    )
    return added.person_id


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT_PEOPLE)
def edit(request: HttpRequest, person: int) -> HttpResponse:
    """Correct who a person is."""
    row = seen(request, person)
    known = {name: getattr(row, name) for name in PersonForm.base_fields if name != "company"}
    if not row.given_name and not row.family_name and row.name != row.name_local:
        known["family_name"] = row.name
    known["company"] = row.company.name if row.company else ""
    form = PersonForm(
        request.POST or None, request.FILES or None, initial=known, user=request.user, one=person
    )
    if request.method == "POST" and form.is_valid() and _changed(request, row, form):
        toast(request, _("The person was changed."))
        return redirect(f"/people/{person}/")
    status = 422 if form.errors else 200
    return render(request, "people/edit.html", {"form": form, "person": row}, status=status)


def _changed(request: HttpRequest, row: Any, form: PersonForm) -> bool:
    """Change the person; False with the reason beside the field at fault."""
    name = form.cleaned_data["company"]
    at, by = timezone.now(), actor(request)
    if not form.take_in(at=at, by=by):
        return False
    try:
        changes = told_of(row, form) | {"company_id": company_id(request, row, name) if name else None}
        commands.change_person(row.pk, changes=changes, own=form.told_fields(), at=at, by=by)
    except commands.CompanyInBin:
        form.add_error("company", COMPANY_BINNED)
        return False
    except WrongValue as wrong:
        form.blame_field(wrong)
        return False
    return True


def told_of(row: Any, form: PersonForm) -> dict[str, Any]:
    """What the form tells; a name that we know in one piece, and nobody parted, stays in one piece."""
    told = form.told()
    is_whole = not row.given_name and not row.family_name and not told["given_name"]
    return told | {"family_name": ""} if is_whole and told["family_name"] == row.name else told


def company_id(request: HttpRequest, person: Any, name: str) -> int:
    """The company of a name; the person's own where it is called so, else one that is found or added.

    Raises CompanyInBin.
    """
    if person.company and person.company.name == name:
        return int(person.company_id)
    return commands.add_company(CompanyDraft(name=name), at=timezone.now(), by=actor(request)).company_id


@require_POST
@needs(EDIT_PEOPLE)
def identities(request: HttpRequest, person: int) -> HttpResponse:
    """Give a person another address, number or key."""
    seen(request, person)
    form = IdentityForm(request.POST)
    if not form.is_valid():
        toast(request, _("Tell the address, number or key."), bad=True)
        return back(request, person)
    try:
        commands.add_identity(person, **form.cleaned_data, at=timezone.now(), by=actor(request))
        toast(request, _("Added."))
    except BadIdentity as mistake:
        toast(request, str(MISTAKES[mistake.code]), bad=True)
    except commands.IdentityTaken:
        toast(request, _("Somebody else has this one already, so it was not added."), bad=True)
    return back(request, person)


@require_http_methods(["POST", "DELETE"])
@needs(EDIT_PEOPLE)
def invalidation(request: HttpRequest, person: int, identity: int) -> HttpResponse:
    """An address or number does not reach the person any more; deleting says that it does."""
    seen(request, person)
    at, by = timezone.now(), actor(request)
    if verb(request) == "DELETE":
        commands.reinstate_identity(person, identity=identity, at=at, by=by)
    else:
        commands.invalidate_identity(person, identity=identity, at=at, by=by)
    return back(request, person)


@require_POST
@needs(EDIT_PEOPLE)
def main_identity(request: HttpRequest, person: int, identity: int) -> HttpResponse:
    """An address or number is the one to use first."""
    seen(request, person)
    commands.make_main(person, identity=identity, at=timezone.now(), by=actor(request))
    return back(request, person)


@require_POST
@needs(EDIT_PEOPLE)
def owner(request: HttpRequest, person: int) -> HttpResponse:
    """Give a person to somebody."""
    seen(request, person)
    form = OwnerForm(request.POST)
    if form.is_valid():
        chosen = form.cleaned_data["owner"]
        commands.assign_owner([person], owner=chosen, at=timezone.now(), by=actor(request))
        if not queries.visible_persons(request.user).filter(pk=person).exists():
            toast(request, _("The person changed hands; you do not see it any more."))
            return redirect("/people/")
        toast(request, _("The person changed hands."))
    return back(request, person)


@require_POST
@needs(EDIT_PEOPLE)
def tags(request: HttpRequest, person: int) -> HttpResponse:
    """Put tags on a person."""
    seen(request, person)
    form = TagsForm(request.POST)
    if form.is_valid():
        commands.tag([person], tags=form.cleaned_data["tags"], at=timezone.now(), by=actor(request))
    return back(request, person)


@require_POST
@needs(EDIT_PEOPLE)
def tag_removal(request: HttpRequest, person: int) -> HttpResponse:
    """Take a tag off a person."""
    seen(request, person)
    commands.untag([person], tags=[request.POST.get("tag", "")], at=timezone.now(), by=actor(request))
    return back(request, person)


@require_http_methods(["POST", "DELETE"])
@needs(EDIT_PEOPLE)
def refusal(request: HttpRequest, person: int, way: str) -> HttpResponse:
    """A person asks not to be written to or called; deleting it allows it again."""
    seen(request, person)
    at, by = timezone.now(), actor(request)
    if way in WAYS and verb(request) == "DELETE":
        commands.allow([person], way=way, at=at, by=by)
    elif way == "mail":
        commands.unsubscribe([person], at=at, by=by, source="hand")
    elif way == "call":
        commands.refuse_calls([person], at=at, by=by, source="hand")
    return back(request, person)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(FORGET_PEOPLE)
def forgetting(request: HttpRequest, person: int) -> HttpResponse:
    """Forget a person for ever; the number must be typed, so that it is meant."""
    row = seen(request, person)
    form = ForgettingForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        commands.forget_person(person, at=timezone.now(), by=actor(request))
        toast(request, _("The person was forgotten."))
        return redirect(f"/people/{person}/")
    status = 422 if form.errors else 200
    return render(request, "people/forgetting.html", {"form": form, "person": row}, status=status)
