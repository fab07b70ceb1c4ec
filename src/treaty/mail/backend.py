"""Django's door to our post: what libraries send (a password reset) leaves the same way as our own mails."""

from collections.abc import Sequence
from uuid import uuid4

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from treaty.mail import commands


class Outgoing(BaseEmailBackend):
    """Stores each mail for the worker; a mail to several people becomes one for each."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many mails were taken over."""
        for message in email_messages:
            for recipient in message.recipients():
                commands.send(
                    recipient,
                    str(message.subject),
                    str(message.body),
                    html=html_of(message),
                    key=f"django:{uuid4().hex}",
                    at=timezone.now(),
                )
        return len(email_messages)


def html_of(message: EmailMessage) -> str:
    """The HTML beside the plain text, if there is some."""
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    return next((str(text) for text, kind in alternatives if kind == "text/html"), "")
