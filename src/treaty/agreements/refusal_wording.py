"""What is wrong with a document or an act, in sentences: which clause, why, and what would be valid."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from django.utils.formats import date_format
from django.utils.translation import gettext

from treaty.agreements.rules import ClauseProblem
from treaty.scoring.wording import problem_sentence as model_sentence
from treaty.segments.rules import Problem
from treaty.segments.wording import every
from treaty.segments.wording import problem_sentence as form_sentence


def problem(found: ClauseProblem, users: Mapping[int, str]) -> str:
    """One problem of a document."""
    if found.code == "form":
        return form_sentence(cast(Problem, found.values["problem"]))
    if found.code == "model":
        inner = cast(Problem, found.values["problem"])
        return model_sentence(inner) or form_sentence(inner)
    values = {
        key: every([str(one) for one in value]) if isinstance(value, tuple) else value
        for key, value in found.values.items()
    }
    if "user" in values:
        values["user"] = users.get(cast(int, values["user"]), values["user"])
    return PROBLEMS()[found.code] % values


def refusal(code: str, values: Mapping[str, object]) -> str:
    """Why an act was refused, and what to do instead."""
    said = {key: date_format(value) if isinstance(value, date) else value for key, value in values.items()}
    return REFUSALS()[code] % said


def _of_definition() -> dict[str, str]:
    """What a definition may not ask for."""
    return {
        "definition_by_stage": gettext(
            "The definition asks for the stage that it leads to; remove that condition."
        ),
        "definition_by_segment": gettext(
            "The definition asks for a segment, which can change unsigned; write that segment's conditions here instead."
        ),
        "definition_by_deal": gettext(
            "The definition asks for deals, which come later; remove that condition."
        ),
    }


def PROBLEMS() -> dict[str, str]:  # noqa: N802  a table that follows the language of the moment
    """The sentence of each problem that a well-formed document can have."""
    return {
        "begins_without_zone": gettext("The beginning has no time zone; write it as 2026-10-01T00:00:00+02:00."),
        "begins_too_late": gettext("The beginning lies more than a year ahead; choose an earlier day, or none."),
        "no_goal": gettext("There is no goal; state a revenue, a number of new customers, or both."),
        "no_such_fact": gettext("“%(given)s” is not a kind of touchpoint; these are: %(known)s."),
        **_of_definition(),
        "examples_of_both": gettext(
            "The definition needs example persons: at least one who must pass, and one who must not."
        ),
        "example_twice": gettext("Two example persons are called “%(name)s”; call one of them otherwise."),
        "example_must_pass": gettext(
            "“%(name)s” must pass and does not; make the definition wider, or correct the example."
        ),
        "example_must_not": gettext(
            "“%(name)s” must not pass and does; make the definition stricter, or correct the example."
        ),
        "more_a_than_leads": gettext(
            "%(of_grade_a)s leads of grade A are more than all %(leads)s leads; promise at most as many."
        ),
        "accept_missing": gettext("Nothing says by when a lead of grade %(grades)s is accepted; state its hours."),
        "accept_twice": gettext("Two promises say by when a lead of grade %(grades)s is accepted; keep one of them."),
        "touch_missing": gettext("Nothing says by when a lead of grade %(grades)s is first touched; state its hours."),
        "touch_twice": gettext("Two promises say by when a lead of grade %(grades)s is first touched; keep one of them."),
        "no_shift": gettext(
            "%(name)s has no working hours in the next 366 days, so no clock could run; set the hours in the settings."
        ),
        "no_such_team": gettext("The team that receives the leads is gone; choose another one."),
        "empty_pool": gettext("Nobody receives the leads; give at least one member of the team a capacity."),
        "not_of_the_team": gettext("%(user)s is not in the team that receives the leads; remove them or change the team."),
        "member_twice": gettext("%(user)s stands in the pool twice; keep one entry."),
        "reason_twice": gettext("Two return reasons have the code “%(code)s”; change one of them."),
        "recycle_without_hold": gettext("“%(label)s” sends leads to nurture; say for how many days, at least one."),
        "days_without_peace": gettext("“%(label)s” leaves nobody in peace for a time; leave its days empty."),
        "not_yaml": gettext("The file is not YAML: %(reason)s"),
    }  # fmt: skip


def REFUSALS() -> dict[str, str]:  # noqa: N802  a table that follows the language of the moment
    """The sentence of each refused act."""
    return {
        "not_valid": gettext("The draft cannot be proposed yet; each clause says below what it needs."),
        "not_a_draft": gettext(
            "This version was proposed and can no longer change; amend it by a new version."
        ),
        "not_signable": gettext("This version cannot be signed any more; look at what became of it."),
        "another_text": gettext("The text is not the one you were shown; read it again, then sign."),
        "signed_already": gettext("Your side has signed already."),
        "one_person_one_side": gettext(
            "You signed for the other side; somebody else has to sign for this one."
        ),
        "may_not_sign": gettext("Your role does not let you sign; ask a head of your side."),
        "may_not_draft": gettext("Your role does not let you change the agreement; ask a head of your side."),
        "not_your_side": gettext("You cannot act for this side; somebody of that side has to."),
        "no_reason": gettext("Say why you decline, so that the others can answer."),
        "too_late": gettext("It is too late for that: the version was signed by both, or has ended."),
        "begins_with_another": gettext(
            "Another version begins at the same moment, on %(begins)s; choose another day."
        ),
        "no_sales_team": gettext("There is no sales team yet; add one in the settings first."),
        "no_such_user": gettext("This user is gone."),
    }
