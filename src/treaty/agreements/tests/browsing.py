"""What a browser would send if a form of a page were sent as it stands, or by one of its buttons."""

from html.parser import HTMLParser
from typing import Any

Sent = dict[str, Any]


class FormReader(HTMLParser):
    """Collects the successful controls of the form with an id."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.is_in, self.sent = form, False, Sent()
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what a control holds."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_in = given.get("id") == self.form
        if not self.is_in:
            return
        if tag == "input" and given.get("name"):
            self.take(given)
        elif tag == "select":
            self.select = given["name"]
        elif tag == "option" and (self.select not in self.sent or "selected" in given):
            self.sent[self.select] = given.get("value", "")
        elif tag == "textarea":
            self.area = given["name"]
            self.sent[self.area] = ""

    def take(self, given: dict[str, str]) -> None:
        """The value of an input."""
        name, value = given["name"], given.get("value", "on")
        if given.get("type") not in ("checkbox", "radio"):
            self.sent[name] = given.get("value", "")
        elif "checked" in given:
            before = self.sent.get(name)
            self.sent[name] = (
                value if before is None else [*([before] if isinstance(before, str) else before), value]
            )

    def handle_data(self, data: str) -> None:
        """Take the text of an area."""
        if self.area:
            self.sent[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        """Leave a control or the form."""
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area
        self.is_in = self.is_in and tag != "form"


def sent_by(page: bytes, form: str, **changes: Any) -> Sent:
    """What is sent by the form of a page, with some fields filled otherwise; `add` or `remove` is the button."""
    reader = FormReader(form)
    reader.feed(page.decode())
    reader.sent.pop("csrfmiddlewaretoken", "")
    return reader.sent | changes
