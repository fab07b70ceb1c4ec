"""Predicates and their problems as whole sentences."""

from collections import abc
from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from treaty.kit.languages import Language, in_every_language
from treaty.ledger.queries import Recorded
from treaty.segments.attribute_wording import (
    NO_NAMES,
    Names,
    attribute_clause,
    attribute_name,
    date_clause,
    deal_clause,
    either,
    every,
    named,
    number,
    one_of,
    value_clause,
    yes_or_no,
)
from treaty.segments.fact_wording import fact_name, value_name
from treaty.segments.facts import SegmentEntered, SegmentLeft
from treaty.segments.problem_wording import problems
from treaty.segments.queries import Count
from treaty.segments.rules import (
    All,
    Any,
    Attribute,
    Date,
    Deal,
    Did,
    EngagementAtLeast,
    First,
    FitAtLeast,
    FitIn,
    GradeIn,
    Inside,
    Last,
    Node,
    Not,
    Predicate,
    Problem,
    Sequence,
    Since,
    ValueTest,
)

__all__ = [
    "NO_NAMES",
    "OPERATOR_NAMES",
    "Names",
    "attribute_name",
    "clause",
    "counted",
    "either",
    "every",
    "fact_name",
    "flaw_sentence",
    "number",
    "problem_sentence",
    "sentence",
    "sentences",
    "still_asked",
    "told",
    "translations",
]

JOINED = (All, Any, Not, Sequence, Since)
"""What the clauses around it could be read into."""
MANY = 100
OPERATOR_NAMES = {
    "is": _("is"),
    "one_of": _("is one of"),
    "contains": _("contains"),
    "contains_one": _("contains one of"),
    "at_least": _("is at least"),
    "at_most": _("is at most"),
    "known": _("is known"),
    "unknown": _("is not known"),
    "yes": _("is so"),
    "no": _("is not so"),
}
"""Each comparison of `rules.plain.OPERATORS` as a form offers it."""


def told(line: Recorded) -> str:
    """The line of a segment's fact in a timeline; empty for facts of other nouns."""
    match line.fact:
        case SegmentEntered(name=name):
            return gettext("Entered the segment “%(name)s”") % {"name": name}
        case SegmentLeft(name=name):
            return gettext("Left the segment “%(name)s”") % {"name": name}
    return ""


def sentence(tree: Predicate | Node, names: Names = NO_NAMES) -> str:
    """The predicate as one whole sentence; `names` are those of segments and fields that it may ask for."""
    said = clause(tree.match if isinstance(tree, Predicate) else tree, names)
    return gettext("A person matches when %(condition)s.") % {"condition": said}


def sentences(tree: Predicate, names: Names = NO_NAMES) -> list[tuple[Language, str]]:
    """The sentence in every language that has a catalogue."""
    return in_every_language(lambda: sentence(tree, names))


def translations(tree: Predicate, names: Names = NO_NAMES) -> list[tuple[Language, str]]:
    """The sentence in every language but that of the reader."""
    read = get_language()
    return [(language, said) for language, said in sentences(tree, names) if language.code != read]


def counted(count: Count) -> str:
    """How many a predicate means, in words."""
    number = number_format(count.number, use_l10n=True, force_grouping=True)
    if count.is_more:
        return gettext("More than %(number)s persons match now") % {"number": number}
    if count.is_about:
        return gettext("About %(number)s persons match now, by a sample of everybody") % {"number": number}
    said = ngettext("%(number)s person matches now", "%(number)s persons match now", count.number)
    return said % {"number": number}


def still_asked(names: abc.Sequence[str]) -> str:
    """Why a segment cannot be removed."""
    said = gettext("Other segments ask for this one: %(names)s. Take it out of them first.")
    return said % {"names": named(names)}


def clause(node: Node, names: Names = NO_NAMES) -> str:
    """One node as a clause that can follow the word “when”."""
    match node:
        case All():
            return every([_inner(part, names) for part in node.all_])
        case Any():
            return _contains_one(node, names) or either([_inner(part, names) for part in node.any_])
        case Not():
            return _denied(node.not_, names)
        case Attribute():
            return yes_or_no(node) or attribute_clause(node, names)
        case Date():
            return date_clause(node, names)
        case Deal():
            return deal_clause(node, names)
        case Inside():
            name = names.get(node.segment, str(node.segment))
            return gettext("the person is in the segment “%(name)s”") % {"name": name}
        case EngagementAtLeast() | FitAtLeast() | FitIn() | GradeIn():
            return _scored(node)
        case _:
            return _done(node)


def _scored(node: EngagementAtLeast | FitAtLeast | FitIn | GradeIn) -> str:
    match node:
        case EngagementAtLeast():
            points = number(node.engagement_at_least)
            return gettext("the engagement reaches %(points)s points") % {"points": points}
        case FitAtLeast():
            return gettext("the fit is %(letter)s or better") % {"letter": node.fit_at_least}
        case FitIn():
            return gettext("the fit is %(letters)s") % {"letters": one_of(node.fit_in)}
        case GradeIn():
            return gettext("the grade is %(grades)s") % {"grades": one_of(node.grade_in)}


def problem_sentence(problem: Problem) -> str:
    """Where, what is wrong, and what would be right."""
    said = flaw_sentence(problem.code, problem.values)
    return gettext("%(path)s: %(problem)s") % {"path": problem.path or "version", "problem": said}


def flaw_sentence(code: str, values: Mapping[str, object]) -> str:
    """What is wrong, and what would be right."""
    said = problems().get(code, gettext("This is not valid: %(reason)s."))
    return said % {"expected": "", "ge": "", "gt": "", "le": "", "given": "", "reason": "", **values}


def _denied(node: Node, names: Names) -> str:
    values = {"condition": clause(node, names)}
    if isinstance(node, JOINED):
        return gettext("it is not so that (%(condition)s)") % values
    return gettext("it is not so that %(condition)s") % values


def _inner(node: Node, names: Names) -> str:
    """A clause inside another one; one that others could be read into is bracketed, so that it reads one way only."""
    said = clause(node, names)
    return gettext("(%(clause)s)") % {"clause": said} if isinstance(node, JOINED) else said


def _contains_one(node: Any, names: Names) -> str:
    """Several texts looked for in one attribute, said once; empty for any other node."""
    parts = [part for part in node.any_ if isinstance(part, Attribute) and part.contains is not None]
    if len(parts) < 2 or len(parts) != len(node.any_) or len({part.attribute for part in parts}) != 1:
        return ""
    quoted = [gettext("“%(value)s”") % {"value": part.contains} for part in parts]
    values = {"name": attribute_name(parts[0].attribute, names), "values": one_of(quoted)}
    return gettext("%(name)s contains %(values)s") % values


def _done(node: Did | First | Last | Sequence | Since) -> str:
    """What the person did."""
    match node:
        case Did():
            return _did(node)
        case First():
            return _first(node)
        case Last():
            return _last(node)
        case Sequence():
            return _sequence(node)
        case Since():
            return _since(node)


def _first(node: First) -> str:
    values = {"did": _step(node.first, node.where), "when": _when(node)}
    return gettext("the first time the person %(did)s was %(when)s") % values


def _last(node: Last) -> str:
    values = {"did": _step(node.last, node.where), "when": _when(node)}
    return gettext("the last time the person %(did)s was %(when)s") % values


def _when(node: First | Last) -> str:
    if node.within_days is not None:
        return _within(node.within_days)
    days = node.longer_than_days or 0
    said = ngettext("%(days)s day ago or longer", "%(days)s days ago or longer", _grammatical(days))
    return said % {"days": number(days)}


def _within(days: float) -> str:
    """The time up to now in which something was done; stands where the language has its adverbs."""
    if days == 1:
        return gettext("within the last day")
    said = ngettext("within the last %(days)s day", "within the last %(days)s days", _grammatical(days))
    return said % {"days": number(days)}


def _grammatical(days: float) -> int:
    """The number whose grammar fits: a part of a day is told as many are, gettext knows whole numbers only."""
    return int(days) if float(days).is_integer() else MANY


def _sequence(node: Sequence) -> str:
    [said, *others] = [_step(step.did, step.where) for step in node.sequence]
    for following in others:
        said = gettext("%(first)s, then %(next)s") % {"first": said, "next": following}
    if node.within_days is None:
        return gettext("the person one after the other %(steps)s") % {"steps": said}
    values = {"steps": said, "when": _within(node.within_days)}
    return gettext("the person %(when)s one after the other %(steps)s") % values


def _since(node: Since) -> str:
    values = {
        "since": _step(node.since.did, node.since.where),
        "then": _step(node.then.did, node.then.where),
        "times": node.times,
    }
    if node.times == 1:
        return gettext("the person %(then)s since the last time the person %(since)s") % values
    said = ngettext(
        "the person %(then)s at least %(times)d time since the last time the person %(since)s",
        "the person %(then)s at least %(times)d times since the last time the person %(since)s",
        node.times,
    )
    return said % values


def _step(kind: str, where: Mapping[str, ValueTest]) -> str:
    """What was done, with what is asked of it."""
    if not where:
        return fact_name(kind)
    tested = every([value_clause(value_name(name), wanted) for name, wanted in where.items()])
    return gettext("%(did)s where %(where)s") % {"did": fact_name(kind), "where": tested}


def _did(node: Did) -> str:
    values = {"did": fact_name(node.did), "times": node.times}
    if node.within_days is not None:
        values["when"] = _within(node.within_days)
    said = _counted(node, values) % values
    if not node.where:
        return said
    where = every([value_clause(value_name(name), wanted) for name, wanted in node.where.items()])
    return gettext("%(did)s where %(where)s") % {"did": said, "where": where}


def _counted(node: Did, values: dict[str, object]) -> str:
    if node.times == 1:
        return (
            gettext("the person %(did)s")
            if node.within_days is None
            else gettext("the person %(did)s %(when)s")
        )
    if node.within_days is None:
        return ngettext(
            "the person %(did)s at least %(times)d time",
            "the person %(did)s at least %(times)d times",
            node.times,
        )
    return ngettext(
        "the person %(did)s at least %(times)d time %(when)s",
        "the person %(did)s at least %(times)d times %(when)s",
        node.times,
    )
