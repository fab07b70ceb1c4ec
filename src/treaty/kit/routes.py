"""What the REST API has at each address: what a call is answered, of which fields, and whose row it reads or changes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from django.db.models import Model, QuerySet
from ninja import Router
from pydantic import BaseModel

from treaty.kit.group_commit import Group

RowsOf = Callable[[Any], "QuerySet[Any]"]
"""The rows that a user may see."""
Operation = TypeVar("Operation", bound=Callable[..., Any])

SAFE = "GET"


def tells_row(rows: RowsOf) -> Callable[[Operation], Operation]:
    """Marks the call that reads one thing with the rows it is one of: changes under `If-Match` hold that row."""

    def marked(operation: Operation) -> Operation:
        operation.rows = rows  # type: ignore[attr-defined]
        return operation

    return marked


def short(operation: Operation) -> Operation:
    """Marks a call that asks little, writes little and waits for nobody else: such calls are done one after the other."""
    operation.is_short = True  # type: ignore[attr-defined]
    return operation


def in_group(group: Group[Any, Any]) -> Callable[[Operation], Operation]:
    """Marks a call that does nothing but what a group does for several at once."""

    def marked(operation: Operation) -> Operation:
        operation.group = group  # type: ignore[attr-defined]
        return operation

    return marked


@dataclass(frozen=True)
class Route:
    """One address: by method the model of its answer; the methods that are short; the groups that do what methods ask;
    and where it, or an address it lies under, tells one row, that."""

    path: str
    answers: Mapping[str, type[BaseModel] | None]
    short: frozenset[str]
    groups: Mapping[str, Group[Any, Any]]
    thing: "Thing | None"

    def bears_mark(self, method: str) -> bool:
        """Whether the answer to a method is a state that one can name later."""
        answer = self.answers.get(method)
        return answer is not None and (
            method == SAFE or (self.thing is not None and answer is self.thing.answer)
        )

    def fields(self) -> tuple[str, ...]:
        """The fields one can ask for: those of the items of a list, else those of the answer."""
        answer = self.answers.get(SAFE)
        item = item_of(answer) if answer else None
        return tuple((item or answer).model_fields) if answer else ()


@dataclass(frozen=True)
class Thing:
    """A thing that one address tells."""

    path: str
    answer: type[BaseModel] | None
    rows: RowsOf

    def hold(self, user: Any, number: int) -> None:
        """Keep everybody else from changing the row until the transaction ends."""
        model: type[Model] = self.rows(user).model
        list(model._base_manager.select_for_update().filter(pk=number).values_list("pk"))


def routes_of(routers: Iterable[Router]) -> dict[str, Route]:
    """Every address of some routers."""
    operations = {
        path: view.operations for router in routers for path, view in router.path_operations.items()
    }
    things: dict[str, Thing] = {}
    for path, there in operations.items():
        for one in there:
            if rows := getattr(one.view_func, "rows", None):
                things[path] = Thing(path, answer_of(one), rows)
    return {
        path: Route(
            path,
            {method: answer_of(one) for one in there for method in one.methods},
            frozenset(
                method for one in there for method in one.methods if getattr(one.view_func, "is_short", False)
            ),
            {
                method: group
                for one in there
                for method in one.methods
                if (group := getattr(one.view_func, "group", None))
            },
            next((thing for thing in things.values() if f"{path}/".startswith(f"{thing.path}/")), None),
        )
        for path, there in operations.items()
    }


def answer_of(operation: Any) -> type[BaseModel] | None:
    """The model of what an operation answers with 200."""
    told = operation.response_models.get(200)
    return told.model_fields["response"].annotation if told else None


def item_of(answer: type[BaseModel]) -> type[BaseModel] | None:
    """The model of a list's items; None where the answer is no list."""
    items = answer.model_fields.get("items")
    return get_args(items.annotation)[0] if items else None
