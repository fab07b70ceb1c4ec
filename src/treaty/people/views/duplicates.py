"""The pages of duplicates: pairs to decide, two records side by side, merging, telling apart, and splitting again."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from treaty.kit import jobs
from treaty.kit.lists import Column, Empty, ListPage
from treaty.kit.markup import bdi, day, join, link, tag
from treaty.kit.web import redirect_back, toast
from treaty.people import commands, duplicate_wording, queries
from treaty.people.forms import SamePersonForm, SplitForm
from treaty.people.queries import candidates as pairs
from treaty.people.views.lists import people_list
from treaty.people.views.persons import seen
from treaty.staff.access import actor, needs, verb
from treaty.staff.queries import may
from treaty.staff.rules import EDIT_PEOPLE, EXPORT, SEE_PEOPLE

STATES = {
    "open": gettext_lazy("To decide"),
    "later": gettext_lazy("Later"),
    "apart": gettext_lazy("Not the same"),
}
EMPTY = {
    "open": gettext_lazy("Nobody seems to be here twice"),
    "later": gettext_lazy("Nothing was put off"),
    "apart": gettext_lazy("No pair was told apart"),
}
TOLD = {
    "undone": gettext_lazy("This merge was undone already."),
    "gone": gettext_lazy("This person was merged into another one since. Undo that merge first."),
    "nothing_left": gettext_lazy(
        "Tick what belongs to the other person, and leave at least one for this one."
    ),
}


@require_safe
@needs(SEE_PEOPLE)
def duplicates(request: HttpRequest) -> HttpResponseBase:
    """The pairs of one state, the most probable first."""
    state = request.GET.get("state", "open")
    if state not in STATES:
        raise Http404
    may_edit = may(request.user, EDIT_PEOPLE)
    listed: ListPage[Any] = ListPage(
        rows=pairs.candidates(request.user, state),
        columns=COLUMNS,
        order="-sure",
        template="people/duplicates.html",
        name="duplicates",
        caption=gettext_lazy("Pairs who may be one person"),
        empty=Empty(
            EMPTY[state],
            gettext_lazy(
                "Whoever comes or changes is compared with those who are here. Pairs that look like one person stand here."
            ),
        ),
        open=lambda row: reverse("people:duplicate", args=[row.pk]),
        may_export=may(request.user, EXPORT),
        context={"states": STATES, "state": state, "may_edit": may_edit, "waiting": queries.waiting(1)},
    )
    return listed.response(request)


def pair_cell(row: Any, _value: object) -> SafeString:
    """Both names, which open the two side by side."""
    names = bdi(join(bdi(row.one.name), " · ", bdi(row.other.name)))
    return link(reverse("people:duplicate", args=[row.pk]), names)


def sure_cell(row: Any, _value: object) -> SafeString:
    """How sure one can be, in words."""
    is_sure = pairs.is_almost_certain(row)
    words = duplicate_wording.strength(is_almost_certain=is_sure, is_named=not row.reasons)
    return tag(words, "on" if is_sure else "soft")


def why(row: Any) -> str:
    """The weightiest reasons."""
    reasons = duplicate_wording.reasons(row.reasons, speaks_for=True)[:3]
    return " · ".join(reasons) or _("Somebody asked whether they are one")


def where(row: Any) -> str:
    """The companies of both, one after the other."""
    names = (person.company.name for person in (row.one, row.other) if person.company)
    return " · ".join(dict.fromkeys(names))


COLUMNS: list[Column[Any]] = [
    Column("pair", gettext_lazy("Persons"), lambda row: f"{row.one.name} / {row.other.name}", main=True, draw=pair_cell),
    Column("sure", gettext_lazy("How sure"), lambda row: row.bits, sort="bits", draw=sure_cell),
    Column("why", gettext_lazy("What speaks for it"), why),
    Column("company", gettext_lazy("Company"), where),
    Column("found", gettext_lazy("Found"), lambda row: row.found_at, sort="found_at", align="end",
           draw=lambda _row, at: day(at)),
]  # fmt: skip


def page_of(request: HttpRequest, candidate: int) -> pairs.PairPage:
    """The pair, if this user may see both; else the page does not exist."""
    page = pairs.pair_page(request.user, candidate)
    if page is None:
        raise Http404
    return page


@require_safe
@needs(SEE_PEOPLE)
def duplicate(request: HttpRequest, candidate: int) -> HttpResponse:
    """Two records side by side."""
    page = page_of(request, candidate)
    shown = {
        "page": page,
        "rows": [(field.label or duplicate_wording.FIELDS[field.field], field) for field in page.fields],
        "strength": duplicate_wording.strength(
            is_almost_certain=page.is_almost_certain, is_named=not page.candidate.reasons
        ),
        "speaks_for": duplicate_wording.reasons(page.candidate.reasons, speaks_for=True),
        "speaks_against": duplicate_wording.reasons(page.candidate.reasons, speaks_for=False),
        "may_edit": may(request.user, EDIT_PEOPLE),
    }
    return render(request, "people/duplicate.html", shown)


@require_POST
@needs(EDIT_PEOPLE)
def duplicate_merge(request: HttpRequest, candidate: int) -> HttpResponse:
    """Both are one person; what was chosen from the later record goes over."""
    page = page_of(request, candidate)
    take = [field.field for field in page.fields if request.POST.get(field.field) == "other" and field.other]
    one, other = page.one.person, page.other.person
    try:
        merged = commands.merge_persons(
            one.pk, merged=other.pk, take=take, at=timezone.now(), by=actor(request)
        )
    except commands.CannotMerge as refusal:
        toast(request, str(refusal), bad=True)
        return redirect("people:duplicate", candidate)
    text = _("%(one)s and %(other)s are one person now.") % {"one": one.name, "other": other.name}
    toast(request, text, reverse("people:merge_undoing", args=[merged.id]), "DELETE")
    return to_next(request)


@require_http_methods(["POST", "DELETE"])
@needs(EDIT_PEOPLE)
def duplicate_decision(request: HttpRequest, candidate: int) -> HttpResponse:
    """A pair is two persons, or is looked at later; deleting it puts the pair among the open ones again."""
    page = page_of(request, candidate)
    at, by = timezone.now(), actor(request)
    if verb(request) == "DELETE":
        commands.decide(candidate, state="open", at=at, by=by)
        return redirect_back(request, reverse("people:duplicate", args=[candidate]))
    is_later = request.POST.get("state") == "later"
    commands.decide(candidate, state="later" if is_later else "apart", at=at, by=by)
    names = {"one": page.one.person.name, "other": page.other.person.name}
    later, apart = _("Put off: %(one)s and %(other)s."), _("%(one)s and %(other)s stay two persons.")
    toast(request, (later if is_later else apart) % names, request.path, "DELETE")
    return to_next(request)


def to_next(request: HttpRequest) -> HttpResponse:
    """The next pair to decide, else the list."""
    following = pairs.next_candidate(request.user)
    return redirect("people:duplicate", following) if following else redirect("people:duplicates")


@require_POST
@needs(EDIT_PEOPLE)
def people_merging(request: HttpRequest) -> HttpResponse:
    """Two ticked persons are looked at side by side."""
    picked = list(people_list(request).meant(request).order_by("pk").values_list("pk", flat=True)[:3])
    if len(picked) != 2:
        toast(request, _("Tick the two records of one person."), bad=True)
        return redirect_back(request, "/people/")
    return redirect("people:duplicate", commands.propose_pair(*picked, at=timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT_PEOPLE)
def merging(request: HttpRequest, person: int) -> HttpResponse:
    """Say which other record is the same person; both are then looked at side by side."""
    row = seen(request, person)
    form = SamePersonForm(request.POST or None, user=request.user, person=person)
    if request.method == "POST" and form.is_valid():
        pair = commands.propose_pair(person, form.cleaned_data["other"], at=timezone.now())
        return redirect("people:duplicate", pair)
    shown = {"person": row, "form": form}
    return render(request, "people/merging.html", shown, status=422 if form.errors else 200)


@require_POST
@needs(EDIT_PEOPLE)
def duplicate_scan(request: HttpRequest) -> HttpResponse:
    """Look at whoever waits, now."""
    job = jobs.start("find_duplicates", _("Look for duplicates"), {}, by=actor(request))
    return redirect("kit:job", job)


@require_http_methods(["POST", "DELETE"])
@needs(EDIT_PEOPLE)
def merge_undoing(request: HttpRequest, merge: int) -> HttpResponse:
    """The merged person is back. Posted by the page of splitting, the two are never shown as duplicates again."""
    person = queries.merge_survivor(merge)
    if person is None:
        raise Http404
    seen(request, person)
    try:
        apart = bool(request.POST.get("apart"))
        commands.undo_merge(merge, at=timezone.now(), by=actor(request), apart=apart)
        toast(request, _("They are two persons again."))
    except commands.CannotSplit as refusal:
        toast(request, str(TOLD[refusal.code]), bad=True)
    return redirect_back(request, f"/people/{person}/")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT_PEOPLE)
def split(request: HttpRequest, person: int) -> HttpResponse:
    """Take back a merge into this person, or give what belongs to somebody else a record of its own."""
    row = seen(request, person)
    form = SplitForm(request.POST or None, identities=queries.held_identities(person))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            other = commands.split_person(
                person, identities=told["identities"], name=told["name"], at=timezone.now(), by=actor(request)
            )
            toast(request, _("%(name)s has a record now.") % {"name": told["name"]})
            return redirect(f"/people/{other}/")
        except commands.CannotSplit as refusal:
            form.add_error("identities", TOLD[refusal.code])
    shown = {"person": row, "form": form, "merges": queries.merges_into(person)}
    return render(request, "people/split.html", shown, status=422 if form.errors else 200)
