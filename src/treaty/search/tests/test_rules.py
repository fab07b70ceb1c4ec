"""Words of texts and slips of words, by tables."""

import pytest

from treaty.search.rules import Entry, asked, beginning, excerpt, line, postings, slips, unlined, whole, words


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("anna nowak", {"anna": 0, "nowak": 1}),
        ("smith-jones o'brien", {"smith": 0, "jones": 1, "o": 1, "brien": 1}),
        ("営業部", {"営業部": 0, "業部": 1, "部": 1}),
        ("node.js gmbh", {"node": 0, "js": 1, "gmbh": 1, "node.js": 1}),
        ("", {}),
    ],
)
def test_a_name_is_found_by_its_words(name: str, found: dict[str, int]) -> None:
    assert postings(Entry(1, name)) == found


def test_what_stands_beside_a_name_is_one_word() -> None:
    assert postings(Entry(1, "pia", ("pia@example.com",))) == {"pia": 0, "pia@example.com": 2}
    assert postings(Entry(1, "pia", ("room\t7\n",))) == {"pia": 0, "room7": 2}


@pytest.mark.parametrize(
    "found", [{}, {"anna": 0}, {"nowak": 1, "anna": 0, "pia@example.com": 2, "48": 2}, {"業部": 1}]
)
def test_a_line_tells_its_words_and_their_places(found: dict[str, int]) -> None:
    assert unlined(line(found)) == found


def test_a_line_shows_whether_it_has_a_word_or_one_that_begins_so() -> None:
    kept = line({"anna": 0, "nowak": 1, "ann@example.com": 2})
    assert all(beginning(word) in kept for word in ("an", "anna", "now", "ann@"))
    assert all(whole(word) in kept for word in ("anna", "nowak", "ann@example.com"))
    assert not any(beginning(word) in kept for word in ("owak", "example.com", "annab"))
    assert not any(whole(word) in kept for word in ("ann", "now"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("anna  nowak", ["anna", "nowak"]),
        ("nowak, anna", ["nowak", "anna"]),
        ("pia.kow@exa", ["pia.kow@exa"]),
        ("pia.kow", ["pia.kow"]),
        ("+48 (32) 123", ["4832123"]),
        ("route 66", ["route", "66"]),
        ("'%_", []),
    ],
)
def test_what_is_asked_for_is_taken_apart(text: str, wanted: list[str]) -> None:
    assert asked(text) == wanted


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kowalsja", "kowalska"),
        ("kwalska", "kowalska"),
        ("kowallska", "kowalska"),
        ("okwalska", "kowalska"),
        ("kowalxk", "kowalska"),
    ],
)
def test_a_slip_finds_what_was_meant(typed: str, meant: str) -> None:
    assert slips(typed, {meant, "nowak", "wisniewska"}) == [meant]


def test_the_nearest_slip_comes_first_and_others_do_not_come() -> None:
    assert slips("marta", ["marty", "martha", "maria", "peter", "marta"]) == ["maria", "marty", "martha"]


def test_words_of_arabic_and_russian_stay_whole() -> None:
    assert words("محمد علي") == ["محمد", "علي"]
    assert words("елка-иванова") == ["елка", "иванова"]


def test_what_is_written_counts_alike_from_its_first_word_to_its_last() -> None:
    found = postings(Entry(1, text="asked for 20 pumps, see pump.example and 営業部"))
    assert {word: found[word] for word in ("asked", "20", "pumps", "pump.example", "営業部", "業部")} == {
        "asked": 1,
        "20": 1,
        "pumps": 1,
        "pump.example": 1,
        "営業部": 1,
        "業部": 1,
    }


@pytest.mark.parametrize(
    ("text", "sought", "shown"),
    [
        ("Short and whole", ["whole"], "Short and whole"),
        ("nothing of it", ["pump"], "nothing of it"),
        ("one two three four five Łódź six seven eight nine ten", ["lod"], "… five Łódź six seven …"),
        ("one two three four five six seven eight", ["none"], "one two three four five six …"),
        ("line one\n\nand two", ["and"], "line one and two"),
        (
            "東京営業部の部長と会いました" * 3,
            ["部長"],
            "東京営業部の部長と会いました東京営業部の部長と会いました東京 …",
        ),
    ],
)
def test_an_excerpt_shows_the_place_of_a_word(text: str, sought: list[str], shown: str) -> None:
    assert excerpt(text, sought, around=10) == shown
