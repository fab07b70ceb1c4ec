"""Readings of capture: the forms."""

from django.db.models import QuerySet

from treaty.capture.models import Form

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
