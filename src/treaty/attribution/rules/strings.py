"""Paths told as texts, such as "search > mail > search", as codes: read by a compiled scanner over blocks of bytes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from treaty.attribution.rules.paths import MOST_CHANNELS, Amounts, Channels, Paths, Places, check_count, made
from treaty.kit.rules.compiled import compiled
from treaty.kit.rules.refusals import Refused

AT_ONCE = 1 << 16
"""Paths that are joined at once: their bytes stay in the processor's cache, and memory is bounded."""
SLOTS = 1 << 17
NEAR = 1 << 10
END, SPACE, TAB = 0, 32, 9

Bytes = NDArray[np.uint8]


def read(texts: Sequence[str], outcomes: Amounts, *, separator: str = ">") -> Paths:
    """Paths from their texts and outcomes (paths, 3); spaces around a channel do not count, names are sorted.

    separator: one ASCII character. Raises Refused: empty, empty_touch, bad_separator, bad_text, too_many_channels, and
    what `paths.made` refuses.
    """
    if len(separator.encode()) != 1 or separator in " \t\0":
        raise Refused("bad_separator", "The sign between channels is one plain character, such as >.")
    if not len(texts):
        raise Refused("empty", "There are no paths.")
    codes: dict[bytes, int] = {}
    parts = [
        _block(texts[at : at + AT_ONCE], at, ord(separator), codes) for at in range(0, len(texts), AT_ONCE)
    ]
    names = sorted(codes)
    sorted_ = np.empty(len(names), np.uint16)
    sorted_[[codes[name] for name in names]] = np.arange(len(names))
    starts = np.concatenate([np.zeros(1, np.int64), *(lengths for _, lengths in parts)])
    channels = sorted_[np.concatenate([channels for channels, _ in parts])]
    parts.clear()
    return made([name.decode() for name in names], channels, np.cumsum(starts), outcomes)


def _block(texts: Sequence[str], at: int, separator: int, codes: dict[bytes, int]) -> tuple[Channels, Places]:
    """Codes of a block's touches, by the first time each channel was met in any block, and the lengths of its paths."""
    joined = ("\0".join(texts) + "\0").encode()
    text = np.frombuffer(joined, np.uint8)
    signs = int(np.count_nonzero(text == separator))
    channels, lengths = np.empty(signs + len(texts), np.uint16), np.empty(len(texts), np.int64)
    if np.count_nonzero(text == END) != len(texts):
        raise Refused("bad_text", "A path holds a character of the code zero.")
    firsts, empty = _scan(text, separator, channels, lengths)
    if empty >= 0:
        raise Refused("empty_touch", f"Path {at + empty + 1}: a channel has no name.")
    local = [codes.setdefault(joined[begin:end], len(codes)) for begin, end in firsts.tolist()]
    check_count(max(len(codes), len(local)))
    return np.array(local, np.uint16)[channels], lengths


@compiled
def _scan(text: Bytes, separator: int, channels: Channels, lengths: Places) -> tuple[Places, int]:
    """Fill in codes and lengths; where in the text each code was first met, and the path with an empty touch or -1."""
    slots, near = np.full(SLOTS, -1, np.int32), np.full(NEAR, -1, np.int32)
    firsts = np.empty((MOST_CHANNELS + 1, 2), np.int64)
    known, at, path, begin, touches = 0, 0, 0, 0, 0
    for place in range(len(text)):
        sign = text[place]
        if sign not in (separator, END):
            continue
        end = place
        while begin < end and (text[begin] == SPACE or text[begin] == TAB):
            begin += 1
        while begin < end and (text[end - 1] == SPACE or text[end - 1] == TAB):
            end -= 1
        if begin == end:
            return firsts[:known], path
        glance = _glance(text, begin, end)
        if near[glance] < 0 or not _same(text, begin, end, firsts, near[glance]):
            slot = _slot(text, begin, end, slots, firsts)
            if slots[slot] < 0:
                if known > MOST_CHANNELS:
                    return firsts, -1  # more than there may be, which the caller refuses
                slots[slot] = known
                firsts[known, 0], firsts[known, 1] = begin, end
                known += 1
            near[glance] = slots[slot]
        channels[at] = near[glance]
        at, touches, begin = at + 1, touches + 1, place + 1
        if sign == END:
            lengths[path] = touches
            path, touches = path + 1, 0
    return firsts[:known], -1


@compiled
def _glance(text: Bytes, begin: int, end: int) -> int:
    """Where a name is looked for first: by its length and three of its bytes, which tell most names apart."""
    middle = (begin + end) >> 1
    return int((text[begin] * 7 + text[middle] * 131 + text[end - 1] * 31 + (end - begin) * 17) & (NEAR - 1))


@compiled
def _slot(text: Bytes, begin: int, end: int, slots: NDArray[np.int32], firsts: Places) -> np.int64:
    """The slot of a name, which is free where it was not met before (hash of Fowler, Noll & Vo; open addressing)."""
    mixed = np.uint64(14695981039346656037)
    for place in range(begin, end):
        mixed = (mixed ^ np.uint64(text[place])) * np.uint64(1099511628211)
    slot = np.int64((mixed ^ (mixed >> np.uint64(32))) & np.uint64(SLOTS - 1))
    while slots[slot] >= 0 and not _same(text, begin, end, firsts, slots[slot]):
        slot = (slot + 1) & (SLOTS - 1)
    return slot


@compiled
def _same(text: Bytes, begin: int, end: int, firsts: Places, code: int) -> bool:
    first = firsts[code, 0]
    same = bool(end - begin == firsts[code, 1] - first)
    offset = 0
    while same and begin + offset < end:
        same = bool(text[begin + offset] == text[first + offset])
        offset += 1
    return same
