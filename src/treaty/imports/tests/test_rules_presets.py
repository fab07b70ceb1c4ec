"""Exports of other systems are known by their columns, and read with the dirt they are known for."""

from datetime import UTC, datetime

import pytest

from treaty.imports.rules.columns import THINGS, guessed
from treaty.imports.rules.dates import is_day_first, moment
from treaty.imports.rules.deals import deal_of
from treaty.imports.rules.persons import draft_of
from treaty.imports.rules.presets import preset_of
from treaty.imports.rules.problems import BadRow
from treaty.imports.rules.rows import Around
from treaty.people.rules import PersonDraft, Stage

# The columns as these systems write them: Pipedrive's sample spreadsheet, a HubSpot contact export of 22 columns,
# the standard fields of a Salesforce lead.
PIPEDRIVE = (
    "Person - Name*,Person - First name,Person - Last name,Person - Phone,Person - Email (Work),"
    "Person - Email (Home),Organization - Name*,Organization - Address,Deal - Title,Deal - Value,"
    "Activity - Subject*,Activity - Due date,Note - Content*"
)
HUBSPOT = (
    "Record ID,First Name,Last Name,Full Name,Job Title,Company Name,Email,Phone Number,Country/Region,City,"
    "Lead Status,Lifecycle Stage,Original Source,Original Source Drill-Down 1,Contact Owner,Create Date,"
    "Last Modified Date,Notes,Annual Revenue,Marketing contact status,GDPR consent,Lead Score"
)
SALESFORCE = (
    "Id,IsDeleted,MasterRecordId,LastName,FirstName,Salutation,Name,Title,Company,Street,City,State,PostalCode,"
    "Country,Phone,MobilePhone,Fax,Email,Website,LeadSource,Status,Industry,OwnerId,CreatedDate,SystemModstamp"
)
OWNERS = {"ann kowalska": 7}


def draft(header: str, **cells: str) -> PersonDraft:
    """The draft of a row of which some cells are given, by the columns' names with _ for blanks."""
    names = header.split(",")
    texts = {name.replace(" ", "_"): "" for name in names} | cells
    row = [texts[name.replace(" ", "_")] for name in names]
    return draft_of(guessed(names), row, source="x", owners=OWNERS)


@pytest.mark.parametrize(
    ("header", "system"),
    [
        (PIPEDRIVE, "Pipedrive"),
        (HUBSPOT, "HubSpot"),
        (SALESFORCE, "Salesforce"),
        ("Record ID,First Name,Last Name,Email,Phone Number,Lead Status,Create Date", "HubSpot"),
        ("name,email,phone,city", None),
    ],
)
def test_a_system_is_known_by_its_columns(header: str, system: str | None) -> None:
    found = preset_of(header.split(","), "persons")
    assert (found.name if found else None) == system


@pytest.mark.parametrize(
    ("thing", "header", "system", "held"),
    [
        (
            "companies",
            "Record ID,Company name,Domain,Company owner,Industry,Create Date,Last Activity Date",
            "hubspot",
            "external_key,name,domain,owner,sector",
        ),
        (
            "deals",
            ("Record ID,Deal Name,Deal Stage,Amount,Deal owner,Close Date,Create Date,Last Activity Date,"
            "Associated Company IDs,Associated Contact IDs"),
            "hubspot",
            "external_key,name,stage,value,owner,close_on,opened_at,person_key",
        ),
        (
            "deals",
            ("Deal - Title,Deal - Value,Organization,Contact person,Deal - Owner,Deal - Stage,"
            "Deal - Expected close date,Deal - Currency of value,Deal - Label,Deal - Creation date,Deal - Closed on,"
            "Deal - Lost reason,Deal - Status,Deal - Won time,Deal - Pipedrive System ID"),
            "pipedrive",
            "name,value,company,owner,stage,close_on,currency,opened_at,closed_at,reason,ended_as,closed_at,external_key",
        ),
        ("deals", "Id,Name,StageName,Amount,CloseDate,OwnerId,ContactId", "salesforce",
         "external_key,name,stage,value,close_on,person_key"),
        ("companies", "Id,Name,Website,BillingCountry,OwnerId,ParentId", "salesforce",
         "external_key,name,domain,country"),
        ("companies", "Organization - Name*,Organization - Address,Organization - Owner", "pipedrive", "name,owner"),
    ],
)  # fmt: skip
def test_companies_and_deals_of_a_system_are_known_too(
    thing: str, header: str, system: str, held: str
) -> None:
    found = preset_of(header.split(","), thing)
    assert found is not None
    assert found.key == system
    columns = guessed(header.split(","), thing=THINGS[thing])
    assert [field for _place, field in columns.by_place] == held.split(",")


@pytest.mark.parametrize(
    ("header", "held"),
    [
        ("Имя;Фамилия;Эл. почта;Организация", "given_name,family_name,email,company"),
        ("Name;Surname;E-mail", "given_name,family_name,email"),
        ("Имя;Телефон", "name,phone"),
        ("Full name;Surname", "name,family_name"),
        ("氏名;会社名;ﾒｰﾙ;携帯", "name,company,email,phone_mobile"),
        ("姓名;公司名称;手机号;国家", "name,company,phone_mobile,country"),
        ("الإسم;البريد;رقم الهاتف;الشركة", "name,email,phone,company"),
        ("Nazwisko i imię;Telefon komórkowy;Nazwa firmy;Państwo", "name,phone_mobile,company,country"),
    ],
)
def test_columns_are_known_in_the_languages_of_the_pages(header: str, held: str) -> None:
    columns = guessed(header.split(";"))
    assert [field for _place, field in columns.by_place] == held.split(",")


@pytest.mark.parametrize(
    ("cells", "stage", "reason"),
    [
        ({"Stage": "Qualified", "Status": "Open"}, "qualified", ""),
        ({"Stage": "Qualified", "Status": "Won", "Won_time": "2026-03-02 10:00:00"}, "won", ""),
        (
            {
                "Stage": "Qualified",
                "Status": "Lost",
                "Lost_time": "2026-03-02 10:00:00",
                "Lost_reason": "Price",
            },
            "lost",
            "Price",
        ),
    ],
)
def test_a_deal_of_pipedrive_ended_as_its_status_says(cells: dict[str, str], stage: str, reason: str) -> None:
    names = ("Title", "Stage", "Status", "Closed_on", "Won_time", "Lost_time", "Lost_reason")
    told = {"Title": "Pumps", "Closed_on": cells.get("Won_time") or cells.get("Lost_time", ""), **cells}
    header = [f"Deal - {name.replace('_', ' ')}" for name in names]
    columns = guessed(header, thing=THINGS["deals"])
    around = Around(source="pipedrive", stages={"qualified": "qualified"})
    found = deal_of(columns, [told.get(name, "") for name in names], around)
    assert (found.stage, found.reason) == (stage, reason)
    assert found.closed_at == (None if stage == "qualified" else datetime(2026, 3, 2, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ("appointmentscheduled", "new"),
        ("Decision Maker Bought-In", "proposal"),
        ("Negotiation/Review", "negotiation"),
        ("Id. Decision Makers", "qualified"),
        ("Closed Won", "won"),
        ("Negotiations Started", "negotiation"),
    ],
)
def test_stages_with_which_other_systems_begin_are_known(told: str, key: str) -> None:
    ours = {key: key for key in ("new", "qualified", "proposal", "negotiation", "won", "lost")}
    columns = guessed(["Deal Name", "Deal Stage"], thing=THINGS["deals"])
    assert deal_of(columns, ["Pumps", told], Around(source="x", stages=ours)).stage == key
    with pytest.raises(BadRow):
        deal_of(columns, ["Pumps", "appointmentscheduled"], Around(source="x", stages={"won": "won"}))


def test_a_row_of_pipedrives_sample_is_a_person() -> None:
    cells = [
        "Tony Turner",
        "Tony",
        "Turner",
        "(570) 809-7197",
        "tony@moveer.com",
        "tony@gmial.com",
        "Moveer Limited",
    ]
    columns = guessed(PIPEDRIVE.split(","))
    with pytest.raises(BadRow):
        draft_of(columns, cells, source="x", owners={})
    found = draft_of(columns, [*cells[:3], "+1 570-809-7197", *cells[4:]], source="x", owners={})
    assert (found.name, found.emails) == ("Tony Turner", ("tony@moveer.com", "tony@gmial.com"))
    assert (found.phones, found.company) == (("+15708097197",), "Moveer Limited")


def test_a_row_of_hubspot_is_a_person() -> None:
    found = draft(
        HUBSPOT,
        Record_ID="51",
        Full_Name="Pia Kowalska",
        Email="pia@example.com",
        **{"Country/Region": "Polska"},
        Lead_Status="IN_PROGRESS",
        Lifecycle_Stage="marketingqualifiedlead",
        Contact_Owner="Ann Kowalska",
        Create_Date="2026-05-20T00:00:00Z",
    )
    assert (found.name, found.external, found.country) == ("Pia Kowalska", ("x:51",), "PL")
    assert (found.stage, found.tags, found.owner) == (Stage.MQL, ("In progress",), 7)
    assert found.added_at == datetime(2026, 5, 20, tzinfo=UTC)


@pytest.mark.parametrize("text", ["In Progress", "IN_PROGRESS", "in-progress", "InProgress", " in  progress"])
def test_one_state_of_a_lead_in_many_spellings_is_one_tag(text: str) -> None:
    assert draft(HUBSPOT, Full_Name="Pia", Lead_Status=text).tags == ("In progress",)


def test_a_row_that_salesforce_deleted_is_handed_back() -> None:
    with pytest.raises(BadRow) as refused:
        draft(SALESFORCE, Id="00Q", LastName="Kowalska", IsDeleted="true")
    assert [each.code for each in refused.value.fields] == ["deleted_there"]
    assert draft(SALESFORCE, Id="00Q", LastName="Kowalska", IsDeleted="false").family_name == "Kowalska"


@pytest.mark.parametrize(
    ("text", "day_first", "expected"),
    [
        ("2026-06-02", False, (2026, 6, 2)),
        ("2026/06/02", False, (2026, 6, 2)),
        ("6/4/2026", False, (2026, 6, 4)),
        ("6/4/2026", True, (2026, 4, 6)),
        ("03.02.2026", False, (2026, 2, 3)),
        ("6/4/2026 1:05 PM", False, (2026, 6, 4, 13, 5)),
        ("03.02.2026 17:30:15", False, (2026, 2, 3, 17, 30, 15)),
        ("2026-05-20T00:00:00Z", False, (2026, 5, 20)),
        # Pipedrive's sample has 45631.0, which a spreadsheet shows as 5 December 2024.
        ("45631.0", False, (2024, 12, 5)),
        ("45631.75", False, (2024, 12, 5, 18)),
    ],
)
def test_dates_are_read_as_systems_write_them(
    text: str, day_first: bool, expected: tuple[int, int, int]
) -> None:
    assert moment(text, day_first=day_first) == datetime(*expected, tzinfo=UTC)


@pytest.mark.parametrize("text", ["25/4/2026", "30.02.2026", "6/4/26", "soon", "2026-13-01", "17:30"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  several functions say it in their own words
        moment(text)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["6/4/2026", "25/4/2026"], True),
        (["6/4/2026", "4/25/2026"], False),
        (["6/4/2026", "2026-01-31"], None),
        (["32/13/2026", "6/40/2026", "6/4/2026"], None),
        (["32/13/2026", "4/25/2026"], False),
    ],
)
def test_the_dates_of_a_file_say_whether_the_day_comes_first(texts: list[str], expected: bool | None) -> None:
    assert is_day_first(texts) is expected
