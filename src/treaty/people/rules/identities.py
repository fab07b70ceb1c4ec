"""How an identity is written so that the same address or number is always the same text."""

import re
import unicodedata
from functools import lru_cache

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

ADDRESS = re.compile(
    r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[^\s@<>()\[\],;:\"\\./_]+\.)+[^\s@<>()\[\],;:\"\\./_\d]{2,63}"
)
LONGEST = 320
LABELS = ("", "work", "private", "mobile", "switchboard", "other")
"""What an address or number is of a person; empty where nobody said."""
PLAIN_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


class BadIdentity(ValueError):
    """A value that is no address, number or key; `code` says which: bad_email, bad_phone or bad_external."""

    def __init__(self, code: str, value: str) -> None:
        super().__init__(f"{code}: {value!r}")
        self.code = code


def normalised_email(text: str) -> str:
    """A mail address in lower case, without what mail programs put around it; raises BadIdentity.

    However it is typed, in full width or with its domain in the signs of the wire (xn--), it is the same address.
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).replace("。", ".")
    address = plain.strip().removeprefix("mailto:").strip("<>").strip().casefold()
    if "xn--" in address:
        address = _in_letters(address)
    if len(address) > LONGEST or ".." in address or not ADDRESS.fullmatch(address):
        raise BadIdentity("bad_email", text)
    return address


def _in_letters(address: str) -> str:
    """An address whose domain is written in letters; one that names no letters stays as it is."""
    local, sign, domain = address.rpartition("@")
    try:
        return local + sign + domain.encode("ascii").decode("idna")
    except UnicodeError:
        return address


def normalised_phone(text: str, country: str = "") -> str:
    """A telephone number in E.164; one without a country code is read as a number of `country` (two letters).

    Raises BadIdentity.
    """
    return text if _is_plain(text) else _parsed_phone(text, country)


def _is_plain(text: str) -> bool:
    """Whether a text is E.164 already, so that parsing it would give it back: what most of a large file is.

    Not where the national part begins as a trunk prefix might: only parsing knows whether that belongs to the number.
    """
    if not PLAIN_PHONE.fullmatch(text):
        return False
    code = _calling_code(text[1:4])
    return bool(code) and _is_possible(int(code), text[len(code) + 1], len(text) - len(code) - 1)


@lru_cache(maxsize=1_000)
def _calling_code(digits: str) -> str:
    """The calling code with which some digits begin; empty where there is none."""
    return next((digits[:end] for end in (1, 2, 3) if int(digits[:end]) in COUNTRY_CODE_TO_REGION_CODE), "")


@lru_cache(maxsize=20_000)
def _is_possible(code: int, first: str, length: int) -> bool:
    """Whether numbers of a calling code may have a length; False where the first digit may be a trunk prefix."""
    region = COUNTRY_CODE_TO_REGION_CODE[code][0]
    metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    trunk = None if metadata is None else metadata.national_prefix_for_parsing or "0"
    if trunk is None or len(trunk) > 1 or first in {trunk, "0"}:
        return False
    number = phonenumbers.PhoneNumber(country_code=code, national_number=int(first.ljust(length, "2")))
    return phonenumbers.is_possible_number(number)


@lru_cache(maxsize=100_000)
def _parsed_phone(text: str, country: str) -> str:
    """As `normalised_phone`; each distinct number is parsed once: parsing is what an import would wait for."""
    try:
        number = phonenumbers.parse(text, country.upper() or None)
    except phonenumbers.NumberParseException:
        raise BadIdentity("bad_phone", text) from None
    if not phonenumbers.is_possible_number(number):
        raise BadIdentity("bad_phone", text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalised_external(source: str, key: str) -> str:
    """The key of a record in another system, as `source:key`; raises BadIdentity."""
    source, key = source.strip().casefold(), key.strip()
    if not source or not key or ":" in source or len(source) + len(key) >= LONGEST:
        raise BadIdentity("bad_external", f"{source}:{key}")
    return f"{source}:{key}"


def normalised(kind: str, text: str, country: str = "") -> str:
    """The one way to write an identity of a kind a person can be given: email, phone or external."""
    if kind == "email":
        return normalised_email(text)
    if kind == "phone":
        return normalised_phone(text.strip(), country)
    source, _, key = text.partition(":")
    return normalised_external(source, key)
