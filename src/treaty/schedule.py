"""Everything that recurs, on one page: its name, how often, and what is run."""

from datetime import timedelta

from treaty.kit import commands as kit
from treaty.kit.schedule import Recurring
from treaty.mail import delivery as mail

RECURRING = (
    Recurring("jobs: take back what a dead worker left", timedelta(seconds=10), kit.recover_jobs),
    Recurring("mail: deliver what waits", timedelta(seconds=5), mail.deliver_waiting),
)
