"""The one way out by HTTP to addresses that people have typed: guarded, bounded in time and size, never led elsewhere.

A name is resolved once, every address it has must be allowed, and the connection goes to an address that was looked at:
so a name cannot point elsewhere between the look and the call. Redirects are answers, not followed.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from treaty.kit.rules import addresses

SECONDS = 15.0
"""How long a whole call may take, from the name to the end of the answer."""
MOST = 16 * 1024
"""Bytes of an answer that are read where nobody asks for more; the rest is left."""
PORTS = {"https": 443, "http": 80}
Place = tuple[socket.AddressFamily, tuple[str, int]]
TRUST = ssl.create_default_context()


class Forbidden(Exception):
    """Treaty does not call this address; `code` says why: unreadable, insecure, signed_in, private."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unreached(Exception):
    """Nobody answered, or not in time; the text says what was seen, for whoever looks after the receiver."""


@dataclass(frozen=True)
class Answer:
    """What the receiver said: its status, the beginning of its text, after how many seconds it asks to be called again."""

    status: int
    text: str
    retry_after: str = ""


def check(url: str) -> SplitResult:
    """The parts of an address that may be called; raises Forbidden. What its name leads to is looked at with each call."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Forbidden("unreadable") from None
    if (
        parts.scheme not in PORTS
        or not host
        or port == 0
        or not url.isascii()
        or not url.isprintable()
        or " " in url
    ):
        raise Forbidden("unreadable")
    if parts.username or parts.password:
        raise Forbidden("signed_in")
    if parts.scheme == "http" and not addresses.is_named(host, settings.OUTGOING_HOSTS):
        raise Forbidden("insecure")
    _check_literal(host)
    return parts


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = SECONDS, most: int = MOST
) -> Answer:
    """Send a body and read the answer; raises Forbidden, Unreached."""
    return _called("POST", url, body=body, headers=headers, seconds=seconds, most=most)


def get(url: str, headers: Mapping[str, str], *, seconds: float = SECONDS, most: int = MOST) -> Answer:
    """Read what lies at an address; raises Forbidden, Unreached."""
    return _called("GET", url, body=None, headers=headers, seconds=seconds, most=most)


def _called(
    method: str, url: str, *, body: bytes | None, headers: Mapping[str, str], seconds: float, most: int
) -> Answer:
    parts = check(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    ends = time.monotonic() + seconds
    try:
        with _connected(parts, seconds) as connection, _ended(connection.sock, ends):
            if isinstance(connection.sock, ssl.SSLSocket):
                connection.sock.do_handshake()
            connection.request(method, path, body, {**headers, "Accept-Encoding": "identity"})
            return _answer(connection, most)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        if time.monotonic() >= ends:
            raise Unreached("TimeoutError: no whole answer in time") from error
        raise Unreached(f"{type(error).__name__}: {error}"[:500]) from error


def _answer(connection: http.client.HTTPConnection, most: int) -> Answer:
    """What comes back over an open connection."""
    with connection.getresponse() as response:
        text = _beginning(response, most).decode("utf-8", errors="replace").replace("\0", "")
        return Answer(response.status, text, response.headers.get("Retry-After") or "")


def _beginning(response: http.client.HTTPResponse, most: int) -> bytes:
    """Of a text what came: the status before it holds, whether the line breaks or the time ends meanwhile."""
    read = b""
    with suppress(OSError, http.client.HTTPException):
        while len(read) < most and (piece := response.read1(most - len(read))):
            read += piece
    return read


def _check_literal(host: str) -> None:
    """Refuse an address written in numbers at once; names are looked up only when called."""
    try:
        address = ip_address(host)
    except ValueError:
        return
    if not addresses.is_allowed(host, address, settings.OUTGOING_HOSTS):
        raise Forbidden("private")


@contextmanager
def _connected(parts: SplitResult, seconds: float) -> Iterator[http.client.HTTPConnection]:
    """A connection to one of the addresses that were looked at, encrypted where the scheme says so."""
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    sock = _reached(_allowed(host, port), seconds)
    if parts.scheme == "https":
        # The handshake waits until somebody watches the time.
        sock = TRUST.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    connection.default_port = PORTS[parts.scheme]
    connection.sock = sock
    try:
        yield connection
    finally:
        connection.close()


def _allowed(host: str, port: int) -> Sequence[Place]:
    """Every address of a host, looked up once; raises Forbidden where one of them is not to be called."""
    found: Sequence[Place] = [
        (family, (str(place[0]), port))
        for family, _kind, _protocol, _name, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ]
    for _family, (text, _port) in found:
        if not addresses.is_allowed(host, ip_address(text.partition("%")[0]), settings.OUTGOING_HOSTS):
            raise Forbidden("private")
    return found


def _reached(places: Sequence[Place], seconds: float) -> socket.socket:
    """A connection to the first place that answers."""
    error = OSError("the name has no address")
    for family, place in places:
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(seconds / len(places))
        try:
            sock.connect(place)
        except OSError as failed:
            sock.close()
            error = failed
            continue
        sock.settimeout(seconds)
        return sock
    raise error


@contextmanager
def _ended(sock: socket.socket, ends: float) -> Iterator[None]:
    """Hangs up at the end, however slowly the receiver drips."""
    timer = Timer(max(0.01, ends - time.monotonic()), _hang_up, [sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
