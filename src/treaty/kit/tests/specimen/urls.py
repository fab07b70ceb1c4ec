"""The specimen's addresses: the page, the same page with a record beside its list, a search, an undo, a failure."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.urls import path
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from treaty.kit.shell import Entry

SOURCE = Path(__file__).with_name("specimen.html")
NAMES = {"marek": "Marek Dąbrowski", "haruka": "Watanabe Haruka"}
NAV = ("today", "people", "handovers", "deals", "agreement", "scoreboard", "settings")
USER = SimpleNamespace(
    is_authenticated=True,
    name="Zofia Wiśniewska",
    title="",
    team=SimpleNamespace(name="Central team", side="sales"),
)
undone: list[str] = []
"""How often and how the undo was asked for."""


class Specimen(forms.Form):
    """One field of each kind."""

    email = forms.EmailField(label="E-mail", help_text="Where invitations go.")
    name = forms.CharField(label="Name", required=False)
    side = forms.ChoiceField(
        label="Side", choices=[("m", "Marketing"), ("s", "Sales")], widget=forms.RadioSelect
    )
    stage = forms.ChoiceField(label="Stage", choices=[("a", "Any stage"), ("b", "Qualified")])
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    call = forms.BooleanField(label="May be called", help_text="Unticked, nobody calls.", required=False)
    file = forms.FileField(label="File", required=False)


def template() -> Any:
    """The specimen, compiled outside the template folders because it does not ship."""
    engine = engines["django"]
    assert isinstance(engine, DjangoTemplates)
    return engine.from_string(CottonCompiler().process(SOURCE.read_text(encoding="utf-8")))


def page(request: HttpRequest, name: str = "") -> HttpResponse:
    """Every component; with a name, that record is open beside the list; `?language=` chooses one."""
    context = {
        "form": Specimen({"email": "nope", "side": "s"}),
        "opened": {"name": NAMES[name], "url": request.path} if name else None,
        "nav_items": [
            Entry(key.title(), f"#{key}", key, current=key == "people", count=3 if key == "today" else None)
            for key in NAV
        ],
        "user": USER,
        "installation_name": "Kestrel Instruments",
        "unread_notices": 3,
    }
    with translation.override(request.GET.get("language", "en")):
        return HttpResponse(template().render(context, request))


def palette(request: HttpRequest) -> HttpResponse:
    """Two groups of options, or none for what nobody is called."""
    if request.GET["q"] == "zzz":
        return HttpResponse("")
    return HttpResponse(
        '<section><h3>People</h3><a href="/f/specimen/marek">Marek Dąbrowski</a>'
        '<a href="/f/specimen/haruka">Watanabe Haruka</a></section>'
        '<section><h3>Go to</h3><a href="/f/specimen">Today</a></section>'
    )


def undo(request: HttpRequest) -> HttpResponse:
    """Notes the method it was asked by; only a request with its token comes as far as here."""
    undone.append(str(request.method))
    return HttpResponse(status=204)


def broken(request: HttpRequest) -> HttpResponse:
    """What a view that fails would answer."""
    return HttpResponse("a trace nobody should see", status=500)


urlpatterns = [
    path("f/specimen", page),
    path("f/specimen/<str:name>", page),
    path("f/specimen-palette", palette),
    path("f/specimen-undo", undo),
    path("f/specimen-broken", broken),
]
