"""The three charts of the scoreboard: the bridge, the leads against their line, the speed to lead."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from treaty.scoreboard import wording
from treaty.scoreboard.drawing import Drawing, Shape, circle, grid, path, rect, steps, text
from treaty.scoreboard.rules import BUCKETS, Goal, Point, Speed, Volume, bucket_of

SPAN, DECK, RISE, HANGERS = 900, 88, 76, 12
LABELS_APART = 13


def bridge(goal: Goal | None) -> Drawing:
    """The deck is what is done of the goal, the tick where its line stands; twelve hangers part the quarter's weeks."""
    done = SPAN * min(goal.share, 1) if goal else 0.0
    arch = [(x, 92 - RISE * 4 * x * (SPAN - x) / SPAN**2) for x in range(0, SPAN + 1, 10)]
    walked = [point for point in arch if point[0] <= done]
    shapes = [path("faint", *arch), *_hangers(done)]
    if len(walked) > 1:
        shapes.append(path("ink", *walked))
    shapes.append(rect("bed", 0, DECK, SPAN, 8))
    if done:
        shapes.append(rect("deck", 0, DECK, done, 8))
    if goal:
        x = SPAN * goal.line_share
        shapes += [path("halo", (x, 82), (x, 102)), path("ink", (x, 82), (x, 102))]
    shapes += [rect("post-m", -4, 78, 6, 32), rect("post-s", 898, 78, 6, 32)]
    label = _("No shared goal was agreed.")
    if goal:
        shares = {"done": wording.percent(goal.share), "line": wording.percent(goal.line_share)}
        label = _("Done of the shared goal: %(done)s; the line for today: %(line)s.") % shares
    return Drawing(SPAN, 112, label, tuple(shapes))


def _hangers(done: float) -> list[Shape]:
    found = []
    for place in range(1, HANGERS + 1):
        x = SPAN * place / (HANGERS + 1)
        y = 92 - RISE * 4 * x * (SPAN - x) / SPAN**2
        found.append(path("ink-2" if x <= done else "faint", (x, y), (x, DECK)))
    return found


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the chart of leads lies, and how days and leads become places on it."""

    width: int
    right: int
    days: int
    highest: int
    left: int = 30
    top: int = 22
    bottom: int = 186

    def x(self, place: float) -> float:
        """The end of the day with this number, counted from 1."""
        return self.left + (self.right - self.left) * place / max(self.days, 1)

    def y(self, leads: float) -> float:
        """The height of a number of leads."""
        return self.bottom - (self.bottom - self.top) * leads / self.highest


def burn_up(volume: Volume, *, is_narrow: bool = False) -> Drawing:
    """Delivered leads, day by day and in all, against the daily line; and where this pace leads."""
    ticks = steps(max(volume.promised, volume.delivered, volume.pace or 0), at_most=4)
    width, right = (340, 268) if is_narrow else (600, 516)
    frame = _Frame(width, right, len(volume.days), ticks[-1])
    shapes = [
        *grid(ticks, frame.left, frame.right, frame.top, frame.bottom),
        *_days(volume, frame, 4 if is_narrow else 8),
        *_bars(volume, frame),
        path("plan", (frame.left, frame.bottom), (frame.right, frame.y(volume.promised))),
        *_ends(volume, frame),
        *_delivered(volume, frame),
    ]
    values = {"delivered": volume.delivered, "promised": volume.promised, "line": volume.line}
    label = _("%(delivered)s leads delivered of %(promised)s; the line for today: %(line)s.") % values
    return Drawing(width, 216, label, tuple(shapes))


def _days(volume: Volume, frame: _Frame, most: int) -> list[Shape]:
    """Every so many days the day of the month, always the first and the last one."""
    count = len(volume.days)
    every = max(-(-count // most), 1)
    places = sorted({*range(0, count - every // 2, every), count - 1} if count else ())
    return [
        text(str(volume.days[place].day), frame.x(place + 1), frame.bottom + 16, "middle") for place in places
    ]


def _bars(volume: Volume, frame: _Frame) -> list[Shape]:
    wide = max(frame.x(1) - frame.left, 4) * 0.4
    return [
        rect(
            "pale",
            frame.x(place) - wide / 2,
            frame.y(one.delivered),
            wide,
            frame.bottom - frame.y(one.delivered),
        )
        for place, one in enumerate(volume.points, 1)
        if one.delivered
    ]


def _ends(volume: Volume, frame: _Frame) -> list[Shape]:
    """At the month's end what was promised and what this pace brings, their words kept apart."""
    promised = frame.y(volume.promised) + 4
    found = [text(wording.number(volume.promised), frame.right + 6, promised)]
    if volume.pace is None:
        return found
    at = frame.y(volume.pace)
    begun = len(volume.points)
    words = at + 4
    if abs(words - promised) < LABELS_APART:
        words = promised + (LABELS_APART if volume.pace <= volume.promised else -LABELS_APART)
    pace = _("%(leads)s at pace") % {"leads": wording.number(volume.pace)}
    start = (frame.x(begun), frame.y(volume.delivered))
    return [*found, path("ahead", start, (frame.right, at)), text(pace, frame.right + 6, words)]


def _delivered(volume: Volume, frame: _Frame) -> list[Shape]:
    if not volume.points:
        return []
    places = [(frame.x(number), frame.y(one.total)) for number, one in enumerate(volume.points, 1)]
    points = [
        circle("point", x, y, 2.5, _point_title(one))
        for (x, y), one in zip(places[:-1], volume.points[:-1], strict=True)
    ]
    x, y = places[-1]
    last = circle("now", x, y, 4, _point_title(volume.points[-1]))
    line = path("line", (frame.left, frame.bottom), *places)
    return [line, *points, last, *_last_words(volume, frame, x, y)]


def _last_words(volume: Volume, frame: _Frame, x: float, y: float) -> list[Shape]:
    """What is delivered below the last point, the line's figure above the line."""
    line = _("line %(leads)s") % {"leads": wording.number(volume.line)}
    is_late = x > frame.width - 90
    side, anchor = (x, "end") if is_late else (x + 8, "start")
    below = min(y + (34 if is_late else 14), frame.bottom - 6)
    if volume.ahead > 0:
        above, beside = y - 10, min(frame.y(volume.line) + 16, frame.bottom - 6)
        return [
            text(wording.delivered(volume.delivered), x - 6, above, "end", "h"),
            text(line, side, beside, anchor),
        ]
    over = min(frame.y(volume.line), y) - 10
    return [
        text(wording.delivered(volume.delivered), side, below, anchor, "h"),
        text(line, x - 6, over, "end"),
    ]


def _point_title(one: Point) -> str:
    day = wording.day_of_month(one.day)
    values = {"day": day, "delivered": one.delivered, "total": one.total, "line": one.line}
    return _("%(day)s: %(delivered)s delivered, %(total)s in all, line %(line)s") % values


PITCH, FIRST, WIDE = 80, 40, 60
TOP, GROUND = 40, 196
"""The highest bar ends so far below the labels of the lines that its figure has a line of its own."""


def speeds(speed: Speed, urls: tuple[str, ...]) -> Drawing:
    """A bar for each bucket, grade A below the others; the median and nine in ten as lines."""
    together = [a + rest for a, rest in zip(speed.of_grade_a, speed.of_the_rest, strict=True)]
    ticks = steps(max(together), at_most=4)
    scale = (GROUND - TOP) / ticks[-1]
    shapes = grid(ticks, 30, 590, TOP, GROUND)
    for place, number in enumerate(together):
        shapes += _bucket(speed, place, number, scale, urls[place])
    above = GROUND - 20 - together[bucket_of(int(speed.median or 0))] * scale
    return Drawing(600, 216, _speed_label(speed), (*shapes, *_marks(speed, above)))


def _bucket(speed: Speed, place: int, number: int, scale: float, url: str) -> list[Shape]:
    x, a, rest = FIRST + PITCH * place, speed.of_grade_a[place], speed.of_the_rest[place]
    values = {"time": wording.BUCKETS[place](), "a": a, "rest": rest}
    title = _("%(time)s: %(a)s of grade A, %(rest)s of other grades") % values
    found = [text(wording.BUCKETS[place](), x + WIDE / 2, 211, "middle")]
    if a:
        found.append(rect("solid", x, GROUND - a * scale, WIDE, a * scale, title=title))
    if rest:
        found.append(rect("pale", x + 0.5, GROUND - number * scale, WIDE - 1, rest * scale, title=title))
    if number:
        figure = text(
            wording.number(number), x + WIDE / 2, GROUND - 6 - number * scale, "middle", "t", url=url
        )
        found.append(figure)
    return found


def _marks(speed: Speed, bottom: float) -> list[Shape]:
    """The median within its bucket, down to that bar's figure, and the end of the bucket that holds nine in ten."""
    found: list[Shape] = []
    if speed.median is not None:
        x = place_of(speed.median)
        words = _("median %(time)s") % {"time": wording.span(speed.median)}
        at, anchor = (x - 6, "end") if x > 130 else (x + 6, "start")
        found += [path("dashed", (x, 4), (x, bottom)), text(words, at, 12, anchor)]
    if speed.tenths is not None:
        x = FIRST + PITCH * speed.tenths + WIDE + 10
        at, anchor = (x + 6, "start") if x < 470 else (x - 6, "end")
        row = 12 if speed.median is None or abs(place_of(speed.median) - x) > 12 else 24
        found += [path("dashed", (x, 4), (x, GROUND)), text(wording.TENTHS[speed.tenths](), at, row, anchor)]
    return found


def place_of(seconds: float) -> float:
    """Where on the chart a time lies, within the bar of its bucket."""
    bounds = (0, *BUCKETS, 2 * BUCKETS[-1])
    place = min(sum(seconds >= bound for bound in BUCKETS), len(BUCKETS))
    share = min((seconds - bounds[place]) / (bounds[place + 1] - bounds[place]), 1)
    return FIRST + PITCH * place + WIDE * share


def speeds_narrow(speed: Speed, urls: tuple[str, ...]) -> Drawing:
    """The same for a phone: the buckets below each other."""
    together = [a + rest for a, rest in zip(speed.of_grade_a, speed.of_the_rest, strict=True)]
    scale, shapes = 200 / max(*together, 1), []
    for place, number in enumerate(together):
        y, a, rest = 30 * place, speed.of_grade_a[place], speed.of_the_rest[place]
        shapes.append(text(wording.BUCKETS[place](), 84, y + 19, "end"))
        if a:
            shapes.append(rect("solid", 92, y + 4, a * scale, 22))
        if rest:
            shapes.append(rect("pale", 92.5 + a * scale, y + 4.5, rest * scale, 21))
        if number:
            shapes.append(
                text(wording.number(number), 98 + number * scale, y + 19, look="t", url=urls[place])
            )
    return Drawing(340, 30 * len(together), _speed_label(speed), tuple(shapes))


def _speed_label(speed: Speed) -> str:
    leads = [a + rest for a, rest in zip(speed.of_grade_a, speed.of_the_rest, strict=True)]
    words = [
        _("%(time)s: %(leads)s") % {"time": name(), "leads": number}
        for name, number in zip(wording.BUCKETS, leads, strict=True)
    ]
    return _("Leads by the time to their first touch. %(bars)s") % {"bars": "; ".join(words)}
