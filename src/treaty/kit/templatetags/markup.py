"""The components of kit.markup as tags that every template has: `{% icon "close" %}`, `{% tag word tone="due" %}`.

A tag costs a tenth of the cotton component of the same name, which calls it; in a loop draw with the tag.
"""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from treaty.kit import markup

register = template.Library()


class Fixed(template.Node):
    """A part of a template that is the same on every page and for everybody who reads in a language."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist
        self.drawn: dict[str | None, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        """What was drawn for the page's language once."""
        language = get_language()
        if language not in self.drawn:
            self.drawn[language] = self.nodelist.render(context)
        return self.drawn[language]


@register.tag
def fixed(parser: template.base.Parser, _token: template.base.Token) -> Fixed:
    """`{% fixed %}…{% endfixed %}`: drawn once for each language; nothing of the request may stand in it."""
    nodelist = parser.parse(("endfixed",))
    parser.delete_first_token()
    return Fixed(nodelist)


for draw in (
    markup.icon,
    markup.tag,
    markup.tags,
    markup.avatar,
    markup.grade,
    markup.clock,
    markup.bar,
    markup.when,
    markup.day,
    markup.touch,
    markup.event,
    markup.fact,
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
