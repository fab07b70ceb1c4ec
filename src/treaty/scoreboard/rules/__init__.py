"""How the scoreboard counts: pure, from the leads, promises and won deals of one month."""

from treaty.scoreboard.rules.goals import Goal, Orders, orders_of
from treaty.scoreboard.rules.leads import Cohort
from treaty.scoreboard.rules.months import Month, business_days
from treaty.scoreboard.rules.promises import Promise, Tally, tally
from treaty.scoreboard.rules.speed import BUCKETS, Speed, bucket_of, speed_of
from treaty.scoreboard.rules.volume import Judgement, Point, Volume, judgement, volume_of

__all__ = [
    "BUCKETS",
    "Cohort",
    "Goal",
    "Judgement",
    "Month",
    "Orders",
    "Point",
    "Promise",
    "Speed",
    "Tally",
    "Volume",
    "bucket_of",
    "business_days",
    "judgement",
    "orders_of",
    "speed_of",
    "tally",
    "volume_of",
]
