"""What is found by a few letters. Whoever asks brings the rows that may be seen; nothing else comes back."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from treaty.kit import sql
from treaty.search.models import Posting, Word
from treaty.search.rules import LAST, Entry, Kind, asked, halves, is_known, slips, swapped

Source = Callable[[Collection[int]], Iterable[Entry]]
"""The entries of some records; of those that are not there, none."""
Walk = Callable[[int, int], list[int]]
"""The ids of a noun's records, from behind an id on, at most so many."""

_sources: dict[Kind, tuple[Source, Walk]] = {}

ALIKE = 12
"""Known words of each sort that are taken for one that was mistyped."""
SHORTEST_INSIDE = 3
COUNTED = 1_000
"""Postings counted to learn which word is the rarest."""


def register(kind: Kind, source: Source, walk: Walk) -> None:
    """Say once, at start, who tells the entries of a kind."""
    _sources[kind] = source, walk


def entries(kind: Kind, records: Collection[int]) -> Iterable[Entry]:
    """The entries of records as their noun tells them."""
    source, _walk = _sources[kind]
    return source(records)


def walk(kind: Kind, after: int, limit: int) -> list[int]:
    """The ids of records from behind an id on: those that are there, and those the index still knows."""
    _source, there = _sources[kind]
    known = Posting.objects.filter(kind=kind, record__gt=after).order_by("record")
    indexed = list(known.values_list("record", flat=True).distinct()[:limit])
    return sorted({*there(after, limit), *indexed})[:limit]


def words_of(kind: Kind, records: Collection[int]) -> dict[int, dict[str, int]]:
    """The words of records with their places, as they are kept."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT record, word, place FROM search_posting WHERE kind = %s AND {sql.one_of('record')}",
            [kind.value, sql.listed(list(records))],
        )
        for record, word, place in cursor.fetchall():
            found[record][word] = place
    return dict(found)


def records(kind: Kind, folded: str, visible: "QuerySet[Any]", limit: int) -> list[int]:
    """Ids of visible records that have a word for each one asked, the best first, the same on both engines.

    Whole words come before beginnings, the beginning of a name before its middle. Where one word finds fewer than the
    limit, or several words nobody, records follow in which a word was mistyped, or has the one word's letters inside.
    """
    wanted = asked(folded)
    if not wanted:
        return []
    found = _matching(kind, {word: _begins(word) for word in wanted}, visible, limit)
    is_thin = len(found) < limit if len(wanted) == 1 else not found
    if is_thin:
        # The insides of words are looked for among all words: once, not for each of several.
        near = {word: _alike(word, inside=len(wanted) == 1) for word in wanted}
        if any(near.values()):
            # Either a list or a range: with both in one condition no engine would read the key in its order.
            alike = {
                word: Q(word__in=[word, *near[word]]) if near[word] else _begins(word) for word in wanted
            }
            more = _matching(kind, alike, visible, limit, near=near)
            found = list(dict.fromkeys([*found, *more]))
    return found[:limit]


def having(kind: Kind, folded: str) -> Q:
    """The condition that a record has a word for each one asked: for lists, which bring their own order."""
    condition = Q()
    for word in asked(folded):
        condition &= Q(pk__in=Posting.objects.filter(_begins(word), kind=kind).values("record"))
    return condition


def _begins(word: str) -> Q:
    return Q(word__gte=word, word__lt=word + LAST)


def _matching(
    kind: Kind,
    conditions: Mapping[str, Q],
    visible: "QuerySet[Any]",
    limit: int,
    *,
    near: Mapping[str, Sequence[str]] | None = None,
) -> list[int]:
    """Records that meet every condition, led by the rarest word."""
    lead = _rarest(kind, conditions)
    if not lead:
        return []
    rows = Posting.objects.filter(conditions[lead], kind=kind)
    for word, condition in conditions.items():
        if word != lead:
            rows = rows.filter(
                Exists(
                    Posting.objects.filter(condition, kind=kind, record=OuterRef("record")).values("record")
                )
            )
    if visible.query.where:
        rows = rows.filter(Exists(visible.filter(pk=OuterRef("record")).order_by().values("pk")))
    # Several words of one record may fit.
    found = rows.order_by("word", "place", "record").values_list("word", "record")[: limit * 4]
    if near is None:
        return list(dict.fromkeys(record for _word, record in found))
    ranks = {word: rank for rank, word in enumerate(near[lead], 1)}
    ranked = sorted(found, key=lambda row: ranks.get(row[0], 0))
    return list(dict.fromkeys(record for _word, record in ranked))


def _rarest(kind: Kind, conditions: Mapping[str, Q]) -> str:
    """The word that fewest records have, counted no further than need be; none where one of the words finds nobody."""
    if len(conditions) == 1:
        return next(iter(conditions))
    rows = Posting.objects.filter(kind=kind).order_by()
    counts = {
        word: rows.filter(condition).values("word")[:COUNTED].count()
        for word, condition in conditions.items()
    }
    rarest = min(counts, key=lambda word: counts[word])
    return rarest if counts[rarest] else ""


def _alike(word: str, *, inside: bool) -> list[str]:
    """Known words that somebody may have meant: those that begin so, slips, then those with the letters inside."""
    if not word.isalpha() or len(word) < SHORTEST_INSIDE:
        return []
    (begin, end), texts = halves(word), Word.objects.values_list("text", flat=True)
    back = end[::-1]
    begun = texts.filter(text__gte=word, text__lt=word + LAST)
    known = texts.filter(text__contains=word) if inside else begun
    if is_known(word):
        known = known.union(
            texts.filter(text__gte=begin, text__lt=begin + LAST),
            texts.filter(reversed__gte=back, reversed__lt=back + LAST),
            texts.filter(text__in=swapped(word)),
        )
    read = sorted(known)
    near = slips(word, read) if is_known(word) else []
    whole = [other for other in read if other.startswith(word)]
    within = [other for other in read if word in other]
    return list(dict.fromkeys([*whole[:ALIKE], *near[:ALIKE], *within[:ALIKE]]))
