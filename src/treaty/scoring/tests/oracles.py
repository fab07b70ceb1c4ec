"""Published figures of leads, and ours: x-education's honest fields, out of fold."""

from functools import cache

from tests.harness.oracles import Oracle
from tests.harness.published import DATA
from treaty.kit.tabular import Table
from treaty.scoring.reading import Asked, leads
from treaty.scoring.rules.predicted import leaks
from treaty.scoring.rules.predicted.card import Leads, kept
from treaty.scoring.rules.predicted.columns import checked
from treaty.scoring.rules.predicted.measures import Measured
from treaty.scoring.rules.predicted.model import Kind
from treaty.scoring.rules.predicted.validation import cross_validated

FILE = DATA / "x-education" / "Leads.csv"
ASKED = Asked("Converted", None, True, (), ("Select",), 10, 1)


@cache
def honest() -> Leads:
    """The leads with the fields that the guard leaves in."""
    told = leads(Table([FILE]), ASKED)
    findings = leaks.found(told.columns, checked(told.columns, told.outcome))
    return Leads(kept(told.columns, findings, without_leaks=True), told.outcome)


@cache
def judged(kind: Kind, folds: int = 10, inner: int = 5) -> Measured:
    """A kind of model on every lead, each scored by a model that had not seen it."""
    told = honest()
    return cross_validated(
        told.columns, told.outcome, kind=kind, seed=ASKED.seed, count=folds, inner=inner
    ).measured


QUICK = [
    Oracle(
        "x-education: share that converted",
        "counted from the file",
        0.38539,
        5e-6,
        lambda: float(honest().outcome.mean()),
    ),
    Oracle(
        "x-education: naive Bayes, AUC",
        "Odoo 19's naive Bayes, measured; its cells differ",
        0.818,
        0.005,
        lambda: judged("naive_bayes", 3, 3).auc,
    ),
]
"""What the gate's tests judge, too; below stands what takes longer."""
ORACLES = [
    *QUICK,
    Oracle(
        "x-education: trees, ten parts: what AUC lacks of .875",
        "the design's bar",
        0.0,
        0.0,
        lambda: max(0.0, 0.875 - judged("trees").auc),
    ),
    Oracle(
        "x-education: trees, ten parts: calibration error",
        "none is perfect; the design's bar allows .010",
        0.0,
        0.010,
        lambda: judged("trees").ece,
    ),
]
