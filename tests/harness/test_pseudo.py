"""The generated language keeps what a translator keeps, and nothing else."""

import pytest
from django.utils import translation

from tests.harness.pseudo import pseudo


def test_every_text_is_in_other_letters_and_reads_from_right_to_left(right_to_left: str) -> None:
    with translation.override(right_to_left):
        assert translation.get_language_bidi()
        assert not set("abcdefghijklmnopqrstuvwxyz") & set(translation.gettext("Sign in").lower())
        assert len(translation.gettext("Sign in")) > len("Sign in")
        assert translation.ngettext("%(n)d lead", "%(n)d leads", 2) % {"n": 2} != "2 leads"
        assert "\x04" not in translation.pgettext("month", "May")


@pytest.mark.parametrize("kept", ["%(name)s", "%s", "{count}", "<b>", "&nbsp;"])
def test_placeholders_and_tags_stay(kept: str) -> None:
    assert kept in pseudo(f"Hello {kept} there")
