"""Calls made up from the API's own description, right and wrong ones: none breaks it, none is answered otherwise than written."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi import checks

from tests.api.rooms import hall, room
from tests.api.world import House, token
from treaty.api import api
from treaty.kit.rest import LARGEST_ID
from treaty.notices.models import Notice
from treaty.wsgi import application

EXAMPLES = 12 if connection.vendor == "sqlite" else 4
"""For each operation, beside the systematic ones; the engines differ only in the values they keep."""

described: Any = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/"))
described.app = application
described.config.generation.update(allow_x00=False, with_security_parameters=False)
# Beyond those that it knows: whether a thing is as `If-Match` names it is asked before the body is read (RFC 9110, 13.2.1).
described.config.checks.negative_data_rejection.expected_statuses.append("412")

ALWAYS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
    checks.allow_header_conformance,
]
# That right calls are accepted is checked only of what reads without a cursor: a description cannot say which
# cursors are signed, nor which phone numbers, currencies and reasons exist.
READING = [*ALWAYS, checks.positive_data_acceptance]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A request served in this process leaves the test's connection, and so its transaction, open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def there(house: House) -> dict[str, Any]:
    """The key of somebody who may do everything, and of every noun a thing, under the name that addresses give it."""
    cast = room(house.cast.ann)
    Notice.objects.filter(pk=cast.notice).update(user=house.admin)
    ids = vars(cast) | vars(hall()) | {"user": house.admin.pk}
    return ids | {
        "token": token(house.admin),
        "person": house.person,
        "deal": house.deal,
        "handover": house.offered,
    }


@described.parametrize()  # type: ignore[untyped-decorator]
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@pytest.mark.slow
def test_no_call_breaks_the_api(case: Any, there: dict[str, Any], one_connection: None) -> None:
    headers = {"Authorization": f"Bearer {there['token']}", "Accept-Encoding": "identity"}
    aim(case, there)
    wanted = READING if case.method == "GET" and "after" not in (case.query or {}) else ALWAYS
    # Each call meets the same rows, so that a failure can be repeated alone.
    with transaction.atomic():
        case.call_and_validate(headers=headers, checks=wanted)
        transaction.set_rollback(True)


def aim(case: Any, there: dict[str, Any]) -> None:
    """Most numbers made up name no row: let the even ones name one."""
    for name, value in list((case.path_parameters or {}).items()):
        if isinstance(value, int) and 0 < value <= LARGEST_ID and value % 2 == 0:
            case.path_parameters[name] = there[name]
