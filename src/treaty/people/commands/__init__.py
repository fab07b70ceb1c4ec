"""The verbs of people: add, change, identify, own, tag, refuse, enter stages; and those of companies."""

from treaty.people.commands.add_persons import Added, IdentityTaken, add_person, add_persons
from treaty.people.commands.changes import (
    add_identity,
    change_person,
    invalidate_identity,
    make_main,
    tag,
    untag,
)
from treaty.people.commands.companies import (
    AddedCompany,
    CompanyTaken,
    add_companies,
    add_company,
    change_company,
    employ,
)
from treaty.people.commands.duplicates import Scan, decide
from treaty.people.commands.merging import CannotMerge, Merged, follow_merge, merge_persons
from treaty.people.commands.splitting import CannotSplit, split_person, undo_merge
from treaty.people.commands.stages import enter_stage, stage_listener
from treaty.people.commands.standing import allow, assign_owner, refuse_calls, unsubscribe

__all__ = [
    "Added",
    "AddedCompany",
    "CannotMerge",
    "CannotSplit",
    "CompanyTaken",
    "IdentityTaken",
    "Merged",
    "Scan",
    "add_companies",
    "add_company",
    "add_identity",
    "add_person",
    "add_persons",
    "allow",
    "assign_owner",
    "change_company",
    "change_person",
    "decide",
    "employ",
    "enter_stage",
    "follow_merge",
    "invalidate_identity",
    "make_main",
    "merge_persons",
    "refuse_calls",
    "split_person",
    "stage_listener",
    "tag",
    "undo_merge",
    "unsubscribe",
    "untag",
]
