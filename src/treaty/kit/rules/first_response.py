"""How long each case waited, in business time, from its first moment to its second."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np

from treaty.kit.rules.business_time import BusinessTime
from treaty.kit.rules.open_hours import micros

Case = TypeVar("Case")


def first_response(
    moments: Mapping[Case, Iterable[datetime]], time: BusinessTime
) -> dict[Case, timedelta | None]:
    """Business time from the earliest to the second moment of each case; None while there is no second.

    Moments may come in any order. Two at the same instant need no tie-break: only the instants count, and two
    equal earliest ones are a response after no time.
    """
    ordered = {case: sorted(map(micros, when)) for case, when in moments.items()}
    answered = [case for case, when in ordered.items() if len(when) > 1]
    pairs = np.array([ordered[case][:2] for case in answered], dtype=np.int64).reshape(-1, 2)
    waits = time.between_many(pairs[:, 0], pairs[:, 1])
    waited = {case: timedelta(microseconds=int(wait)) for case, wait in zip(answered, waits, strict=True)}
    return {case: waited.get(case) for case in ordered}
