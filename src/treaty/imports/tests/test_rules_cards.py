"""Lines of vCards become cells, and what is known becomes a vCard that reads the same."""

import pytest

from treaty.imports.rules.cards import COLUMNS, BadCard, card_of, cards, cells_of

# After the examples of RFC 6350, sections 6.2 to 6.4, and RFC 2426, section 7.
PIA = """BEGIN:VCARD
VERSION:4.0
UID:urn:uuid:17
N:Kowalska;Pia;;;
FN:Pia Kowals
 ka
FN;LANGUAGE=ja:ピア
item1.EMAIL;TYPE=work;PREF=1:pia@example.com
EMAIL:p@example.pl
TEL;VALUE=uri;TYPE="voice,home":tel:+48-32-123-45-67;ext=5
ORG:Acme\\, Inc.;Sales
ADR;LABEL="a;b:c":;;Street 1;Łódź;;90-001;Poland
CATEGORIES:vip,a\\,b
NOTE:not read\\nat all
END:VCARD
"""


def told(text: str) -> dict[str, str]:
    """The cells of the first card that are not blank."""
    cells = cells_of(next(cards(text.splitlines(keepends=True))))
    return {column: cell for column, cell in zip(COLUMNS, cells, strict=True) if cell}


def test_a_card_becomes_cells() -> None:
    assert told(PIA) == {
        "external_key": "urn:uuid:17",
        "name": "Pia Kowalska",
        "name_local": "ピア",
        "given_name": "Pia",
        "family_name": "Kowalska",
        "email": "pia@example.com;p@example.pl",
        "email_work": "pia@example.com",
        "phone_private": "+48-32-123-45-67",
        "company": "Acme, Inc.",
        "city": "Łódź",
        "country": "Poland",
        "tags": "vip;a,b",
    }


# As Google, RFC 2426 and RFC 6350 write them: data/vcards holds such files of seven exporters.
@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ("TEL;TYPE=CELL:1", "TEL;TYPE=HOME:2", "TEL:3"),
            {"phone": "3", "phone_mobile": "1", "phone_private": "2"},
        ),
        (("TEL;WORK;VOICE:1", "TEL;TYPE=FAX,WORK:2"), {"phone_work": "1"}),
        (('TEL;VALUE=uri;TYPE="work,cell,voice":tel:+1-418;ext=1',), {"phone_mobile": "+1-418"}),
        (("EMAIL;TYPE=INTERNET,PREF:a@b.pl", "EMAIL;TYPE=INTERNET:c@d.pl"), {"email": "a@b.pl;c@d.pl"}),
        (("ORG:One;Sales", "ORG:Two", "TITLE:Buyer", "TITLE:Head"), {"company": "One", "title": "Buyer"}),
        (
            ("ADR:;;Street;;;;", "ADR:;;;Oslo;;;Norway", "ADR:;;;Rome;;;Italy"),
            {"city": "Oslo", "country": "Norway"},
        ),
        (("LANG;PREF=1:fr", "LANG;PREF=2:en", "TZ:-0500"), {"language": "fr"}),
        (("TZ:Europe/Warsaw",), {"time_zone": "Europe/Warsaw"}),
    ],
)
def test_types_say_what_addresses_are_and_of_the_rest_the_first_counts(
    lines: tuple[str, ...], expected: dict[str, str]
) -> None:
    card = "\n".join(("BEGIN:VCARD", "VERSION:4.0", *lines, "END:VCARD"))
    assert told(card) == expected


# After the vCard 2.1 of the Internet Mail Consortium, and Android's and Outlook's files in data/vcards.
@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ("TEL;CELL;PREF:1", "TEL;WORK;FAX:2", "EMAIL;PREF;INTERNET:a@b.pl"),
            {"phone": "1", "phone_mobile": "1", "email": "a@b.pl"},
        ),
        (
            (
                "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C5=BBak;=C5=81uk=",
                "asz;;;",
                "FN;QUOTED-PRINTABLE;CHARSET=windows-1250:=A3ukasz =AFak",
            ),
            {"name": "Łukasz Żak", "given_name": "Łukasz", "family_name": "Żak"},
        ),
        (("FN;ENCODING=QUOTED-PRINTABLE;CHARSET=Shift_JIS:=93=FA=96{",), {"name": "日本"}),
        (
            ("ORG;encoding=quoted-printable:Ott=3B S=C3=B6hne;Verkauf", "TITLE:a=", "TZ:-0500"),
            {"company": "Ott; Söhne", "title": "a="},
        ),
        (
            (
                "NOTE;ENCODING=QUOTED-PRINTABLE:END:VCARD=0D=",
                "=0A=",
                "",
                "FN:Pia",
                "PHOTO;BASE64:",
                " /9j=",
                "",
            ),
            {"name": "Pia"},
        ),
        (("NOTE;QUOTED-PRINTABLE;CHARSET=klingon:=A3", "FN:Pia"), {"name": "Pia"}),
    ],
)
def test_cards_of_old_phones_and_outlook_are_read(lines: tuple[str, ...], expected: dict[str, str]) -> None:
    card = "\n".join(("BEGIN:VCARD", "VERSION:2.1", *lines, "END:VCARD"))
    assert told(card) == expected


@pytest.mark.parametrize("charset", ["UTF-8", "klingon"])
def test_a_value_that_its_charset_does_not_have_is_shown_and_no_letter_is_made_up(charset: str) -> None:
    line = f"FN;CHARSET={charset};ENCODING=QUOTED-PRINTABLE:P=A3a"
    with pytest.raises(BadCard) as refused:
        told(f"BEGIN:VCARD\nVERSION:2.1\n{line}\nEND:VCARD\n")
    assert str(refused.value) == line[:40]


@pytest.mark.parametrize(
    "text",
    ["FN:Pia\nEND:VCARD\n", "BEGIN:VCARD\nbroken\nEND:VCARD\n", PIA.replace("4.0", "2.0"), PIA[:-10]],
)
def test_what_is_no_card_of_these_versions_is_refused(text: str) -> None:
    with pytest.raises(BadCard):
        told(text)


def test_what_is_written_reads_the_same() -> None:
    known = {
        "external_key": ("17",),
        "name": ('Łukasz, "Żak"; \\ x',),
        "name_local": ("営業" * 60,),
        "given_name": ("Łukasz",),
        "family_name": ("Żak",),
        "email": ("a@example.com", "b@example.com"),
        "email_work": ("a@example.com",),
        "phone": ("+48321234567",),
        "title": ("Head\nof sales",),
        "company": ("Acme, Inc.",),
        "city": ("Łódź",),
        "country": ("PL",),
        "language": ("pl",),
        "time_zone": ("Europe/Warsaw",),
        "tags": ("vip", "fair"),
    }
    card = card_of(known)
    assert "EMAIL;TYPE=work;PREF=1:a@example.com" in card
    assert told(card) == {column: ";".join(texts) for column, texts in known.items()}
    assert max(len(line.encode()) for line in card.split("\r\n")) <= 75
