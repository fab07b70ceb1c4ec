"""Tags and filters that every template has without loading them."""

import json
from datetime import datetime
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.utils import formats

from treaty.kit import dates, shell
from treaty.kit.misread import is_misread
from treaty.kit.shown import ShownList
from treaty.kit.spreadsheet import EXPORT

register = template.Library()


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: object) -> str:
    """The page's query with some values changed (None takes one away), to be put behind its path."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return "?" + urlencode(list(query.lists()), doseq=True)


@register.simple_tag(takes_context=True)
def may_export(context: template.Context) -> bool:
    """Whether the reader of the page may take its lists away as files."""
    return shell.may(context["request"].user, EXPORT)


@register.filter
def beside(url: str, name: str) -> str:
    """The address of the same folder that ends with another name."""
    return f"{url.rpartition('/')[0]}/{name}"


@register.simple_tag(takes_context=True)
def misread(context: template.Context, shown: ShownList) -> bool:
    """Whether the address asks of a list what it does not know (any more)."""
    return is_misread(context["request"].GET, shown.filters, shown.conditions)


@register.filter
def number(value: float | None) -> str:
    """A whole or broken number with the thousands separator of the page's language."""
    if value is None:
        return ""
    return formats.number_format(value, use_l10n=True, force_grouping=True)


@register.filter
def moment(value: datetime | None) -> str:
    """Day and time in the zone and the language of the page."""
    return "" if value is None else dates.moment(value)


@register.filter
def as_json(value: object) -> str:
    """A value as JSON to be read by people, not by scripts."""
    return json.dumps(value, ensure_ascii=False, default=str)
