"""Readings of imports: the runs, newest first, and one of them."""

from treaty.imports.models import Import


def runs(limit: int = 50) -> list[Import]:
    """The newest runs, with who began them and the job that does them."""
    return list(Import.objects.select_related("by", "job").order_by("-id")[:limit])


def run_by_id(run_id: int) -> Import | None:
    """One run."""
    return Import.objects.select_related("by", "job").filter(pk=run_id).first()
