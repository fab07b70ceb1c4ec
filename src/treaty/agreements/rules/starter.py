"""One good agreement to begin with: fair to both sides, complete, and meant to be changed."""

from collections.abc import Callable, Sequence

from treaty.agreements.rules.document import (
    Document,
    Example,
    ExampleTouch,
    Goals,
    Member,
    Pool,
    Promise,
    ReturnReason,
    Volume,
)
from treaty.scoring.rules import Digits, EngagementRule, FitRule, Letters, Spec
from treaty.segments.rules import (
    All,
    Any,
    Attribute,
    EngagementAtLeast,
    FitIn,
    Predicate,
    ValueTest,
)

Words = Callable[[str], str]
FREE_MAIL = (
    "@gmail.",
    "@outlook.",
    "@hotmail.",
    "@yahoo.",
    "@icloud.",
    "@gmx.",
    "@qq.com",
    "@mail.ru",
    "@wp.pl",
)
CAPACITY = 40
"""Leads a month that a representative can take beside the deals already open."""


def starter(_: Words, *, team: int, members: Sequence[int], currency: str = "EUR") -> Document:
    """The starter for a sales team; `_` translates the names that people will read in it."""
    return Document(
        title=_("Agreement between Marketing and Sales"),
        goals=Goals(revenue_minor=50_000_000, currency=currency, new_customers=30),
        definition=Predicate(
            match=All(
                all_=(FitIn(fit_in=("A", "B", "C")), EngagementAtLeast(engagement_at_least=40), _reachable())
            )
        ),
        scoring=_scoring(_),
        examples=_examples(_),
        volume=Volume(leads=60, of_grade_a=15),
        accept=(Promise(grades=("A", "B", "C", "D"), hours=4),),
        first_touch=(Promise(grades=("A",), hours=2), Promise(grades=("B", "C", "D"), hours=8)),
        pool=Pool(team=team, members=tuple(Member(user=user, capacity=CAPACITY) for user in members)),
        return_reasons=_reasons(_),
    )


def _reachable() -> Any:
    """Somebody we may write to or call."""
    return Any(
        any_=(Attribute(attribute="unsubscribed", is_=False), Attribute(attribute="do_not_call", is_=False))
    )


def _scoring(_: Words) -> Spec:
    return Spec(
        fit=_fit(_),
        engagement=_engagement(_),
        half_life_days=30,
        letters=Letters(a=50, b=30, c=10),
        digits=Digits(first=80, second=40, third=15),
    )


def _fit(_: Words) -> tuple[FitRule, ...]:
    leads = ("head", "director", "manager", "chief", "lead", "owner", "founder", "ceo", "cto", "cfo", "vp")
    senior = tuple(Attribute(attribute="title", contains=word) for word in leads)
    free = tuple(Attribute(attribute="email", contains=part) for part in FREE_MAIL)
    return (
        FitRule(label=_("decides or prepares decisions"), when=Any(any_=senior), points=25),
        FitRule(
            label=_("company of 50 people or more"),
            when=Attribute(attribute="company.employees", at_least=50),
            points=25,
        ),
        FitRule(label=_("company known"), when=Attribute(attribute="company.name", known=True), points=10),
        FitRule(label=_("phone number known"), when=Attribute(attribute="has_phone", is_=True), points=10),
        FitRule(label=_("interest stated"), when=Attribute(attribute="interest", known=True), points=10),
        FitRule(label=_("free-mail address"), when=Any(any_=free), points=-10),
    )


def _engagement(_: Words) -> tuple[EngagementRule, ...]:
    pricing = {"page": ValueTest(contains="pric")}
    return (
        EngagementRule(label=_("form sent"), did="FormSubmitted", points=50, most_per_day=1),
        EngagementRule(label=_("pricing page"), did="PageSeen", where=pricing, points=10, most_per_day=2),
        EngagementRule(label=_("page seen"), did="PageSeen", points=2, most_per_day=5),
        EngagementRule(label=_("file downloaded"), did="FileDownloaded", points=10, most_per_day=2),
        EngagementRule(label=_("mail opened"), did="MailOpened", points=2, most_per_day=1),
        EngagementRule(label=_("mail answered"), did="MailAnswered", points=30, most_per_day=1),
        EngagementRule(label=_("event attended"), did="EventAttended", points=25, most_per_day=1),
        EngagementRule(label=_("advertisement followed"), did="AdClicked", points=5, most_per_day=1),
        EngagementRule(label=_("unsubscribed"), did="Unsubscribed", points=-40, half_life_days=60),
    )


def _examples(_: Words) -> tuple[Example, ...]:
    demo = ExampleTouch(did="FormSubmitted", values={"form": "demo"})
    reachable: dict[str, object] = {"unsubscribed": False, "do_not_call": False}
    plant = {"name": "Plant", "employees": 200}
    head = {"title": "Head of Production", "email": "pia@plant.example", "company": plant, **reachable}
    student = {"title": "Student", "email": "sam@gmail.com", **reachable}
    return (
        Example(
            name=_("Head of a plant who asked for a demo"), passes=True, attributes=head, touches=(demo,)
        ),
        Example(
            name=_("Head of a plant who read one page"),
            passes=False,
            attributes=head,
            touches=(ExampleTouch(did="PageSeen", values={"page": "/blog"}),),
        ),
        Example(
            name=_("Head of a plant who asked half a year ago"),
            passes=False,
            attributes=head,
            touches=(demo.model_copy(update={"days_ago": 180.0}),),
        ),
        Example(name=_("Student who asked for a demo"), passes=False, attributes=student, touches=(demo,)),
        Example(
            name=_("Somebody who refused mails and calls"),
            passes=False,
            attributes=head | {"unsubscribed": True, "do_not_call": True},
            touches=(demo,),
        ),
    )


def _reasons(_: Words) -> tuple[ReturnReason, ...]:
    return (
        ReturnReason(code="later", label=_("Interested, but later"), effect="recycle", hold_days=90),
        ReturnReason(code="no_budget", label=_("No budget this year"), effect="recycle", hold_days=180),
        ReturnReason(code="no_answer", label=_("Never answered"), effect="recycle", hold_days=60),
        ReturnReason(code="only_looking", label=_("Only looking around"), effect="recycle", hold_days=120),
        ReturnReason(code="no_fit", label=_("Not a customer for us"), effect="not_a_fit", hold_days=365),
        ReturnReason(code="competitor", label=_("Competitor, supplier or student"), effect="not_a_fit"),
        ReturnReason(code="wrong_data", label=_("Address or number is wrong"), effect="invalid_identity"),
        ReturnReason(
            code="duplicate", label=_("We have this person already"), effect="duplicate", counts=False
        ),
        ReturnReason(code="spam", label=_("Spam or a joke"), effect="spam"),
    )
