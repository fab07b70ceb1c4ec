"""What capture says to people: problems of a field, and the lines of a timeline."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from treaty.capture.facts import (
    AdClicked,
    EventAttended,
    FileDownloaded,
    FormSubmitted,
    MailAnswered,
    MailOpened,
    PageSeen,
)
from treaty.ledger.facts import Fact


def problem(code: str) -> str:
    """A problem's sentence: what is wrong and what would be right."""
    sentences = {
        "bad_email": _("This is not a mail address. It should look like name@example.com."),
        "bad_phone": _(
            "This is not a telephone number. Begin with the country code, such as +48 32 123 45 67."
        ),
        "bad_external": _("An external key is written as source:key, such as erp:4711."),
        "no_identity": _("Say who it is: a mail address, a telephone number or an external key."),
        "too_long": _("This is too long."),
        "required": _("Please fill this in."),
        "unknown_kind": _("This kind cannot be reported. Possible kinds stand in the API's description."),
        "unknown_value": _("This kind has no such value."),
        "bad_value": _(
            "A value is missing or has the wrong form. Possible values stand in the API's description."
        ),
        "no_zone": _("The time names no time zone. Write it like 2026-11-19T09:30:00+01:00."),
        "impossible_time": _("The time lies in the future, or more than 30 years back."),
        "too_many": _("Too many answers came from here. Please wait a minute and try again."),
    }
    return sentences.get(code, code)


def title(key: str) -> str:
    """A form's key as a title: “ask-for-a-price” is “Ask for a price”."""
    words = key.replace("-", " ")
    return words[:1].upper() + words[1:]


def told(fact: Fact) -> str:
    """The line of a touch in a timeline; empty for facts of other nouns."""
    match fact:
        case FormSubmitted(form=form):
            return _("Form “%(form)s”") % {"form": title(form)}
        case PageSeen(page=page, seconds=seconds) if seconds >= 60:
            minutes = seconds // 60
            line = ngettext("Page “%(page)s”, %(minutes)s min", "Page “%(page)s”, %(minutes)s min", minutes)
            return line % {"page": page, "minutes": minutes}
        case PageSeen(page=page):
            return _("Page “%(page)s”") % {"page": page}
        case FileDownloaded(file=file):
            return _("Download “%(file)s”") % {"file": file}
        case MailOpened(mail=mail):
            return _("Mail “%(mail)s” opened") % {"mail": mail}
        case MailAnswered(mail=mail):
            return _("Mail “%(mail)s” answered") % {"mail": mail}
        case EventAttended(event=event, minutes=minutes) if minutes:
            return _("Event “%(event)s” attended, %(minutes)s min") % {"event": event, "minutes": minutes}
        case EventAttended(event=event):
            return _("Event “%(event)s” attended") % {"event": event}
        case AdClicked(ad=ad):
            return _("Ad “%(ad)s” followed") % {"ad": ad}
    return ""
