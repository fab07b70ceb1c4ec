"""Where a user is signed in: the library's page, and the same list as a file."""

from typing import Any

from allauth.usersessions.views import ListUserSessionsView
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from treaty.kit.spreadsheet import spreadsheet
from treaty.staff.templatetags.staff import browser


class SignIns(ListUserSessionsView):  # type: ignore[misc]  # the library is untyped
    """The user's own sign-ins; a POST ends all others."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or the list as CSV."""
        told = self.get_context_data()
        heads = [_("Browser"), _("Address"), _("Since"), _("This one")]
        rows = [
            [browser(one.user_agent), one.ip, one.created_at, one.is_current()] for one in told["sessions"]
        ]
        return spreadsheet(request, "sign-ins", heads, rows) or self.render_to_response(told)
