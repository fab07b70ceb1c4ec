"""The verbs of deals: open, move, win, lose, reopen, change, delete, say what comes next; and many at once from elsewhere."""

from treaty.deals.commands.bin import bin_deals, purge_deals, restore_deals
from treaty.deals.commands.changing import DealChanges, change_deal, finish_next_step, set_next_step
from treaty.deals.commands.changing_many import change_deals
from treaty.deals.commands.following import follow_merges
from treaty.deals.commands.forgetting import forget_texts
from treaty.deals.commands.importing import Added, KeptDeals, add_deals
from treaty.deals.commands.moving import lose, move_deal, reopen, undo_move, win
from treaty.deals.commands.opening import open_deal, prepare
from treaty.deals.commands.undoing import remove_added_deals, take_back_deals, take_back_stages_of_deals

__all__ = [
    "Added",
    "DealChanges",
    "KeptDeals",
    "add_deals",
    "bin_deals",
    "change_deal",
    "change_deals",
    "finish_next_step",
    "follow_merges",
    "forget_texts",
    "lose",
    "move_deal",
    "open_deal",
    "prepare",
    "purge_deals",
    "remove_added_deals",
    "reopen",
    "restore_deals",
    "set_next_step",
    "take_back_deals",
    "take_back_stages_of_deals",
    "undo_move",
    "win",
]
