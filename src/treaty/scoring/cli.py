"""`treaty analyze score` learns a predicted score from a file of leads and says how good it is, `apply-score` scores
other leads by it and watches for drift; both without a database."""

import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from treaty.kit import analysis, console

if TYPE_CHECKING:
    from treaty.scoring.reading import Asked, Saved

analyze = analysis.group()
COMMANDS = (analyze,)


@analyze.command()
@analysis.files
@click.option(
    "--target", default="converted", show_default=True, help="The column of the outcome: 1 or 0, yes or no."
)
@click.option(
    "--time",
    help="The column of when a lead came: it is then judged forward in time first.  [default: time, created, created_at "
    "or came, where there is one]",
)
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
        _written(save, reading.Saved(model, card, learned.target, learned.blank).data())
    analysis.drawn(lambda: import_module("treaty.scoring.drawing").reliability(card), plot)
    analysis.answer({"target": learned.target, **card}, as_json=as_json)


@analyze.command("apply-score")
@analysis.files
@click.option(
    "--model",
    "path",
    type=analysis.FILE,
    required=True,
    metavar="MODEL.JSON",
    help="What `treaty analyze score --save` wrote.",
)
@click.option(
    "--target",
    help="The column of the outcome, empty where nobody knows yet.  [default: the model's, where it is there]",
)
@click.option(
    "--first",
    default=10,
    show_default=True,
    type=click.IntRange(0),
    help="How many leads to tell with their reasons, the best first.",
)
@click.option(
    "--scores",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="OUT.CSV",
    help="Write the score of every lead into this file.",
)
@click.option(
    "--save",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="MODEL.JSON",
    help="Write the model, calibrated anew by the outcomes of these leads, into this file.",
)
@analysis.plot
@console.as_json
def apply_score(
    *,
    files: tuple[Path, ...],
    path: Path,
    target: str | None,
    first: int,
    scores: Path | None,
    save: Path | None,
    plot: Path | None,
    as_json: bool,
) -> None:
    """Score leads by a saved model: reasons, drift since it was learned, and whether its promises still hold."""
    with analysis.refusals_told():
        reading = import_module("treaty.scoring.reading")  # as above
        saved: Saved = reading.saved(path)
        table = analysis.table(files)
        columns = reading.fields(table, saved.model, saved.blank)
        outcome = reading.outcomes(table, target, saved.target)
        analysis.progress(f"Scoring {table.rows} leads")
        scored, told = import_module("treaty.scoring.rules.predicted.applied").applied(
            saved.model, saved.card["baseline"], columns, outcome, first=first
        )
        anew = None if save is None else reading.recalibrated(saved, columns, outcome)
    if scores is not None:
        lines = (f"{row},{score!r}" for row, score in enumerate(scored.tolist(), 1))
        _written_to(scores, "\n".join(["row,score", *lines, ""]))
    if save is not None and anew is not None:
        _written(save, anew.data())
    analysis.drawn(lambda: import_module("treaty.scoring.drawing").watched(told), plot)
    learned = {"learned_from": saved.card.get("rows"), "recalibrated": saved.card["recalibrated"]}
    analysis.answer({"kind": saved.model.kind, **learned, **told}, as_json=as_json)


def _written(path: Path, told: dict[str, Any]) -> None:
    _written_to(path, json.dumps(told, ensure_ascii=False))


def _written_to(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise console.fail(f"{path} cannot be written: {error.strerror}.") from None
    analysis.progress(f"Wrote {path}")
