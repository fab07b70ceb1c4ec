"""`treaty analyze attribution`: credit for conversions by any model, from files of paths or of touches."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from treaty.kit import analysis, console
from treaty.kit.rules.refusals import Refused

if TYPE_CHECKING:
    from treaty.attribution.rules.attributing import Model

analyze = analysis.group()
COMMANDS = (analyze,)

COLUMNS = ("path", "null", "person", "time", "channel", "conversion", "value", "lead", "opportunity", "id")
"""The options that name columns."""


@analyze.command()
@analysis.files
@click.option(
    "--models",
    default="first,last,linear,markov:1",
    show_default=True,
    metavar="MODEL,...",
    help="Of: first, last, last-non-direct, linear, position, decay:DAYS, u, w, full, markov:1 to markov:4, shapley, "
    "shapley:rate.",
)
@click.option("--path", metavar="COLUMN", help="Rows are paths: their channels in order.  [default: path]")
@click.option("--separator", default=">", show_default=True, help="The sign between the channels of a path.")
@click.option(
    "--null", metavar="COLUMN", help="How many such paths led to nothing.  [default: total_null, or none]"
)
@click.option("--person", metavar="COLUMN", help="Rows are touches: whose they are.  [default: person]")
@click.option("--time", metavar="COLUMN", help="When the touch was.  [default: time]")
@click.option(
    "--channel", metavar="COLUMN", help="Its channel; empty: a conversion and no touch.  [default: channel]"
)
@click.option(
    "--conversion", metavar="COLUMN", help="How many conversions.  [default: total_conversions; conversion]"
)
@click.option(
    "--value", metavar="COLUMN", help="Their value.  [default: total_conversion_value; conversion_value]"
)
@click.option("--lead", metavar="COLUMN", help="1 where a touch made a lead: for the models u, w and full.")
@click.option("--opportunity", metavar="COLUMN", help="1 where a touch made an opportunity: for w and full.")
@click.option(
    "--id", metavar="COLUMN", help="Decides between touches of the same time.  [default: the order of rows]"
)
@click.option(
    "--lookback", type=click.FloatRange(0), metavar="DAYS", help="Leave out what is older at the conversion."
)
@click.option(
    "--direct", default="direct", show_default=True, help="The channel of those who came by themselves."
)
@click.option("--pass-over-direct", is_flag=True, help="Leave direct touches out of paths that have others.")
@click.option("--intervals", type=click.IntRange(20), metavar="N", help="Add intervals from N replicates.")
@click.option(
    "--level",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="How often an interval holds what it is about.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of the replicates.")
@console.as_json
@analysis.plot
def attribution(
    *, files: tuple[Path, ...], models: str, as_json: bool, plot: Path | None, **options: Any
) -> None:
    """Share out conversions and their value over channels, from paths or from touches."""
    asked = _models(models)
    with analysis.refusals_told():
        answer = _answer(files, asked, options)
    analysis.answer(answer, as_json=as_json)
    analysis.drawn(lambda: import_module("treaty.attribution.drawing").drawn(answer), plot)


def _models(text: str) -> list["Model"]:
    """The models that were asked for; wrong usage for what is none."""
    # By name and only now, as below: numba takes a second, and `treaty --help` must not wait for it.
    parsed = import_module("treaty.attribution.rules.attributing").parsed
    try:
        return list(dict.fromkeys(parsed(name) for name in text.split(",")))
    except Refused as refused:
        raise click.BadParameter(str(refused), param_hint="--models") from None


def _answer(files: tuple[Path, ...], models: list["Model"], options: dict[str, Any]) -> dict[str, Any]:
    reading = import_module("treaty.attribution.reading")
    asked = reading.Asked(
        {name: options[name] for name in COLUMNS if options[name]},
        separator=options["separator"],
        lookback=options["lookback"],
        direct=options["direct"],
        passing_over=options["pass_over_direct"],
    )
    paths, rows = reading.paths_in(analysis.table(files), asked)
    analysis.progress(
        f"Sharing out over {paths.size} channels by {', '.join(model.name for model in models)}"
    )
    direct = reading.direct_of(paths.names, options["direct"])
    if direct not in paths.names and any(model.kind == "last-non-direct" for model in models):
        analysis.progress(f'No channel is called "{direct}": last-non-direct is the same as last')
    credits_ = import_module("treaty.attribution.rules.attributing").credits_of(paths, models, direct=direct)
    ends = None
    if options["intervals"]:
        analysis.progress(f"Drawing {options['intervals']} replicates")
        intervals = import_module("treaty.attribution.rules.intervals").intervals
        chosen = {"seed": options["seed"], "replicates": options["intervals"], "level": options["level"]}
        ends = intervals(paths, models, direct=direct, **chosen)
    answer: dict[str, Any] = import_module("treaty.attribution.telling").told(paths, rows, credits_, ends)
    return answer
