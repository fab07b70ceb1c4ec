"""Verbs of capture: receive what buyers did, and keep the forms they do it with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from treaty.capture.models import Form
from treaty.capture.queries import asked_fields, ticked
from treaty.capture.touches import Touch, completing, fact_of, submission, without_origin, without_phones
from treaty.fields.queries import written
from treaty.fields.rules import Plain
from treaty.ledger.commands import Entry, Outcome, identify_many, record_many
from treaty.ledger.facts import about_identity
from treaty.people import rules
from treaty.people.commands import add_persons
from treaty.people.queries import attributes, persons_of
from treaty.people.rules import ConsentDraft, identity_pairs, place_of
from treaty.staff.commands import audit

__all__ = [
    "STARTER",
    "FormDraft",
    "KeyTaken",
    "Touch",
    "add_form",
    "change_form",
    "fact_of",
    "prepare",
    "receive",
    "submit",
]
"""Touch and fact_of are how others say what `receive` takes."""


class KeyTaken(ValueError):
    """Another form has this key."""


@dataclass(frozen=True, slots=True)
class FormDraft:
    """A form as the settings page tells it. `fields` is a list of {name, label, required}."""

    key: str
    name: str
    fields: Sequence[Mapping[str, object]]
    thanks: str
    redirect_to: str = ""
    origins: Sequence[str] = ()
    channel: str = ""
    is_active: bool = True
    consents: Sequence[int] = ()
    """The purposes it asks for."""


STARTER = FormDraft(
    key="ask-for-a-price",
    name="Ask for a price",
    fields=[
        {"name": "name", "label": "Your name", "required": True},
        {"name": "email", "label": "E-mail", "required": True},
        {"name": "phone", "label": "Telephone, with country code", "required": False},
        {"name": "company", "label": "Company", "required": False},
        {"name": "title", "label": "Your role", "required": False},
        {"name": "interest", "label": "What are you interested in?", "required": False},
        {"name": "message", "label": "Message", "required": False},
    ],
    thanks="Thank you. A colleague will answer you within one working day.",
    channel="website",
)
"""The form an installation begins with."""


def prepare(at: datetime) -> None:
    """Give a new installation its first form; an installation that has one keeps it."""
    if not Form.objects.exists():
        Form.objects.get_or_create(key=STARTER.key, defaults={**_columns(STARTER), "created_at": at})


def receive(touches: Sequence[Touch], *, at: datetime, by: int | None, source: str) -> Outcome:
    """Record touches of many buyers, set at once; whoever is unknown becomes a person first, and listeners hear it.

    Who is in the bin comes back. What comes from somebody who was forgotten leaves nothing, and is counted with the
    touches known before.
    """
    with transaction.atomic():
        pairs = [next(iter(identity_pairs(touch.draft))) for touch in touches]
        identities = identify_many(pairs, at=at)
        known = persons_of([*identities.values()])
        drafts = [
            (without_origin(touch) if identities[pair] in known else touch).draft
            for touch, pair in zip(touches, pairs, strict=True)
        ]
        added = add_persons(drafts, at=at, by=by, source=source, quiet=False, revive=True)
        entries = [
            Entry(
                touch.fact, about_identity(identities[pair]), touch.at, by, touch.source_key, text=touch.text
            )
            for touch, pair, each in zip(touches, pairs, added, strict=True)
            if each.outcome is not rules.Outcome.FORGOTTEN
        ]
        new = record_many(entries, recorded_at=at).new
    return Outcome(new, len(touches) - new)


def submit(
    form: Form,
    values: Mapping[str, str],
    *,
    page: str,
    at: datetime,
    once: str,
    own: Mapping[str, Plain] | None = None,
) -> Outcome:
    """Record the answers to one form; the same `once` again is a no-op. Raises rules.BadTouch.

    `own` are plain values of the company's own fields, by their keys.
    """
    channel = values.get("channel", "").strip()[:60] or form.channel
    touch = submission(form.key, values, page=page, channel=channel, at=at, once=once)
    agreed = tuple(
        ConsentDraft(asked.id, version=asked.version, place=place_of(page) or f"/f/{form.key}")
        for asked in ticked(form, values)
    )
    touch = replace(touch, draft=touch.draft.but(consents=agreed, fields=own or None))
    with transaction.atomic():
        taken = _modest(touch, at)
        return receive([_with_left_out(form, own or {}, taken)], at=at, by=None, source="form")


def _with_left_out(form: Form, own: Mapping[str, Plain], taken: Touch) -> Touch:
    """The touch with those answers as text that did not go into the person's fields, for something else stands there."""
    kept, rows = taken.draft.fields or {}, {one.row.key: one for one in asked_fields(form)}
    left = [rows[key] for key in own if key in rows and key not in kept]
    lines = [f"{one.label}: {written(one.row, own[one.row.key])}" for one in left]
    return replace(taken, text="\n".join(filter(None, [taken.text, *lines])))


def _modest(touch: Touch, at: datetime) -> Touch:
    """What a stranger's answer may change: it completes a person, and never overwrites one or takes a number over."""
    pairs = list(identity_pairs(touch.draft))
    identities = identify_many(pairs, at=at)
    holders = persons_of([*identities.values()])
    if (
        pairs[0][0] == "email"
        and identities[pairs[0]] not in holders
        and any(identities[pair] in holders for pair in pairs)
    ):
        return without_phones(touch)
    person = next((holders[identities[pair]] for pair in pairs if identities[pair] in holders), None)
    return touch if person is None else completing(touch, attributes([person])[person])


def add_form(draft: FormDraft, *, at: datetime, by: int | None) -> int:
    """Make a form; raises KeyTaken."""
    try:
        with transaction.atomic():
            form = Form.objects.create(key=draft.key, created_at=at, **_columns(draft))
    except IntegrityError:
        raise KeyTaken(draft.key) from None
    audit("add_form", about=("form", form.pk), changes={"name": [None, draft.name]}, by=by, at=at)
    return form.pk


def change_form(form_id: int, draft: FormDraft, *, at: datetime, by: int | None) -> None:
    """Change a form; its key stays, for pages out there post to it."""
    form = Form.objects.get(pk=form_id)
    columns = _columns(draft)
    changes = {
        name: [getattr(form, name), value] for name, value in columns.items() if getattr(form, name) != value
    }
    Form.objects.filter(pk=form_id).update(**columns)
    audit("change_form", about=("form", form_id), changes=changes, by=by, at=at)


def _columns(draft: FormDraft) -> dict[str, object]:
    return {
        "name": draft.name,
        "fields": [dict(field) for field in draft.fields],
        "thanks": draft.thanks,
        "redirect_to": draft.redirect_to,
        "origins": list(draft.origins),
        "channel": draft.channel,
        "is_active": draft.is_active,
        "consents": list(draft.consents),
    }
