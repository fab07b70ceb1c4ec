"""The components of kit.markup as tags that every template has: `{% icon "close" %}`, `{% tag word tone="due" %}`.

A tag costs a tenth of the cotton component of the same name, which calls it; in a loop draw with the tag.
"""

from django import template
from django.utils.safestring import SafeString

from treaty.kit import markup

register = template.Library()

for draw in (
    markup.icon,
    markup.tag,
    markup.avatar,
    markup.grade,
    markup.clock,
    markup.bar,
    markup.when,
    markup.day,
    markup.touch,
    markup.event,
    markup.side,
    markup.link,
    markup.bdi,
    markup.options,
):
    register.simple_tag(draw)


@register.simple_tag
def figure(words: object, attrs: object = "", **how: str) -> SafeString:
    """A number that opens its rows; `attrs` as a component was given them."""
    return markup.figure(words, attrs=SafeString(attrs), **how)


@register.simple_tag
def button(words: object = "", attrs: object = "", **how: str) -> SafeString:
    """A verb; `icon` names its drawing, `attrs` as a component was given them."""
    return markup.button(words, attrs=SafeString(attrs), icon_name=how.pop("icon", ""), **how)


@register.simple_tag
def menu(items: object, label: object, attrs: object = "", **how: str) -> SafeString:
    """A button with a menu; `icon` names its drawing, `attrs` as a component was given them."""
    return markup.menu(items, label, attrs=SafeString(attrs), icon_name=how.pop("icon"), **how)
