"""Verbs of imports."""

from treaty.imports.commands.exporting import ARCHIVE, export, export_into, export_path
from treaty.imports.commands.lasting import after_files, forget_files, forget_in_files
from treaty.imports.commands.maven import import_maven
from treaty.imports.commands.olist import import_olist
from treaty.imports.commands.persons import NothingAgreed, import_persons
from treaty.imports.commands.records import import_records
from treaty.imports.commands.runs import (
    Run,
    begin_run,
    end_run,
    keep_plan,
    keep_upload,
    plan_of,
    stop_run,
    upload_path,
)
from treaty.imports.commands.undoing import (
    CannotUndo,
    Undone,
    forget_changes,
    forget_erased,
    undo_import,
)

__all__ = [
    "ARCHIVE",
    "CannotUndo",
    "NothingAgreed",
    "Run",
    "Undone",
    "after_files",
    "begin_run",
    "end_run",
    "export",
    "export_into",
    "export_path",
    "forget_changes",
    "forget_erased",
    "forget_files",
    "forget_in_files",
    "import_maven",
    "import_olist",
    "import_persons",
    "import_records",
    "keep_plan",
    "keep_upload",
    "plan_of",
    "stop_run",
    "undo_import",
    "upload_path",
]
