"""The verbs of handovers: offer, accept, undo, return, hand on; and what follows facts and time."""

from treaty.handovers.commands.deciding import accept, undo_acceptance
from treaty.handovers.commands.following import follow, follow_touches, sweep_clocks
from treaty.handovers.commands.following_merges import follow_merges
from treaty.handovers.commands.forgetting import follow_binning, follow_forgetting, follow_restoring
from treaty.handovers.commands.handing_on import hand_on
from treaty.handovers.commands.offering import Qualified, offer, offer_qualified
from treaty.handovers.commands.qualifying import qualify_listener, sweep_qualifying
from treaty.handovers.commands.refusals import Refused, Why
from treaty.handovers.commands.returning import return_lead

__all__ = [
    "Qualified",
    "Refused",
    "Why",
    "accept",
    "follow",
    "follow_binning",
    "follow_forgetting",
    "follow_merges",
    "follow_restoring",
    "follow_touches",
    "hand_on",
    "offer",
    "offer_qualified",
    "qualify_listener",
    "return_lead",
    "sweep_clocks",
    "sweep_qualifying",
    "undo_acceptance",
]
