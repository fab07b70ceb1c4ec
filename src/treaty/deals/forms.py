"""What the pages of deals ask for, and of the conversations that lead to a next step; commands judge the answers."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from treaty.conversations import queries as conversations
from treaty.deals import wording
from treaty.deals.queries import DealRow, is_lead
from treaty.fields.forms import WithFields
from treaty.kit.rules.money import Money
from treaty.people import queries as people
from treaty.staff import queries as staff

LOCAL = "%Y-%m-%dT%H:%M"
CANDIDATES = 6


def day_input() -> forms.DateInput:
    """A day as browsers ask for it."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def moment_input() -> forms.DateTimeInput:
    """A day and time as browsers ask for it."""
    return forms.DateTimeInput(format=LOCAL, attrs={"type": "datetime-local"})


class ValueForm(forms.Form):
    """An amount and its currency; without an amount the value is unknown."""

    amount = forms.DecimalField(label=_("Value"), min_value=Decimal(0), required=False, localize=True)
    currency = forms.CharField(label=_("Currency"), max_length=3, min_length=3, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].initial = staff.installation().currency
        self.fields["currency"].widget.attrs |= {"autocapitalize": "characters", "size": 3}

    def clean(self) -> dict[str, Any]:
        """The amount as money."""
        cleaned = super().clean() or {}
        cleaned["value"] = self._money(cleaned)
        return cleaned

    def _money(self, cleaned: dict[str, Any]) -> Money | None:
        amount = cleaned.get("amount")
        if amount is None:
            return None
        try:
            return Money.parse(amount, (cleaned.get("currency") or staff.installation().currency).upper())
        except ValueError:
            text = gettext(
                "This is no amount of that currency. Check the code, such as EUR, and the decimals."
            )
            self.add_error("amount", text)
            return None


class DealForm(WithFields, ValueForm):
    """A deal's own values."""

    record = "deal"

    field_order: tuple[str, ...] = ("name", "amount", "currency", "close_on", "owner", "product")
    name = forms.CharField(label=_("Name"), max_length=200)
    close_on = forms.DateField(label=_("Close date"), required=False, widget=day_input())
    owner = forms.TypedChoiceField(label=_("Owner"), required=False, coerce=int, empty_value=None)
    product = forms.CharField(label=_("Product"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.id, one.name) for one in staff.colleagues()]
        self.fields["owner"].choices = [("", gettext("Nobody")), *choices]  # type: ignore[attr-defined]
        self.keep("owner", staff.owner_called)

    @classmethod
    def of(cls, deal: DealRow, user: staff.User, *sent: Any) -> "DealForm":
        """The form filled with a deal, and with what was sent of it."""
        initial: dict[str, Any] = {
            "name": deal.name,
            "close_on": deal.close_on,
            "owner": deal.owner_id,
            "product": deal.product,
        }
        if deal.value is not None:
            initial |= {"amount": deal.value.amount, "currency": deal.value.currency}
        return cls(*sent, initial=initial, user=user, one=deal.id)


class NewDealForm(DealForm):
    """A deal that begins: with whom, and its own values."""

    field_order = ("who", "about", *DealForm.field_order)
    who = forms.CharField(
        label=_("Person or company"),
        required=False,
        max_length=200,
        help_text=_("A name or a mail address. If several fit, you choose."),
    )
    about = forms.ChoiceField(label=_("Which one?"), required=False, widget=forms.RadioSelect)
    handover = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, user: staff.User, known: tuple[str, str] | None = None, **kwargs: Any
    ) -> None:
        """`known` is whom the deal is with ("person:7", the name) where the page that led here said so."""
        super().__init__(*args, user=user, **kwargs)
        self.user = user
        self.is_known = known is not None
        hits = [] if known else people.found(user, self.data.get("who", ""), CANDIDATES)
        found = [known] if known else [(f"{hit.kind}:{hit.id}", hit.title) for hit in hits]
        self.fields["about"].choices = found  # type: ignore[attr-defined]
        self.has_candidates = len(found) > 1
        if known:
            self.fields["about"].widget = forms.HiddenInput()
            self.fields["about"].initial = known[0]
            del self.fields["who"]

    def clean(self) -> dict[str, Any]:
        """Whom the deal is with."""
        cleaned = super().clean()
        found = self.fields["about"].choices  # type: ignore[attr-defined]
        if not cleaned.get("about") and cleaned.get("who"):
            if len(found) == 1:
                cleaned["about"] = found[0][0]
            elif found:
                self.add_error("about", gettext("Several fit. Choose one."))
            else:
                text = gettext("Nobody of this name is known. Add the person first, or leave this empty.")
                self.add_error("who", text)
        kind, _colon, number = (cleaned.get("about") or "").partition(":")
        person = int(number) if kind == "person" else None
        if not is_lead(self.user, person, cleaned.get("handover")):
            cleaned["handover"] = None
        return cleaned


class WinForm(ValueForm):
    """What was won."""

    reason = forms.CharField(label=_("Why did they buy?"), max_length=200, required=False)


class LossForm(forms.Form):
    """Why it was lost."""

    reason = forms.CharField(
        label=_("Why was the deal lost?"),
        max_length=200,
        help_text=_("Marketing and the next seller learn from it."),
    )


class NextStepForm(forms.Form):
    """What happens next, and when."""

    kind = forms.ChoiceField(label=_("Next step"))
    due = forms.DateTimeField(label=_("When"), required=False, widget=moment_input())
    text = forms.CharField(label=_("What"), max_length=200, required=False)

    def __init__(self, *args: Any, is_asked: bool = True, **kwargs: Any) -> None:
        """`is_asked` False: one may leave it open."""
        super().__init__(*args, **kwargs)
        steps = [(step.value, name) for step, name in wording.STEPS.items()]
        none = [] if is_asked else [("", gettext("Leave as it is"))]
        self.fields["kind"].choices = [*none, *steps]  # type: ignore[attr-defined]
        self.fields["kind"].required = is_asked


class ConversationForm(forms.Form):
    """When it took place, and what was said."""

    done = _("Logged with %(person)s.")
    """What one is told afterwards."""
    note = forms.CharField(
        label=_("What was said"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=10_000
    )
    at = forms.DateTimeField(
        label=_("When"), required=False, widget=moment_input(), help_text=_("Empty means just now.")
    )

    def moments(self, now: datetime) -> dict[str, datetime | None]:
        """When it took place, and when it was written down where that is later."""
        typed = self.cleaned_data["at"]
        return {"at": typed or now, "recorded_at": now if typed else None}


class NoteForm(ConversationForm):
    """Something to remember. It has no outcome, since it reaches nobody, and is true from when it is written."""

    done = _("The note about %(person)s is kept.")
    note = None  # type: ignore[assignment]  # takes the field away
    at = None  # type: ignore[assignment]
    text = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 5}), max_length=10_000)
    goes_on = forms.BooleanField(label=_("Attach documents next"), required=False)

    def moments(self, now: datetime) -> dict[str, datetime | None]:
        """Now."""
        return {"at": now}


class CallForm(ConversationForm):
    """A call."""

    field_order = ("outcome", "minutes", "note", "at", "answered_callback")
    outcome = forms.ChoiceField(label=_("Outcome"))
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=1440)
    answered_callback = forms.BooleanField(label=_("The person had asked to be called"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = conversations.call_outcomes()  # type: ignore[attr-defined]


class MessageForm(ConversationForm):
    """A message written by hand."""

    field_order = ("way", "note", "at", "is_answer")
    way = forms.ChoiceField(label=_("Way"))
    is_answer = forms.BooleanField(label=_("It answers a message of the person"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = conversations.ways()  # type: ignore[attr-defined]


class MeetingForm(ConversationForm):
    """A meeting."""

    field_order = ("outcome", "minutes", "note", "at")
    outcome = forms.ChoiceField(label=_("Outcome"))
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=1440)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = conversations.meeting_outcomes()  # type: ignore[attr-defined]


def blame(form: forms.Form, field: str, text: str) -> None:
    """Put a refusal beside the field at fault."""
    form.add_error(field if field in form.fields else None, text)
