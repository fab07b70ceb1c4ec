"""How long the bin keeps what was put into it."""

from datetime import timedelta

KEPT_FOR = timedelta(days=30)
