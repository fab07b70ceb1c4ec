"""Scores in words."""

from datetime import UTC, datetime, timedelta

import pytest

from treaty.scoring.rules import Reason
from treaty.scoring.wording import sentence, sentences

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


def engaged(points: float, times: int, days: int) -> Reason:
    since = (AT - timedelta(days=days)).isoformat()
    return Reason(points, "engagement", {"label": "pricing page", "times": times, "since": since})


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (Reason(-10, "fit", {"label": "free-mail address"}), "−10 free-mail address"),
        (engaged(24.6, 3, 6), "+25 pricing page 3 times in the last 7 days"),
        (engaged(9.2, 1, 2), "+9 pricing page once in the last 7 days"),
        (engaged(9.2, 2, 20), "+9 pricing page 2 times in the last 30 days"),
        (engaged(4, 1, 79), "+4 pricing page once, on 1 September 2026"),
        (engaged(4, 5, 79), "+4 pricing page 5 times since 1 September 2026"),
    ],
)
def test_a_reason_is_read_as_a_whole_phrase(reason: Reason, said: str) -> None:
    assert sentence(reason, AT) == said


def test_the_weightiest_reason_comes_first_and_what_has_faded_is_left_out() -> None:
    reasons = [Reason(5, "fit", {"label": "phone number"}), engaged(0.3, 1, 300), engaged(25, 3, 6)]
    assert sentences(reasons, AT) == ["+25 pricing page 3 times in the last 7 days", "+5 phone number"]
