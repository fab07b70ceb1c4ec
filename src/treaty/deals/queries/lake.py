"""Deals as the lake holds them: ids, stages, times and amounts; no names."""

from treaty.warehouse.queries import Column, Table

LAKE = Table(
    "deals",
    "deals_deal t JOIN deals_dealstage s ON s.id = t.stage_id LEFT JOIN deals_binneddeal b ON b.deal_id = t.id",
    "t.id",
    (
        Column("deal_id", "BIGINT", "t.id"),
        Column("person_id", "BIGINT", "t.person_id"),
        Column("company_id", "BIGINT", "t.company_id"),
        Column("handover_id", "BIGINT", "t.handover"),
        Column("owner_id", "BIGINT", "t.owner_id"),
        Column("stage", "VARCHAR", "s.key"),
        Column("stage_type", "VARCHAR", "s.type"),
        Column("stage_since", "TIMESTAMP", "t.stage_since"),
        Column("value_minor", "BIGINT", "t.value_minor"),
        Column("currency", "VARCHAR", "t.currency"),
        Column("close_on", "DATE", "t.close_on"),
        Column("opened_at", "TIMESTAMP", "t.opened_at"),
        Column("closed_at", "TIMESTAMP", "t.closed_at"),
        Column("binned_at", "TIMESTAMP", "b.at"),
    ),
    is_watched=True,
)
