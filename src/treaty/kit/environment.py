"""The facts an operator states in the environment: read once, typed, and loud about what they do not know."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class UnknownSetting(ValueError):
    """A variable begins with TREATY_ but means nothing to Treaty."""


class BadSetting(ValueError):
    """A variable holds a value of the wrong form; the text says what would be right."""


@dataclass(frozen=True)
class Setting:
    """One variable: its name, its default as text, what form it takes and what it is for."""

    name: str
    default: str
    form: str
    meaning: str


SETTINGS = (
    Setting(
        "TREATY_HOME", ".treaty", "folder", "Where the SQLite database, the secret key and the files lie."
    ),
    Setting(
        "DATABASE_URL",
        "",
        "URL",
        "postgres://user:password@host:port/name; empty means SQLite in TREATY_HOME.",
    ),
    Setting(
        "TREATY_SECRET_KEY",
        "",
        "text",
        "Signs sessions and locks second factors; empty means the file secret.key in TREATY_HOME.",
    ),
    Setting(
        "TREATY_HOSTS",
        "localhost,127.0.0.1,[::1]",
        "list",
        "Host names this installation answers to, beside those of the machine itself.",
    ),
    Setting(
        "TREATY_URL", "http://localhost:8000", "URL", "The address people open; mails and embeds link to it."
    ),
    Setting("TREATY_DEBUG", "0", "yes/no", "Shows tracebacks in the browser. Never in production."),
    Setting("TREATY_LANGUAGE", "en", "language code", "Language of pages for people who chose none."),
    Setting("TREATY_TIME_ZONE", "UTC", "IANA zone", "Time zone of pages for people who chose none."),
    Setting(
        "TREATY_MAIL_URL",
        "",
        "URL",
        "smtp://user:password@host:port or smtps://...; empty means mails wait unsent.",
    ),
    Setting(
        "TREATY_MAIL_FROM",
        "Treaty <treaty@localhost>",
        "address",
        "The sender of invitations, resets and notices.",
    ),
    Setting(
        "TREATY_LOG_FORMAT", "text", "text/json", "How log lines are written: for people or for machines."
    ),
    Setting("TREATY_LOG_LEVEL", "INFO", "level", "DEBUG, INFO, WARNING or ERROR."),
    Setting("TREATY_TRUSTED_PROXIES", "0", "number", "How many reverse proxies stand before Treaty."),
    Setting(
        "TREATY_OUTGOING_HOSTS",
        "",
        "list",
        "Hosts and networks inside your own, which webhooks and sign-in may reach all the same, also without encryption.",
    ),
    Setting(
        "TREATY_OIDC_ISSUER",
        "",
        "URL",
        "The company's sign-in service (OpenID Connect), exactly as it names itself; empty means there is none.",
    ),
    Setting("TREATY_OIDC_CLIENT", "", "text", "The client id that Treaty has at the sign-in service."),
    Setting("TREATY_OIDC_SECRET", "", "text", "The secret that belongs to the client id."),
    Setting(
        "TREATY_OIDC_LABEL",
        "",
        "text",
        "How people call the sign-in service: “Sign in with ...” stands on its button.",
    ),
    Setting(
        "TREATY_OIDC_JOIN",
        "",
        "list",
        "Mail domains whose people join at their first sign-in by the service, each with its role: example.com=onlooker.",
    ),
    Setting(
        "TREATY_OIDC_TRUSTED",
        "0",
        "yes/no",
        "Whether the sign-in service asks for a second factor itself, so that Treaty need not ask for its own.",
    ),
    Setting(
        "TREATY_METRICS_TOKEN",
        "",
        "text",
        "Who sends it as Bearer may read /metrics; empty means only this machine may.",
    ),
    Setting(
        "TREATY_API_CALLS",
        "60000",
        "number",
        "Calls of the REST API that one key has in a minute, counted by each web process for itself.",
    ),
    Setting("TREATY_DOCUMENT_MB", "25", "number", "How many megabytes a document on a record may have."),
    Setting("TREATY_WORKERS", "2", "number", "Job processes that one worker command starts."),
)
"""Every variable Treaty reads; `docs/reference/settings.md` is made from this table."""


@dataclass(frozen=True)
class SignInService:
    """The company's own sign-in service; `join` holds the key of a role for each mail domain that may join."""

    issuer: str
    client: str
    secret: str = field(repr=False)
    label: str = ""
    join: Mapping[str, str] = field(default_factory=dict)
    is_trusted: bool = False


OF_THE_TESTS = frozenset({"TREATY_TEST_DATA", "TREATY_CHROMIUM"})
"""Variables only tests read."""


class Environment:
    """The variables of one process, checked."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        known = {setting.name: setting.default for setting in SETTINGS}
        for name in variables:
            if name.startswith("TREATY_") and name not in known and name not in OF_THE_TESTS:
                raise UnknownSetting(
                    f"{name} is not a setting of Treaty; docs/reference/settings.md lists them all."
                )
        self.values = {name: variables.get(name, default) for name, default in known.items()}

    def text(self, name: str) -> str:
        """The value as it stands."""
        return self.values[name]

    def number(self, name: str) -> int:
        """The value as a whole number of at least 0."""
        value = self.values[name]
        if not value.isdecimal():
            raise BadSetting(f"{name} is {value!r}; it must be a whole number such as 2.")
        return int(value)

    def yes(self, name: str) -> bool:
        """The value as yes (1, true, yes, on) or no (0, false, no, off, empty)."""
        value = self.values[name].strip().lower()
        if value not in {"1", "true", "yes", "on", "0", "false", "no", "off", ""}:
            raise BadSetting(f"{name} is {value!r}; it must be 1 or 0.")
        return value in {"1", "true", "yes", "on"}

    def items(self, name: str) -> list[str]:
        """The value as a list parted by commas."""
        return [item.strip() for item in self.values[name].split(",") if item.strip()]

    def pairs(self, name: str) -> dict[str, str]:
        """The value as a list of name=value, parted by commas; names in small letters."""
        pairs = [item.partition("=") for item in self.items(name)]
        if any(not key.strip() or not value.strip() for key, _is, value in pairs):
            raise BadSetting(
                f"{name} is {self.values[name]!r}; it must be pairs such as example.com=onlooker."
            )
        return {key.strip().lower(): value.strip() for key, _is, value in pairs}

    def sign_in_service(self) -> SignInService | None:
        """The company's sign-in service, described whole or not at all."""
        needed = {
            name: self.text(name)
            for name in ("TREATY_OIDC_ISSUER", "TREATY_OIDC_CLIENT", "TREATY_OIDC_SECRET")
        }
        if not any(needed.values()):
            return None
        if missing := [name for name, value in needed.items() if not value]:
            raise BadSetting(f"A sign-in service needs {', '.join(missing)} too.")
        issuer, client, secret = needed.values()
        if not issuer.startswith(("https://", "http://")):
            raise BadSetting(f"TREATY_OIDC_ISSUER is {issuer!r}; it must begin with https://.")
        return SignInService(
            issuer,
            client,
            secret,
            label=self.text("TREATY_OIDC_LABEL"),
            join=self.pairs("TREATY_OIDC_JOIN"),
            is_trusted=self.yes("TREATY_OIDC_TRUSTED"),
        )

    def home(self) -> Path:
        """The installation's folder, made where it is missing, open to its owner only."""
        folder = Path(self.values["TREATY_HOME"]).expanduser().resolve()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def secret_key(self) -> str:
        """The given key, else the one kept in the home folder, else a new one kept there."""
        if given := self.values["TREATY_SECRET_KEY"]:
            return given
        path = self.home() / "secret.key"
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii").strip()
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key := secrets.token_urlsafe(64))
        return key

    def database(self) -> dict[str, object]:
        """Django's description of the database: PostgreSQL by DATABASE_URL, else SQLite in the home folder."""
        if url := self.values["DATABASE_URL"]:
            return postgresql(url)
        return sqlite(self.home() / "treaty.sqlite3")


def sqlite(path: Path) -> dict[str, object]:
    """SQLite as Treaty runs it; docs/decisions/0003 gives the figures behind each choice."""
    return {
        "ENGINE": "treaty.kit.sqlite",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "cached_statements": 500,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                " PRAGMA mmap_size=268435456; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
                " PRAGMA wal_autocheckpoint=4000;"  # pages: those that every call writes go to the file more seldom
                " PRAGMA secure_delete=ON;"  # what is forgotten leaves no bytes in the file, nor in a copy of it
            ),
        },
    }


def postgresql(url: str) -> dict[str, object]:
    """PostgreSQL from its URL; options such as sslmode come from the query part.

    What `kit.sql.planned` is asked five times stays planned.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadSetting(
            f"DATABASE_URL begins with {parts.scheme!r}; it must begin with postgres:// or postgresql://."
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    # Compiling a page's query for 10 ms saves less than it takes; reports of the whole run elsewhere. What is planned once
    # asks by keys: left to choose, the server plans most of it anew each time, which takes ten times as long as asking.
    # Rows are expected in memory or on a disk without heads, not where one row is as dear as forty in a line. And processes
    # that help are called for what takes a second, not for a page's sum, which is there before they are.
    ours = (
        *("jit=off", "plan_cache_mode=force_generic_plan"),
        *("random_page_cost=1.1", "parallel_setup_cost=10000"),
    )
    options["options"] = " ".join([*(f"-c {option}" for option in ours), options.get("options", "")]).rstrip()
    return {
        "ENGINE": "treaty.kit.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10, **options},
    }
