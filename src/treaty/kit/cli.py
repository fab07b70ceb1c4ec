"""Commands of the installation itself: its worker, its backups, its health."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from treaty.kit import backup as backups
from treaty.kit import commands, console, doctor, nouns, setup, worker


@click.command()
@click.option("--once", is_flag=True, help="Do what recurs and all waiting jobs, then end.")
def work(once: bool) -> None:
    """Do jobs, sweeps and everything that recurs. Ctrl-C or SIGTERM lets running jobs end."""
    if once:
        worker.work_once()
    else:
        worker.work_until_stopped()


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write database and files into one FILE; web and worker may go on. The secret key is not in it."""
    try:
        about = backups.make(file, at=datetime.now(UTC))
    except backups.Failed as failed:
        raise console.fail(str(failed)) from failed
    console.say(f"{file} holds the {about.engine} database ({about.bytes / 1024**2:.1f} MB) and the files.")
    console.say("The secret key is not in it: keep a copy of secret.key, or of TREATY_SECRET_KEY, elsewhere.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: Path, *, yes: bool) -> None:
    """Put the database and files of a backup in place of what is here. Stop web and worker first.

    Whoever was forgotten since the backup is forgotten again. No mail, webhook or job leaves until `treaty release`.
    """
    try:
        about = backups.read_about(file)
        if not yes:
            click.confirm(f"Replace this installation's data by those of {about.at}?", abort=True)
        for _noun, before in nouns.offered("commands", "before_restore"):
            before(at=datetime.now(UTC))
        backups.restore(file, settle=settle)
        for _noun, tidy in nouns.offered("commands", "after_files"):
            tidy()
    except backups.Failed as failed:
        raise console.fail(str(failed)) from failed
    console.say("The backup is in place, and everything that goes out is held.")
    console.say("Start web and worker, look whether all is well, then run `treaty release`.")


def settle() -> None:
    """What restored tables need before anybody works on them."""
    setup.migrate()
    at = datetime.now(UTC)
    commands.hold(at=at)
    for _noun, after in nouns.offered("commands", "after_restore"):
        after(at=at)


@click.command()
def release() -> None:
    """Let mails, webhooks and jobs go again after a restore."""
    was_held = commands.release(at=datetime.now(UTC))
    console.say("They go again." if was_held else "Nothing was held.")


@click.command(name="doctor")
@console.as_json
def examine(as_json: bool) -> None:
    """Look whether the installation is well. Ends with 1 where something is bad."""
    found = doctor.findings()
    if as_json:
        console.document([asdict(finding) for finding in found])
    else:
        for finding in found:
            console.say(f"{finding.state:>4}  {finding.name}: {finding.seen}")
            if finding.advice:
                console.say(f"      {finding.advice}")
    if bad := sum(finding.state == doctor.BAD for finding in found):
        raise console.fail(f"{bad} of {len(found)} findings are bad.")


COMMANDS = [work, backup, restore, release, examine]
