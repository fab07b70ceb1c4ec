"""Fields of one's own in the bodies of the REST API: what they may be, and what is wrong with them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, ClassVar

from django.db.models import Model
from django.http import HttpRequest
from ninja import Field
from pydantic import StringConstraints, model_validator

from treaty.fields import wording
from treaty.fields.commands import WrongValue
from treaty.fields.queries import Check, own_of
from treaty.fields.rules import MOST
from treaty.kit.rest import Shape, wrong

Key = Annotated[str, StringConstraints(max_length=48, pattern=r"^[a-z][a-z0-9_]*$")]
OwnIn = Annotated[
    dict[Key, Any], Field(max_length=MOST, description="Fields of your own by their keys; null empties one.")
]
OwnOut = Annotated[dict[str, Any], Field(description="What fields of your own hold, by their keys.")]


class Record(Shape):
    """A record with what its own fields hold, in `fields`: what the row brings, or else asked for."""

    record: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _bring_own(cls, row: Any) -> Any:
        if isinstance(row, Model):
            row.fields = own_of(cls.record, row)  # type: ignore[attr-defined]
        return row


def checked(
    request: HttpRequest, record: str, told: Mapping[str, object] | None, *, with_retired: bool = False
) -> None:
    """422 for what cannot stand in fields of a record, before anything is written."""
    refuse(Check(request.user, record, [told]).problems(told, with_retired=with_retired))


def refuse(problems: Iterable[tuple[str, str]]) -> None:
    """422 with the first of some problems."""
    for key, code in problems:
        raise wrong(f"fields.{key}", wording.wrong(code))


def writing(act: Callable[[], object]) -> None:
    """Do it; 422 where a field was refused."""
    try:
        act()
    except WrongValue as mistake:
        refuse([(mistake.key, mistake.code)])
