"""`treaty analyze score`: learns a predicted score from a file of leads and says how good it is, without a database."""

import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from treaty.kit import analysis, console

if TYPE_CHECKING:
    from treaty.scoring.reading import Asked

analyze = analysis.group()
COMMANDS = (analyze,)


@analyze.command()
@analysis.files
@click.option(
    "--target", default="converted", show_default=True, help="The column of the outcome: 1 or 0, yes or no."
)
@click.option("--time", help="The column of when a lead came; it is then judged forward in time first.")
@click.option("--exclude-leaks", is_flag=True, help="Leave out fields that were filled after the outcome.")
@click.option(
    "--exclude", multiple=True, metavar="COLUMN", help="Leave out a column; may be given more than once."
)
@click.option(
    "--blank",
    multiple=True,
    default=("Select",),
    show_default=True,
    help="A text that means nothing was said.",
)
@click.option(
    "--folds",
    default=10,
    show_default=True,
    type=click.IntRange(2, 100),
    help="Parts of the cross-validation.",
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1))
@click.option(
    "--save",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="MODEL.JSON",
    help="Write the trained model and its card into this file.",
)
@analysis.plot
@console.as_json
def score(files: tuple[Path, ...], plot: Path | None, save: Path | None, as_json: bool, **asked: Any) -> None:
    """Learn how likely leads convert: honest figures, calibration, reasons, and fields that know the outcome."""
    with analysis.refusals_told():
        # By name and only now: the libraries of learning cost a second that `treaty --help` must not wait for.
        reading = import_module("treaty.scoring.reading")
        learned: Asked = reading.Asked(**asked)
        model, card = import_module("treaty.scoring.rules.predicted.card").study(
            reading.leads(analysis.table(files), learned), reading.plan(learned), analysis.progress
        )
    if save is not None:
        _saved(save, {"model": model.data(), "card": card})
    analysis.drawn(lambda: import_module("treaty.scoring.drawing").reliability(card), plot)
    analysis.answer({"target": learned.target, **card}, as_json=as_json)


def _saved(path: Path, told: dict[str, Any]) -> None:
    try:
        path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        raise console.fail(f"The model cannot be written to {path}: {error.strerror}.") from None
    analysis.progress(f"Wrote {path}")
