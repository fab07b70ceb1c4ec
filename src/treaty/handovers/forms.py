"""What people send about handovers: why a lead is returned, and to whom it is handed on."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from treaty.handovers import wording
from treaty.handovers.queries import HandoverPage
from treaty.handovers.rules.causes import CAUSES
from treaty.staff.queries import Colleague

NOTE_LENGTH = 4000


class ReturnForm(forms.Form):
    """Why a lead is returned; what a reason demands is checked by the verb."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note to marketing"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    hold_until = forms.DateField(
        label=_("Try again on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    identity = forms.TypedChoiceField(
        label=_("Wrong address or number"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: object, page: HandoverPage, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments pass through
        self.fields["reason"].choices = [(one.code, one.label) for one in page.reasons]  # type: ignore[attr-defined]
        addresses = [("", _("None of these")), *((str(one), value) for one, value in page.identities)]
        self.fields["identity"].choices = addresses  # type: ignore[attr-defined]


class HandOnForm(forms.Form):
    """To whom a lead is handed on, and why."""

    to = forms.TypedChoiceField(label=_("Colleague"), coerce=int)
    cause = forms.ChoiceField(label=_("Why"))

    def __init__(self, *args: object, colleagues: Sequence[Colleague], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments pass through
        self.fields["to"].choices = [(one.id, one.name) for one in colleagues]  # type: ignore[attr-defined]
        causes = [(cause, wording.said(wording.CAUSES, cause)) for cause in CAUSES]
        self.fields["cause"].choices = causes  # type: ignore[attr-defined]
