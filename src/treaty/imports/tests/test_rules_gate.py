"""Who may pass: by mode, by match key, by the rule for doubles."""

import pytest

from treaty.imports.rules.gate import Gate
from treaty.imports.rules.options import Options
from treaty.people.rules import PersonDraft, identity_pairs

HELD = {("email", "pia@example.com"): 1, ("phone", "+48321234567"): 2}
PIA = PersonDraft(name="Pia", emails=("pia@example.com",))
NEW = PersonDraft(name="Bea", emails=("bea@example.com",))
MIXED = PersonDraft(name="Pia", emails=("pia@example.com",), phones=("+48321234567",))
CALLED = PersonDraft(name="Cyd", phones=("+48321234567",))

PASSES: list[tuple[str, str]] = []
PASSED_OVER = None


def judged(options: Options, *drafts: PersonDraft, ours: frozenset[int] = frozenset()) -> list[object]:
    """What becomes of drafts: passes, passed over, or what is wrong."""
    gate = Gate(options, ours)
    found = [gate.judge(list(identity_pairs(draft)), HELD) for draft in drafts]
    return [[(each.field, each.code) for each in wrong] if wrong is not None else None for wrong in found]


@pytest.mark.parametrize(
    ("mode", "known", "new"),
    [("upsert", PASSES, PASSES), ("create", PASSED_OVER, PASSES), ("update", PASSES, PASSED_OVER)],
)
def test_the_mode_says_whom_rows_may_touch(mode: str, known: object, new: object) -> None:
    assert judged(Options(mode=mode), PIA, NEW) == [known, new]


@pytest.mark.parametrize(
    ("key", "draft", "expected"),
    [
        ("any", MIXED, PASSES),
        ("email", PIA, PASSES),
        ("email", CALLED, [("email", "no_key")]),
        ("email", MIXED, [("phone", "held_by_other")]),
        ("phone", MIXED, [("email", "held_by_other")]),
        ("external", PIA, [("external_key", "no_key")]),
    ],
)
def test_rows_are_met_by_their_key_alone(key: str, draft: PersonDraft, expected: object) -> None:
    assert judged(Options(key=key), draft) == [expected]


def test_a_key_that_means_two_persons_is_handed_back() -> None:
    held = {("email", "a@example.com"): 1, ("email", "b@example.com"): 2}
    draft = PersonDraft(name="A", emails=("a@example.com", "b@example.com"))
    wrong = Gate(Options(key="email")).judge(list(identity_pairs(draft)), held)
    assert wrong is not None
    assert [each.code for each in wrong] == ["held_by_two"]


def test_later_rows_of_one_person_are_handed_back_where_asked() -> None:
    assert judged(Options(doubles="hand_back"), NEW, NEW) == [PASSES, [("email", "twice")]]
    assert judged(Options(doubles="merge"), NEW, NEW) == [PASSES, PASSES]


def test_a_later_row_adds_to_whom_the_same_file_added() -> None:
    assert judged(Options(mode="create"), NEW, NEW) == [PASSES, PASSES]


def test_whom_a_killed_run_added_is_as_new_as_before() -> None:
    assert judged(Options(mode="create"), PIA, ours=frozenset({1})) == [PASSES]
