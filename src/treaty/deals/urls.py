"""The addresses of deals, and of conversations that lead to a next step."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from treaty.deals import queries
from treaty.deals.views import binning, conversations, editing, moves, records, table
from treaty.staff.naming import Audited, by_name

app_name = "deals"
urlpatterns = [
    path("deals/", records.deals, name="deals"),
    path("deals/table/", table.table, name="table"),
    path("deals/bulk/<str:verb>", table.bulk, name="bulk"),
    path("deals/bin/", binning.bin_page, name="bins"),
    path("deals/bin/bulk/<str:verb>", binning.bin_bulk, name="bin_bulk"),
    path("deals/new", editing.new, name="new"),
    path("deals/<int:deal_id>/", records.deal, name="deal"),
    path("deals/<int:deal_id>/bin", binning.deal_bin, name="deal_bin"),
    path("deals/<int:deal_id>/edit", editing.edit, name="edit"),
    path("deals/<int:deal_id>/history", records.history, name="history"),
    path("deals/<int:deal_id>/stage", moves.stage, name="stage"),
    path("deals/<int:deal_id>/stage/undo", moves.undo, name="undo"),
    path("deals/<int:deal_id>/win", moves.win, name="win"),
    path("deals/<int:deal_id>/loss", moves.loss, name="loss"),
    path("deals/<int:deal_id>/reopening", moves.reopening, name="reopening"),
    path("deals/<int:deal_id>/next-step", moves.next_step, name="next_step"),
    path("deals/<int:deal_id>/next-step/done", moves.next_step_done, name="next_step_done"),
    path("people/<int:person_id>/calls", conversations.calls, name="calls"),
    path("people/<int:person_id>/messages", conversations.messages, name="messages"),
    path("people/<int:person_id>/meetings", conversations.meetings, name="meetings"),
    path("people/<int:person_id>/notes", conversations.notes, name="notes"),
]
AUDITED = (
    Audited(
        "deal",
        _("Deal"),
        by_name(queries.visible_deals, "/deals/{}/"),
        verbs={
            "deal_changed": _("Changed a deal"),
            "deal_binned": _("Put a deal into the bin"),
            "deal_restored": _("Brought a deal back from the bin"),
            "deal_erased": _("Emptied a deal after a month in the bin"),
        },
        fields={
            "value_minor": _("value in the smallest unit"),
            "close_on": _("close date"),
            "product": _("product"),
            "currency": _("currency"),
            "owner_id": _("owner"),
        },
    ),
)
"""How the audit tells about deals."""
