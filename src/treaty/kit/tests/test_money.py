"""Money is exact, keeps to one currency, and shares out without losing a minor unit."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty.kit.rules.money import LARGEST, Money, decimals

minors = st.integers(-LARGEST, LARGEST)
currencies = st.sampled_from(["EUR", "USD", "JPY", "KWD", "CHF", "CLF"])


# Decimals from ISO 4217, table A.1.
@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("1234.50", "EUR", 123450),
        ("1234.5", "EUR", 123450),
        ("1234.500", "EUR", 123450),
        (" -0.01 ", "EUR", -1),
        ("+7", "USD", 700),
        ("1234", "JPY", 1234),
        ("1.234", "KWD", 1234),
        (Decimal("0.07"), "EUR", 7),
        (Decimal("1E+3"), "EUR", 100000),
        (12, "EUR", 1200),
        ("92233720368547758.07", "EUR", LARGEST),
    ],
)
def test_an_amount_becomes_minor_units(amount: str | int | Decimal, currency: str, minor: int) -> None:
    assert Money.parse(amount, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("amount", "currency", "says"),
    [
        ("12.345", "EUR", "EUR has 2 decimals, 12.345 has more; write perhaps 12.34"),
        ("-0.019", "EUR", "write perhaps -0.02"),
        ("12.5", "JPY", "JPY has 0 decimals, 12.5 has more; write perhaps 12"),
        ("1,234.50", "EUR", "a point for decimals, such as 1234.50"),
        ("1e3", "EUR", "is not an amount"),
        ("1_000", "EUR", "is not an amount"),
        ("", "EUR", "is not an amount"),
        ("٣", "EUR", "is not an amount"),
        (Decimal("NaN"), "EUR", "is not an amount"),
        (Decimal("Infinity"), "EUR", "is not an amount"),
        (Decimal("1E+1000000"), "EUR", "the most is 9223372036854775807"),
        (Decimal("1E-1000000"), "EUR", "is not an amount"),
        ("92233720368547758.08", "EUR", "too many; the most is 9223372036854775807"),
        ("1", "eur", "currency 'eur' is not known; use the ISO 4217 code, such as EUR"),
        ("1", "EURO", "is not known"),
    ],
)
def test_what_is_not_an_exact_amount_says_what_would_be_right(
    amount: str | Decimal, currency: str, says: str
) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the sentence is compared below
        Money.parse(amount, currency)
    assert says in str(refused.value)


@pytest.mark.parametrize("inexact", [1.5, True, None])
def test_a_binary_fraction_is_no_amount(inexact: object) -> None:
    with pytest.raises(TypeError, match="give text, a whole number or a Decimal"):
        Money.parse(inexact, "EUR")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="minor units are whole numbers"):
        Money(inexact, "EUR")  # type: ignore[arg-type]


@given(minors, currencies)
def test_what_is_written_out_is_read_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(money.amount, currency) == money
    amount, code = str(money).split()
    assert Money.parse(amount, code) == money
    assert -money.amount.as_tuple().exponent == decimals(currency)  # type: ignore[operator]


@given(st.integers(-(10**17), 10**17), st.integers(-(10**17), 10**17), currencies)
def test_sums_differences_and_order_are_those_of_the_minor_units(
    left: int, right: int, currency: str
) -> None:
    one, other = Money(left, currency), Money(right, currency)
    assert (one + other).minor == left + right
    assert one - other == -(other - one)
    assert 3 * one == one * 3 == one + one + one
    assert (one < other, one <= other, one >= other) == (left < right, left <= right, left >= right)
    assert sum([one, other], Money(0, currency)) == one + other
    assert bool(one) == bool(left)


def test_two_currencies_do_not_mix() -> None:
    euro, yen = Money(1, "EUR"), Money(1, "JPY")
    assert euro != yen
    for mix in (lambda: euro + yen, lambda: euro - yen, lambda: euro < yen, lambda: euro >= yen):
        with pytest.raises(ValueError, match="EUR and JPY do not mix; convert one of them first"):
            mix()


def test_money_goes_with_money_and_whole_numbers_only() -> None:
    with pytest.raises(TypeError, match="with EUR money only, not with 1"):
        Money(1, "EUR") + 1  # type: ignore[operator]
    with pytest.raises(TypeError, match="use allocate"):
        Money(1, "EUR") * 0.5  # type: ignore[operator]
    with pytest.raises(ValueError, match="too many"):
        Money(LARGEST, "EUR") + Money(1, "EUR")


@pytest.mark.parametrize(
    ("minor", "shares", "expected"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (5, [Decimal("0.3"), Decimal("0.7")], [2, 3]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (10, [0, 1, 0], [0, 10, 0]),
        (1, [1, 2, 2], [0, 1, 0]),
        (0, [1, 2], [0, 0]),
        (7, [Fraction(1, 3), Fraction(2, 3)], [2, 5]),
    ],
)
def test_the_left_over_units_go_to_the_largest_remainders(
    minor: int, shares: list[int | Decimal | Fraction], expected: list[int]
) -> None:
    assert [part.minor for part in Money(minor, "EUR").allocate(shares)] == expected


@given(minors, st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any))
def test_parts_lose_nothing_and_are_less_than_a_unit_off(minor: int, shares: list[int]) -> None:
    parts = Money(minor, "EUR").allocate(shares)
    assert sum(part.minor for part in parts) == minor
    for part, share in zip(parts, shares, strict=True):
        assert abs(part.minor - Fraction(minor * share, sum(shares))) < 1
        assert share or not part


@pytest.mark.parametrize("shares", [[], [0, 0], [2, -1]])
def test_shares_that_divide_nothing_are_refused(shares: list[int]) -> None:
    with pytest.raises(ValueError, match="at least one of them above zero"):
        Money(100, "EUR").allocate(shares)


# As the Unicode CLDR charts write these amounts.
@pytest.mark.parametrize(
    ("minor", "currency", "locale", "expected"),
    [
        (123450, "EUR", "de", "1.234,50\N{NO-BREAK SPACE}€"),
        (123450, "EUR", "en", "€1,234.50"),
        (123450, "EUR", "de-AT", "€\N{NO-BREAK SPACE}1.234,50"),
        (1234, "JPY", "en_US", "¥1,234"),
        (1234567, "KWD", "en", "KWD\N{NO-BREAK SPACE}1,234.567"),
        (123450, "CHF", "en", "CHF\N{NO-BREAK SPACE}1,234.50"),
        (-5, "USD", "en", "-$0.05"),
    ],
)
def test_money_is_written_as_the_locale_does(minor: int, currency: str, locale: str, expected: str) -> None:
    assert Money(minor, currency).formatted(locale) == expected


# As the Unicode CLDR charts write whole amounts of these currencies without their decimals.
@pytest.mark.parametrize(
    ("minor", "currency", "locale", "expected"),
    [
        (4200000, "EUR", "en", "€42,000"),
        (4200000, "EUR", "pl", "42\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}€"),
        (4200050, "EUR", "en", "€42,000.50"),
        (1234, "JPY", "en_US", "¥1,234"),
        (1234000, "KWD", "en", "KWD\N{NO-BREAK SPACE}1,234"),
    ],
)
def test_brief_money_leaves_out_decimals_that_are_zero(
    minor: int, currency: str, locale: str, expected: str
) -> None:
    assert Money(minor, currency).formatted(locale, brief=True) == expected
