"""The handovers that verdicts about promises are about."""

from collections.abc import Sequence

from treaty.handovers.models import Handover
from treaty.handovers.queries.standing import visible_handovers
from treaty.staff.queries import User


def rows_about(user: User, about: Sequence[str]) -> list[Handover]:
    """The handovers that verdicts are about (`handover:7`), as far as the user sees them, in the order given."""
    ids = [int(part) for one in about if (part := one.partition(":")[2].split(":")[0]).isdigit()]
    rows = visible_handovers(user).filter(pk__in=ids).select_related("person__company", "owner")
    found = {row.pk: row for row in rows.order_by("pk")}
    return [found[one] for one in dict.fromkeys(ids) if one in found]
