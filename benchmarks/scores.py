"""The predicted score: how good it is on real leads, and how long learning, scoring and telling reasons take.

Run: .venv/bin/python benchmarks/scores.py [--leads 1000000]   (TREATY_TEST_DATA names the folder of the real leads)
Bars of the design: x-education with honest fields, ten parts, out of fold: AUC at least .875 and expected calibration
error at most .010 (Odoo 19's naive Bayes: .818 and .061); naive Bayes anew over 50,300 leads in 1 s (Odoo: 2.1 s).
"""

import argparse
import sys
from functools import partial
from pathlib import Path

from clock import told
from leads import leads

sys.path.insert(0, str(Path(__file__).parent.parent))  # the oracles lean on the harness of the tests
from treaty.scoring.rules.predicted.model import Kind, Model
from treaty.scoring.rules.predicted.training import fit, train
from treaty.scoring.tests.oracles import FILE, judged

OF_ODOO, LIMIT = 50_300, 1.0
LEAST_AUC, MOST_ECE = 0.875, 0.010


def main() -> None:
    """Quality first, then pace."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=1_000_000)
    asked = parser.parse_args()
    if FILE.exists():
        quality()
    pace(asked.leads)


def quality() -> None:
    """Each kind on x-education, ten parts, calibrated inside of them."""
    print("x-education, honest fields, each lead scored by a model that had not seen it")
    kinds: tuple[Kind, ...] = ("naive_bayes", "logistic", "trees")
    for kind in kinds:
        found = told(f"{kind}, ten parts", partial(judged, kind), rounds=1)
        print(
            f"    AUC {found.auc:.4f} (bar {LEAST_AUC}, {found.auc / LEAST_AUC:.3f})   ECE {found.ece:.4f}"
            f" (bar {MOST_ECE:.3f}, {found.ece / MOST_ECE:.2f})   Brier {found.brier:.4f}   log loss {found.log_loss:.4f}"
        )


def pace(number: int) -> None:
    """Learning from as many leads as Odoo was measured with, scoring many."""
    columns, outcome = leads(OF_ODOO)
    won = outcome.astype(bool)

    def rebuilt() -> None:
        fields, body = fit(columns, won, kind="naive_bayes", seed=1)
        body.margin(fields, columns)

    print(f"{OF_ODOO:,} leads")
    told("naive Bayes anew, and every lead scored", rebuilt, LIMIT)
    train(*leads(1000), kind="trees", seed=1).reasons(leads(10)[0])  # compiles
    models: dict[str, Model] = {}
    kinds: tuple[Kind, ...] = ("naive_bayes", "logistic", "trees")
    for kind in kinds:
        name = f"{kind}, trained and calibrated"
        models[kind] = told(name, partial(train, columns, outcome, kind=kind, seed=1), rounds=1)
    later, _ = leads(number, seed=12)
    print(f"{number:,} leads")
    for name, model in models.items():
        told(f"{name}, scored", partial(model.scores, later))
    told("trees, reasons of 50,300", partial(models["trees"].reasons, columns))


if __name__ == "__main__":
    main()
