"""What a predicate asks of deals, as an expression: the deals of which all of it holds, and whose they are."""

from datetime import UTC
from functools import reduce
from operator import and_

import ibis

from treaty.fields.rules import Kind, compared_cell
from treaty.segments.bulk.engine import Table
from treaty.segments.bulk.values import Condition, Values
from treaty.segments.rules import Attribute, Date, Deal
from treaty.segments.rules.matching import attribute_test, day_of, lies

DEALS = {
    **dict.fromkeys(("id", "person_id", "stage_id", "owner_id", "value_minor"), "int64"),
    **dict.fromkeys(("name", "product", "currency"), "string"),
}
STAGES = {"id": "int64", "key": "string", "type": "string"}
BINNED = {"deal_id": "int64", "purged_at": "instant"}
"""Of all columns that it is told of Ibis writes *, which would be more; so it is told of one that is not wanted."""
TEXTS = ("name", "product", "currency")


class Dealing:
    """Compiles what predicates ask of deals."""

    def __init__(self, values: Values) -> None:
        self.values, self.engine = values, values.engine

    def deals(self, node: Deal) -> Table:
        """The deals, with `person_id`, of which all holds that a node asks."""
        every = self.engine.table("deals_deal", DEALS)
        binned = self.engine.table("deals_binneddeal", BINNED)
        theirs = every.filter(every.person_id.notnull(), every.id.notin(binned.select("deal_id").deal_id))
        asked = [self._of(part, theirs) for part in node.deal]
        return theirs.filter(reduce(and_, asked)) if asked else theirs

    def _of(self, part: Attribute | Date, deals: Table) -> Condition:
        return self._attribute(part, deals) if isinstance(part, Attribute) else self._date(part, deals)

    def _attribute(self, node: Attribute, deals: Table) -> Condition:
        name, check, values = node.attribute, attribute_test(node), self.values
        if name in TEXTS:
            different = values.different(f"deal {name}", deals, deals[name])
            return values.one_of(deals[name], filter(check, different))
        if name == "owner":
            different = values.different("deal owner", deals, deals.owner_id)
            return values.valued(deals.owner_id, filter(check, different), check)
        if name in ("stage", "state"):
            stages = values.rows("deal stages", self.engine.table("deals_dealstage", STAGES))
            fitting = [one for one, key, kind in stages if check(key if name == "stage" else kind)]
            return values.one_of(deals.stage_id, fitting)
        if name == "value":
            return self._value(node, deals)
        if name.startswith("fields."):
            return values.own("deal", node, check, deals.id)
        return ibis.literal(check({} if name == "fields" else None))

    def _value(self, node: Attribute, deals: Table) -> Condition:
        check = attribute_test(node)
        if node.known is not None:
            return deals.value_minor.notnull() if node.known else deals.value_minor.isnull()
        told = deals.filter(deals.value_minor.notnull()).select("currency", "value_minor").distinct()
        fitting: dict[str, list[int]] = {}
        for currency, minor in self.values.rows("deal values", told):
            if check(compared_cell(Kind.MONEY, minor, currency)):
                fitting.setdefault(currency, []).append(minor)
        either: Condition = ibis.literal(False)
        for currency, minors in fitting.items():
            either |= (deals.currency == currency) & self.values.one_of(deals.value_minor, minors)
        return either

    def _date(self, node: Date, deals: Table) -> Condition:
        day, values = self.values.days("deal", node.date), self.values
        of = None if node.of is None else values.days("deal", node.of)
        if not node.date.startswith("fields.") or not (node.of or "fields.").startswith("fields."):
            return ibis.literal(False)
        if day is None or (node.of is not None and of is None):
            return ibis.literal(False)
        if of is None:
            today = values.at.astimezone(UTC).date()
            texts = values.different(f"days of deals {node.date}", day, day.text)
            fitting = [text for text in texts if lies(node, day_of(text), today)]
            return deals.id.isin(day.filter(values.one_of(day.text, fitting)).record_id)
        both = day.join(of.select(other=of.record_id, start=of.text), [("record_id", "other")])
        rows = values.rows(f"days of deals {node.date} {node.of}", both.select("record_id", "text", "start"))
        fitting = [deal for deal, text, start in rows if lies(node, day_of(text), day_of(start))]
        return values.one_of(deals.id, fitting)
