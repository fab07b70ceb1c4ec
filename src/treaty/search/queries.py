"""What is found by a few letters. Whoever asks brings the rows that may be seen; nothing else comes back."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan, IsNull

from treaty.kit import sql
from treaty.kit.rows import among, united
from treaty.kit.sought import Fitting
from treaty.search.models import Line, Posting, Word
from treaty.search.rules import (
    EDGE,
    LAST,
    NEWEST_FIRST,
    PLACES,
    Entry,
    Kind,
    asked,
    beginning,
    halves,
    is_known,
    kept,
    slips,
    swapped,
    unlined,
    whole,
)

Source = Callable[[Collection[int]], Iterable[Entry]]
"""The entries of some records; of those that are not there, none."""
Walk = Callable[[int, int], list[int]]
"""The ids of a noun's records, from behind an id on, at most so many."""

_sources: dict[Kind, tuple[Source, Walk]] = {}

CLOSE, ALIKE = 40, 36
"""Known words of each sort that look like one that was typed, and how many of them, if a kind has them, are taken for it."""
SHORTEST_INSIDE = 3
ENOUGH = 8
"""Records that fit to the letter; with so many nobody is offered what only looks alike."""
COUNTED = (2_000, 16_000, 128_000)
"""Postings counted to learn which word is the rarest: more of them where every word has so many."""
OWNED = (Kind.PERSON, Kind.DEAL)
"""Kinds whose visible records an index of owners tells."""
FEW = 2_000
"""Records that a list asks for by their ids; where more fit, they lie so dense that a list's order meets them soon."""


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
    lines = Line.objects.filter(kind=kind)
    if kind in NEWEST_FIRST:
        known = lines.filter(record__lt=kept(kind, after)).order_by("-record")
    else:
        known = lines.filter(record__gt=after).order_by("record")
    indexed = (kept(kind, number) for number in known.values_list("record", flat=True)[:limit])
    return sorted({*there(after, limit), *indexed})[:limit]


def words_of(kind: Kind, records: Collection[int]) -> dict[int, dict[str, int]]:
    """The words of records with their places, as they are kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT record, words FROM search_line WHERE kind = %s AND {sql.one_of('record')}",
            [kind.value, sql.listed([kept(kind, record) for record in records])],
        )
        return {kept(kind, number): unlined(words) for number, words in cursor.fetchall()}


TORN = """
SELECT found.record
FROM (SELECT record, COUNT(*) AS number, SUM(LENGTH(word)) AS letters
      FROM search_posting WHERE kind = %(kind)s GROUP BY record) found
LEFT JOIN (SELECT record, LENGTH(words) - LENGTH(REPLACE(words, %(edge)s, '')) - {places} AS number,
                  LENGTH(REPLACE(words, %(edge)s, '')) - {places} + 1 AS letters
           FROM search_line WHERE kind = %(kind)s) told ON told.record = found.record
WHERE told.record IS NULL OR told.number <> found.number OR told.letters <> found.letters
UNION
SELECT record FROM search_line
WHERE kind = %(kind)s AND record NOT IN (SELECT record FROM search_posting WHERE kind = %(kind)s)
"""


def torn(kind: Kind) -> list[int]:
    """Records whose postings are not the words of their line, by number and length; it reads the whole index."""
    with connection.cursor() as cursor:
        cursor.execute(TORN.format(places=PLACES), {"kind": kind.value, "edge": EDGE})
        return [kept(kind, number) for (number,) in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class _Wish:
    """What stands for one word that was asked: a range or a list of words in the key, their traces in lines, and whether
    a word is one of them."""

    keys: Q
    traces: tuple[str, ...]
    fits: Callable[[str], bool]


Near = Mapping[str, Sequence[str]]
"""For each word that was asked, those that somebody may have meant."""
TO_THE_LETTER: Near = {}


def records(
    kind: Kind, folded: str, visible: "QuerySet[Any]", limit: int, near: Near | None = None
) -> list[int]:
    """Ids of visible records that have a word for each one asked, the best first, the same on both engines.

    Whole words come before beginnings, the beginning of a name before its middle. Where one word finds only few, or
    several words nobody, records follow in which a word was mistyped, or has the one word's letters inside. `near` are
    such words where they are known already; TO_THE_LETTER for none.
    """
    wanted = asked(folded)
    if not wanted or limit < 1:
        return []
    seen = _seen(kind, visible)
    rows = _rows(kind, {word: _begins(word) for word in wanted}, visible, seen, limit)
    found = list(dict.fromkeys(number for _word, number in rows))
    if near is None and is_thin(folded, len(found)):
        near = near_words(folded)
    if near:
        found = list(dict.fromkeys([*found, *_mistyped(kind, near, visible, seen, limit)]))
    return [kept(kind, number) for number in found[:limit]]


def is_thin(folded: str, number: int) -> bool:
    """Whether so few fit a text to the letter that what looks alike is worth showing."""
    return number < ENOUGH if len(asked(folded)) == 1 else not number


def near_words(folded: str) -> Near:
    """What somebody may have meant who typed a text; empty where nothing looks alike."""
    wanted = asked(folded)
    # The insides of words are looked for among all words: once, not for each of several.
    near = {word: _alike(word, inside=len(wanted) == 1) for word in wanted}
    return near if any(near.values()) else TO_THE_LETTER


def fitting(kind: Kind, folded: str) -> Fitting | None:
    """What fits a text, for lists, which bring their own order and rights; None where no word is asked.

    Not for kinds that are found newest first: they have no list.
    """
    wishes = {word: _begins(word) for word in asked(folded)}
    if not wishes:
        return None
    rows = _matching(kind, wishes)
    read = list(rows.values_list("record", flat=True)[: 2 * FEW])
    known = list(dict.fromkeys(read))
    if len(read) < 2 * FEW and len(known) <= FEW:
        return Fitting(known)
    return Fitting(
        known[:FEW], Q(pk__in=rows.order_by().values("record")), _have(kind, "pk", wishes.values())
    )


def _begins(word: str) -> _Wish:
    return _Wish(
        Q(word__gte=word, word__lt=word + LAST), (beginning(word),), lambda other: other.startswith(word)
    )


def _among(words: Sequence[str]) -> _Wish:
    return _Wish(Q(word__in=words), tuple(whole(word) for word in words), set(words).__contains__)


def _mistyped(
    kind: Kind, near: Near, visible: "QuerySet[Any]", seen: Sequence[int] | None, limit: int
) -> list[int]:
    """Records that have each word or one near to it, the nearest first."""
    had = _had(kind, {other for words in near.values() for other in words})
    close = {word: [other for other in words if other in had][:ALIKE] for word, words in near.items()}
    # Either a list or a range: with both in one condition no engine would read the key in its order.
    wishes = {word: _among([word, *close[word]]) if close[word] else _begins(word) for word in close}
    ranks = {word: rank for words in close.values() for rank, word in enumerate(words, 1)}
    ranked = sorted(_rows(kind, wishes, visible, seen, limit), key=lambda row: ranks.get(row[0], 0))
    return [number for _word, number in ranked]


def _seen(kind: Kind, visible: "QuerySet[Any]") -> list[int] | None:
    """The ids of visible records where they are few; who sees few is answered from those, not from all that fit."""
    if kind not in OWNED or not visible.query.where:
        return None
    ids = visible.order_by().values_list("pk", flat=True)
    return None if ids[FEW : FEW + 1] else list(ids[:FEW])


def _rows(
    kind: Kind, wishes: Mapping[str, _Wish], visible: "QuerySet[Any]", seen: Sequence[int] | None, limit: int
) -> list[tuple[str, int]]:
    """Words of the rarest wish and the numbers of their records, as they follow each other in the key.

    Several words of one record may fit, so there are more of them than records are wanted.
    """
    if seen is None:
        return list(_matching(kind, wishes, visible).values_list("word", "record")[: limit * 4])
    lead = _rarest(kind, wishes) if seen else ""
    if not lead:
        return []
    lines = among(Line, "record", seen).filter(_holds(wishes.values()), kind=kind).order_by("record")
    found = sorted(
        (word, place, number)
        for number, words in lines.values_list("record", "words")
        for word, place in unlined(words).items()
        if wishes[lead].fits(word)
    )
    return [(word, number) for word, _place, number in found[: limit * 4]]


def _matching(
    kind: Kind, wishes: Mapping[str, _Wish], visible: "QuerySet[Any] | None" = None
) -> "QuerySet[Posting]":
    """Postings of records that fit every wish, in the order of the key, led by the rarest word."""
    lead = _rarest(kind, wishes)
    if not lead:
        return Posting.objects.none()
    rows = Posting.objects.filter(wishes[lead].keys, kind=kind).order_by("word", "place", "record")
    others = [wish for word, wish in wishes.items() if word != lead]
    if others:
        rows = rows.filter(_have(kind, "record", others))
    if visible is not None and visible.query.where:
        number = OuterRef("record")
        record = -number if kind in NEWEST_FIRST else number
        rows = rows.filter(Exists(visible.filter(pk=record).order_by().values("pk")))
    return rows


def _have(kind: Kind, record: str, wishes: Iterable[_Wish]) -> IsNull:
    """The condition that the line of a record holds something for each wish.

    As a value that is there or not: of a plain EXISTS PostgreSQL would make a join and read all lines for it.
    """
    lines = Line.objects.filter(_holds(wishes), kind=kind, record=OuterRef(record))
    return IsNull(Subquery(lines.values("record")[:1]), False)


def _holds(wishes: Iterable[_Wish]) -> Q:
    """The condition that a line holds something for each wish."""
    held = Q()
    for wish in wishes:
        traces = (Q(GreaterThan(StrIndex("words", Value(trace)), 0)) for trace in wish.traces)
        held &= reduce(or_, traces)
    return held


def _rarest(kind: Kind, wishes: Mapping[str, _Wish]) -> str:
    """The word that fewest records have, counted no further than it takes to tell; none where one is had by nobody."""
    if len(wishes) == 1:
        return next(iter(wishes))
    rows = Posting.objects.filter(kind=kind).order_by().values("word")
    sets, counts = [rows.filter(wish.keys) for wish in wishes.values()], [0]
    for enough in COUNTED:
        counts = [number for _place, number in sorted(united("COUNT(*)", sets, enough))]
        if min(counts) < enough:
            break
    fewest = min(counts)
    return list(wishes)[counts.index(fewest)] if fewest else ""


def _alike(word: str, *, inside: bool) -> list[str]:
    """Words that somebody may have meant: those that begin so, slips, then those with the letters inside."""
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
    begun_so = [other for other in read if other.startswith(word)]
    within = [other for other in read if word in other]
    return list(dict.fromkeys([*begun_so[:CLOSE], *near[:CLOSE], *within[:CLOSE]]))


def _had(kind: Kind, words: Collection[str]) -> set[str]:
    """Those words that a record of a kind has."""
    fits = Posting.objects.filter(kind=kind, word=OuterRef("text")).values("kind")[:1]
    had = Word.objects.filter(IsNull(Subquery(fits), False), text__in=words)
    return set(had.values_list("text", flat=True))
