"""Readings of the desk: every face of Today, the person with the timeline, the palette. All of it is the nouns' below."""

from treaty.desk.queries.dossier import dossier, files, pack
from treaty.desk.queries.finding import Everything, everything
from treaty.desk.queries.heads import HeadDay, head_day
from treaty.desk.queries.hours import OwnDay, own_day
from treaty.desk.queries.marketing import MarketingDay, marketing_day
from treaty.desk.queries.palette import Option, OptionGroup, groups, hits
from treaty.desk.queries.person import PersonSheet, person_sheet
from treaty.desk.queries.sales import SalesDay, StepLine, sales_day
from treaty.desk.queries.timeline import Asked, StreamDay, StreamLine, Timeline, timeline
from treaty.handovers.queries import may_offer
from treaty.scoreboard.queries import small

__all__ = [
    "Asked",
    "Everything",
    "HeadDay",
    "MarketingDay",
    "Option",
    "OptionGroup",
    "OwnDay",
    "PersonSheet",
    "SalesDay",
    "StepLine",
    "StreamDay",
    "StreamLine",
    "Timeline",
    "dossier",
    "everything",
    "files",
    "groups",
    "head_day",
    "hits",
    "marketing_day",
    "may_offer",
    "own_day",
    "pack",
    "person_sheet",
    "sales_day",
    "small",
    "timeline",
]
