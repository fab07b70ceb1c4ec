"""Delivers waiting mail by SMTP, over one connection as long as there is mail."""

import smtplib
import ssl
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote

import structlog
from django.conf import settings
from django.utils import timezone

from treaty.kit.queries import is_held
from treaty.mail import commands, queries
from treaty.mail.commands import Letter

SECONDS = 20
AT_ONCE = 20
"""Mails taken at a time: all of them are sent well within their lease."""

log = structlog.get_logger("treaty.mail")


class Unsafe(Exception):
    """The server would get the password in clear text over a network."""


def deliver_waiting(at: datetime) -> None:
    """Sends what is due; without a server it waits, and says so on the settings page. Held work waits too."""
    if not queries.is_configured() or is_held():
        return
    letters = commands.take_due(AT_ONCE, at=at)
    if not letters:
        return
    try:
        server = connected(settings.MAIL_URL)
    except (OSError, smtplib.SMTPException, Unsafe) as error:
        commands.put_back(letters, reason=said(error), at=at)
        log.warning("the mail server was not reached", error=type(error).__name__, waiting=len(letters))
        return
    with server:
        while letters:
            left = deliver(server, letters)
            if left:
                commands.put_back(left, reason="The mail server hung up.", at=timezone.now())
                return
            letters = commands.take_due(AT_ONCE, at=timezone.now())


def deliver(server: smtplib.SMTP, letters: list[Letter]) -> list[Letter]:
    """Sends each; returns those left over when the server hung up."""
    for position, letter in enumerate(letters):
        try:
            server.send_message(message_of(letter), from_addr=sender().addr_spec, to_addrs=[letter.recipient])
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            if not isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
                return letters[position:]
            note_refusal(letter, error)
        except (smtplib.SMTPException, MessageError, ValueError) as error:
            note_refusal(letter, error)
        else:
            commands.record_sent(letter, at=timezone.now())
    return []


def note_refusal(letter: Letter, error: Exception) -> None:
    """Keeps why the server did not take it; a code of 500 and above is its last word."""
    codes = codes_of(error)
    is_final = not codes or min(codes) >= 500
    commands.record_failure(letter, reason=said(error), is_final=is_final, at=timezone.now())
    log.warning("a mail was refused", mail=letter.id, codes=codes, is_final=is_final)


def codes_of(error: Exception) -> list[int]:
    """The codes the server answered with; none where the mail could not even be said."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _text in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def said(error: Exception) -> str:
    """The server's own words, else the kind of the error."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(answer(code, text) for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return answer(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {error}"[:500]


def answer(code: int, text: bytes | str) -> str:
    """An answer of the server, such as 550 no such user."""
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"


def connected(url: SplitResult) -> smtplib.SMTP:
    """A connection to the server, signed in, encrypted wherever the server can."""
    host, context = url.hostname or "", ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, url.port or 587, timeout=SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
    if url.username:
        if not isinstance(server.sock, ssl.SSLSocket) and not is_here(host):
            server.close()
            raise Unsafe("The mail server offers no encryption, so the password was not sent.")
        server.login(unquote(url.username), unquote(url.password or ""))
    return server


def is_here(host: str) -> bool:
    """Whether the server runs on this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def sender() -> Address:
    """Who writes, as the operator named it."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return Address(name, addr_spec=address)


def message_of(letter: Letter) -> EmailMessage:
    """The mail with plain text, and HTML beside it. Its id comes from its key: a second copy is known as one."""
    message = EmailMessage()
    message["From"] = sender()
    message["To"] = Address(addr_spec=letter.recipient)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = f"<{sha256(letter.key.encode()).hexdigest()[:32]}@{sender().domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    return message
