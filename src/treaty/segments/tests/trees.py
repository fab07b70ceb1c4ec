"""Predicates by chance, of every kind of node, and the words that they and the world of these tests are made of."""

from hypothesis import strategies as st

NAMES = (
    "Łukasz",
    "STRASSE Straße",
    "ΟΔΟΣ οδος",
    "İstanbul",
    'O\'Brien 100 % \\ "x"',
    "山田",
    "Pia",
    "PIA",
    "ﬁle",
)
COUNTRIES = ("PL", "DE", "", "JP")
CITIES = ("Łódź", "łódź", "ŁÓDŹ", "Köln", "", "straße", "STRASSE")
PAGES = ("/pricing", "/Pricing/eu", "/blog", "", "/straße", "/it's")
TAGS = ("Fair 2026", "newsletter", "ŁÓDŹ", "7")

TEXT = st.sampled_from((*NAMES, *CITIES, *COUNTRIES, *PAGES, *TAGS, "a", "ß", "ss", "example", "medical"))
ONE = st.one_of(TEXT, st.sampled_from((5, 120, 5.0, True, False, 7, 0.1, "gold", "2026-11-19", 500)))
TESTS = st.one_of(
    st.builds(lambda value: {"is": value}, ONE),
    st.builds(lambda values: {"in": values}, st.lists(ONE, min_size=1, max_size=3)),
    st.builds(lambda value: {"contains": value or "a"}, TEXT),
    st.builds(lambda value: {"at_least": value}, st.sampled_from((0, 5, 12, 119.5))),
    st.builds(lambda value: {"at_most": value}, st.sampled_from((0, 5, 12, 119.5))),
    st.builds(lambda value: {"known": value}, st.booleans()),
)
ATTRIBUTES = st.sampled_from((
    "name", "email", "phone", "country", "city", "stage", "owner", "tags", "consents", "has_email", "has_phone", "unsubscribed",
    "do_not_call", "email_count",
    "email_labels", "phone_count", "phone_labels", "company.name",
    "company.sector", "company.employees", "company.nothing", "name.first", "nothing",
    "fields.motto", "fields.size", "fields.budget", "fields.since", "fields.plan", "fields.uses", "fields.nothing",
    "company.fields.motto", "company.fields.size", "company.fields.budget", "company.fields.plan", "company.fields.uses",
    "company.fields.nothing", "company", "company.fields", "fields",
))  # fmt: skip
FIELDS = st.sampled_from(("page", "seconds", "minutes", "answers", "answers.timing", "form", "nothing"))
DID = st.builds(
    lambda did, where, times, days: (
        {"did": did, "where": where, "times": times} | ({"within_days": days} if days else {})
    ),
    st.sampled_from(("PageSeen", "FormSubmitted", "EventAttended", "NeverHappened")),
    st.dictionaries(FIELDS.filter(lambda name: name != "answers"), TESTS, max_size=2),
    st.integers(1, 4),
    st.sampled_from((None, 1, 7, 30, 0.5)),
)
STEPS = st.builds(
    lambda did, where: {"did": did, "where": where},
    st.sampled_from(("PageSeen", "FormSubmitted", "EventAttended", "NeverHappened")),
    st.dictionaries(FIELDS.filter(lambda name: name != "answers"), TESTS, max_size=1),
)
DAYS = st.sampled_from((1, 7, 30, 0.5))
IN_TURN = st.one_of(
    st.builds(
        lambda which, step, span, days: {which: step["did"], "where": step["where"], span: days},
        st.sampled_from(("first", "last")), STEPS, st.sampled_from(("within_days", "longer_than_days")), DAYS,
    ),
    st.builds(
        lambda steps, days: {"sequence": steps} | ({"within_days": days} if days else {}),
        st.lists(STEPS, min_size=2, max_size=4), st.none() | DAYS,
    ),
    st.builds(lambda one, two, times: {"since": one, "then": two, "times": times}, STEPS, STEPS, st.integers(1, 3)),
)  # fmt: skip
OWN_DATES = st.sampled_from((
    "fields.since", "fields.until", "fields.motto", "fields.uses", "fields.nothing",
    "company.fields.since", "company.fields.until", "company.fields.nothing",
))  # fmt: skip
NEAR = st.none() | st.sampled_from((-10_000, -8, -7, 0, 1, 30))
DATES = st.builds(
    lambda date, of, low, high: {
        key: value for key, value in {"date": date, "of": of, "from_days": low, "to_days": high}.items() if value is not None
    },
    OWN_DATES, st.none() | OWN_DATES, NEAR, NEAR,
).filter(lambda node: "from_days" in node or "to_days" in node)  # fmt: skip
OF_DEALS = st.sampled_from((
    "name", "product", "stage", "state", "value", "currency", "owner", "nothing", "fields", "company.fields.motto",
    "fields.motto", "fields.size", "fields.budget", "fields.since", "fields.plan", "fields.uses", "fields.nothing",
))  # fmt: skip
DEALS = st.builds(
    lambda parts, times: {"deal": parts, "times": times},
    st.lists(
        st.one_of(st.builds(lambda name, test: {"attribute": name} | test, OF_DEALS, TESTS), DATES),
        max_size=2,
    ),
    st.integers(1, 2),
)
LEAVES = st.one_of(
    DEALS,
    st.builds(lambda name, test: {"attribute": name} | test, ATTRIBUTES, TESTS),
    st.builds(lambda known: {"attribute": "company", "known": known}, st.booleans()),
    DID,
    IN_TURN,
    DATES,
    st.builds(lambda number: {"segment": number}, st.integers(1, 4)),
    st.builds(lambda points: {"engagement_at_least": points}, st.sampled_from((1, 20, 50, 90.5))),
    st.builds(lambda letter: {"fit_at_least": letter}, st.sampled_from("ABCD")),
    st.builds(lambda letters: {"fit_in": letters}, st.lists(st.sampled_from("ABCD"), min_size=1)),
    st.builds(
        lambda grades: {"grade_in": grades}, st.lists(st.sampled_from(("A1", "B2", "C3", "D4")), min_size=1)
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=6,
)
