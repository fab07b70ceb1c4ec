"""Who buys from the sample company: names of six languages, in Latin letters and in their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class People:
    """A country's names: (Latin, own script) pairs, empty own script where it is the same; and where it lies."""

    language: str
    country: str
    prefix: str
    cities: tuple[str, ...]
    given: tuple[tuple[str, str], ...]
    family: tuple[tuple[str, str], ...]
    firms: tuple[str, ...]
    family_first: bool = False


def _same(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, "") for name in names)


POLISH_FIRMS = ("Odlewnia", "Browar", "Mleczarnia", "Rafineria", "Wodociągi", "Cukrownia")
POLISH_CITIES = ("Gliwice", "Łódź", "Gdańsk", "Poznań", "Kraków")
CENTRAL_ASIAN_FIRMS = ("Caspian Desalt", "Steppe Grain", "Altai Polymers", "Karaganda Steel", "Tengri Oil")
CENTRAL_ASIAN_CITIES = ("Almaty", "Astana", "Karaganda", "Aktau")

PEOPLES: tuple[People, ...] = (
    People(
        "pl",
        "PL",
        "+4850",
        POLISH_CITIES,
        _same("Agnieszka", "Małgorzata", "Zofia", "Grażyna", "Żaneta", "Łucja"),
        _same("Dąbrowska", "Wójcik", "Lewandowska", "Szczepańska", "Kaźmierczak", "Źródlak", "Nowicka"),
        POLISH_FIRMS,
    ),
    People(
        "pl",
        "PL",
        "+4860",
        POLISH_CITIES,
        _same("Marek", "Piotr", "Łukasz", "Paweł", "Michał", "Świętopełk"),
        _same("Dąbrowski", "Wójcik", "Lewandowski", "Zieliński", "Kaźmierczak", "Źródlak", "Nowicki"),
        POLISH_FIRMS,
    ),
    People(
        "ja",
        "JP",
        "+8190",
        ("Osaka", "Nagoya", "Sapporo", "Kobe", "Fukuoka"),
        (
            ("Haruka", "遥"),
            ("Kenta", "健太"),
            ("Yuki", "由紀"),
            ("Daisuke", "大輔"),
            ("Sakura", "さくら"),
            ("Ren", "蓮"),
        ),
        (
            ("Watanabe", "渡辺"),
            ("Sato", "佐藤"),
            ("Takahashi", "高橋"),
            ("Kobayashi", "小林"),
            ("Nakamura", "中村"),
        ),
        ("Sumida Chemical", "Hokuriku Foods", "Kansai Dairy", "Tokai Semicon", "Setouchi Paper"),
        family_first=True,
    ),
    People(
        "ru",
        "KZ",
        "+7701",
        CENTRAL_ASIAN_CITIES,
        (("Natalya", "Наталья"), ("Yelena", "Елена"), ("Olga", "Ольга"), ("Darya", "Дарья")),
        (
            ("Orlova", "Орлова"),
            ("Semyonova", "Семёнова"),
            ("Kuznetsova", "Кузнецова"),
            ("Vorobyova", "Воробьёва"),
        ),
        CENTRAL_ASIAN_FIRMS,
    ),
    People(
        "ru",
        "KZ",
        "+7702",
        CENTRAL_ASIAN_CITIES,
        (("Fyodor", "Фёдор"), ("Alexey", "Алексей"), ("Timur", "Тимур"), ("Pyotr", "Пётр")),
        (("Orlov", "Орлов"), ("Semyonov", "Семёнов"), ("Kuznetsov", "Кузнецов"), ("Vorobyov", "Воробьёв")),
        CENTRAL_ASIAN_FIRMS,
    ),
    People(
        "ar",
        "AE",
        "+97150",
        ("Dubai", "Abu Dhabi", "Sharjah"),
        (
            ("Yusuf", "يوسف"),
            ("Layla", "ليلى"),
            ("Omar", "عمر"),
            ("Fatima", "فاطمة"),
            ("Khalid", "خالد"),
            ("Noor", "نور"),
        ),
        (("al-Mansour", "المنصور"), ("Haddad", "حدّاد"), ("Benali", "بن علي"), ("al-Rashid", "الراشد")),
        ("Gulf Desalination", "Atlas Phosphates", "Sharjah Dairies", "Desert Cooling"),
    ),
    People(
        "zh-hans",
        "CN",
        "+86138",
        ("Suzhou", "Tianjin", "Qingdao", "Shenzhen"),
        (("Wei", "伟"), ("Xiaoming", "晓明"), ("Li", "丽"), ("Jun", "军"), ("Mei", "梅"), ("Hao", "浩")),
        (("Wang", "王"), ("Zhang", "张"), ("Liu", "刘"), ("Chen", "陈"), ("Ouyang", "欧阳")),
        ("Suzhou Membrane", "Tianjin Brewing", "Qingdao Marine", "Shenzhen Coatings"),
        family_first=True,
    ),
    People(
        "en",
        "GB",
        "+4477",
        ("Leeds", "Bristol", "Aberdeen", "Lagos", "Cork"),
        _same("Adaeze", "Ingrid", "Thomas", "Siobhán", "Oliver", "Chiara", "Rhys", "Amara", "Noah", "Zoë"),
        _same("Okonkwo", "Solberg", "Whitfield", "O’Connor", "Ferrari", "Llewellyn", "Mensah", "Hartley"),
        ("Fjordlab", "Pennine Water", "Lagos Breweries", "Severn Foods", "North Sea Fluids"),
    ),
)

WEIGHTS = (15, 15, 15, 6, 6, 13, 12, 18)
"""How often a buyer comes from each of the peoples."""

TITLES = (
    "Plant manager",
    "Head of maintenance",
    "Laboratory head",
    "Process engineer",
    "Director of operations",
    "Technician",
    "Purchasing manager",
    "Student",
)


@dataclass(frozen=True, slots=True)
class Buyer:
    """One person of the story, as a form would tell it."""

    name: str
    name_local: str
    email: str
    phone: str
    title: str
    company: str
    employees: int
    country: str
    city: str
    language: str


def buyer(random: Random, number: int) -> Buyer:
    """The buyer of a number: name, company and the rest from one country."""
    people = random.choices(PEOPLES, weights=WEIGHTS)[0]
    given, family = random.choice(people.given), random.choice(people.family)
    city = random.choice(people.cities)
    firm = f"{random.choice(people.firms)} {city}"
    is_free = random.random() < 0.12
    domain = "gmail.com" if is_free else f"{_ascii(firm)}.example"
    return Buyer(
        name=f"{family[0]} {given[0]}" if people.family_first else f"{given[0]} {family[0]}",
        name_local=_local(people, given[1], family[1]),
        email=f"{_ascii(given[0])}.{_ascii(family[0])}{number}@{domain}",
        phone=f"{people.prefix}{1_000_000 + number * 37 % 8_999_999:07d}"[: len(people.prefix) + 7]
        if random.random() < 0.8
        else "",
        title=random.choices(TITLES, weights=(18, 14, 14, 18, 10, 10, 12, 4))[0],
        company="" if is_free else firm,
        employees=random.choice((12, 35, 80, 140, 260, 900)),
        country=people.country,
        city=city,
        language=people.language,
    )


def _local(people: People, given: str, family: str) -> str:
    if not given or not family:
        return ""
    if people.language == "zh-hans":
        return family + given
    return f"{family} {given}" if people.family_first else f"{given} {family}"


def _ascii(text: str) -> str:
    plain = str.maketrans("ąćęłńóśźżáőëé", "acelnoszzaoee")
    kept: Sequence[str] = [
        sign for sign in text.casefold().translate(plain) if sign.isascii() and sign.isalnum()
    ]
    return "".join(kept)
