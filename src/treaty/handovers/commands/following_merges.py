"""Follow merges of persons: handovers go over to the survivor and back, and their clocks are folded anew."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from treaty.handovers.commands.following import follow
from treaty.handovers.models import Handover, Watch
from treaty.ledger.queries import Recorded
from treaty.people.commands import CannotMerge, follow_merge
from treaty.people.facts import PersonsMerged, PersonsSplit
from treaty.people.queries import moved

KIND = "handover"


def follow_merges(batch: Sequence[Recorded]) -> None:
    """A listener: the handovers of a merged person are the survivor's; where the merge is undone those come back."""
    for line in batch:
        match line.fact:
            case PersonsMerged() as fact:
                _follow_merge(fact, line.recorded_at)
            case PersonsSplit(person=person, other=other, merge=merge):
                if merge is not None:
                    back = Handover.objects.filter(pk__in=moved(merge, KIND), person=person)
                    back.update(person=other)
                _fold_all([person, other], line.recorded_at)


def _follow_merge(fact: PersonsMerged, at: datetime) -> None:
    both = [fact.survivor, fact.merged]
    if Handover.objects.filter(person__in=both, state="offered").count() > 1:
        raise CannotMerge(_("Both are offered to sales just now. Accept or return one of the leads first."))
    theirs = list(Handover.objects.filter(person=fact.merged).order_by("pk").values_list("pk", flat=True))
    Handover.objects.filter(pk__in=theirs).update(person=fact.survivor)
    follow_merge(fact.merge, kind=KIND, moved=theirs)
    Watch.objects.filter(person=fact.merged).delete()
    _fold_all([fact.survivor], at)


def _fold_all(persons: Sequence[int], at: datetime) -> None:
    """Whose touches count has changed, so the clocks are read anew; and the next sweep asks who qualifies now."""
    rows = Handover.objects.filter(person__in=persons).order_by("pk")
    follow(list(rows.values_list("pk", flat=True)), at)
    Watch.objects.bulk_create(
        [Watch(person_id=person, next_change_at=at) for person in persons],
        update_conflicts=True,
        unique_fields=["person"],
        update_fields=["next_change_at"],
    )
