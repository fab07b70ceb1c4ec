"""What staff's permissions, roles, refusals and audit lines are called in the reader's language."""

from collections.abc import Mapping

from babel import Locale
from django.utils.translation import get_language, gettext, to_locale
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from treaty.staff import rules

Texts = Mapping[str, StrPromise]

ROLES: Texts = {
    "administrator": _("Administrator"),
    "head_of_marketing": _("Head of marketing"),
    "head_of_sales": _("Head of sales"),
    "marketer": _("Marketer"),
    "team_lead": _("Team lead"),
    "representative": _("Representative"),
    "onlooker": _("Onlooker"),
}

PERMISSIONS: Texts = {
    rules.SEE_PEOPLE: _("See people, handovers and deals"),
    rules.EDIT_PEOPLE: _("Change people and companies"),
    rules.DECIDE_HANDOVERS: _("Accept and return leads"),
    rules.EDIT_DEALS: _("Change deals"),
    rules.LOG_CONVERSATIONS: _("Log calls and notes"),
    rules.DRAFT_AGREEMENT: _("Draft the agreement"),
    rules.SIGN_AGREEMENT: _("Sign the agreement"),
    rules.RUN_IMPORTS: _("Import files"),
    rules.EXPORT: _("Export lists"),
    rules.MANAGE_STAFF: _("Manage staff, teams and roles"),
    rules.MANAGE_HOURS: _("Manage working hours and absences"),
    rules.MANAGE_CAPTURE: _("Manage forms and capture"),
    rules.MANAGE_FIELDS: _("Manage fields of records"),
    rules.MANAGE_JOBS: _("Manage jobs"),
    rules.MANAGE_KEYS: _("Manage keys of the API"),
    rules.FORGET_PEOPLE: _("Forget persons"),
}

PERMISSION_NOTES: Texts = {
    rules.SEE_PEOPLE: _("Opens People, Handovers and Deals, as far as the role sees."),
    rules.EDIT_PEOPLE: _("Adds persons and companies, corrects them, gives them owner and tags."),
    rules.DECIDE_HANDOVERS: _("Accepts, returns and hands on the leads that are theirs to decide."),
    rules.EDIT_DEALS: _("Opens deals, moves them through the stages, wins and loses them."),
    rules.LOG_CONVERSATIONS: _(
        "Writes down calls, messages, meetings and notes; a touch stops the clock of first touch."
    ),
    rules.DRAFT_AGREEMENT: _("Changes the draft and proposes it; nothing holds before both sides signed."),
    rules.SIGN_AGREEMENT: _("Binds the own side. Give it to the heads of the two teams."),
    rules.RUN_IMPORTS: _("Brings in files of persons, which can change many at once."),
    rules.EXPORT: _("Takes lists out of Treaty as CSV, with the addresses in them."),
    rules.MANAGE_STAFF: _(
        "Invites and deactivates people, changes roles and reads the audit: all rights, in effect."
    ),
    rules.MANAGE_HOURS: _("Sets shifts, public holidays and absences, by which clocks run from then on."),
    rules.MANAGE_CAPTURE: _("Makes the forms by which buyers arrive, and takes them off again."),
    rules.MANAGE_FIELDS: _(
        "Defines what is kept of persons, companies and deals beside what everybody keeps."
    ),
    rules.MANAGE_JOBS: _("Watches long work and mail, tries again what failed, or discards it."),
    rules.MANAGE_KEYS: _("Lets other programs in, each within what its owner may do."),
    rules.FORGET_PEOPLE: _("Erases for ever what is known of a person."),
}
"""What a permission means in practice, for whoever gives it."""

VISIBILITIES: Texts = {
    rules.OWN: _("Own records"),
    rules.TEAM: _("The team's records"),
    rules.ALL: _("All records"),
}

VISIBILITY_NOTES: Texts = {
    rules.OWN: _("Only what they look after themselves."),
    rules.TEAM: _("What anybody of their team looks after, and what nobody does."),
    rules.ALL: _("Every person, handover and deal of the company."),
}

SIDES: Texts = {
    rules.MARKETING: _("Marketing"),
    rules.SALES: _("Sales"),
    rules.BOTH: _("Both sides"),
}

SCOPES: Texts = {
    "people:read": _("Read people and companies"),
    "people:write": _("Write people and companies"),
    "touchpoints:write": _("Record touchpoints"),
    "handovers:read": _("Read handovers"),
    "handovers:write": _("Accept and return leads"),
    "deals:read": _("Read deals"),
    "deals:write": _("Write deals"),
    "documents:read": _("Read documents"),
    "documents:write": _("Add and remove documents"),
    "agreement:read": _("Read the agreement"),
    "scoreboard:read": _("Read the scoreboard"),
    "changes:read": _("Read what changes"),
    "segments:read": _("Read segments"),
    "segments:write": _("Write segments"),
    "conversations:write": _("Log calls, messages, meetings and notes"),
    "webhooks:read": _("Read webhooks"),
    "webhooks:write": _("Write webhooks"),
    "notices:read": _("Read notices"),
    "notices:write": _("Mark notices as read"),
    "fields:write": _("Define fields of records"),
    "imports:read": _("Read imports"),
    "staff:read": _("Read staff and teams"),
    "capture:read": _("Read forms"),
}

REFUSALS: Texts = {
    "email_taken": _("Somebody with this address works here already. Look for them in the list of staff."),
    "role_unknown": _("There is no such role. Choose one from the list."),
    "team_unknown": _("There is no such team. Choose one from the list."),
    "own_manager": _("Nobody can be their own manager. Choose somebody else, or nobody."),
    "last_administrator": _(
        "Then nobody could manage staff any more. Give this permission to somebody else first."
    ),
    "name_missing": _("Give it a name."),
    "name_taken": _("A team of this name exists already. Choose another name."),
    "role_name_taken": _("A role of this name exists already. Choose another name."),
    "visibility_unknown": _("Choose whose records the role sees."),
    "permission_unknown": _("This is nothing a role can allow."),
    "role_held": _(
        "People hold this role, deactivated ones among them, so it stays. Give each of them another role first."
    ),
    "role_invited": _("Somebody is invited to this role. Take the invitation back first, under Staff."),
    "role_starter": _("Every installation has this role. It can be changed, but not deleted."),
    "side_unknown": _("There is no such side. Choose marketing, sales or both."),
    "head_not_a_member": _("The head of a team is one of its members. Move them into the team first."),
    "currency_unknown": _("This currency is not known. Use its three letters, such as EUR."),
    "hours_invalid": _("These hours cannot be. Check each shift's beginning and end."),
    "no_shift_in_a_year": _(
        "With these hours nobody would work in the next 366 days, and no clock could run. Add a shift."
    ),
    "country_unknown": _("The holidays of this country or region are not known. Choose another, or none."),
    "company_needs_hours": _("The company's hours hold for everybody without own ones, so they must stay."),
    "absence_backwards": _("An absence ends after it begins. Exchange the two."),
    "scope_missing": _("Choose at least one thing that the key may do."),
    "scope_unknown": _("This is nothing a key can be allowed to do."),
    "expires_in_the_past": _("This day is over. Choose a later one, or none."),
    "invitation_over": _("This invitation was used, taken back, or is more than seven days old."),
    "not_the_first": _("There is a first user already. Ask an administrator for an invitation."),
}

TURNED_AWAY: Mapping[str, tuple[StrPromise, StrPromise]] = {
    "away": (
        _("The sign-in service does not answer"),
        _("Try again in a minute, or sign in with your password."),
    ),
    "cancelled": (
        _("You did not sign in"),
        _("The sign-in service says that you went back. Begin again whenever you like."),
    ),
    "refused": (
        _("The sign-in service refused"),
        _("Begin again. If it stays so, tell your administrator the number below."),
    ),
    "lost": (
        _("This sign-in is over"),
        _("It was begun in another browser, used already, or more than ten minutes ago. Begin again."),
    ),
    "untrue": (
        _("This sign-in cannot be trusted"),
        _(
            "What came back is not what the sign-in service should say. Tell your administrator the number below."
        ),
    ),
    "unverified": (
        _("Your mail address is not confirmed"),
        _(
            "The sign-in service does not say that the address is yours. Have it confirmed there, or sign in with your"
            " password."
        ),
    ),
    "unknown": (
        _("Nobody works here with your address"),
        _(
            "The sign-in service knows you, Treaty does not yet. Ask an administrator of your company to invite you."
        ),
    ),
    "unready": (
        _("You cannot join yet"),
        _("The role that newcomers get does not exist. Tell your administrator the number below."),
    ),
    "deactivated": (
        _("You can no longer sign in here"),
        _("An administrator deactivated you. If that is a mistake, ask them to take it back."),
    ),
}
"""What is said to whom the sign-in service did not bring in, and what to do."""

VERBS: Texts = {
    "add_user": _("Added a user"),
    "change_user": _("Changed a user"),
    "change_profile": _("Changed the own profile"),
    "set_password": _("Set a password"),
    "invite": _("Invited somebody"),
    "accept_invitation": _("Accepted an invitation"),
    "enter_by_service": _("Came by the sign-in service"),
    "revoke_invitation": _("Took an invitation back"),
    "add_team": _("Added a team"),
    "change_team": _("Changed a team"),
    "add_role": _("Added a role"),
    "change_role": _("Changed a role"),
    "delete_role": _("Deleted a role"),
    "set_schedule": _("Set working hours"),
    "drop_hours": _("Dropped own working hours"),
    "record_absence": _("Recorded an absence"),
    "withdraw_absence": _("Withdrew an absence"),
    "issue_key": _("Issued a key"),
    "revoke_key": _("Revoked a key"),
    "set_installation": _("Changed the company"),
    "finish_guide": _("Finished the first-run guide"),
}

KINDS: Texts = {
    "user": _("User"),
    "team": _("Team"),
    "role": _("Role"),
    "invitation": _("Invitation"),
    "key": _("Key"),
    "installation": _("Company"),
    "hours_of_company": _("Hours of the company"),
    "hours_of_team": _("Hours of a team"),
    "hours_of_user": _("Hours of a user"),
}


FIELDS: Texts = {
    "email": _("mail address"),
    "name": _("name"),
    "name_local": _("name in its own script"),
    "title": _("title"),
    "team_id": _("team"),
    "role_id": _("role"),
    "manager_id": _("manager"),
    "head_id": _("head"),
    "owner": _("acts for"),
    "user_id": _("user"),
    "language": _("language"),
    "time_zone": _("time zone"),
    "zone": _("time zone"),
    "theme": _("appearance"),
    "speaks": _("languages spoken"),
    "is_active": _("may sign in"),
    "side": _("side"),
    "permissions": _("may"),
    "scopes": _("may"),
    "visibility": _("sees"),
    "shifts": _("shifts"),
    "country": _("public holidays of"),
    "region": _("region"),
    "days_off": _("own days off"),
    "starts_at": _("begins"),
    "ends_at": _("ends"),
    "accepted_at": _("accepted"),
    "revoked_at": _("taken back"),
    "currency": _("currency"),
}


def word(texts: Texts, key: str) -> str:
    """The text of a key; of one that an administrator or a later version brought, the key in readable form."""
    return str(texts[key]) if key in texts else key.replace("_", " ")


def role_name(key: str, name: str) -> str:
    """A starter role in the reader's language, any other as it was named."""
    return str(ROLES[key]) if key in ROLES else name


def reader() -> Locale:
    """The reader's language as Babel knows it."""
    return Locale.parse(to_locale(get_language() or "en"))


def country_name(code: str) -> str:
    """A country in the reader's language."""
    return str(reader().territories.get(code, code))


def language_name(code: str) -> str:
    """A language in the reader's language."""
    return str(reader().languages.get(code, code))


def weekdays() -> list[str]:
    """The days of the week from Monday on."""
    return [reader().days["stand-alone"]["wide"][day] for day in range(7)]


def hours_in_words(shifts: tuple[tuple[int, int, int], ...]) -> str:
    """Shifts in one line, equal days together: Monday to Friday 09:00–17:00."""
    by_day = {day: ", ".join(span(shift) for shift in shifts if shift[0] == day) for day in range(7)}
    groups: list[tuple[int, int, str]] = []
    for day, spans in by_day.items():
        if spans and groups and groups[-1][2] == spans and groups[-1][1] == day - 1:
            groups[-1] = (groups[-1][0], day, spans)
        elif spans:
            groups.append((day, day, spans))
    return "; ".join(days_in_words(*group) for group in groups)


def days_in_words(first: int, last: int, spans: str) -> str:
    """Some days of a week and the shifts they share."""
    names = reader().days["format"]["abbreviated"]
    if first == last:
        return gettext("%(day)s %(hours)s") % {"day": names[first], "hours": spans}
    return gettext("%(first)s to %(last)s %(hours)s") % {
        "first": names[first],
        "last": names[last],
        "hours": spans,
    }


def span(shift: tuple[int, int, int]) -> str:
    """From when to when a shift runs."""
    _weekday, start, end = shift
    return f"{clock(start)}–{clock(end)}"


def clock(minute: int) -> str:
    """A minute of the day as 24-hour time, which is what time fields take."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"
