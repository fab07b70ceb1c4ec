"""To which company a company may belong. Whoever sets that is `bulk.alone`: looking and setting is one step."""

from collections.abc import Collection

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
    if parent is None:
        return
    lineage = Lineage([parent])
    if parent not in lineage.above or BinnedCompany.objects.filter(company=parent).exists():
        raise BadParent("absent")
    if lineage.closes_round(company, parent):
        raise BadParent("round")


class Lineage:
    """To which company each belongs, of some companies and of all above them; read a level at a time."""

    def __init__(self, companies: Collection[int]) -> None:
        self.above: dict[int, int | None] = {}
        wanted = set(companies)
        for _level in range(DEEPEST + 1):
            if not wanted:
                break
            self.above |= dict(Company.objects.filter(pk__in=wanted).values_list("pk", "parent_id"))
            wanted = {one for one in map(self.above.get, wanted) if one is not None and one not in self.above}

    def closes_round(self, company: int, parent: int) -> bool:
        """Whether the company would stand above itself; so many above each other count as that."""
        at: int | None = parent
        for _step in range(DEEPEST):
            if at is None or at == company:
                break
            at = self.above.get(at)
        return at is not None
