"""The controls of forms drawn in Python: the same HTML as Django's own templates write, in a tenth of the time."""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from treaty.kit.markup import text

PLACE = "django/forms/widgets/"
INPUTS = frozenset(
    f"{PLACE}{kind}.html"
    for kind in (
        *("text", "number", "email", "url", "password", "hidden", "search", "tel", "color"),
        *("date", "datetime", "time", "checkbox", "input", "file"),
    )
)
"""Templates of Django that draw an input and nothing else."""
ERRORS = "django/forms/errors/list/default.html"

HIDDEN_ALONE = "django/forms/div.html"
"""A form as a whole; of those that hold nothing but hidden fields, as each formset's own, no more is to be drawn."""


class Renderer(TemplatesSetting):
    """Draws what every form holds by itself, and leaves the rest to templates."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """The HTML of a control, of a list of errors, or of a form."""
        if template_name in INPUTS:
            return drawn_input(context["widget"])
        if template_name == f"{PLACE}select.html":
            return drawn_select(context["widget"])
        if template_name == f"{PLACE}textarea.html":
            return drawn_textarea(context["widget"])
        if template_name == ERRORS and not context["errors"]:
            return ""
        if template_name == HIDDEN_ALONE and not context["fields"] and not context["errors"]:
            return "".join(map(str, context["hidden_fields"]))
        return str(super().render(template_name, context, request))


def drawn_input(widget: Mapping[str, Any]) -> SafeString:
    """An input with its value, where it has one."""
    value = widget["value"]
    held = "" if value is None else f' value="{plain(value)}"'
    return SafeString(
        f'<input type="{plain(widget["type"])}" name="{plain(widget["name"])}"{held}{attributes(widget["attrs"])}>'
    )


def drawn_textarea(widget: Mapping[str, Any]) -> SafeString:
    """A field of several lines."""
    start = f'<textarea name="{plain(widget["name"])}"{attributes(widget["attrs"])}>'
    return SafeString(f"{start}\n{text(widget['value'] or '')}</textarea>")


def drawn_select(widget: Mapping[str, Any]) -> SafeString:
    """A list to choose from, its groups under their names."""
    parts = [f'<select name="{plain(widget["name"])}"{attributes(widget["attrs"])}>']
    for name, options, _place in widget["optgroups"]:
        drawn = [
            f'<option value="{plain(one["value"])}"{attributes(one["attrs"])}>{text(one["label"])}</option>'
            for one in options
        ]
        parts += [f'<optgroup label="{text(name)}">', *drawn, "</optgroup>"] if name else drawn
    return SafeString("\n".join([*parts, "</select>"]))


def attributes(given: Mapping[str, Any]) -> str:
    """Attributes with a space in front of each; True for one without a value, False for none."""
    return "".join(
        f" {name}" if value is True else f' {name}="{plain(value)}"'
        for name, value in given.items()
        if value is not False
    )


def plain(value: object) -> str:
    """A value as an attribute holds it: not localised, and escaped unless marked safe."""
    return conditional_escape(value if isinstance(value, str) else str(value))
