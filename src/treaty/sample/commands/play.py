"""Plays the sample company's history: everything that happens stands in one queue and is done at its own time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random

from django.db import transaction

from treaty.conversations.commands import log_call
from treaty.conversations.rules import Refused as CallRefused
from treaty.deals.commands import finish_next_step, lose, move_deal, open_deal, set_next_step, win
from treaty.deals.rules import DealDraft
from treaty.handovers import commands as handovers
from treaty.handovers.queries import Offered, offered_after
from treaty.kit.clock import playing
from treaty.kit.rules.business_time import BusinessTime, Calendar, NoBusinessTime, business_time
from treaty.kit.rules.money import Money
from treaty.sample.rules import temper

SLOW_AT_LAST = 6
"""How much longer the leads of the last day wait, so that clocks still run when the history ends."""
Act = Callable[[datetime], None]
ROAD = ("qualified", "proposal", "negotiation")
STEPS = (
    ("call", "Confirm the site visit"),
    ("quote", "Send the quote"),
    ("meeting", "Demo with the plant manager"),
)


class Play:
    """The queue, and the hours everybody works in."""

    def __init__(self, random: Random, calendar: Calendar, *, last_day: datetime, until: datetime) -> None:
        self.random, self.calendar, self.last_day, self.until = random, calendar, last_day, until
        self.queue: list[tuple[datetime, int, Act]] = []
        self.order = count()
        self.last_offer = 0
        self.decisions = temper.decisions(random)

    def at(self, when: datetime, act: Act) -> None:
        """Do something at a time; what lies beyond the end never happens."""
        if when <= self.until:
            heappush(self.queue, (when.astimezone(UTC), next(self.order), act))

    def after(self, when: datetime, minutes: float, act: Act) -> None:
        """Do something so many minutes of business time later."""
        try:
            self.at(self.hours(when).due(when, timedelta(minutes=max(minutes, 1))), act)
        except NoBusinessTime:
            return

    def hours(self, when: datetime) -> BusinessTime:
        """The company's working hours around a time."""
        return business_time(self.calendar, when)

    def run(self, told: Callable[[datetime], None]) -> None:
        """Play everything to the end; `told` hears of each day."""
        day = None
        while self.queue:
            when, _order, act = heappop(self.queue)
            if when.date() != day:
                day = when.date()
                told(when)
            with playing(when), transaction.atomic():
                act(when)
                self._answer_offers(when)

    def sweep(self, at: datetime) -> None:
        """What the worker does every few seconds."""
        handovers.sweep_clocks(at)
        handovers.sweep_qualifying(at)

    def _answer_offers(self, at: datetime) -> None:
        for offer in offered_after(self.last_offer):
            self.last_offer = offer.id
            choice = next(self.decisions)
            patience = SLOW_AT_LAST if at >= self.last_day else 1
            self.after(at, choice.minutes * patience, self._decide(offer, choice.reason))

    def _decide(self, offer: Offered, reason: str) -> Act:
        def decide(at: datetime) -> None:
            if offer.owner is None:
                return
            if reason:
                handovers.return_lead(
                    offer.id, reason=reason, note=temper.NOTES[reason], at=at, by=offer.owner
                )
                return
            handovers.accept(offer.id, at=at, by=offer.owner)
            self.after(at, temper.first_call(self.random, offer.grade), self._call(offer, 1))

        return decide

    def _call(self, offer: Offered, attempt: int) -> Act:
        def call(at: datetime) -> None:
            outcome = temper.outcome(self.random)
            minutes = self.random.randint(4, 28) if outcome == "reached" else 0
            note = self.random.choice(temper.SAID) if outcome == "reached" else ""
            try:
                log_call(offer.person, outcome=outcome, minutes=minutes, note=note, at=at, by=offer.owner)
            except CallRefused:
                return
            if outcome != "reached" and attempt < 4:
                self.after(at, self.random.uniform(300, 900), self._call(offer, attempt + 1))
            elif outcome == "reached" and temper.becomes_deal(self.random, offer.grade):
                self.after(at, self.random.uniform(5, 400), self._open(offer))

        return call

    def _open(self, offer: Offered) -> Act:
        def open_(at: datetime) -> None:
            pieces = self.random.choice((1, 2, 4, 6, 12))
            product = self.random.choice(("FM-20", "FM-40", "FM-60"))
            draft = DealDraft(
                f"{product}, {pieces} pieces" if pieces > 1 else product,
                person=offer.person,
                company=offer.company,
                owner=offer.owner,
                handover=offer.id,
                value=Money(temper.value(self.random), "EUR"),
                close_on=(at + timedelta(days=self.random.randint(20, 70))).date(),
                product=product,
            )
            deal = open_deal(draft, at=at, by=offer.owner, source_key=f"deal-of-handover:{offer.id}")
            self._plan(deal, offer, at)
            self.after(at, self.random.uniform(480, 3000), self._along(deal, offer, 0))

        return open_

    def _plan(self, deal: int, offer: Offered, at: datetime) -> None:
        """Most deals have a next step; some are forgotten."""
        if self.random.random() < 0.85:
            kind, text = self.random.choice(STEPS)
            due = self.hours(at).due(at, timedelta(minutes=self.random.uniform(240, 2800)))
            set_next_step(deal, kind=kind, text=text, due=due, at=at, by=offer.owner)

    def _along(self, deal: int, offer: Offered, place: int) -> Act:
        def along(at: datetime) -> None:
            finish_next_step(deal, at=at, by=offer.owner)
            if place < len(ROAD) and self.random.random() < 0.85:
                move_deal(deal, stage=ROAD[place], at=at, by=offer.owner)
                self._plan(deal, offer, at)
                self.after(at, self.random.uniform(600, 4200), self._along(deal, offer, place + 1))
            elif temper.is_won(self.random):
                win(deal, at=at, by=offer.owner)
            else:
                lose(deal, reason=self.random.choice(temper.LOST), at=at, by=offer.owner)

        return along
