"""Languages that a thing can be said in, whatever the language of the page it stands on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from babel import Locale
from django.conf import settings
from django.utils import translation


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its code as Django has it, what it calls itself, and from where it is read (ltr or rtl)."""

    code: str
    name: str
    direction: str


@cache
def languages() -> tuple[Language, ...]:
    """Those that have a catalogue, English first."""
    return tuple(_language(code) for code in settings.SPOKEN_LANGUAGES)


def in_every_language(say: Callable[[], str]) -> list[tuple[Language, str]]:
    """What `say` says in each language."""
    return [(language, _in(language, say)) for language in languages()]


def _in(language: Language, say: Callable[[], str]) -> str:
    with translation.override(language.code):
        return say()


def _language(code: str) -> Language:
    locale = Locale.parse(translation.to_locale(code))
    return Language(code, locale.get_display_name() or code, locale.text_direction)
