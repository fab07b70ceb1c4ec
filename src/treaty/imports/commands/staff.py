"""Staff that a file names: people of another system, who cannot sign in here until they are invited."""

from collections.abc import Sequence

from treaty.imports.commands.runs import Run
from treaty.imports.rules.problems import Report
from treaty.staff.commands import NewUser, add_users
from treaty.staff.queries import users_of_keys


def add_staff(new: Sequence[NewUser], report: Report, run: Run) -> dict[str, int]:
    """Add those who are unknown; the ids of all by external key."""
    keys = [str(user.external_key) for user in new]
    known = users_of_keys(keys)
    missing = [user for user in new if str(user.external_key) not in known]
    made = add_users(missing, at=run.at, by=run.by)
    counts = report.of("staff")
    counts.new, counts.unchanged = len(missing), len(known)
    return known | {str(user.external_key): made[user.email.strip().lower()] for user in missing}
