"""To which company a company may belong."""

from treaty.people.models import BinnedCompany, Company

DEEPEST = 50
"""Companies above one another; where there are more, they may stand in a round."""


class BadParent(ValueError):
    """A company cannot belong to that one; `code` says why: absent, round."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_parent(company: int, parent: int | None) -> None:
    """Whether a company may belong to another: one that is there, and none that belongs to it. Raises BadParent."""
    above, steps = parent, 0
    while above is not None and steps < DEEPEST:
        row = Company.objects.filter(pk=above).values("parent_id").first()
        if steps == 0 and (row is None or BinnedCompany.objects.filter(company=above).exists()):
            raise BadParent("absent")
        if above == company:
            raise BadParent("round")
        above, steps = row["parent_id"] if row else None, steps + 1
    if above is not None:
        raise BadParent("round")
