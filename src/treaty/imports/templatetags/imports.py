"""What imports brought in, and what columns hold, in words."""

from django import template

from treaty.imports import wording

register = template.Library()


@register.filter
def thing_name(key: str) -> str:
    """What was brought in."""
    return str(wording.THINGS.get(key, key))


@register.filter
def field_names(keys: str) -> str:
    """Fields by what they are called, commas between them."""
    return ", ".join(str(wording.FIELDS.get(key.strip(), key)) for key in keys.split(","))
