"""Readings of handovers: whose turn it is, the board and the table, one handover, and the rows behind figures."""

from treaty.handovers.queries.board import Board, Column, MoreCards, board, more_cards
from treaty.handovers.queries.cards import (
    Card,
    Waiting,
    cards_of,
    offered_to,
    pending_of_persons,
    waiting,
)
from treaty.handovers.queries.dossier import known_of
from treaty.handovers.queries.offers import Offered, lead_names, may_offer, offered_after, persons_behind
from treaty.handovers.queries.page import ClockLine, HandoverPage, HistoryLine, RoutingLine, handover_page
from treaty.handovers.queries.promises import rows_about
from treaty.handovers.queries.resting import Rest, rest_of
from treaty.handovers.queries.standing import (
    accepted_of,
    asked_of,
    blocked,
    is_lead,
    last_returns,
    may_decide,
    person_names,
    visible_handovers,
)
from treaty.handovers.queries.table import (
    STATES,
    HandoverRow,
    TableRow,
    decision,
    table,
    table_row,
    table_rows,
    time_left,
    why_returned,
)

__all__ = [
    "STATES",
    "Board",
    "Card",
    "ClockLine",
    "Column",
    "HandoverPage",
    "HandoverRow",
    "HistoryLine",
    "MoreCards",
    "Offered",
    "Rest",
    "RoutingLine",
    "TableRow",
    "Waiting",
    "accepted_of",
    "asked_of",
    "blocked",
    "board",
    "cards_of",
    "decision",
    "handover_page",
    "is_lead",
    "known_of",
    "last_returns",
    "lead_names",
    "may_decide",
    "may_offer",
    "more_cards",
    "offered_after",
    "offered_to",
    "pending_of_persons",
    "person_names",
    "persons_behind",
    "rest_of",
    "rows_about",
    "table",
    "table_row",
    "table_rows",
    "time_left",
    "visible_handovers",
    "waiting",
    "why_returned",
]
