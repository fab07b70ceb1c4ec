"""What the sign-in library asks us: nobody signs up alone, links carry our address, secrets lie encrypted."""

from typing import Any
from urllib.parse import urljoin

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from treaty.kit import vault
from treaty.staff import oidc, queries
from treaty.staff.models import User

SEEDS = "treaty.staff.second_factor"
"""Under which key the seeds of second factors lie."""


class Backend(AuthenticationBackend):  # type: ignore[misc]  # the library is untyped
    """Fetches the user of a request with role and team in one question."""

    def get_user(self, user_id: Any) -> User | None:
        """The user of a session, unless deactivated meanwhile."""
        user = queries.user_with_role(int(user_id))
        return user if user and self.user_can_authenticate(user) else None


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come by invitation only; mails leave through Django's mail, which is Treaty's own post."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This address and this password do not belong together. Type both again, or ask for a new password."
        ),
        "enter_current_password": _("This is not your current password. Type it again."),
        "incorrect_password": _("This is not your password. Type it again."),
        "too_many_login_attempts": _(
            "The password was wrong too often. Wait a few minutes, or ask for a new password."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: see invitations."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """The subject as its template has it; the sender's name says who writes."""
        return subject.strip()

    def get_reset_password_from_key_url(self, key: str) -> str:
        """A link to the address that the operator stated, whatever host the request named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return urljoin(settings.PUBLIC_URL, path.replace("UID-KEY", key))

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell users of a change in how they sign in, at the address they sign in with."""
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def get_login_stages(self) -> list[str]:
        """What is asked while somebody signs in, with our own question after the second factor."""
        theirs = f"{AuthenticateStage.__module__}.{AuthenticateStage.__name__}"
        ours = f"{SecondStep.__module__}.{SecondStep.__name__}"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the profile."""
        return reverse("staff:profile")


class SecondStep(AuthenticateStage):  # type: ignore[misc]
    """Asks for the second factor, unless the operator trusts the sign-in service with it and it has just been used."""

    def _should_handle(self, request: HttpRequest) -> bool:
        service = settings.SIGN_IN_SERVICE
        ways = get_authentication_records(request, self.login.user)
        came_by_service = bool(ways) and ways[-1]["method"] == oidc.METHOD
        if service is not None and service.is_trusted and came_by_service:
            return False
        return bool(super()._should_handle(request))


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Seeds of second factors are encrypted with a key made from the installation's secret key."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "This code does not fit. Codes of the app change every 30 seconds: type the one it shows now. A recovery code"
            " works once."
        ),
    }

    def generate_authenticator_name(self, user: User, kind: Authenticator.Type) -> str:
        """What a passkey is called until its owner names it."""
        return gettext("Passkey {number}").format(
            number=Authenticator.objects.filter(user_id=user.pk, type=kind).count() + 1
        )

    def encrypt(self, text: str) -> str:
        """The text, unreadable without the secret key."""
        return vault.locked(text, purpose=SEEDS)

    def decrypt(self, encrypted_text: str) -> str:
        """The text again; fails loudly if the secret key was exchanged."""
        return vault.unlocked(encrypted_text, purpose=SEEDS)
