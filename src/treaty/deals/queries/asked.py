"""What predicates see of the deals of persons."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from treaty.deals.queries.bin import NOT_BINNED
from treaty.fields import queries as fields
from treaty.fields.rules import Kind, compared_cell
from treaty.kit import sql


def as_asked(persons: Collection[int]) -> Mapping[int, Sequence[Mapping[str, object]]]:
    """The deals outside of the bin of each of some persons who have any, in one question.

    Of each: `name`, `product`, `stage` (its key), `state` (open, won or lost), `value` in major units or None,
    `currency`, `owner` (a staff id or None), and `fields`, what the company's own hold, by their keys.
    """
    if not persons:
        return {}
    statement = (
        "SELECT d.person_id, d.name, d.product, s.key, s.type, d.value_minor, d.currency, d.owner_id,"
        f" {fields.gathered('deal', 'd.id')} FROM deals_deal d JOIN deals_dealstage s ON s.id = d.stage_id"
        f" WHERE {sql.one_of('d.person_id')} AND d.id {NOT_BINNED}"
    )
    found: dict[int, list[Mapping[str, object]]] = defaultdict(list)
    rows = sql.ask(statement, [sql.listed(persons)], often=len(persons) <= sql.FEW)
    for person, name, product, stage, state, minor, currency, owner, own in rows:
        found[person].append(
            {
                "name": name,
                "product": product,
                "stage": stage,
                "state": state,
                "value": None if minor is None else compared_cell(Kind.MONEY, minor, currency),
                "currency": currency,
                "owner": owner,
                "fields": fields.read(own),
            }
        )
    return found


def persons_of(deals: Collection[int]) -> set[int]:
    """Whose some deals are."""
    statement = f"SELECT person_id FROM deals_deal WHERE {sql.one_of('id')} AND person_id IS NOT NULL"
    return {person for (person,) in sql.ask(statement, [sql.listed(deals)], often=len(deals) <= sql.FEW)}
