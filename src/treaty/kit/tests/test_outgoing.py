"""What leaves by HTTP reaches only whom it may reach, and never keeps us waiting. The receivers are real servers."""

import socket
import time
from collections.abc import Iterator
from http.client import HTTPResponse
from typing import Any

import pytest

from treaty.kit import outgoing
from treaty.kit.outgoing import Forbidden, Unreached
from treaty.kit.tests.receivers import Receiver, receiver


@pytest.fixture
def here() -> Iterator[Receiver]:
    with receiver() as kept:
        yield kept


def allow(settings: Any, *hosts: str) -> None:
    settings.OUTGOING_HOSTS = list(hosts)


def test_what_is_sent_arrives_as_it_was(here: Receiver, settings: Any) -> None:
    allow(settings, "127.0.0.1")
    here.status, here.pieces = 202, lambda: iter([b"tak", b"en"])
    answer = outgoing.post(f"{here.url}?of=pia", b'{"a": 1}', {"Webhook-Id": "m1"})
    assert (answer.status, answer.text) == (202, "taken")
    (got,) = here.got
    assert (got.path, got.body, got.headers["webhook-id"]) == ("/hook?of=pia", b'{"a": 1}', "m1")
    assert got.headers["host"] == f"127.0.0.1:{here.port}"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://example.com/", "unreadable"),
        ("https://", "unreadable"),
        ("https://example.com:99999/", "unreadable"),
        ("https://example.com/a b", "unreadable"),
        ("https://example.com/\r\nHost: x", "unreadable"),
        ("https://user:word@example.com/", "signed_in"),
        ("http://example.com/", "insecure"),
        ("https://127.0.0.1/", "private"),
        ("https://[::1]/", "private"),
        ("https://169.254.169.254/latest/meta-data/", "private"),
        ("https://[::ffff:10.0.0.1]/", "private"),
    ],
)
def test_an_address_that_may_not_be_called_is_refused_before_anything_is_looked_up(
    url: str, code: str, settings: Any
) -> None:
    allow(settings)
    with pytest.raises(Forbidden) as refused:
        outgoing.post(url, b"", {})
    assert refused.value.code == code


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f000001", "127.1"])
def test_a_name_that_leads_to_this_machine_is_refused_when_it_is_called(host: str, settings: Any) -> None:
    allow(settings)
    with pytest.raises(Forbidden) as refused:
        outgoing.post(f"https://{host}/", b"", {})
    assert refused.value.code == "private"


def test_a_name_is_refused_where_one_of_its_addresses_is_private(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(settings)
    both = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, 443)) for text in ("93.184.215.14", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: both)
    with pytest.raises(Forbidden):
        outgoing.post("https://two-faced.example/", b"", {})


def test_a_name_is_looked_up_once_and_the_call_goes_where_was_looked(
    here: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(settings, "erp.example")
    asked = []

    def look(host: str, port: int, **_more: object) -> Any:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look)
    assert outgoing.post(f"http://erp.example:{here.port}/", b"", {}).status == 204
    assert asked == ["erp.example"]
    assert here.got[0].headers["host"] == f"erp.example:{here.port}"


def test_a_redirect_is_an_answer(here: Receiver, settings: Any) -> None:
    allow(settings, "127.0.0.1")
    here.status, here.headers = 302, {"Location": "http://169.254.169.254/"}
    assert outgoing.post(here.url, b"", {}).status == 302
    assert len(here.got) == 1


def test_of_a_long_answer_the_beginning_is_read(here: Receiver, settings: Any) -> None:
    allow(settings, "127.0.0.1")
    here.status, here.pieces = 200, lambda: iter([b"x" * 100_000] * 100)
    assert outgoing.post(here.url, b"", {}).text == "x" * outgoing.MOST


@pytest.mark.real_time
def test_a_receiver_that_drips_is_left_when_the_time_is_over(here: Receiver, settings: Any) -> None:
    allow(settings, "127.0.0.1")

    def drip() -> Iterator[bytes]:
        for _ in range(50):
            time.sleep(0.1)
            yield b"."

    here.status, here.pieces = 200, drip
    began = time.monotonic()
    assert len(outgoing.post(here.url, b"", {}, seconds=0.5).text) < 50
    assert time.monotonic() - began < 4.5  # the whole answer takes five


def test_a_status_holds_though_the_line_breaks_in_its_text(
    here: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(settings, "127.0.0.1")
    pieces = [b"what ", b"came"]

    def read1(_response: HTTPResponse, _most: int) -> bytes:
        if not pieces:
            raise ConnectionResetError
        return pieces.pop(0)

    monkeypatch.setattr(HTTPResponse, "read1", read1)
    answer = outgoing.post(here.url, b"", {})
    assert (answer.status, answer.text) == (204, "what came")


@pytest.mark.real_time
def test_a_receiver_that_is_silent_is_left_when_the_time_is_over(settings: Any) -> None:
    allow(settings, "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unreached, match="in time"):
        outgoing.post(f"http://127.0.0.1:{silent.getsockname()[1]}/", b"", {}, seconds=0.3)


def test_nobody_there_is_told_in_words(settings: Any) -> None:
    allow(settings, "127.0.0.1")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(Unreached, match="ConnectionRefusedError"):
            outgoing.post(f"http://127.0.0.1:{taken.getsockname()[1]}/", b"", {})
