"""People in browsers, and programs that report, at work against a running server: what they do, and what it answers."""

import http.client
import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlencode

SOUGHT = ("nowak", "田中", "حداد", "ivan", "plant 77", "kowalski 19", "zolc", "schmidt 2")
STAGES = ("new", "qualified", "proposal", "negotiation")
TOKEN = "b" * 32
"""Of the forms: cookie and header bear the same, as Django's check wants."""
SIGN_IN = "/accounts/"
REDIRECTS = frozenset({301, 302, 303})
ACTS = {"today": 20, "search": 20, "person": 25, "board": 8}
"""What everybody does, as often as among a hundred acts."""
ACTS_OF_SALES = ACTS | {"accept": 7, "call": 12, "move": 8}


@dataclass(frozen=True)
class Desk:
    """What a user works with: the key of a session, persons, and open deals; who only reads has none."""

    session: str
    persons: list[int]
    deals: list[int]


@dataclass
class Caller:
    """Somebody who asks the server on one connection; how long each kind of request took in milliseconds, and what failed."""

    port: int
    headers: dict[str, str]
    number: int
    think: float
    took: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.chance = Random(self.number)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def go_on(self, until: float) -> None:
        """Acts, and thinks, until the time is over."""
        time.sleep(self.chance.uniform(0, min(self.think, 3.0)))
        while time.perf_counter() < until:
            self.act()
            time.sleep(min(self.chance.expovariate(1 / self.think), 5 * self.think))
        self.connection.close()

    def act(self) -> None:
        """One thing."""
        raise NotImplementedError

    def ask(self, what: str, method: str, path: str, body: bytes | None = None, **headers: str) -> str:
        """The text of an answer, timed; where it leads elsewhere, that page's. Refusals and the sign-in page are errors."""
        began = time.perf_counter()
        status, text, to = self.answer(method, path, body, headers)
        self.took.setdefault(what, []).append((time.perf_counter() - began) * 1_000)
        if status >= 400 or to.startswith(SIGN_IN):
            self.errors[f"{what}: {status} {to}"] += 1
        elif status in REDIRECTS:
            return self.ask(f"{what}, then", "GET", to)
        return text

    def answer(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, str, str]:
        """The status, the text, and where it leads; 599 where there was none."""
        try:
            self.connection.request(method, path, body, {**self.headers, **headers})
            answer = self.connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            return 599, "", type(error).__name__
        return answer.status, text, answer.headers.get("Location", "")


class User(Caller):
    """A member of the staff in a browser."""

    def __init__(self, port: int, desk: Desk, number: int, think: float) -> None:
        cookies = f"sessionid={desk.session}; csrftoken={TOKEN}"
        super().__init__(port, {"Cookie": cookies, "Accept-Encoding": "gzip"}, number, think)
        self.desk = desk
        self.acts = ACTS_OF_SALES if desk.deals else ACTS

    def act(self) -> None:
        """What people do all day, as often as they do it."""
        (name,) = self.chance.choices(list(self.acts), list(self.acts.values()))
        getattr(self, name)()

    def today(self) -> str:
        """The first page."""
        return self.ask("Today", "GET", "/", None, **{"Accept-Encoding": "identity"})

    def search(self) -> None:
        """Somebody is looked for."""
        self.ask("People, searched", "GET", f"/people/?{urlencode({'q': self.chance.choice(SOUGHT)})}")

    def person(self) -> None:
        """Somebody's page."""
        self.ask("Person", "GET", f"/people/{self.chance.choice(self.desk.persons)}/")

    def board(self) -> None:
        """The deals."""
        self.ask("Deals, board", "GET", "/deals/")

    def accept(self) -> None:
        """The first lead that waits on the own desk, where there is one."""
        if found := re.search(r'"(/handovers/\d+/acceptance)"', self.today()):
            self.send("a lead accepted", found[1])

    def call(self) -> None:
        """A call is written down."""
        outcome = self.chance.choice(["reached", "no_answer", "voicemail"])
        path = f"/people/{self.chance.choice(self.desk.persons)}/calls"
        self.send("a call logged", path, {"outcome": outcome, "note": "Asked for a price."})

    def move(self) -> None:
        """A deal goes on, or back."""
        stage = self.chance.choice(STAGES)
        self.send("a deal moved", f"/deals/{self.chance.choice(self.desk.deals)}/stage", {"stage": stage})

    def send(self, what: str, path: str, told: dict[str, str] | None = None) -> None:
        """A form; a browser without script goes where the answer leads."""
        form = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": TOKEN}
        self.ask(what, "POST", path, urlencode(told or {}).encode(), **form)


class Program(Caller):
    """A site that reports what buyers do."""

    def __init__(self, port: int, key: str, number: int, think: float, buyers: int) -> None:
        super().__init__(port, {"Authorization": f"Bearer {key}"}, 1_000 + number, think)
        self.buyers = buyers

    def act(self) -> None:
        """A few touches of buyers, most of them known; each tenth buyer is new."""
        touches = [self.touch() for _ in range(self.chance.randint(1, 5))]
        body = json.dumps({"touchpoints": touches}).encode()
        self.ask("touches reported", "POST", "/api/touchpoints", body, **{"Content-Type": "application/json"})

    def touch(self) -> dict[str, Any]:
        """A form or a page of a buyer."""
        n = self.chance.randrange(self.buyers)
        mail = f"new{n}@example.com" if self.chance.random() < 0.1 else f"buyer{n}@plant{n % 5000}.example"
        is_form = self.chance.random() < 0.2
        values = {"form": "ask-for-a-price", "page": "/pricing"} if is_form else {"page": "/products/fm-1"}
        kind = "FormSubmitted" if is_form else "PageSeen"
        return {"kind": kind, "person": {"email": mail}, "values": values}
