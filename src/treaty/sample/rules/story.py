"""What each buyer of the sample company does, day by day, from a seed: pages, forms, files, mails, events."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random

from treaty.sample.rules.names import Buyer, buyer
from treaty.sample.rules.season import Day, asking_by_day, months

PRODUCTS = ("FM-20", "FM-40", "FM-60")
CHANNELS = ("organic_search", "paid_search", "email", "social", "referral", "trade_fair", "direct_traffic")
WEIGHTS = (28, 22, 16, 10, 8, 10, 6)
RUSH = 9
"""Buyers who ask in the last half day, so that the queue is never empty when somebody opens the sample company."""
COMES_BACK = 30
"""Days within which somebody comes back."""
LONG_ENOUGH = timedelta(hours=2)
ARTICLES = (
    "Choosing a range",
    "Brine and stainless steel",
    "Reading a Coriolis curve",
    "Batching without drift",
)
EVENTS = ("Webinar: dosing", "Achema stand", "Factory tour")
MAILS = ("Winter checks", "What changed in FM-40", "Calibration offer")


@dataclass(frozen=True, slots=True)
class Step:
    """One touch: its kind, its values, and what the buyer wrote."""

    at: datetime
    kind: str
    values: dict[str, object]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A buyer, where they came from, and their touches in order."""

    buyer: Buyer
    channel: str
    steps: tuple[Step, ...]


def stories(random: Random, days: list[Day], promised: Sequence[int]) -> Iterator[Story]:
    """The stories of everybody who first came on one of the days; `promised` leads a month, as of each of them."""
    found = list(months(random, [opens.date() for opens, _closes in days], promised))
    asking, numbers = asking_by_day(random, found), count(1)
    weak = {place for month in found if month.is_weak for place in month.places}
    for place, (opens, closes) in enumerate(days):
        strollers = random.randint(1, 3)
        ahead = [days[one] for one in range(place + 1, min(place + COMES_BACK, len(days))) if one not in weak]
        for kind in ["asks"] * asking[place] + random.choices(("warms", "looks"), (22, 18), k=strollers):
            at = opens + (closes - opens) * random.random()
            yield _story(random, buyer(random, next(numbers)), kind, at, ahead)
    opens, closes = days[rushed(days)]
    for _visit in range(RUSH):
        at = closes - (closes - opens) * random.uniform(0.08, 0.5)
        yield _story(random, buyer(random, next(numbers)), "asks", at, [])


def rushed(days: list[Day]) -> int:
    """The place of the last day that is long enough for a rush: today, or in the early morning the day before."""
    opens, closes = days[-1]
    return len(days) - (1 if closes - opens >= LONG_ENOUGH else 2)


def _story(random: Random, who: Buyer, kind: str, at: datetime, ahead: list[Day]) -> Story:
    channel, product = random.choices(CHANNELS, WEIGHTS)[0], random.choice(PRODUCTS)
    steps = list(_visit(random, at, channel, product))
    later = [day for day in ahead if random.random() < (0.1 if kind == "warms" else 0.02)]
    for opens, closes in later:
        steps += _return(random, opens + (closes - opens) * random.random(), product)
    if kind == "asks":
        steps.append(_asks(random, at + timedelta(minutes=random.randint(6, 25)), channel, product))
    return Story(who, channel, tuple(sorted(steps, key=lambda step: step.at)))


def _visit(random: Random, at: datetime, channel: str, product: str) -> Iterator[Step]:
    if channel == "paid_search":
        yield Step(
            at, "AdClicked", {"ad": f"{product}, search", "channel": channel, "campaign": "brine-metering"}
        )
    values = {"page": f"{product} flow meter", "seconds": random.randint(40, 400), "channel": channel}
    yield Step(at + timedelta(minutes=1), "PageSeen", values)
    if random.random() < 0.5:
        yield Step(
            at + timedelta(minutes=4), "PageSeen", {"page": "Pricing", "seconds": random.randint(30, 200)}
        )
    if random.random() < 0.3:
        yield Step(
            at + timedelta(minutes=5), "FileDownloaded", {"file": f"Data sheet {product}", "channel": channel}
        )


def _return(random: Random, at: datetime, product: str) -> Iterator[Step]:
    match random.randint(0, 5):
        case 0:
            yield Step(at, "MailOpened", {"mail": random.choice(MAILS), "campaign": "newsletter"})
        case 1:
            yield Step(
                at, "EventAttended", {"event": random.choice(EVENTS), "minutes": random.randint(20, 55)}
            )
        case 2:
            yield Step(at, "FileDownloaded", {"file": f"Sizing guide {product}"})
        case 3:
            yield Step(
                at, "MailAnswered", {"mail": random.choice(MAILS)}, "We have the budget now. Can you call?"
            )
        case _:
            page = random.choice((*ARTICLES, "Pricing", "Pricing"))
            yield Step(at, "PageSeen", {"page": page, "seconds": random.randint(30, 500)})


def _asks(random: Random, at: datetime, channel: str, product: str) -> Step:
    form = random.choice(("ask-for-a-price", "see-a-demo", "ask-for-a-price"))
    answers = {"interest": product, "timing": random.choice(("this quarter", "in January", "next year"))}
    text = random.choice(
        (
            f"We need {random.randint(2, 24)} pieces of the {product} for a new line.",
            f"Could you show us the {product} with brine?",
            "Please send a price and a delivery date.",
            "Our present meters drift. What would you advise?",
        )
    )
    return Step(
        at, "FormSubmitted", {"form": form, "page": product, "channel": channel, "answers": answers}, text
    )
