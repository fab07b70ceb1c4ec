"""What kinds of fields and of records are called, and what is wrong with a value or a field."""

from django.utils.translation import gettext_lazy as _

from treaty.fields.rules import Kind

RECORDS = {"person": _("Persons"), "company": _("Companies"), "deal": _("Deals")}
OF_RECORD = {"person": _("Of a person"), "company": _("Of a company"), "deal": _("Of a deal")}
KINDS = {
    Kind.TEXT: _("Text"),
    Kind.NUMBER: _("Number"),
    Kind.MONEY: _("Amount of money"),
    Kind.DATE: _("Date"),
    Kind.CHOICE: _("One of some choices"),
    Kind.MANY: _("Several of some choices"),
    Kind.TAGS: _("Tags, new ones as they are written"),
    Kind.PERSON: _("Person"),
    Kind.COMPANY: _("Company"),
    Kind.FILE: _("File"),
}
NO_TAG = _("A tag has up to 60 characters, no comma, ; or |, and does not begin with =, +, - or @.")
TOO_MANY_TAGS = _("A field has at most 200 tags.")
WRONG = {
    "no_text": _("This is not a text."),
    "too_long": _("This is too long. At most 500 characters are kept."),
    "no_number": _("This is not a number. Write it as 1234.5, without a mark for thousands."),
    "no_money": _("This is not an amount. Write it with its currency, such as 1234.50 EUR."),
    "no_currency": _("This currency is not known. Use its three letters, such as EUR."),
    "no_date": _("This is not a date. Write it as 2026-11-30."),
    "no_option": _("This is none of the choices."),
    "no_tag": NO_TAG,
    "too_many_tags": TOO_MANY_TAGS,
    "no_record": _("There is no such record."),
    "no_field": _("There is no such field."),
}
REFUSALS = {
    "nameless": _("Give it a name."),
    "name_taken": _("A field of this name exists already. Choose another name."),
    "long": _("This name is too long. At most 60 characters are kept."),
    "optionless": _("Name at least one choice."),
    "option_taken": _("A choice of this name exists already. Choose another name."),
    "too_many": _("A kind of record has at most 100 fields. Retire one first."),
    "too_many_options": _("A field has at most 200 choices."),
    "no_tag": NO_TAG,
    "too_many_tags": TOO_MANY_TAGS,
}


def wrong(code: str) -> str:
    """Why a value cannot be."""
    return str(WRONG[code])


def refusal(code: str) -> str:
    """Why a field cannot be so."""
    return str(REFUSALS[code])
