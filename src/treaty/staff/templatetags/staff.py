"""A browser by the name people know, out of what it says of itself; and the company's sign-in service, if there is one."""

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from treaty.kit.environment import SignInService

register = template.Library()

BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
"""The first one named counts: nearly all claim to be Chrome and Safari as well."""

SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@register.filter
def browser(agent: str) -> str:
    """Browser and system; what is neither known nor short is cut."""
    name = next((name for mark, name in BROWSERS.items() if mark in agent), "")
    system = next((system for mark, system in SYSTEMS.items() if mark in agent), "")
    if name and system:
        return _("%(browser)s on %(system)s") % {"browser": name, "system": system}
    return name or agent[:60] or _("unknown browser")


@register.simple_tag
def sign_in_service() -> SignInService | None:
    """The company's sign-in service."""
    service: SignInService | None = settings.SIGN_IN_SERVICE
    return service
