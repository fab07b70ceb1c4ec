"""The predicate tree, version 1, as it is written in JSON and YAML. A later version adds kinds of nodes and
changes none of these."""

from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    StrictBool,
    Tag,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError


def _as_a_number(value: object) -> object:
    """A number as JSON writes it: neither a text that looks like one, nor yes or no."""
    if isinstance(value, str | bytes | bool):
        raise PydanticCustomError("float_type", "a number")
    return value


def _as_a_whole(value: object) -> object:
    """The same of whole numbers; 2.0 is one."""
    if isinstance(value, str | bytes | bool):
        raise PydanticCustomError("int_type", "a whole number")
    return value


Whole = Annotated[int, BeforeValidator(_as_a_whole)]
Number = Annotated[float, BeforeValidator(_as_a_number)]
Value = str | int | float | bool
Letter = Literal["A", "B", "C", "D"]
Grade = Annotated[str, Field(pattern=r"^[A-D][1-4]$")]
DEEPEST = 20
MOST_NODES = 300
"""Parts of a tree; engines and their compilers bear no statement of any length."""
OWN, OF_COMPANY = "fields.", "company.fields."
"""With these the names of the company's own fields begin, of the person or the deal at hand and of the person's company."""
OWN_NAME: dict[str, JsonValue] = {"pattern": r"^(company\.)?fields\."}
TESTS = ("is", "in", "contains", "at_least", "at_most", "known")
LARGEST = 2**63 - 1
Days = Annotated[Number, Field(gt=0, le=36_500)]
Times = Annotated[Whole, Field(ge=1, le=LARGEST)]
Shift = Annotated[Whole, Field(ge=-36_500, le=36_500)]


def _given(how: str, *names: str) -> ConfigDict:
    """What the published schema says of parts of which so many are given; one that is null is not."""
    each: list[JsonValue] = [
        {"properties": {name: {"not": {"type": "null"}}}, "required": [name]} for name in names
    ]
    return ConfigDict(json_schema_extra={how: each})


class Part(BaseModel):
    """Any part of a predicate: frozen, and refusing what it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, serialize_by_alias=True, allow_inf_nan=False
    )


class ValueTest(Part):
    """Exactly one test of one value. Texts are compared without case; of a list, one member is enough."""

    model_config = _given("oneOf", *TESTS)
    is_: Value | None = Field(None, alias="is")
    in_: tuple[Value, ...] | None = Field(None, alias="in", min_length=1)
    contains: str | None = Field(None, min_length=1)
    at_least: Number | None = None
    at_most: Number | None = None
    known: StrictBool | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = [name for name, value in zip(TESTS, self.all_tests(), strict=True) if value is not None]
        if len(given) != 1:
            raise PydanticCustomError("one_test", "exactly one of {tests}", {"tests": ", ".join(TESTS)})
        return self

    def all_tests(self) -> tuple[object, ...]:
        """What each test of TESTS asks for; None where it asks nothing."""
        return (self.is_, self.in_, self.contains, self.at_least, self.at_most, self.known)


class Attribute(ValueTest):
    """What we know of the person, or of the deal inside of `deal`: {"attribute": "company.sector", "is": "medical"}."""

    attribute: str = Field(min_length=1)


class Did(Part):
    """A fact happened at least `times`, within the last `within_days` or ever.

    {"did": "PageSeen", "where": {"page": {"contains": "pricing"}}, "times": 2, "within_days": 7}
    """

    did: str = Field(min_length=1)
    where: dict[str, ValueTest] = Field(default_factory=dict)
    times: Times = 1
    within_days: Days | None = None


class Step(Part):
    """One kind of fact inside a node that asks for several."""

    did: str = Field(min_length=1)
    where: dict[str, ValueTest] = Field(default_factory=dict)


class Edge(Part):
    """What `First` and `Last` share: exactly one of the two spans, up to now."""

    model_config = _given("oneOf", "within_days", "longer_than_days")
    where: dict[str, ValueTest] = Field(default_factory=dict)
    within_days: Days | None = None
    longer_than_days: Days | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.within_days is None) is (self.longer_than_days is None):
            raise PydanticCustomError("one_span", "exactly one of within_days, longer_than_days")
        return self


class First(Edge):
    """The first such fact happened within the last days, or longer ago than that.

    {"first": "FormSubmitted", "within_days": 7}
    """

    first: str = Field(min_length=1)


class Last(Edge):
    """The last such fact happened within the last days, or longer ago than that.

    {"last": "CallMade", "longer_than_days": 30}
    """

    last: str = Field(min_length=1)


class Sequence(Part):
    """Facts happened one after the other, each later than the one before, all within the last `within_days` or ever.

    {"sequence": [{"did": "PageSeen"}, {"did": "FormSubmitted"}], "within_days": 30}
    """

    sequence: tuple[Step, ...] = Field(min_length=2, max_length=5)
    within_days: Days | None = None


class Since(Part):
    """A fact happened at least `times` since the last time another one did; where that never did, this is not so.

    {"since": {"did": "CallMade"}, "then": {"did": "PageSeen"}, "times": 2}
    """

    since: Step
    then: Step
    times: Times = 1


class Date(Part):
    """A date in a field of the company's own lies so many days from today (UTC), or from another such date.

    Negative days lie before it: {"date": "fields.renewal", "from_days": 0, "to_days": 30}
    """

    model_config = _given("anyOf", "from_days", "to_days")
    date: str = Field(min_length=1, json_schema_extra=OWN_NAME)
    of: str | None = Field(None, min_length=1, json_schema_extra=OWN_NAME)
    from_days: Shift | None = None
    to_days: Shift | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.from_days is None and self.to_days is None:
            raise PydanticCustomError("one_bound", "from_days, to_days or both")
        if not all(name.startswith((OWN, OF_COMPANY)) for name in (self.date, self.of) if name is not None):
            raise PydanticCustomError("own_field", "a field of the company's own")
        return self


class Inside(Part):
    """The person is in a segment, as its members stand: {"segment": 7}. Whoever leaves that one is asked again here."""

    segment: Whole = Field(ge=1, le=LARGEST)


class Deal(Part):
    """The person has at least `times` deals, outside of the bin, of each of which all of this holds.

    {"deal": [{"attribute": "fields.plan", "is": "gold"}, {"date": "fields.renewal", "from_days": 0, "to_days": 30}]}
    """

    deal: tuple["OfDeal", ...] = Field(max_length=10)
    times: Times = 1


class EngagementAtLeast(Part):
    """The engagement score, as decayed, is at least this."""

    engagement_at_least: Number = Field(gt=0)


class FitAtLeast(Part):
    """The letter of fit is this one or a better one."""

    fit_at_least: Letter


class FitIn(Part):
    """The letter of fit is one of these."""

    fit_in: tuple[Letter, ...] = Field(min_length=1)


class GradeIn(Part):
    """The grade, A1 to D4, is one of these."""

    grade_in: tuple[Grade, ...] = Field(min_length=1)


class All(Part):
    """Every part matches."""

    all_: tuple["Node", ...] = Field(alias="all", min_length=1)


class Any(Part):
    """At least one part matches."""

    any_: tuple["Node", ...] = Field(alias="any", min_length=1)


class Not(Part):
    """The part does not match."""

    not_: "Node" = Field(alias="not")


KEYS = (
    "all",
    "any",
    "not",
    "attribute",
    "did",
    "first",
    "last",
    "sequence",
    "since",
    "date",
    "segment",
    "deal",
    "engagement_at_least",
    "fit_at_least",
    "fit_in",
    "grade_in",
)
"""The key that says which kind a node is; each node has exactly one of them."""


def _kind(node: object) -> str | None:
    """The tag of a node: its one key, with a # so that it can be told from a path."""
    if isinstance(node, dict):
        found = [key for key in KEYS if key in node]
        return f"#{found[0]}" if len(found) == 1 else None
    return next((f"#{key}" for key in KEYS if hasattr(node, key) or hasattr(node, f"{key}_")), None)


OfDeal = Annotated[
    Annotated[Attribute, Tag("#attribute")] | Annotated[Date, Tag("#date")],
    Discriminator(_kind, custom_error_type="of_deal", custom_error_message="attribute or date"),
]
Node = Annotated[
    Annotated[All, Tag("#all")]
    | Annotated[Any, Tag("#any")]
    | Annotated[Not, Tag("#not")]
    | Annotated[Attribute, Tag("#attribute")]
    | Annotated[Did, Tag("#did")]
    | Annotated[First, Tag("#first")]
    | Annotated[Last, Tag("#last")]
    | Annotated[Sequence, Tag("#sequence")]
    | Annotated[Since, Tag("#since")]
    | Annotated[Date, Tag("#date")]
    | Annotated[Inside, Tag("#segment")]
    | Annotated[Deal, Tag("#deal")]
    | Annotated[EngagementAtLeast, Tag("#engagement_at_least")]
    | Annotated[FitAtLeast, Tag("#fit_at_least")]
    | Annotated[FitIn, Tag("#fit_in")]
    | Annotated[GradeIn, Tag("#grade_in")],
    Discriminator(_kind, custom_error_type="one_kind", custom_error_message="exactly one kind of node"),
]


class Predicate(Part):
    """A whole predicate over persons: {"version": 1, "match": {...}}, of at most 300 nodes, 20 levels deep."""

    version: Literal[1] = 1
    match: Node

    @field_validator("version", mode="before")
    @classmethod
    def _is_number(cls, version: object) -> object:
        """To Python 1 and true are the same; JSON and its schema know them apart."""
        if isinstance(version, bool):
            raise PydanticCustomError("literal_error", "Input should be 1")
        return version

    @model_validator(mode="after")
    def _not_too_large(self) -> Self:
        if depth(self.match) > DEEPEST:
            raise PydanticCustomError("too_deep", "at most {deepest} levels", {"deepest": DEEPEST})
        if size(self.match) > MOST_NODES:
            raise PydanticCustomError("too_large", "at most {most} nodes", {"most": MOST_NODES})
        return self


def children(node: "Node") -> tuple["Node", ...]:
    """The parts of a node that are nodes themselves."""
    match node:
        case All():
            return node.all_
        case Any():
            return node.any_
        case Not():
            return (node.not_,)
        case _:
            return ()


def steps(node: "Node") -> tuple[tuple[Step, float | None], ...]:
    """The facts a node itself asks for, each with the days after which one ceases or begins to count."""
    match node:
        case Did():
            return ((Step(did=node.did, where=node.where), node.within_days),)
        case First():
            return ((Step(did=node.first, where=node.where), node.within_days or node.longer_than_days),)
        case Last():
            return ((Step(did=node.last, where=node.where), node.within_days or node.longer_than_days),)
        case Sequence():
            return tuple((step, node.within_days) for step in node.sequence)
        case Since():
            return ((node.since, None), (node.then, None))
        case _:
            return ()


def size(node: "Node") -> int:
    """How many nodes a tree has."""
    return 1 + sum(map(size, children(node)))


def depth(node: "Node") -> int:
    """How many levels a tree has."""
    return 1 + max((depth(child) for child in children(node)), default=0)


for model in (Deal, All, Any, Not, Predicate):
    model.model_rebuild()
