"""Verbs of staff: everything that changes who works here, when, and what they may."""

from treaty.staff.commands.auditing import audit, audit_all, audit_each, erase_changes
from treaty.staff.commands.entering import enter_by_service
from treaty.staff.commands.hours import (
    Times,
    drop_hours,
    record_absence,
    set_schedule,
    top_up_holidays,
    withdraw_absence,
)
from treaty.staff.commands.installation import add_first_user, begin, finish_guide, prepare, set_installation
from treaty.staff.commands.invitations import accept_invitation, invite, revoke_invitation
from treaty.staff.commands.keys import issue_key, note_use, revoke_key
from treaty.staff.commands.refusals import Refused
from treaty.staff.commands.repeats import (
    Answer,
    AnswerGone,
    Call,
    OtherCall,
    do_once,
    erase_answers,
    forget_answers,
)
from treaty.staff.commands.roles import add_role, change_role, delete_role
from treaty.staff.commands.teams import add_team, change_team
from treaty.staff.commands.users import (
    NewUser,
    add_user,
    add_users,
    change_profile,
    change_user,
    set_password,
)

__all__ = [
    "Answer",
    "AnswerGone",
    "Call",
    "NewUser",
    "OtherCall",
    "Refused",
    "Times",
    "accept_invitation",
    "add_first_user",
    "add_role",
    "add_team",
    "add_user",
    "add_users",
    "audit",
    "audit_all",
    "audit_each",
    "begin",
    "change_profile",
    "change_role",
    "change_team",
    "change_user",
    "delete_role",
    "do_once",
    "drop_hours",
    "enter_by_service",
    "erase_answers",
    "erase_changes",
    "finish_guide",
    "forget_answers",
    "invite",
    "issue_key",
    "note_use",
    "prepare",
    "record_absence",
    "revoke_invitation",
    "revoke_key",
    "set_installation",
    "set_password",
    "set_schedule",
    "top_up_holidays",
    "withdraw_absence",
]
