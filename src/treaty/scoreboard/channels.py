"""The persons behind a figure of the channels, as a list: all of them, and names where the reader sees the record."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from treaty.deals.queries import counted_persons
from treaty.kit.lists import Column, Empty, ListPage
from treaty.kit.markup import bdi, day, link, text
from treaty.people import queries as people
from treaty.people.queries.leads import channel_label, stage_label
from treaty.staff.queries import User, may
from treaty.staff.rules import EXPORT

TITLES = {"leads": _("Leads of a channel"), "won": _("Won persons of a channel")}
ALL_TITLES = {"leads": _("Leads of all channels"), "won": _("Won persons of all channels")}


def channel_list(user: User, figure: str, channel: str | None) -> ListPage[Any]:
    """Who is counted: of one channel ("" is the one that is not known), or of all."""
    title = (ALL_TITLES if channel is None else TITLES)[figure]
    return ListPage(
        rows=counted_persons(figure, channel),
        columns=columns(user),
        order="-added",
        template="scoreboard/channel_rows.html",
        name=f"channels-{figure}",
        caption=title,
        called=lambda row: row.pk,
        empty=Empty(_("No rows"), _("This figure is zero: nobody of this kind is known.")),
        may_export=may(user, EXPORT),
        context={"title": title, "channel": channel},
    )


def columns(user: User) -> list[Column[Any]]:
    """What stands of each; of persons whom the reader does not see only what is counted."""
    return [
        Column("person", _("Person"), values=names(user, "name"), main=True, draw=name_cell),
        Column("company", _("Company"), values=names(user, "company__name")),
        Column("channel", _("Channel"), lambda row: channel_name(row.channel), csv=lambda row: row.channel),
        Column("stage", _("Stage"), lambda row: stage_label(row.stage), csv=lambda row: row.stage),
        Column(
            "added",
            _("Added"),
            lambda row: row.created_at,
            sort="created_at",
            align="end",
            draw=lambda _row, at: day(at),
        ),
    ]


def channel_name(channel: str) -> str:
    """What a channel is called, the one that is not known, too."""
    return channel_label(channel) if channel else str(_("not known"))


def names(user: User, column: str) -> Callable[[Sequence[Any]], Mapping[int, object]]:
    """Reads a column of those whom the user sees."""

    def read(rows: Sequence[Any]) -> Mapping[int, object]:
        seen = people.visible_persons(user).filter(pk__in=[row.pk for row in rows])
        return {pk: value or "" for pk, value in seen.values_list("pk", column)}

    return read


def name_cell(person: Any, name: Any) -> SafeString:
    """The name as a link, where the reader sees the person."""
    if not name:
        return SafeString(text(_("a person of a colleague, or in the bin")))
    return link(f"/people/{person.pk}/", bdi(name), "row")
