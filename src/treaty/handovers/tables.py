"""The table of handovers: the same rows as the board, with filters, sorting, paging and CSV."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from operator import attrgetter

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise as Text

from treaty.handovers import queries, wording
from treaty.handovers.queries import HandoverRow
from treaty.handovers.queries.today import breaking
from treaty.handovers.rules.causes import CAUSES
from treaty.handovers.verbs import sellers
from treaty.kit.fields import CHOICE, MOMENT, NUMBER, Field
from treaty.kit.filters import Choice, Contains, DateRange
from treaty.kit.lists import Action, Column, Empty, ListPage
from treaty.kit.markup import grade, when
from treaty.kit.templatetags import kit as tags
from treaty.people.rules import fold
from treaty.staff import queries as staff
from treaty.staff.queries import User
from treaty.staff.rules import DECIDE_HANDOVERS, EXPORT

SOON = timedelta(hours=4)
LETTERS = tuple((letter, letter) for letter in "ABCD")


def handover_table(user: User) -> ListPage[HandoverRow]:
    """The table of a user; the states one filters by are the columns of the board, and withdrawn."""
    return ListPage(
        rows=queries.table(user),
        columns=columns(timezone.now()),
        order="-offered",
        filters=filters(user),
        fields=fields(),
        arranges=True,
        template="handovers/table.html",
        name="handovers",
        caption=_("Handovers"),
        empty=Empty(_("No handovers match"), _("Here stands every lead that marketing offered to sales.")),
        open=lambda row: f"/handovers/{row.pk}/",
        beside=True,
        called=lambda row: row.person.name,
        actions=actions() if staff.may(user, DECIDE_HANDOVERS) else (),
        may_export=staff.may(user, EXPORT),
    )


def actions() -> Sequence[Action]:
    """What can be done with the ticked leads."""
    causes = [(cause, wording.said(wording.CAUSES, cause)) for cause in CAUSES]
    context = {"sellers": sellers, "causes": causes}
    return (
        Action(
            _("Hand on"), "/handovers/bulk/handovers.hand_on", "handovers/parts/bulk_hand_on.html", context
        ),
    )


def columns(at: datetime) -> Sequence[Column[HandoverRow]]:
    """What a row shows; the words of all clocks are read at once."""
    return (
        Column("person", _("Person"), lambda row: row.person.name, main=True),
        Column("company", _("Company"), lambda row: row.person.company.name if row.person.company else ""),
        Column(
            "grade", _("Grade"), lambda row: row.grade, sort="grade", draw=lambda _row, value: grade(value)
        ),
        Column("state", _("State"), lambda row: wording.said(wording.STATES, queries.decision(row))),
        Column("reason", _("Came back because"), queries.why_returned),
        Column("clock", _("Clock"), values=lambda rows: queries.time_left(rows, at), in_csv=False),
        moments("due", _("Due"), "next_due_at"),
        Column("owner", _("Owner"), lambda row: row.owner.name if row.owner else ""),
        moments("offered", _("Offered"), "offered_at", sort="offered_at"),
        moments("decided", _("Decided"), "decided_at", in_table=False),
        moments("first_touch", _("First touch"), "first_touch_at", in_table=False),
        Column("version", _("Version"), lambda row: row.version.number, align="end", in_table=False),
    )


def moments(
    key: str, label: Text, name: str, sort: str = "", *, in_table: bool = True
) -> Column[HandoverRow]:
    """A column of moments: each on one line of the page, and as a spreadsheet takes it."""
    return Column(
        key,
        label,
        attrgetter(name),
        sort=sort,
        in_table=in_table,
        draw=lambda _row, at: when(at, tags.moment(at)) if at else SafeString(),
        csv=plain(name),
    )


def filters(user: User) -> Sequence[Choice | DateRange]:
    """By state, grade, owner, whose answer is awaited, and when the lead was offered."""
    return (
        Choice("state", _("State"), states, condition=queries.STATES.__getitem__),
        Choice("grade", _("Grade"), lambda: LETTERS, "grade__startswith"),
        Choice("owner", _("Owner"), owners, "owner"),
        Choice("asked", _("Answer"), awaited, condition=lambda _whose: queries.asked_of(user)),
        Choice("clock", _("Clock"), clocks, condition=lambda _which: breaking(timezone.now() + SOON)),
        DateRange("offered", _("Offered"), "offered_at"),
    )


def fields() -> Sequence[Field]:
    """What conditions may name."""
    return (
        Field(
            key="person", label=_("Person"), means=Contains("person", "", ["person__folded"], fold).condition
        ),
        Field(key="company", label=_("Company"), path="person__company__name"),
        Field(key="grade", label=_("Grade"), path="grade"),
        Field(
            key="state",
            label=_("State"),
            kind=CHOICE,
            choices=states,
            means=queries.STATES.__getitem__,
            groups=states,
        ),
        Field(key="owner", label=_("Owner"), kind=CHOICE, path="owner", choices=cache(owners), groups=owners),
        Field(key="due", label=_("Due"), kind=MOMENT, path="next_due_at"),
        Field(key="offered", label=_("Offered"), kind=MOMENT, path="offered_at", optional=False),
        Field(key="decided", label=_("Decided"), kind=MOMENT, path="decided_at"),
        Field(key="first_touch", label=_("First touch"), kind=MOMENT, path="first_touch_at"),
        Field(key="version", label=_("Version"), kind=NUMBER, path="version__number", optional=False),
    )


def states() -> list[tuple[str, str]]:
    """The columns of the board, and what was withdrawn."""
    return [(key, wording.said(wording.STATES, key)) for key in queries.STATES]


def awaited() -> list[tuple[str, str]]:
    """The own answer is the one people look for."""
    return [("me", gettext("Waits for mine"))]


def clocks() -> list[tuple[str, str]]:
    """Clocks that want to be looked after, as Today of a head shows them."""
    return [("soon", gettext("Over, or within four hours"))]


def owners() -> list[tuple[str, str]]:
    """Whoever works here may own a lead, and who left may still own some."""
    return staff.owners_asked(staff.everybody())


def plain(field: str) -> Callable[[HandoverRow], object]:
    """A moment as a spreadsheet takes it."""
    return lambda row: value.isoformat() if (value := getattr(row, field)) else ""
