"""Counts that were published of real data, and those of ours: Olist's leads and CDNOW's purchases."""

from functools import cache

import numpy as np

from tests.harness.oracles import Oracle
from tests.harness.published import DATA
from treaty.funnels.rules import (
    Events,
    Funnel,
    Order,
    Plan,
    Question,
    arranged,
    broken_down,
    cohorts,
    counts,
    funnel,
    step_figures,
)
from treaty.kit.tabular import Table

LEAD, WON = 0, 1
DAY = 86_400_000_000
OLIST = "Olist, marketing funnel: counted from its files (data/README.md)"
CDNOW = "Fader, Hardie & Lee 2005 and Fader & Hardie 2013, CDNOW 1/10 sample"


@cache
def olist() -> tuple[Events, np.ndarray, list[str]]:
    """First contacts and won deals of 8,000 leads, and the origin of each lead."""
    leads = Table([DATA / "olist" / "olist_marketing_qualified_leads_dataset.csv"])
    deals = Table([DATA / "olist" / "olist_closed_deals_dataset.csv"])
    numbers = {name: number for number, name in enumerate(leads.texts("mql_id"))}
    person = np.array([*numbers.values(), *(numbers[name] for name in deals.texts("mql_id"))])
    time = np.concatenate([leads.times("first_contact_date"), deals.times("won_date")]).astype(np.int64)
    kind = np.repeat([LEAD, WON], [leads.rows, deals.rows])
    codes, names = leads.codes("origin")
    events = arranged(person, time, kind)
    return events, codes[events.arranged(person)], names


@cache
def won(order: Order) -> Funnel:
    """The funnel from first contact to won deal."""
    return funnel(olist()[0], Plan((LEAD, WON), None, order))


def won_of(origin: str) -> float:
    """How many leads of an origin were won."""
    _, groups, names = olist()
    return float(broken_down(won(Order.ANY), groups, len(names))[names.index(origin), 1])


def median_days() -> float:
    """From first contact to won deal."""
    median = step_figures(won(Order.LOOSE))[1].median
    assert median is not None
    return median // DAY


@cache
def cdnow() -> tuple[Events, np.ndarray]:
    """All purchases, and their values."""
    told = Table([DATA / "cdnow" / "cdnow_sample.csv"])
    codes, _ = told.codes("customer")
    return arranged(codes, told.times("date").astype(np.int64), np.zeros(told.rows, int)), told.numbers(
        "value"
    )


def buyers() -> float:
    """Everybody in any cohort."""
    return float(cohorts(cdnow()[0], Question()).sizes.sum())


def repeat_buyers() -> float:
    """Who bought on two days at least, in the 39 weeks of the calibration: a funnel of the same step twice."""
    events, _ = cdnow()
    persons = np.repeat(np.arange(events.persons), np.diff(events.starts))
    end = np.datetime64("1997-10-01", "us").astype(np.int64)
    days = np.unique(np.stack([persons, events.time])[:, events.time < end], axis=1)
    found = funnel(arranged(days[0], days[1], np.zeros(days.shape[1], int)), Plan((0, 0)))
    return float(counts(found.depth, 2)[1])


ORACLES = [
    Oracle(
        "leads that were won, in any order", OLIST, 842, 0, lambda: float(counts(won(Order.ANY).depth, 2)[1])
    ),
    # one of them was won before its first contact
    Oracle("leads won after contact", OLIST, 841, 0, lambda: float(counts(won(Order.LOOSE).depth, 2)[1])),
    Oracle("won of origin paid_search", OLIST, 195, 0, lambda: won_of("paid_search")),
    Oracle("won of origin organic_search", OLIST, 271, 0, lambda: won_of("organic_search")),
    Oracle("won of origin unknown", OLIST, 179, 0, lambda: won_of("unknown")),
    Oracle("median days to won", OLIST, 14, 0.5, median_days),
    Oracle("persons of all cohorts", CDNOW, 2357, 0, buyers),
    Oracle("persons who bought on a second day, 39 weeks", CDNOW, 946, 0, repeat_buyers),
]
