"""Funnels and cohorts over events that are sorted by person and time: pure, arrays in and arrays out."""

from treaty.funnels.rules.cohort import Cohorts, Question, cohorts, in_cell, in_cohort, rows_of
from treaty.funnels.rules.events import Events, arranged, is_sorted
from treaty.funnels.rules.funnel import (
    Funnel,
    StepFigures,
    broken_down,
    counts,
    funnel,
    of_group,
    spent,
    step_figures,
)
from treaty.funnels.rules.periods import Unit, periods
from treaty.funnels.rules.plan import Exclusion, Order, Plan

__all__ = [
    "Cohorts",
    "Events",
    "Exclusion",
    "Funnel",
    "Order",
    "Plan",
    "Question",
    "StepFigures",
    "Unit",
    "arranged",
    "broken_down",
    "cohorts",
    "counts",
    "funnel",
    "in_cell",
    "in_cohort",
    "is_sorted",
    "of_group",
    "periods",
    "rows_of",
    "spent",
    "step_figures",
]
