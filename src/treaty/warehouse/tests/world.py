"""A few people to whom everything happens that may, drawn by chance from a seed."""

from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

from treaty.capture.facts import PageSeen
from treaty.deals.commands import change_deal
from treaty.deals.models import Deal
from treaty.deals.tests.factories import deal, euros
from treaty.ledger.commands import Entry, identify_many, record_many
from treaty.ledger.facts import about_identity
from treaty.people import commands as people
from treaty.people.models import Merge, Person, PersonIdentity
from treaty.people.rules import CompanyDraft, PersonDraft

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
NAMES = ("pia", "quinn", "rosa", "sam")
ADDRESSES = [f"{name}{number}@example.com" for name, number in product(NAMES, range(3))]


class World:
    """Its acts, one after the other; some of them find nobody to whom they could happen."""

    def __init__(self, seed: int) -> None:
        self.chance, self.number = Random(seed), 0
        self.addresses = identify_many([("email", address) for address in ADDRESSES], at=AT)

    def act(self) -> None:
        """One thing that happens."""
        self.number += 1
        rare = (self.forget, self.undo, self.split)
        often = (self.see, self.add, self.enrich, self.merge, self.found_company, self.sell)
        self.chance.choice((*often, self.see, self.chance.choice(rare)))()

    def see(self) -> None:
        """Facts about addresses that are somebody's or nobody's, of today or of long ago, in no order."""
        known = [
            *self.addresses.values(),
            *PersonIdentity.objects.order_by("pk").values_list("pk", flat=True),
        ]
        record_many([self.seen(self.chance.choice(known)) for _ in range(self.chance.randrange(1, 6))])

    def seen(self, identity: int) -> Entry:
        """A page, seen somewhere between half a year ago and the day after tomorrow."""
        at = AT + timedelta(days=self.chance.randrange(-180, 3), seconds=self.chance.randrange(9))
        return Entry(PageSeen(f'/{self.number}, "{identity}"'), about_identity(identity), at)

    def add(self) -> None:
        """Somebody becomes known, or is known already."""
        people.add_persons([self.draft()], at=AT, by=None, source="api", quiet=False)

    def enrich(self) -> None:
        """An import changes somebody and brings another address; no fact says so."""
        country = self.chance.choice(("PL", "DE", "JP"))
        emails = tuple(self.chance.sample(ADDRESSES, 2))
        draft = PersonDraft(name="Somebody", emails=emails, country=country)
        people.add_persons([draft], at=AT, by=None, source="import")

    def draft(self) -> PersonDraft:
        return PersonDraft(
            name=self.chance.choice(NAMES), emails=(self.chance.choice(ADDRESSES),), company="Huta"
        )

    def somebody(self, number: int) -> list[int]:
        """So many persons who are not forgotten; fewer where there are fewer."""
        found = list(Person.objects.filter(forgotten_at=None).order_by("pk").values_list("pk", flat=True))
        return self.chance.sample(found, min(number, len(found)))

    def merge(self) -> None:
        """Two turn out to be one."""
        if len(pair := self.somebody(2)) == 2:
            people.merge_persons(pair[0], merged=pair[1], at=AT, by=None)

    def undo(self) -> None:
        """And then they do not."""
        there = Person.objects.filter(forgotten_at=None).values("pk")
        row = Merge.objects.filter(undone_at=None, survivor__in=there).order_by("-pk").first()
        if row and row.kept:
            people.undo_merge(row.pk, at=AT, by=None)

    def split(self) -> None:
        """One turns out to be two."""
        for one in self.somebody(1):
            anchor = Person.objects.values_list("anchor_id", flat=True).get(pk=one)
            links = PersonIdentity.objects.filter(person=one).exclude(identity=anchor).order_by("pk")
            if len(links) > 1:
                people.split_person(one, identities=[links[0].pk], name="Another", at=AT, by=None)

    def forget(self) -> None:
        """Somebody asks to be forgotten."""
        for one in self.somebody(1):
            people.forget_person(one, at=AT, by=None)

    def found_company(self) -> None:
        """A company comes, or what is known of it changes; no fact says so."""
        draft = CompanyDraft(
            name=f"Huta {self.chance.randrange(3)}", sector=str(self.number), employees=self.number
        )
        people.add_companies([draft], at=AT, by=None)

    def sell(self) -> None:
        """A deal is opened, or its owner's guess changes."""
        row = Deal.objects.order_by("pk").first()
        if row and self.chance.random() < 0.5:
            change_deal(row.pk, at=AT, by=None, value=euros(self.number), product=f"Meter {self.number}")
        for one in self.somebody(1):
            deal(person=one, at=AT)
