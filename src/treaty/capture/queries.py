"""Readings of capture: the forms, and the consents they ask for."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import QuerySet

from treaty.capture.models import Form
from treaty.people.queries import all_purposes, text_of

FormRow = Form
"""A form as pages read it."""


def open_form(key: str) -> Form | None:
    """The form that is served under a key; None where there is none, or it is switched off."""
    return Form.objects.filter(key=key, is_active=True).first()


def all_forms() -> "QuerySet[Form]":
    """All forms, unordered."""
    return Form.objects.all()


def forms() -> list[Form]:
    """All forms, by name."""
    return list(all_forms().order_by("name", "id"))


def form_by_id(form_id: int) -> Form | None:
    """One form for its settings page."""
    return Form.objects.filter(pk=form_id).first()


class AskedConsent(NamedTuple):
    """A box of a form: the purpose, and the version of its words that stand beside the box."""

    id: int
    name: str
    version: int
    text: str
    is_ticked: bool = False

    @property
    def input(self) -> str:
        """What the box is called; its value is the version, so that an answer says which words were read."""
        return f"consent-{self.id}"


def asked_consents(form: Form) -> list[AskedConsent]:
    """The boxes of a form, in its order; a purpose that is out of use is asked for no more."""
    rows = all_purposes().filter(pk__in=form.consents, retired_at=None) if form.consents else ()
    found = {row.pk: AskedConsent(row.pk, row.name, row.version, row.text) for row in rows}
    return [found[one] for one in form.consents if one in found]


def ticked(form: Form, values: Mapping[str, str]) -> list[AskedConsent]:
    """The boxes that an answer ticked, each with the words that stood beside it when the form was opened."""
    return [
        one._replace(version=int(told), is_ticked=True)
        for one in asked_consents(form)
        if (told := values.get(one.input, "")).isdecimal()
        and len(told) < 5
        and text_of(one.id, int(told)) is not None
    ]
