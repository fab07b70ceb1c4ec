"""The settings page of mail: what waits, what failed and why."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from treaty.kit.templatetags.kit import number
from treaty.kit.web import page, redirect_back, toast
from treaty.mail import commands, queries
from treaty.mail.queries import COUNTED
from treaty.staff.access import needs

MANAGE = "manage_jobs"
SHOWN = 20


def in_all(waiting: int) -> str:
    """How many wait, where the page does not show them all."""
    if waiting <= SHOWN:
        return ""
    told = {"shown": SHOWN, "all": number(waiting), "more": "+" if waiting == COUNTED else ""}
    return _("the newest %(shown)s of %(all)s%(more)s") % told


@needs(MANAGE)
@require_safe
def mail_page(request: HttpRequest) -> HttpResponse:
    """Mails that failed, wait or were sent lately."""
    context = {
        "is_configured": queries.is_configured(),
        "dead": queries.mails("dead"),
        "waiting": queries.mails("waiting", SHOWN),
        "in_all": in_all(queries.waiting_count()),
        "sent": queries.mails("sent", 20),
    }
    return page(request, "mail/mail.html", context, partial="list")


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
