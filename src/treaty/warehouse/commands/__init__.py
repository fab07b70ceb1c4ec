"""Verbs of the warehouse: follow the ledger, make the lake anew, compare it with what it was made from."""

from treaty.warehouse.commands.comparing import differences
from treaty.warehouse.commands.following import KEPT, Taken, after_restore, follow, follow_all, rebuild

__all__ = ["KEPT", "Taken", "after_restore", "differences", "follow", "follow_all", "rebuild"]
