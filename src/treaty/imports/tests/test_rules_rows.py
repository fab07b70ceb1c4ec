"""Numbers and amounts as people, spreadsheets and other systems write them."""

import pytest

from treaty.imports.rules.companies import domain
from treaty.imports.rules.rows import money, whole


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1200", 1200),
        ("1,200", 1200),
        ("1.200", 1200),
        ("1 200", 1200),
        ("1\u00a0200", 1200),
        ("1’200", 1200),
        ("85.0", 85),
        ("-3", -3),
    ],
)
def test_whole_numbers(text: str, number: int) -> None:
    assert whole(text) == number


@pytest.mark.parametrize("text", ["", "many", "1.5", "12,34", "51-200", "1,20,000", "9" * 40])
def test_what_is_no_whole_number(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        whole(text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12000", "EUR 12000.00"),
        ("12,000.50", "EUR 12000.50"),
        ("12.000,50", "EUR 12000.50"),
        ("12,000", "EUR 12000.00"),
        ("12,5", "EUR 12.50"),
        ("1.234.567", "EUR 1234567.00"),
        ("€ 12 000", "EUR 12000.00"),
        ("12000 USD", "USD 12000.00"),
        ("$1,200.00", "USD 1200.00"),
        ("¥1,200", "JPY 1200"),
        ("12 000 000 zł", "PLN 12000000.00"),
        ("-5", "EUR -5.00"),
    ],
)
def test_amounts(text: str, amount: str) -> None:
    found = money(text, "EUR")
    assert f"{found.currency} {found.amount}" == amount


@pytest.mark.parametrize("text", ["", "much", "12 Euro and more", "12.5 XXY", "..", "1,2,3", "1.5 JPY", ",5"])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        money(text, "USD")


@pytest.mark.parametrize(
    "text",
    ["kestrel.example", "www.Kestrel.example", "https://www.kestrel.example/about", "http://kestrel.example"],
)
def test_the_host_of_a_web_address(text: str) -> None:
    assert domain(text) == "kestrel.example"
