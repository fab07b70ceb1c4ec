"""What receivers answered is forgotten with the person of whom the messages told: it may say again who that was."""

from collections.abc import Sequence

from treaty.deals.queries.of_persons import deals_with
from treaty.ledger import queries as ledger
from treaty.ledger.facts import about_deal, about_identity
from treaty.ledger.queries import Recorded
from treaty.people.queries import holders, identities_of
from treaty.webhooks.models import Attempt, Endpoint

AT_ONCE = 5_000


def forget_echoes(batch: Sequence[Recorded]) -> None:
    """Listener: of calls that told of somebody, or of their deals, the status stays and the words of the answer go."""
    endpoints = list(Endpoint.objects.order_by("pk").values_list("pk", flat=True))
    if not endpoints:
        return
    persons = sorted(set(holders(batch).values()))
    about = [about_identity(one) for held in identities_of(persons).values() for one in held]
    lines = ledger.history([*about, *map(about_deal, deals_with(persons))])
    answers = Attempt.objects.exclude(answer="").filter(delivery__endpoint__in=endpoints)
    for start in range(0, len(lines), AT_ONCE):
        messages = [f"msg_{line.id}" for line in lines[start : start + AT_ONCE]]
        answers.filter(delivery__message__in=messages).update(answer="")
