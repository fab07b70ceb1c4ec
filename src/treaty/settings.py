"""Django's settings on one page: operator facts come from the environment, business facts live in tables."""

from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from treaty.kit.environment import Environment

django_stubs_ext.monkeypatch()

ENV = Environment()
ROOT = Path(__file__).resolve().parent
HOME = ENV.home()

SECRET_KEY = ENV.secret_key()
DEBUG = ENV.yes("TREATY_DEBUG")
# This machine asks under its own names, whatever the installation is called: probes of containers, figures.
ALLOWED_HOSTS = [*ENV.items("TREATY_HOSTS"), "localhost", "127.0.0.1", "[::1]"]
PUBLIC_URL = ENV.text("TREATY_URL").rstrip("/")
SECURE = PUBLIC_URL.startswith("https://")

DATABASES = {"default": ENV.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "staff.User"

NOUNS = (
    "imports",
    "sample",
    "webhooks",
    "retention",
    "desk",
    "scoreboard",
    "attribution",
    "funnels",
    "lifetime",
    "forecasts",
    "experiments",
    "handovers",
    "deals",
    "conversations",
    "agreements",
    "scoring",
    "capture",
    "notices",
    "mail",
    "segments",
    "warehouse",
    "people",
    "documents",
    "fields",
    "search",
    "ledger",
    "staff",
    "kit",
)
"""The nouns of the house, from the doors down to the ground; templates of a higher one win."""

INSTALLED_APPS = [
    "treaty.apps.Treaty",
    *(f"treaty.{noun}" for noun in NOUNS),
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "django_q",
    "ninja",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "treaty.kit.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "treaty.kit.middleware.ContentPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "treaty.kit.middleware.ApiCalls",  # what stands below is for pages only
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "treaty.staff.middleware.SignedIn",
    "treaty.kit.middleware.FormMethod",
    "treaty.kit.middleware.Toasts",
]

ROOT_URLCONF = "treaty.urls"
WSGI_APPLICATION = "treaty.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "treaty.kit.shell.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "treaty.kit.templatetags.kit",
                "treaty.kit.templatetags.markup",
            ],
        },
    }
]
COTTON_DIR = "cotton"
FORM_RENDERER = "treaty.kit.controls.Renderer"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "files"
DOCUMENT_BYTES = ENV.number("TREATY_DOCUMENT_MB") * 1024**2
FILE_UPLOAD_HANDLERS = [
    "treaty.documents.receiving.Limited",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LANGUAGE_CODE = ENV.text("TREATY_LANGUAGE")
LANGUAGES = [("en", _("English"))]
# A segment is read out in all of these, to whoever shares it; pages are in one of LANGUAGES.
SPOKEN_LANGUAGES = ["en", "ar", "ja", "pl", "ru", "zh-hans"]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["treaty.kit.formats"]
TIME_ZONE = ENV.text("TREATY_TIME_ZONE")
USE_TZ = True

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kit_cache"},
    # The job library's signs of life, which nobody reads: ours are rows (kit.Tick).
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "treaty.kit.views.refused"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENV.number("TREATY_TRUSTED_PROXIES"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

AUTHENTICATION_BACKENDS = ["treaty.staff.accounts.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "treaty.staff.accounts.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {
    "change_password": "treaty.staff.password_forms.ChangePassword",
    "reset_password_from_key": "treaty.staff.password_forms.NewPassword",
    "set_password": "treaty.staff.password_forms.SetPassword",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # who was invited by mail has shown that the address is theirs
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE  # browsers make passkeys for http on localhost only
MFA_TOTP_ISSUER = "Treaty"
MFA_FORMS = {
    "add_webauthn": "treaty.staff.passkey_forms.Add",
    "authenticate_webauthn": "treaty.staff.passkey_forms.Authenticate",
    "login_webauthn": "treaty.staff.passkey_forms.LogIn",
    "reauthenticate_webauthn": "treaty.staff.passkey_forms.Reauthenticate",
}
MFA_ADAPTER = "treaty.staff.accounts.SecondFactor"
SIGN_IN_SERVICE = ENV.sign_in_service()
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.number("TREATY_TRUSTED_PROXIES")

OUTGOING_HOSTS = ENV.items("TREATY_OUTGOING_HOSTS")

API_CALLS = ENV.number("TREATY_API_CALLS")

METRICS_TOKEN = ENV.text("TREATY_METRICS_TOKEN")

EMAIL_BACKEND = "treaty.mail.backend.Outgoing"
MAIL_URL = urlsplit(ENV.text("TREATY_MAIL_URL"))
DEFAULT_FROM_EMAIL = ENV.text("TREATY_MAIL_FROM")

Q_CLUSTER = {
    "name": "treaty",
    "orm": "default",
    "workers": ENV.number("TREATY_WORKERS"),
    "timeout": 3600,
    "retry": 3700,
    "max_attempts": 5,
    "ack_failures": True,
    "catch_up": False,
    "poll": 0.5,
    "queue_limit": 1,
    "scheduler": False,
    "cache": "process",
    "save_limit": -1,
    "label": "Treaty",
}

LOGGING_CONFIG = "treaty.kit.logs.configure"
LOGGING = {"format": ENV.text("TREATY_LOG_FORMAT"), "level": ENV.text("TREATY_LOG_LEVEL")}

NINJA_PAGINATION_PER_PAGE = 100
# Whether every neighbouring host speaks TLS, and wants to be on the browsers' list, is not ours to promise.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
