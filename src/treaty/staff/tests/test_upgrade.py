"""What an installation gets that was made by an older version."""

from importlib import import_module

import pytest
from django.apps import apps

from treaty.staff.models import Role
from treaty.staff.rules import FORGET_PEOPLE, MANAGE_FIELDS, MANAGE_STAFF, SEE_PEOPLE
from treaty.staff.tests.factories import role


@pytest.mark.django_db
def test_administrators_get_the_permissions_that_came_later_and_nobody_else_does() -> None:
    for key in ("administrator", "onlooker"):
        Role.objects.filter(pk=role(key).pk).update(permissions=[SEE_PEOPLE, MANAGE_STAFF])
    migration = import_module("treaty.staff.migrations.0005_administrators_forget")
    for _twice in range(2):
        migration.give(apps, None)
    assert role("administrator").permissions == [SEE_PEOPLE, MANAGE_STAFF, FORGET_PEOPLE, MANAGE_FIELDS]
    assert role("onlooker").permissions == [SEE_PEOPLE, MANAGE_STAFF]
