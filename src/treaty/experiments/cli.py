"""`treaty analyze experiment` and `treaty analyze sample-size`."""

import math
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from treaty.kit import analysis, console

if TYPE_CHECKING:
    from treaty.experiments.rules.judged import Judged
    from treaty.experiments.rules.lift import Arm

analyze = analysis.group()
COMMANDS = (analyze,)

SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)
ABOVE = click.FloatRange(0, min_open=True)
confidence_asked = click.option("--confidence", type=SHARE, default=0.95, show_default=True)


@analyze.command()
@analysis.files
@click.option(
    "--group", default="group", show_default=True, help="The column that names each person's group."
)
@click.option("--control", default="control", show_default=True, help="The group that got nothing new.")
@click.option(
    "--metric",
    default="conversion",
    show_default=True,
    help="The column to compare: noughts and ones, or amounts.",
)
@confidence_asked
@click.option(
    "--stopping",
    type=click.Choice(["fixed", "looks", "any-time"]),
    default="fixed",
    show_default=True,
    help="What was decided before: one look at the end, planned looks, or any time.",
)
@click.option(
    "--looks", "look", metavar="LOOK/LOOKS", help="Of planned looks: which one this is, such as 2/5."
)
@click.option("--expect", type=ABOVE, default=None, help="Of any time: the lift that was planned for.")
@click.option(
    "--ratio",
    type=ABOVE,
    default=1.0,
    show_default=True,
    help="Persons that were planned in each variant per person of the control.",
)
@console.as_json
@analysis.plot
def experiment(
    *,
    files: tuple[Path, ...],
    group: str,
    control: str,
    metric: str,
    confidence: float,
    stopping: str,
    look: str | None,
    expect: float | None,
    ratio: float,
    as_json: bool,
    plot: Path | None,
) -> None:
    """Compare groups with a control: one row per person in, lift with its interval out."""
    stated = _stopping(stopping, look, expect)
    judged = import_module("treaty.experiments.rules.judged")  # SciPy: only when it is asked for
    with analysis.refusals_told():
        table = analysis.table(files)
        codes, names = table.codes(group, needed=True)
        arms = judged.arms(codes, names, table.numbers(metric, needed=True))
        found = judged.judged(arms, control, stopping=judged.Stopping(**stated), confidence=confidence)
        answer = {
            "metric": metric,
            "kind": "rate" if arms[control].is_rate else "mean",
            "confidence": confidence,
            "stopping": stated,
            "control": {"group": control, **_told_arm(arms[control])},
            "variants": [_told(one) for one in found],
            "same_sizes_p": judged.same_sizes_p(arms, control, ratio=ratio),
        }
    analysis.answer(answer, as_json=as_json)
    analysis.drawn(lambda: _chart(found, metric), plot)


@analyze.command("sample-size")
@click.option("--rate", type=click.FloatRange(0, 1), help="Of rates: the control's, such as 0.10.")
@click.option("--deviation", type=ABOVE, help="Of means: the standard deviation between persons.")
@click.option(
    "--lift",
    type=float,
    required=True,
    help="The smallest difference worth finding, in the unit of the metric.",
)
@click.option("--power", type=SHARE, default=0.8, show_default=True, help="The chance to find it.")
@confidence_asked
@click.option(
    "--ratio",
    type=ABOVE,
    default=1.0,
    show_default=True,
    help="Persons of the variant per person of the control.",
)
@click.option(
    "--looks",
    type=click.IntRange(1, 50),
    default=1,
    show_default=True,
    help="How often somebody may stop it.",
)
@console.as_json
def sample_size(
    *,
    rate: float | None,
    deviation: float | None,
    lift: float,
    power: float,
    confidence: float,
    ratio: float,
    looks: int,
    as_json: bool,
) -> None:
    """How many persons an experiment needs, before it starts."""
    if (rate is None) == (deviation is None):
        raise click.UsageError("Give --rate for a metric of noughts and ones, or --deviation for amounts.")
    sizes = import_module("treaty.experiments.rules.sizes")
    planned = import_module("treaty.experiments.rules.looks")
    asked = {"power": power, "confidence": confidence, "ratio": ratio}
    with analysis.refusals_told():
        if rate is not None:
            persons = sizes.persons_for_rates(rate, rate + lift, **asked)
        else:
            persons = sizes.persons_for_means(lift, deviation, **asked)
        fractions = [place / looks for place in range(1, looks + 1)]
        factor = planned.more_persons(fractions, power=power, confidence=confidence) if looks > 1 else 1.0
        bounds = planned.bounds(fractions, confidence=confidence).tolist()
    control = math.ceil(persons * factor)
    found: dict[str, Any] = {"control": control, "variant": math.ceil(control * ratio), "lift": lift, **asked}
    analysis.answer(
        {**found, "looks": looks, "factor_of_looks": factor, "bounds_of_z": bounds}, as_json=as_json
    )


def _stopping(kind: str, look: str | None, expect: float | None) -> dict[str, Any]:
    if kind == "any-time":
        if expect is None:
            raise click.UsageError(
                "--stopping any-time needs --expect: the lift that was planned for before the start."
            )
        return {"kind": kind, "expected": expect}
    if kind == "looks":
        this, _, of = (look or "").partition("/")
        if not (this.isdecimal() and of.isdecimal() and 1 <= int(this) <= int(of) <= 50):
            raise click.UsageError("--stopping looks needs --looks: which of how many this is, such as 2/5.")
        return {"kind": kind, "look": int(this), "looks": int(of)}
    return {"kind": kind}


def _told_arm(arm: "Arm") -> dict[str, Any]:
    return {"persons": arm.persons, "mean": arm.mean, "deviation": math.sqrt(arm.variance)}


def _told(one: "Judged") -> dict[str, Any]:
    lift = one.lift
    relative = None if lift.relative_low is None else [lift.relative_low, lift.relative_high]
    return {
        "group": one.group,
        **_told_arm(one.arm),
        "lift": lift.lift,
        "interval": [one.low, one.high],
        "standard_error": lift.standard_error,
        "z": lift.z,
        "p": one.p,
        "p_adjusted": one.p_adjusted,
        "bound_of_z": one.bound,
        "is_different": one.is_different,
        "relative_lift": lift.relative,
        "relative_interval": relative,
    }


def _chart(found: "list[Judged]", metric: str) -> Any:
    """Each variant's interval beside nothing."""
    alt = import_module("altair")
    rows = [{"group": one.group, "lift": one.lift.lift, "low": one.low, "high": one.high} for one in found]
    drawn = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("group:N", title=None))
    interval = drawn.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title=f"Lift of {metric}"), x2="high:Q")
    point = drawn.mark_point(filled=True, size=80).encode(x="lift:Q")
    nothing = alt.Chart(alt.Data(values=[{"at": 0}])).mark_rule(strokeDash=[4, 4]).encode(x="at:Q")
    return (nothing + interval + point).properties(width=480, height=60 + 30 * len(rows))
