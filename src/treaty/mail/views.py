"""The settings page of mail: what waits, what failed and why."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from treaty.kit.spreadsheet import spreadsheet
from treaty.kit.templatetags.kit import number
from treaty.kit.web import page, redirect_back, toast
from treaty.mail import commands, queries
from treaty.mail.queries import COUNTED, MailView
from treaty.staff.access import needs

MANAGE = "manage_jobs"
SHOWN = 20
STATES = {
    "waiting": gettext_lazy("waiting"),
    "sent": gettext_lazy("sent"),
    "dead": gettext_lazy("failed"),
}


def in_all(waiting: int) -> str:
    """How many wait, where the page does not show them all."""
    if waiting <= SHOWN:
        return ""
    told = {"shown": SHOWN, "all": number(waiting), "more": "+" if waiting == COUNTED else ""}
    return _("the newest %(shown)s of %(all)s%(more)s") % told


@needs(MANAGE)
@require_safe
def mail_page(request: HttpRequest) -> HttpResponseBase:
    """Mails that failed, wait or were sent lately; `format=csv` is all of them as a file, without their texts."""
    heads = [
        _("To"),
        _("Subject"),
        _("State"),
        _("Attempts"),
        _("Last answer"),
        _("Written"),
        _("Next try"),
        _("Sent"),
    ]
    if file := spreadsheet(request, "mail", heads, map(flat, queries.every_mail())):
        return file
    context = {
        "is_configured": queries.is_configured(),
        "dead": queries.mails("dead"),
        "waiting": queries.mails("waiting", SHOWN),
        "in_all": in_all(queries.waiting_count()),
        "sent": queries.mails("sent", 20),
    }
    return page(request, "mail/mail.html", context, partial="list")


def flat(mail: MailView) -> list[object]:
    """A mail as a spreadsheet has it."""
    next_try = mail.next_try_at if mail.state == "waiting" else None
    tried = [str(STATES[mail.state]), mail.attempts, mail.error]
    return [mail.recipient, mail.subject, *tried, mail.created_at, next_try, mail.sent_at]


@needs(MANAGE)
def retry(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Lets a failed mail be tried again."""
    return changed(request, mail_id, commands.retry_mail, _("The mail is tried again."))


@needs(MANAGE)
def discard(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Gives a failed mail up."""
    return changed(request, mail_id, commands.discard_mail, _("The mail is discarded."))


@require_POST
def changed(request: HttpRequest, mail_id: int, command: Callable[..., bool], text: str) -> HttpResponse:
    """Does the command to a failed mail; whoever was faster is not contradicted."""
    if command(mail_id, at=timezone.now(), by=request.user.pk):
        toast(request, text)
    return redirect_back(request, reverse("mail:mail"))
