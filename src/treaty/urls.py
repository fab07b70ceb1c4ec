"""Mounts every noun's pages and the API, and tells the shell what stands in the rail."""

from collections.abc import Mapping
from typing import Any

from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _

from treaty.api import mounted
from treaty.handovers import queries as handovers
from treaty.kit import shell
from treaty.kit.nouns import offered
from treaty.kit.shell import Me, NavItem
from treaty.notices import queries as notices
from treaty.staff import queries as staff

NAV = (
    NavItem(_("Today"), "/", "today"),
    NavItem(_("People"), "/people/", "people", "see_people", rooms=("/companies/", "/segments/", "/notes/")),
    NavItem(_("Handovers"), "/handovers/", "handovers", "see_people"),
    NavItem(_("Deals"), "/deals/", "deals", "see_people"),
    NavItem(_("Agreement"), "/agreement/", "agreement"),
    NavItem(_("Scoreboard"), "/scoreboard/", "scoreboard"),
    NavItem(
        _("Settings"), "/settings/", "settings", rooms=("/imports/", "/exports/", "/profile/", "/accounts/")
    ),
)


class Surroundings:
    """The shell's questions, answered by the nouns."""

    def company_name(self, user: Any) -> str:
        """The company's name."""
        return staff.company_name(user)

    def me(self, user: Any) -> Me:
        """The user with title or team."""
        return Me(user.name, user.title or (user.team.name if user.team else user.email), staff.side(user))

    def may(self, user: Any, permission: str) -> bool:
        """Whether the user's role holds the permission."""
        return staff.may(user, permission)

    def unread_notices(self, user: Any) -> int:
        """The figure on the bell."""
        return notices.unread_count(user.pk)

    def waiting(self, user: Any) -> Mapping[str, int]:
        """The offers that wait: at Today those one may answer, at Handovers all that one sees."""
        if not staff.may(user, "see_people"):
            return {}
        offers = handovers.waiting(user)
        return {"/": offers.mine, "/handovers/": offers.seen}


PAGES = (page for _noun, pages in offered("urls", "SETTINGS_PAGES") for page in pages)
SETTINGS = tuple(sorted(PAGES, key=lambda page: page.permission == "manage_jobs"))
"""The machinery's own pages stand behind those of the company."""

shell.register(nav=NAV, settings=SETTINGS, surroundings=Surroundings())

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", mounted()),
    path("accounts/", include("treaty.staff.account_urls")),
]
urlpatterns += [
    path("", include(f"treaty.{noun}.urls")) for noun, _patterns in offered("urls", "urlpatterns")
]

handler400 = "treaty.kit.views.bad_request"
handler403 = "treaty.kit.views.forbidden"
handler404 = "treaty.kit.views.not_found"
handler429 = "treaty.staff.views.too_many"
handler500 = "treaty.kit.views.broken"
