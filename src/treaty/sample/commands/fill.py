"""Fills an installation with the sample company: 120 working days up to now."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import groupby
from random import Random

from django.db import transaction

from treaty.agreements.rules import Document
from treaty.capture.commands import Touch, fact_of, receive
from treaty.kit.rules.business_time import business_time
from treaty.notices.commands import read_all
from treaty.people.rules import PersonDraft
from treaty.sample.commands.agreeing import agree, amended, first_agreement
from treaty.sample.commands.company import ZONE, Company, found_company, state_hours_again
from treaty.sample.commands.play import Act, Play
from treaty.sample.commands.segmenting import save_segments
from treaty.sample.rules.season import AMENDED_AFTER, WORKING_DAYS, Day, working_days
from treaty.sample.rules.story import Step, Story, rushed, stories
from treaty.scoreboard.commands import judge_month
from treaty.scoring.commands import sweep as fade
from treaty.staff.queries import company_calendar, has_users

SEED = 20261119


def is_filled() -> bool:
    """Whether somebody lives here already."""
    return has_users()


@transaction.atomic
def fill(*, now: datetime, password: str, told: Callable[[int, int], None], seed: int = SEED) -> Company:
    """Found the company and play its history up to `now`; `told` hears how many days of how many are done.

    All of it or nothing: who is stopped while filling leaves an empty installation, which can be filled again.
    """
    random = Random(seed)  # noqa: S311  a story, not a secret
    founded = now - timedelta(days=WORKING_DAYS * 2)
    company = found_company(at=founded, password=password)
    state_hours_again(at=now, founded=founded)
    calendar = company_calendar(now)
    days = working_days(now, business_time(calendar, now).is_open, zone=ZONE)
    play = Play(random, calendar, last_day=days[rushed(days)][0], until=now)
    first = first_agreement(company)
    play.at(days[0][0] - timedelta(hours=2), lambda at: agree(company, first, at=at))
    second = amended(first)
    play.at(days[AMENDED_AFTER][0] - timedelta(minutes=30), lambda at: agree(company, second, at=at))
    _plan_buyers(play, stories(random, days, _promised(days, first, second)))
    _plan_days(play, company, days)
    done = {day[0].date(): place for place, day in enumerate(days)}
    play.run(lambda at: told(done.get(at.date(), 0), len(days)))
    save_segments(company, at=now)
    while fade(now):
        told(len(days), len(days))
    return company


def _promised(days: list[Day], first: Document, second: Document) -> list[int]:
    """For each day the leads promised for its month: a month is judged by the version in force when it began."""
    amended_on = days[AMENDED_AFTER][0].date()
    return [
        (second if opens.date().replace(day=1) > amended_on else first).volume.leads
        for opens, _closes in days
    ]


def _plan_buyers(play: Play, told: Iterable[Story]) -> None:
    """Touches are reported every half hour, as a tracker would."""
    lines = [(step, story) for story in told for step in story.steps]
    lines.sort(key=lambda line: line[0].at)
    for _half_hour, together in groupby(lines, key=lambda line: int(line[0].at.timestamp()) // 1800):
        part = list(together)
        play.at(part[-1][0].at + timedelta(seconds=1), _report(part))


def _report(lines: list[tuple[Step, Story]]) -> Act:
    def report(at: datetime) -> None:
        receive([_touch(step, story) for step, story in lines], at=at, by=None, source="sample")

    return report


def _touch(step: Step, story: Story) -> Touch:
    buyer = story.buyer
    asks = step.kind == "FormSubmitted"
    draft = PersonDraft(
        name=buyer.name,
        name_local=buyer.name_local,
        emails=(buyer.email,),
        phones=(buyer.phone,) if asks and buyer.phone else (),
        title=buyer.title,
        company=buyer.company,
        country=buyer.country,
        city=buyer.city,
        language=buyer.language,
        interest=str(step.values["page"]) if asks else "",
        channel=story.channel,
    )
    return Touch(fact_of(step.kind, step.values), draft, step.at, text=step.text)


def _plan_days(play: Play, company: Company, days: list[Day]) -> None:
    """The worker sweeps once an hour, and at the end; everybody reads their notices in the evening."""
    for opens, closes in days:
        for hour in range(int((closes - opens) / timedelta(hours=1)) + 1):
            play.at(opens + timedelta(hours=hour, minutes=59), play.sweep)
        play.at(closes - timedelta(minutes=1), lambda at: _read(company, at))
        play.at(opens - timedelta(hours=1), _judge)
    play.at(play.until, play.sweep)


def _judge(at: datetime) -> None:
    judge_month(at)


def _read(company: Company, at: datetime) -> None:
    for user in company.users.values():
        read_all(user, at=at)
