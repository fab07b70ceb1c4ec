"""The worker's command."""

import click

from treaty.kit import worker


@click.command()
@click.option("--once", is_flag=True, help="Do what recurs and all waiting jobs, then end.")
def work(once: bool) -> None:
    """Do jobs, sweeps and everything that recurs. Ctrl-C or SIGTERM lets running jobs end."""
    if once:
        worker.work_once()
    else:
        worker.work_until_stopped()


COMMANDS = [work]
