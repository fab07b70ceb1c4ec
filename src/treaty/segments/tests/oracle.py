"""A second reading of the language of predicates, from its description alone and as plainly as can be: it tries every choice,
and shares no code with what it judges."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from typing import Any

from treaty.segments.rules import PersonState, Touch


def fits(node: Any, person: PersonState, at: datetime) -> bool:
    """Whether a node, as JSON has it, means a person at an instant."""
    match node:
        case {"all": parts}:
            return all(fits(part, person, at) for part in parts)
        case {"any": parts}:
            return any(fits(part, person, at) for part in parts)
        case {"not": part}:
            return not fits(part, person, at)
        case {"attribute": path}:
            return knows(node, found(person.attributes, path))
        case {"deal": parts}:
            return dealt(node, parts, person, at)
        case {"segment": number}:
            return number in person.segments
        case {"date": _}:
            return lies(node, person, at)
    if (scored := is_scored(node, person, at)) is not None:
        return scored
    return happened(node, [touch for touch in person.touches if touch.at <= at], at)


def knows(node: Any, value: Any) -> bool:
    """Whether an attribute is as a node asks; what holds others can only be known."""
    return passes(node, value) if "known" in node or not isinstance(value, dict) else False


def dealt(node: Any, parts: Any, person: PersonState, at: datetime) -> bool:
    """Whether so many deals are each as all the parts ask."""
    fitting = [deal for deal in person.deals if all(fits(part, PersonState(deal), at) for part in parts)]
    return bool(len(fitting) >= node.get("times", 1))


def is_scored(node: Any, person: PersonState, at: datetime) -> bool | None:
    """Whether a person is scored as a node asks; None where it asks for something else."""
    match node:
        case {"engagement_at_least": points}:
            return bool(person.engagement_at(at) >= points)
        case {"fit_at_least": letter}:
            return person.fit != "" and person.fit <= letter
        case {"fit_in": letters}:
            return person.fit in letters
        case {"grade_in": grades}:
            return person.grade in grades
    return None


def happened(node: Any, past: list[Touch], at: datetime) -> bool:
    """Whether what a person did is as a node asks."""

    def recent(touch: Touch) -> bool:
        days = node.get("within_days")
        return days is None or at - touch.at < timedelta(days=days)

    match node:
        case {"did": _}:
            return bool(sum(is_one(node, touch) and recent(touch) for touch in past) >= node.get("times", 1))
        case {"first": kind} | {"last": kind}:
            times = sorted(touch.at for touch in past if is_one(node | {"did": kind}, touch))
            edge = times and (times[0] if "first" in node else times[-1])
            if not edge:
                return False
            if "within_days" in node:
                return at - edge < timedelta(days=node["within_days"])
            return at - edge >= timedelta(days=node["longer_than_days"])
        case {"sequence": steps}:
            chosen = product(
                *([touch.at for touch in past if recent(touch) and is_one(step, touch)] for step in steps)
            )
            return any(all(one < other for one, other in pairwise(times)) for times in chosen)
        case {"since": step, "then": then}:
            times = [touch.at for touch in past if is_one(step, touch)]
            later = [touch for touch in past if is_one(then, touch) and all(touch.at > one for one in times)]
            return bool(times) and len(later) >= node.get("times", 1)
    raise AssertionError(node)


def is_one(step: Any, touch: Touch) -> bool:
    """Whether a touch is of the kind and the values that are asked for."""
    asked = step.get("where", {}).items()
    return touch.kind == step["did"] and all(passes(test, found(touch.values, path)) for path, test in asked)


def found(values: Any, path: str) -> Any:
    """The value at a path of names with dots between; None where there is none."""
    for name in path.split("."):
        values = values.get(name) if isinstance(values, dict) else None
    return values


def passes(test: Any, value: Any) -> bool:
    """Whether a value passes its one test; of a list one member is enough."""
    if "known" in test:
        return (value is not None and value not in ("", [])) is test["known"]
    return any(
        passes_one(test, one) for one in (value if isinstance(value, list) else [value]) if one is not None
    )


def passes_one(test: Any, value: Any) -> bool:
    """The same of one value: texts without case, yes and no apart from numbers, numbers also where a text says one."""
    match test:
        case {"is": wanted}:
            return same(wanted, value)
        case {"in": options}:
            return any(same(wanted, value) for wanted in options)
        case {"contains": part}:
            return part.casefold() in str(value).casefold()
    number = as_number(value)
    if number is None:
        return False
    return bool(number >= test["at_least"] if "at_least" in test else number <= test["at_most"])


def same(wanted: Any, value: Any) -> bool:
    """Whether two values are the same one."""
    if isinstance(wanted, str) or isinstance(value, str):
        return isinstance(wanted, str) and isinstance(value, str) and wanted.casefold() == value.casefold()
    return isinstance(wanted, bool) is isinstance(value, bool) and wanted == value


def as_number(value: Any) -> float | None:
    """The number that a value is or says."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def lies(node: Any, person: PersonState, at: datetime) -> bool:
    """Whether a date lies so many days from today, or from another date."""
    days = [as_day(found(person.attributes, node["date"]))]
    days.append(as_day(found(person.attributes, node["of"])) if "of" in node else at.astimezone(UTC).date())
    if days[0] is None or days[1] is None:
        return False
    between = (days[0] - days[1]).days
    return bool(node.get("from_days", between) <= between <= node.get("to_days", between))


def as_day(value: Any) -> date | None:
    """The day that a text says."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
