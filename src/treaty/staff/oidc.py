"""The company's own sign-in service by OpenID Connect: where a browser is sent, and whom the service says has come.

The authorization code flow of OpenID Connect Core 1.0 with PKCE (RFC 7636), state, nonce and the check of the issuer
(RFC 9207). Every token's signature is verified, whichever way it came. docs/decisions/0028 says why this is ours.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any
from urllib.parse import quote_plus, urlencode, urljoin

import jwt
import structlog
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

from treaty.kit import outgoing
from treaty.kit.environment import SignInService

METHOD = "oidc"
"""What a sign-in by the service is called among the ways in."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures that the service's public keys can check; nothing that a shared secret, or nobody, has signed."""
KNOWN_FOR = 3600
"""Seconds for which the service's addresses and keys are remembered."""
LEEWAY = 60
"""Seconds by which its clock and ours may differ."""
LARGEST = 256 * 1024
"""Bytes of its documents: those with certificates in them are large."""

log = structlog.get_logger("treaty.staff.oidc")


class Unsure(Exception):
    """Nobody can be let in. `code` says why: away, cancelled, refused, lost, untrue, unverified, unknown, unready."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Asked:
    """What the service was asked, as only the browser's session knows it; `at` in seconds since 1970."""

    nonce: str
    verifier: str
    next: str
    at: float


@dataclass(frozen=True)
class Who:
    """Whom the service says has come; it has verified the address."""

    email: str
    name: str


def asked(next_page: str, at: float) -> Asked:
    """A new question, which nobody else can know."""
    return Asked(secrets.token_urlsafe(32), secrets.token_urlsafe(48), next_page, at)


def address(service: SignInService, question: Asked, state: str) -> str:
    """Where the browser is sent; raises Unsure."""
    digest = hashlib.sha256(question.verifier.encode()).digest()
    told = {
        "response_type": "code",
        "scope": "openid email profile",
        "client_id": service.client,
        "redirect_uri": way_back(),
        "state": state,
        "nonce": question.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    page = text_of(described(service), "authorization_endpoint")
    return f"{page}{'&' if '?' in page else '?'}{urlencode(told)}"


def way_back() -> str:
    """Where the service sends the browser: the address that the operator stated, whatever host the request named."""
    return urljoin(settings.PUBLIC_URL, reverse("oidc_arrival"))


def who(service: SignInService, question: Asked, code: str) -> Who:
    """Whom a code stands for; raises Unsure."""
    about = described(service)
    tokens = exchanged(service, about, question, code)
    claims = verified(service, about, text_of(tokens, "id_token"))
    if not compare_digest(str(claims.get("nonce", "")).encode(), question.nonce.encode()):
        raise distrusted("nonce")
    if "email" not in claims and "userinfo_endpoint" in about:
        claims |= more(about, text_of(tokens, "access_token"), claims["sub"])
    email = claims.get("email")
    if not isinstance(email, str) or claims.get("email_verified") not in (True, "true"):
        raise Unsure("unverified")
    return Who(email, str(claims.get("name") or ""))


def described(service: SignInService, *, anew: bool = False) -> dict[str, Any]:
    """What the service says of itself; it must name itself as the operator does. Raises Unsure."""
    about = remembered(service.issuer.rstrip("/") + "/.well-known/openid-configuration", anew=anew)
    if about.get("issuer") != service.issuer:
        raise distrusted("issuer of the description")
    return about


def exchanged(service: SignInService, about: dict[str, Any], question: Asked, code: str) -> dict[str, Any]:
    """The tokens for a code, which works once and only with the verifier."""
    told = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": way_back(),
        "code_verifier": question.verifier,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if "client_secret_basic" in about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
        pair = f"{quote_plus(service.client)}:{quote_plus(service.secret)}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        told |= {"client_id": service.client, "client_secret": service.secret}
    return read(text_of(about, "token_endpoint"), headers, urlencode(told).encode())


def verified(service: SignInService, about: dict[str, Any], token: str) -> dict[str, Any]:
    """What a token says, if the service has signed it for us and it still holds; raises Unsure."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key_for(about, jwt.get_unverified_header(token)),
            algorithms=ALGORITHMS,
            audience=service.client,
            issuer=service.issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, TypeError, ValueError) as error:
        raise distrusted(type(error).__name__) from error
    is_for_many = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if is_for_many else service.client) != service.client:
        raise distrusted("authorized party")
    return claims


def key_for(about: dict[str, Any], header: dict[str, Any]) -> Any:
    """The public key a token names; one that is not remembered is asked for, because services change their keys."""
    address = text_of(about, "jwks_uri")
    for is_new in (False, True):
        keys = jwt.PyJWKSet.from_dict(remembered(address, anew=is_new)).keys
        known = [key for key in keys if key.public_key_use in {None, "sig"}]
        found = [key for key in known if key.key_id == header.get("kid")]
        if found or ("kid" not in header and len(known) == 1):
            return (found or known)[0].key
    raise distrusted("key")


def more(about: dict[str, Any], token: str, subject: str) -> dict[str, Any]:
    """What else the service says of the same person, where the token itself is thin."""
    told = read(text_of(about, "userinfo_endpoint"), {"Authorization": f"Bearer {token}"})
    if told.get("sub") != subject:
        raise distrusted("subject")
    return {name: told[name] for name in ("email", "email_verified", "name") if name in told}


def remembered(url: str, *, anew: bool = False) -> dict[str, Any]:
    """A document of the service, asked for once an hour."""
    key = f"oidc:{hashlib.sha256(url.encode()).hexdigest()}"
    known: dict[str, Any] | None = None if anew else cache.get(key)
    if known is None:
        known = read(url, {"Accept": "application/json"})
        cache.set(key, known, KNOWN_FOR)
    return known


def read(url: str, headers: dict[str, str], body: bytes | None = None) -> dict[str, Any]:
    """What the service answers, by the guarded way out; raises Unsure."""
    try:
        answer = (
            outgoing.get(url, headers, most=LARGEST)
            if body is None
            else outgoing.post(url, body, headers, most=LARGEST)
        )
    except (outgoing.Forbidden, outgoing.Unreached) as error:
        log.warning("the sign-in service was not reached", why=str(error))
        raise Unsure("away") from error
    if answer.status != 200:
        log.warning("the sign-in service refused", status=answer.status)
        raise Unsure("refused" if 400 <= answer.status < 500 else "away")
    try:
        told = json.loads(answer.text)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        log.warning("the sign-in service sent something that cannot be read")
        raise Unsure("away")
    return told


def text_of(told: dict[str, Any], name: str) -> str:
    """A part that the service's answer must have."""
    if not isinstance(text := told.get(name), str) or not text:
        log.warning("the sign-in service left something out", missing=name)
        raise Unsure("away")
    return text


def distrusted(why: str) -> Unsure:
    """Something is not what only the service could have said; the operator's log tells what."""
    log.error("an answer of the sign-in service was not believed", why=why)
    return Unsure("untrue")
