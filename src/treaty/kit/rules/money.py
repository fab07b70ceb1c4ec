"""Money as whole minor units of one currency: exact, never mixed, never losing a cent."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, total_ordering

from babel import Locale
from babel.numbers import format_currency, get_currency_precision, list_currencies

LARGEST = 2**63 - 1
# CLDR puts a space between a currency's letters and the digits (currencySpacing); babel leaves it out.
LETTER_MEETS_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


@lru_cache(maxsize=1)
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def decimals(currency: str) -> int:
    """How many decimals amounts of this currency are written with: 2 for EUR, 0 for JPY, 3 for KWD."""
    if currency not in _currencies():
        raise ValueError(f"currency {currency!r} is not known; use the ISO 4217 code, such as EUR")
    return get_currency_precision(currency)


@total_ordering
@dataclass(frozen=True, order=False)
class Money:
    """An amount in minor units (cents, yen, fils), at most 64 bits, and its ISO 4217 currency code."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        decimals(self.currency)
        if type(self.minor) is not int:
            raise TypeError(f"minor units are whole numbers, not {self.minor!r}; use Money.parse for amounts")
        if abs(self.minor) > LARGEST:
            raise ValueError(f"{self.minor} minor units are too many; the most is {LARGEST}")

    @classmethod
    def parse(cls, amount: str | int | Decimal, currency: str) -> "Money":
        """The money of an amount such as "1234.50" in major units. Raises ValueError if it is not exact."""
        places = decimals(currency)
        value = _number(amount)
        minor = Fraction(value) * 10**places
        if minor.denominator != 1:
            near = round(Fraction(value), places)
            right = f"{Decimal(near.numerator) / Decimal(near.denominator):.{places}f}"
            raise ValueError(f"{currency} has {places} decimals, {amount} has more; write perhaps {right}")
        return cls(int(minor), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact, with all decimals of the currency."""
        return Decimal(self.minor).scaleb(-decimals(self.currency))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        if type(times) is not int:
            raise TypeError(f"money is multiplied by whole numbers, not {times!r}; use allocate to share")
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def allocate(self, shares: Sequence[int | Decimal | Fraction]) -> "tuple[Money, ...]":
        """Parts in the proportion of `shares` that add up to the whole: each less than one minor unit off.

        What rounding down leaves over goes one by one to the largest remainders (Hamilton's method), the
        earlier first where they are equal.
        """
        weights = [Fraction(share) for share in shares]
        if not any(weights) or min(weights) < 0:
            raise ValueError("money is shared out by shares of zero or more, at least one of them above zero")
        sign = -1 if self.minor < 0 else 1
        exact = [abs(self.minor) * weight / sum(weights) for weight in weights]
        parts = [int(part) for part in exact]
        by_remainder = sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])
        for place in by_remainder[: abs(self.minor) - sum(parts)]:
            parts[place] += 1
        return tuple(Money(sign * part, self.currency) for part in parts)

    def formatted(self, locale: str, *, brief: bool = False) -> str:
        """As people of this locale write it: "1.234,50 €" for "de", "€1,234.50" for "en".

        `brief` leaves the decimals of a whole amount out: "€1,234".
        """
        return _written(self, locale, brief=brief)

    def _same(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            raise TypeError(f"{self.currency} money goes with {self.currency} money only, not with {other!r}")
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix; convert one of them first")
        return other


@lru_cache(maxsize=4096)
def _written(money: Money, locale: str, *, brief: bool) -> str:
    told, amount = Locale.parse(locale.replace("-", "_")), money.amount
    if brief and amount == amount.to_integral_value():
        pattern = told.currency_formats["standard"].pattern.replace(".00", "")
        written = format_currency(amount, money.currency, pattern, told, currency_digits=False)
    else:
        written = format_currency(amount, money.currency, locale=told)
    return LETTER_MEETS_DIGIT.sub("\N{NO-BREAK SPACE}", written)


def _number(amount: str | int | Decimal) -> Decimal:
    if isinstance(amount, str) and not PLAIN_NUMBER.fullmatch(amount.strip()):
        raise ValueError(f"{amount!r} is not an amount; write digits, a point for decimals, such as 1234.50")
    if type(amount) not in (str, int) and not isinstance(amount, Decimal):
        raise TypeError(f"{amount!r} is not exact; give text, a whole number or a Decimal")
    value = Decimal(amount)
    if not value.is_finite() or abs(value.adjusted()) > len(str(LARGEST)):
        raise ValueError(f"{amount} is not an amount; the most is {LARGEST} minor units")
    return value
