"""The nervous system: which fact is heard by whom, in written order."""

from treaty.ledger import listeners
from treaty.ledger.facts import Fact
from treaty.ledger.listeners import Listener

WIRES: dict[type[Fact], tuple[Listener, ...]] = {}


def connect() -> None:
    """Hand the ledger its listeners."""
    listeners.connect(WIRES)
