"""Whoever lacks the key, its scope or its owner's permission is refused, on every route there is and will be."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from ninja import Router, Schema

from tests.api.test_problems import MEMBERS
from tests.api.world import Caller, caller
from treaty.api import api
from treaty.kit.nouns import offered
from treaty.staff.access import Key
from treaty.staff.rules import SCOPES, SEE_PEOPLE
from treaty.staff.tests.factories import admin, user


@dataclass(frozen=True)
class Route:
    """One verb at one address, and the key it asks for."""

    method: str
    path: str
    key: Key

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def address(self) -> str:
        """The path with numbers in its places."""
        return re.sub(r"\{[^}]+\}", "1", self.path)


def routes() -> Iterator[Route]:
    """Every route of every noun."""
    for _noun, router in offered("api", "router"):
        assert isinstance(router, Router)
        for path, view in router.path_operations.items():
            for operation in view.operations:
                (key,) = operation.auth_callbacks
                assert isinstance(key, Key), f"{path} is open to all"
                yield from (Route(method, path, key) for method in operation.methods)


ROUTES = list(routes())
every_route = pytest.mark.parametrize("route", ROUTES, ids=str)


def test_the_routes_are_those_of_the_description() -> None:
    told = {
        f"{method.upper()} {path}"
        for path, verbs in api.get_openapi_schema(path_prefix="/")["paths"].items()
        for method in verbs
    }
    assert {str(route) for route in ROUTES} == told
    assert len(ROUTES) >= 28


def test_no_two_shapes_bear_one_name() -> None:
    """The description knows a shape by its name alone: of two, one would be described as the other."""
    names = Counter(shape.__name__ for shape in shapes(Schema))
    assert len(names) >= 60
    assert [name for name, times in names.items() if times > 1] == []


def shapes(kind: type[Schema]) -> Iterator[type[Schema]]:
    """Every shape of our own under this one."""
    for shape in kind.__subclasses__():
        if shape.__module__.startswith("treaty."):
            yield shape
        yield from shapes(shape)


@every_route
@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "treaty_guessed", "ключ"])
def test_no_route_is_open_without_a_key(route: Route, key: str) -> None:
    answer = Caller(key)(route.method, route.address, {})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json().keys() == MEMBERS


@every_route
@pytest.mark.django_db
def test_no_route_is_open_without_its_scope(route: Route) -> None:
    others = [scope for scope in SCOPES if scope != route.key.scope]
    answer = caller(admin(), *others)(route.method, route.address, {})
    assert (answer.status_code, answer.json()["detail"]) == (403, "This key does not allow this.")


@pytest.mark.parametrize("route", [one for one in ROUTES if one.key.permission != SEE_PEOPLE], ids=str)
@pytest.mark.django_db
def test_an_onlooker_s_key_changes_nothing(route: Route) -> None:
    assert caller(user("Otto", "onlooker"))(route.method, route.address, {}).status_code == 403


@every_route
@pytest.mark.django_db
def test_other_methods_are_refused_in_the_same_form(route: Route) -> None:
    known = {one.method for one in ROUTES if one.path == route.path}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - known:
        answer = caller(admin())(method, route.address, {})
        assert answer.status_code == 405
        assert set(answer["Allow"].split(", ")) == known
        assert answer.json()["errors"] == []
