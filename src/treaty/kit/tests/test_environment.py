"""The database's URL is read whole, and refused when it names no PostgreSQL."""

import pytest

from treaty.kit.environment import BadSetting, postgresql


def test_a_url_names_server_database_and_user() -> None:
    read = postgresql("postgres://ann:p%40ss@db.example:5433/treaty?sslmode=require")
    assert (read["HOST"], read["PORT"], read["NAME"]) == ("db.example", "5433", "treaty")
    assert (read["USER"], read["PASSWORD"]) == ("ann", "p@ss")
    assert read["OPTIONS"] == {
        "sslmode": "require",
        "options": "-c jit=off -c plan_cache_mode=force_generic_plan -c random_page_cost=1.1 -c parallel_setup_cost=10000",
        "connect_timeout": 10,
    }


def test_a_folder_of_sockets_may_be_the_host() -> None:
    assert postgresql("postgresql://postgres:@/treaty?host=/run/db")["HOST"] == "/run/db"


def test_the_operators_own_options_come_after_ours() -> None:
    read = postgresql("postgres://db/treaty?options=-c%20jit%3Don")
    ours = "-c jit=off -c plan_cache_mode=force_generic_plan -c random_page_cost=1.1 -c parallel_setup_cost=10000"
    expected = {"options": f"{ours} -c jit=on", "connect_timeout": 10}
    assert read["OPTIONS"] == expected


def test_the_operators_own_patience_wins() -> None:
    read = postgresql("postgres://db/treaty?connect_timeout=3")
    ours = "-c jit=off -c plan_cache_mode=force_generic_plan -c random_page_cost=1.1 -c parallel_setup_cost=10000"
    assert read["OPTIONS"] == {"options": ours, "connect_timeout": "3"}


def test_another_engine_is_refused_by_name() -> None:
    with pytest.raises(BadSetting, match="begins with 'mysql'"):
        postgresql("mysql://db/treaty")
