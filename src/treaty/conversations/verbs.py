"""What can be done with many notes of the bin at once."""

from typing import Any

from django.utils.translation import gettext_lazy

from treaty.conversations import commands, queries
from treaty.kit.binning import bin_verbs
from treaty.staff.queries import may
from treaty.staff.rules import LOG_CONVERSATIONS


def may_log(user: Any) -> bool:
    """Whether a user may write notes, and take them away."""
    return may(user, LOG_CONVERSATIONS)


_into, BACK = bin_verbs(
    "notes",
    "note_bin",
    put=(gettext_lazy("Put notes into the bin"), commands.bin_notes),
    back=(gettext_lazy("Bring notes back from the bin"), commands.restore_notes),
    may=may_log,
    names=queries.note_labels,
)
VERBS = (BACK,)
