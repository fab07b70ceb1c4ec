"""Follow what happens to persons: deals go over to the person somebody turned out to be, and back."""

from collections.abc import Sequence

from treaty.deals.models import Deal
from treaty.ledger.queries import Recorded
from treaty.people.commands import follow_merge
from treaty.people.facts import PersonsMerged, PersonsSplit
from treaty.people.queries import moved

KIND = "deal"


def follow_merges(batch: Sequence[Recorded]) -> None:
    """A listener: the deals of a merged person are the survivor's; where the merge is undone those come back."""
    for line in batch:
        match line.fact:
            case PersonsMerged(merged=merged, survivor=survivor, merge=merge):
                theirs = list(Deal.objects.filter(person=merged).order_by("pk").values_list("pk", flat=True))
                Deal.objects.filter(pk__in=theirs).update(person=survivor)
                follow_merge(merge, kind=KIND, moved=theirs)
            case PersonsSplit(person=person, other=other, merge=merge) if merge is not None:
                Deal.objects.filter(pk__in=moved(merge, KIND), person=person).update(person=other)
