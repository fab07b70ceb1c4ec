"""Whether the company's sign-in service can be used."""

from collections.abc import Iterator

from django.conf import settings

from treaty.kit.doctor import BAD, OK, WARN, Finding
from treaty.kit.environment import SignInService
from treaty.staff import oidc
from treaty.staff.models import Role

NAME = "sign-in service"


def findings() -> Iterator[Finding]:
    """What the doctor says of it, where there is one."""
    service: SignInService | None = settings.SIGN_IN_SERVICE
    if service is None:
        return
    try:
        oidc.described(service, anew=True)
    except oidc.Unsure as unsure:
        seen = "calls itself by another name" if unsure.code == "untrue" else "does not answer as it should"
        advice = (
            "Compare TREATY_OIDC_ISSUER with what its .well-known/openid-configuration says; inside your own network it"
            " must be in TREATY_OUTGOING_HOSTS."
        )
        yield Finding(NAME, BAD, seen, advice)
        return
    roles = set(Role.objects.values_list("key", flat=True))
    if missing := sorted(set(service.join.values()) - roles):
        yield Finding(NAME, WARN, f"no such role: {', '.join(missing)}", "Correct TREATY_OIDC_JOIN.")
    else:
        yield Finding(NAME, OK, "answers")
