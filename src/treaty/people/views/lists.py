"""The list of people, and the verbs for its ticked rows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from operator import attrgetter
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from treaty.fields.queries import listed
from treaty.kit import bulk, changing
from treaty.kit.lists import Action, Boolean, Choice, Column, DateRange, Edit, Empty, Found, ListPage
from treaty.kit.markup import NOTHING, bdi, day, join, link, tag, text
from treaty.people import queries, wording
from treaty.people.forms import owners
from treaty.people.rules import Stage
from treaty.people.views import asking
from treaty.people.views.orders import by_company, by_owner, by_stage, by_text
from treaty.staff.access import needs
from treaty.staff.queries import everybody, may, owners_asked, user_names
from treaty.staff.rules import EDIT_PEOPLE, EXPORT, SEE_PEOPLE

LIST = "/people/"
Read = Callable[[], list[tuple[str, str]]]
Names = Callable[[], list[tuple[int, str]]]
"""Reads those who work here, by id and name."""
Everybody = Callable[[], list[tuple[int, str, bool]]]
"""Reads those who work or worked here, and which of the two; a page that needs them twice asks once."""


def person_url(person: Any) -> str:
    """A person's own page."""
    return f"/people/{person.pk}/"


def name_cell(person: Any, _value: object) -> SafeString:
    """The name, which opens the person beside the list, and what it is in its own script."""
    shown = link(person_url(person), bdi(person.name), attrs={"data-panel": True})
    local = person.name_local
    return join(shown, " ", bdi(local, "q")) if local and local != person.name else shown


def address_cell(_person: Any, address: object) -> SafeString:
    """An address or a number, which reads from left to right whatever the page does."""
    return SafeString(f'<bdi dir="ltr">{text(address)}</bdi>' if address else "")


def company_cell(person: Any, name: object) -> SafeString:
    """The company somebody works for."""
    return link(f"/companies/{person.company_id}/", bdi(name)) if person.company_id else NOTHING


def stage_cell(person: Any, _value: object) -> SafeString:
    """How far somebody came."""
    return tag(wording.STAGES[Stage(person.stage)])


def day_cell(_row: Any, at: datetime) -> SafeString:
    """A moment as its day."""
    return day(at)


def owner_names(rows: Sequence[Any]) -> Mapping[int, object]:
    """The name of each row's owner."""
    names = user_names({row.owner_id for row in rows})
    return {row.pk: names.get(row.owner_id, "") for row in rows}


def working(known: Everybody) -> list[tuple[int, str]]:
    """Those who work here, to choose from."""
    return [(one, name) for one, name, is_active in known() if is_active]


def owner_filter(user: Any, known: Everybody) -> Choice:
    """Whose rows: mine, nobody's, a colleague's, or of somebody who left."""

    def choices() -> list[tuple[str, Any]]:
        first = [("me", gettext_lazy("Mine")), ("none", gettext_lazy("Nobody's"))]
        return [*first, *owners_asked(known())]

    def condition(asked: str) -> Q:
        if asked == "none":
            return Q(owner__isnull=True)
        return Q(owner=user.pk if asked == "me" else int(asked))

    return Choice("owner", gettext_lazy("Owner"), choices, condition=condition)


def people_list(request: HttpRequest) -> ListPage[Any]:
    """The list of people as this user may see it."""
    may_edit, known = may(request.user, EDIT_PEOPLE), cache(everybody)
    names = partial(working, known)
    owner, channels, tags = owner_filter(request.user, known), cache(_channels), cache(_tags)
    own = listed("person", request.user)
    shown = [*columns(names), *own.columns]
    return ListPage(
        rows=queries.visible_persons(request.user).select_related("company"),
        columns=shown,
        order="-added",
        search=Found("q", gettext_lazy("Find by name"), queries.persons_fitting),
        filters=filters(owner, channels, tags),
        fields=[*asking.of_persons(owner, channels, tags), *own.fields],
        arranges=True,
        cells_url="/people/bulk/people.cells" if may_edit else "",
        actions=actions(names, shown, queries.list_actions(request.user)) if may_edit else (),
        template="people/list.html",
        name="people",
        caption=gettext_lazy("People"),
        empty=Empty(
            gettext_lazy("Nobody is here yet"),
            gettext_lazy(
                "Everybody the company knows stands here: who sent a form, who was imported, who was added by hand."
            ),
            "/people/new" if may_edit else "",
            gettext_lazy("Add a person"),
        ),
        open=person_url,
        beside=True,
        may_export=may(request.user, EXPORT),
        context={"may_edit": may_edit},
    )


def columns(names: Names) -> list[Column[Any]]:
    """What stands of each person, the columns of higher nouns among it."""
    return [
        Column("name", gettext_lazy("Name"), sort="folded", main=True, draw=name_cell),
        Column("company", gettext_lazy("Company"), lambda row: row.company.name if row.company else "",
               orders=by_company, draw=company_cell),
        Column("stage", gettext_lazy("Stage"), orders=by_stage, draw=stage_cell),
        *queries.list_columns(),
        Column("owner", gettext_lazy("Owner"), values=owner_names, orders=by_owner, edit=owner_edit(names)),
        Column("channel", gettext_lazy("Channel"), lambda row: wording.channel(row.channel), csv=lambda row: row.channel),
        Column("added", gettext_lazy("Added"), lambda row: row.created_at, sort="created_at", align="end",
               draw=day_cell),
        *(Column(key, label, orders=BY_TEXT.get(key), in_table=False, edit=EDITS.get(key), draw=DRAWN.get(key))
          for key, label in ONLY_CSV.items()),
    ]  # fmt: skip


ONLY_CSV = {
    "name_local": gettext_lazy("Name in its own script"),
    "email": gettext_lazy("Mail address"),
    "phone": gettext_lazy("Phone number"),
    "title": gettext_lazy("Job title"),
    "country": gettext_lazy("Country"),
    "city": gettext_lazy("City"),
    "language": gettext_lazy("Language"),
    "interest": gettext_lazy("Interest"),
}


BY_TEXT = {key: partial(by_text, key) for key in ("email", "phone")}
"""The texts along whose indexes the list can stand; the others are found by conditions."""

DRAWN = {"email": address_cell, "phone": address_cell}

EDITS = {
    "title": Edit(attrgetter("title")),
    "city": Edit(attrgetter("city")),
    "interest": Edit(attrgetter("interest")),
}
"""What of a person is changed in the list, besides the owner."""


def owner_edit(names: Names) -> Edit:
    """Whose a row is, changed in the list."""
    return Edit(attrgetter("owner_id"), choices=lambda: owners(names))


def filters(owner: Choice, channels: Read, tags: Read) -> list[Any]:
    """What the list can be narrowed by."""
    stages = [(stage.value, label) for stage, label in wording.STAGES.items()]
    return [
        Choice("stage", gettext_lazy("Stage"), lambda: stages),
        owner,
        Choice("channel", gettext_lazy("Channel"), channels),
        Choice("tag", gettext_lazy("Tag"), tags, condition=queries.tagged),
        Boolean(
            "mail",
            gettext_lazy("May be written to"),
            ~Q(email="") & Q(unsubscribed_at__isnull=True),
            (gettext_lazy("May be written to"), gettext_lazy("May not be written to")),
        ),
        DateRange("added", gettext_lazy("Added"), "created_at"),
    ]


def _channels() -> list[tuple[str, str]]:
    return [(channel, wording.channel(channel)) for channel in queries.channels()]


def _tags() -> list[tuple[str, str]]:
    return [(name, name) for name in queries.tag_names()]


def actions(names: Names, shown: Sequence[Column[Any]], more: Sequence[Action]) -> list[Action]:
    """What can be done with the ticked persons, the verbs of higher nouns among it."""
    given = {"owners": lambda: owners(names)}
    stages = {"stages": [(stage.value, label) for stage, label in wording.STAGES.items()]}
    return [
        Action(gettext_lazy("Give to owner"), "/people/bulk/people.owner", "people/bulk_owner.html", given),
        Action(gettext_lazy("Move to stage"), "/people/bulk/people.stage", "people/bulk_stage.html", stages),
        Action(gettext_lazy("Tag"), "/people/bulk/people.tag", "people/bulk_tags.html"),
        Action(gettext_lazy("Take the tag off"), "/people/bulk/people.untag"),
        changing.action(shown, "/people/bulk/people.change"),
        *more,
        Action(gettext_lazy("Merge two"), "/people/merging"),
        Action(gettext_lazy("Put into the bin"), "/people/bulk/people.bin"),
    ]


@require_safe
@needs(SEE_PEOPLE)
def people(request: HttpRequest) -> HttpResponseBase:
    """The list of people."""
    return people_list(request).response(request)


@require_POST
@needs(EDIT_PEOPLE)
def people_bulk(request: HttpRequest, verb: str) -> HttpResponse:
    """Do a verb to the ticked persons, or to all that match."""
    return bulk.begin(request, people_list(request), verb)
