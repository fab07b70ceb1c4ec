"""Real SMTP servers on the loopback address: one that takes mail, and ones that do not."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import SplitResult, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

from treaty.kit.tests.installation import free_port


@dataclass
class Post:
    """What the server took, how often it was called, and what it answers to some recipients."""

    refusals: dict[str, str] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    calls: int = 0

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.calls += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        return "250 taken"


@contextmanager
def post_office(
    port: int | None = None, refusals: dict[str, str] | None = None
) -> Iterator[tuple[Post, SplitResult]]:
    """A server that runs, with its address as the setting MAIL_URL has it."""
    post = Post(refusals or {})
    controller = Controller(post, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        yield post, urlsplit(f"smtp://127.0.0.1:{controller.port}")
    finally:
        controller.stop()


def nobody() -> SplitResult:
    """The address of a server that is not there."""
    return urlsplit(f"smtp://127.0.0.1:{free_port()}")


def refuses_connections(url: SplitResult) -> bool:
    """Whether nobody answers there."""
    try:
        smtplib.SMTP("127.0.0.1", url.port or 25, timeout=1).close()
    except OSError:
        return True
    return False
