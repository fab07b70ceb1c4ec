"""The REST API's root: mounts every noun's router, and says in one form what went wrong."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from treaty.kit.nouns import offered

api = NinjaAPI(
    title="Treaty",
    version="1",
    description="Persons, companies, touchpoints, handovers, deals, the agreement and the scoreboard.",
    urls_namespace="api",
    docs_url="/docs",
)

for _noun, router in offered("api", "router"):
    api.add_router("", router)


@api.exception_handler(PermissionDenied)
def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    """403: the key's scopes, or its owner's role, do not allow this."""
    return told(request, 403, "This key does not allow this.")


def told(request: HttpRequest, status: int, detail: Any) -> HttpResponse:
    """What went wrong, with the request's id."""
    return api.create_response(
        request, {"detail": detail, "request_id": getattr(request, "id", "")}, status=status
    )
