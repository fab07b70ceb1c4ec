"""Readings of deals: whose one sees, the board, one deal, next steps, and what the pipeline brought."""

from treaty.deals.queries.asked import as_asked
from treaty.deals.queries.bin import bin_of
from treaty.deals.queries.board import CLOSED_SHOWN, Board, Card, Column, MoreCards, board, more_cards
from treaty.deals.queries.deals import (
    DealPage,
    KnownDeal,
    asked_told,
    deal_of_key,
    deal_page,
    deal_row_by_id,
    deal_row_of,
    deals_behind,
    deals_of_keys,
    deals_with,
    entries,
    found,
    known_by_key,
    open_deal_of,
    persons_behind,
    stages,
    visible_deals,
)
from treaty.deals.queries.dossier import files_of, known_of
from treaty.deals.queries.figures import (
    ChannelRow,
    Outcomes,
    counted_persons,
    deals_by_outcome,
    won_by_channel,
)
from treaty.deals.queries.leads import is_lead, register_leads
from treaty.deals.queries.references import deal_holder
from treaty.deals.queries.rows import DealRow, StageRow, deal_row, value_of, with_names
from treaty.deals.queries.steps import NextSteps, next_steps
from treaty.deals.queries.sums import summed

__all__ = [
    "CLOSED_SHOWN",
    "Board",
    "Card",
    "ChannelRow",
    "Column",
    "DealPage",
    "DealRow",
    "KnownDeal",
    "MoreCards",
    "NextSteps",
    "Outcomes",
    "StageRow",
    "as_asked",
    "asked_told",
    "bin_of",
    "board",
    "counted_persons",
    "deal_holder",
    "deal_of_key",
    "deal_page",
    "deal_row",
    "deal_row_by_id",
    "deal_row_of",
    "deals_behind",
    "deals_by_outcome",
    "deals_of_keys",
    "deals_with",
    "entries",
    "files_of",
    "found",
    "is_lead",
    "known_by_key",
    "known_of",
    "more_cards",
    "next_steps",
    "open_deal_of",
    "persons_behind",
    "register_leads",
    "stages",
    "summed",
    "value_of",
    "visible_deals",
    "with_names",
    "won_by_channel",
]
