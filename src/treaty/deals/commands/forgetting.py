"""A person was forgotten: the texts of its deals go, their values and their road stay."""

from collections.abc import Sequence

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from treaty.deals.models import Deal
from treaty.documents.commands import erase_documents
from treaty.fields.commands import erase_values
from treaty.kit.commands.bulk import forget_rows
from treaty.ledger.commands import erase_readable
from treaty.ledger.facts import Subject, SubjectKind
from treaty.ledger.queries import Recorded
from treaty.people.queries import holders
from treaty.search.commands import follow
from treaty.search.rules import Kind
from treaty.staff.commands import erase_changes


def forget_texts(batch: Sequence[Recorded]) -> None:
    """A listener: a deal is called by its number from now on; its next step, reason and notes are empty, its documents gone."""
    deals = Deal.objects.filter(person__in=sorted(set(holders(batch).values())))
    erase_texts(list(deals.order_by("pk").values_list("pk", flat=True)))


def erase_texts(ids: Sequence[int]) -> None:
    """Empty all that somebody wrote of deals. Within the transaction of whoever forgets."""
    number = Concat(Value("#"), Cast("pk", CharField()))
    Deal.objects.filter(pk__in=ids).update(name=number, folded=number, next_step="", reason="")
    follow(Kind.DEAL, ids)
    erase_values("deal", ids, texts_only=True)
    erase_documents("deal", ids)
    erase_readable([Subject(SubjectKind.DEAL, one) for one in ids])
    erase_changes("deal", ids)
    forget_rows("deals.", ids)
