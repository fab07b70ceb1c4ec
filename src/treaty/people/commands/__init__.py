"""The verbs of people: add, change, identify, own, tag, refuse, enter stages; and those of companies."""

from treaty.people.commands.add_company import CompanyInBin, CompanyTaken, add_company
from treaty.people.commands.add_person import (
    AreKnown,
    Binned,
    Forgotten,
    IdentityTaken,
    add_newcomers,
    add_person,
)
from treaty.people.commands.add_persons import Added, add_persons, add_ready
from treaty.people.commands.batches import upsert_companies, upsert_persons
from treaty.people.commands.bin import bin_persons, purge_bin, restore_persons
from treaty.people.commands.changes import (
    add_identity,
    change_person,
    invalidate_identity,
    label_identity,
    make_main,
    reinstate_identity,
    tag,
    untag,
)
from treaty.people.commands.changing_many import change_companies, change_persons
from treaty.people.commands.companies import (
    AddedCompany,
    CompanyBatch,
    KeptCompany,
    add_companies,
    change_company,
    companies_called,
    find_binned,
)
from treaty.people.commands.company_bin import bin_companies, purge_companies, restore_companies
from treaty.people.commands.company_parents import BadParent
from treaty.people.commands.company_undoing import remove_added_companies, take_back_companies
from treaty.people.commands.consents import NoSuchPurpose, record_consent
from treaty.people.commands.duplicates import Scan, decide, propose_pair
from treaty.people.commands.forgetting import (
    after_restore,
    before_restore,
    forget_again,
    forget_person,
    forget_persons,
    mend_journal,
)
from treaty.people.commands.kept import Kept
from treaty.people.commands.merging import CannotMerge, Merged, follow_merge, merge_persons
from treaty.people.commands.purposes import (
    PurposeKnown,
    add_purpose,
    change_purpose,
    reinstate_purpose,
    retire_purpose,
)
from treaty.people.commands.splitting import CannotSplit, split_person, undo_merge
from treaty.people.commands.stages import enter_stage, stage_listener
from treaty.people.commands.standing import allow, assign_owner, refuse_calls, unsubscribe
from treaty.people.commands.undoing import remove_added, remove_companies_of, take_back, take_back_stages
from treaty.people.commands.work import BadWork, add_job, change_job, remove_job

__all__ = [
    "Added",
    "AddedCompany",
    "AreKnown",
    "BadParent",
    "BadWork",
    "Binned",
    "CannotMerge",
    "CannotSplit",
    "CompanyBatch",
    "CompanyInBin",
    "CompanyTaken",
    "Forgotten",
    "IdentityTaken",
    "Kept",
    "KeptCompany",
    "Merged",
    "NoSuchPurpose",
    "PurposeKnown",
    "Scan",
    "add_companies",
    "add_company",
    "add_identity",
    "add_job",
    "add_newcomers",
    "add_person",
    "add_persons",
    "add_purpose",
    "add_ready",
    "after_restore",
    "allow",
    "assign_owner",
    "before_restore",
    "bin_companies",
    "bin_persons",
    "change_companies",
    "change_company",
    "change_job",
    "change_person",
    "change_persons",
    "change_purpose",
    "companies_called",
    "decide",
    "enter_stage",
    "find_binned",
    "follow_merge",
    "forget_again",
    "forget_person",
    "forget_persons",
    "invalidate_identity",
    "label_identity",
    "make_main",
    "mend_journal",
    "merge_persons",
    "propose_pair",
    "purge_bin",
    "purge_companies",
    "record_consent",
    "refuse_calls",
    "reinstate_identity",
    "reinstate_purpose",
    "remove_added",
    "remove_added_companies",
    "remove_companies_of",
    "remove_job",
    "restore_companies",
    "restore_persons",
    "retire_purpose",
    "split_person",
    "stage_listener",
    "tag",
    "take_back",
    "take_back_companies",
    "take_back_stages",
    "undo_merge",
    "unsubscribe",
    "untag",
    "upsert_companies",
    "upsert_persons",
]
