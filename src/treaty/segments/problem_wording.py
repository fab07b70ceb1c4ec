"""What can be wrong with a predicate, in sentences with places for values."""

from django.utils.translation import gettext


def _of_conditions() -> dict[str, str]:
    """What is wrong with a condition of one kind."""
    return {
        "one_span": gettext("Say exactly one of within_days and longer_than_days."),
        "one_bound": gettext("Say the first day, the last day or both (from_days, to_days)."),
        "own_field": gettext(
            "Dates are fields of the company's own; write fields. or company.fields. and the key of one."
        ),
        "of_deal": gettext("Of a deal one asks for an attribute or a date."),
        "too_many": gettext("These are too many; take some away."),
        "twice": gettext("This is asked twice here; remove one of the two."),
        "no_such_attribute": gettext("Nothing is known by the name “%(given)s”; correct its spelling."),
        "no_such_kind": gettext("There is no kind of fact “%(given)s”; correct its spelling."),
        "kind_of_others": gettext(
            "No person is told of by “%(given)s”; ask for the deals, the company or the stage of the person instead."
        ),
        "no_such_segment": gettext("There is no segment %(given)s; choose one that is there."),
        "segment_of_itself": gettext(
            "This segment would ask for itself, by way of the segments it asks for; take that condition away."
        ),
    }


def problems() -> dict[str, str]:
    """By their codes, in the language of the moment."""
    return {
        "missing": gettext("This is missing; it has to be given."),
        "unknown": gettext("This name is not known; remove it or correct its spelling."),
        "one_kind": gettext("A node has exactly one of these keys: %(keys)s."),
        "one_test": gettext("A test has exactly one of these: %(tests)s."),
        "too_deep": gettext("The tree is too deep; at most %(deepest)s levels are read."),
        "too_large": gettext(
            "The tree has too many parts; at most %(most)s are read. A test can name many values, such as"
            " in: [PL, DE], and segments can ask for others."
        ),
        "empty": gettext("This is empty; give at least one."),
        "above": gettext("%(given)s is too small; it has to be above %(gt)s."),
        "at_least": gettext("%(given)s is too small; it has to be at least %(ge)s."),
        "at_most": gettext("%(given)s is too large; it can be at most %(le)s."),
        "one_of": gettext("“%(given)s” is not one of these: %(expected)s."),
        "grade": gettext("“%(given)s” is not a grade; write A1 to D4."),
        "whole_number": gettext("“%(given)s” is not a whole number."),
        "number": gettext("“%(given)s” is not a number."),
        "text": gettext("“%(given)s” is not a text; put it in quotes."),
        "object": gettext(
            'Names with values are expected here, such as {"attribute": "country", "is": "PL"}.'
        ),
        "list": gettext("A list is expected here."),
        "yes_or_no": gettext("“%(given)s” is neither true nor false."),
        "not_chosen": gettext("Choose one."),
        "no_number": gettext("This is not a number; write one such as 50 or 12.5."),
        "no_part": gettext("Nothing is asked here; add a condition or remove the group."),
        "too_many_levels": gettext("Groups lie too deep inside each other; take some apart."),
        **_of_conditions(),
    }
