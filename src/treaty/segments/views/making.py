"""The page on which a segment is made and changed: its boxes, its sentence, how many it would mean."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from treaty.kit.web import is_partial, page, toast
from treaty.segments import commands, queries
from treaty.segments.building import Builder
from treaty.segments.forms import NameForm
from treaty.segments.queries import Followed
from treaty.segments.rules import NotAPredicate, Predicate
from treaty.segments.rules.boxes import sketched
from treaty.segments.rules.sketch import Sketch, begun, changed, sketch_of
from treaty.segments.wording import NO_NAMES, counted, flaw_sentence, sentence, translations
from treaty.staff.access import actor, needs
from treaty.staff.rules import EDIT_PEOPLE


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT_PEOPLE)
def new(request: HttpRequest) -> HttpResponse:
    """Make a segment."""
    return _made(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT_PEOPLE)
def change(request: HttpRequest, segment: int) -> HttpResponse:
    """Call a segment otherwise, or let it mean others."""
    known = queries.segment(segment)
    if known is None:
        raise Http404
    return _made(request, known)


@require_POST
@needs(EDIT_PEOPLE)
def count(request: HttpRequest) -> HttpResponse:
    """How many persons the boxes mean as they stand, and their sentence."""
    builder = Builder(user=request.user)
    tree = builder.reader().predicate(sketch_of(request.POST.dict()))
    reading = _reading(request, tree, builder, is_counted=True)
    return render(request, "segments/edit.html#reading", reading)


def _made(request: HttpRequest, known: Followed | None) -> HttpResponse:
    builder = Builder(others=_others(known), user=request.user)
    if request.method != "POST":
        sketch = begun() if known is None else sketched(known.tree, builder.of_numbers)
        name = "" if known is None else known.name
        return _page(request, known, builder, sketch, NameForm(initial={"name": name}))
    sketch, wish = sketch_of(request.POST.dict()), request.POST.get("do", "")
    if wish != "save" and (wish or is_partial(request)):
        changed(sketch, wish)
        form = NameForm(initial={"name": request.POST.get("name", "")})
        return _page(request, known, builder, sketch, form, is_counted=wish == "count")
    form, tree = NameForm(request.POST), builder.reader().predicate(sketch)
    if form.is_valid() and tree is not None:
        saved = _saved(request, known, form, tree)
        if saved is not None:
            return redirect("segments:segment", saved)
    return _page(request, known, builder, sketch, form, is_refused=True)


def _others(known: Followed | None) -> dict[int, str]:
    """The segments that one may ask for: not itself, and none that asks for it."""
    without = set() if known is None else {known.id, *(one.id for one in queries.askers(known.id))}
    return {number: name for number, name in queries.names().items() if number not in without}


def _saved(request: HttpRequest, known: Followed | None, form: NameForm, tree: Predicate) -> int | None:
    """The segment saved; None where its name is taken, which is said at the field."""
    name, at, by = form.cleaned_data["name"], timezone.now(), actor(request)
    try:
        if known is None:
            saved = commands.add_segment(name, tree=tree, at=at, by=by)
        else:
            saved = known.id
            commands.change_segment(saved, name=name, tree=tree, at=at, by=by)
    except commands.NameTaken:
        form.add_error("name", _("Another segment is called so; choose another name."))
        return None
    except NotAPredicate as wrong:
        form.add_error("name", " ".join(flaw_sentence(one.code, one.values) for one in wrong.problems))
        return None
    toast(request, _("The segment was saved."))
    return saved


def _page(
    request: HttpRequest,
    known: Followed | None,
    builder: Builder,
    sketch: Sketch,
    form: NameForm,
    *,
    is_refused: bool = False,
    is_counted: bool = False,
) -> HttpResponse:
    tree = Builder(own=builder.own, others=builder.others).reader().predicate(sketch)
    context = {
        "segment": known,
        "form": form,
        "root": builder.box(sketch),
        "is_refused": is_refused,
        **_reading(request, tree, builder, is_counted=is_counted),
    }
    status = 422 if is_refused else 200
    return page(request, "segments/edit.html", context, partial="builder", status=status)


def _reading(
    request: HttpRequest, tree: Predicate | None, builder: Builder, *, is_counted: bool
) -> dict[str, Any]:
    """The sentence, in other languages too where that was asked, and how many it means where that was."""
    number, names = "", NO_NAMES if tree is None else builder.words(tree)
    is_in_all = "languages" in request.POST
    if tree is not None and is_counted:
        number = counted(queries.counted(tree, timezone.now()))
    return {
        "meaning": "" if tree is None else sentence(tree, names),
        "meanings": translations(tree, names) if tree is not None and is_in_all else [],
        "is_in_all": is_in_all,
        "counted": number,
        "counting": reverse("segments:count"),
    }
