"""A telephone number as a cell has it: spreadsheets take the plus away, and the nought before a number at home."""

from functools import lru_cache

import phonenumbers

from treaty.people.rules import BadIdentity, normalised_phone

LONG = 11
"""Digits from which on a number without a plus may begin with the code of its country."""


def phone(text: str, country: str = "", home: str = "") -> str:
    """A number in E.164; without a plus it is one of `country`, else of `home`, or it begins with a country's code.

    Both are two letters, or empty. Raises BadIdentity.
    """
    return normalised_phone(text) if text.startswith("+") else _told(text, country, home)


@lru_cache(maxsize=100_000)
def _told(text: str, country: str, home: str) -> str:
    place = (country or home).upper()
    digits = "".join(sign for sign in text if sign.isdecimal())
    if len(digits) < LONG:
        return normalised_phone(text, place)
    ways = [(text, place), (f"+{digits}", "")]
    if digits.startswith(str(phonenumbers.country_code_for_region(place))):
        ways.reverse()
    for way in ways:
        if (number := _read(*way)) and phonenumbers.is_valid_number(phonenumbers.parse(number)):
            return number
    if not (national := _read(text, place)):
        raise BadIdentity("bad_phone", text)
    return national


def _read(text: str, country: str) -> str:
    """The number; empty where it is none."""
    try:
        return normalised_phone(text, country)
    except BadIdentity:
        return ""
