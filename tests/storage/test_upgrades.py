"""Every database gets to the newest schema with what is in it: an empty one, and one of each release."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, select, text
from sqlalchemy.exc import IntegrityError

from gridlingua.errors import RemoteError
from gridlingua.storage import Database, schema

Released = Callable[..., Database]
SUBSETS = [("flexibility",), ("aggregator",), ("flexibility", "data_sharing"), ()]


def differences(database: Database, metadata: list[MetaData]) -> list[Any]:
    """What a migration would still have to do."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        found: list[Any] = compare_metadata(context, metadata)  # type: ignore[arg-type] # it takes several, too
    return found


def without_rowid(database: Database) -> set[str]:
    """The SQLite tables that are stored in the order of their key."""
    query = text("SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'")
    with database.reading() as connection:
        return set(connection.execute(query).scalars())


def triggers(database: Database) -> set[str]:
    """The triggers of a database by name."""
    sqlite, postgresql = "SELECT name FROM sqlite_master WHERE type = 'trigger'", "SELECT tgname FROM pg_trigger"
    query = sqlite if database.is_sqlite else f"{postgresql} WHERE NOT tgisinternal"
    with database.reading() as connection:
        return set(connection.execute(text(query)).scalars())


def tables(database: Database) -> MetaData:
    found = MetaData()
    found.reflect(database.engine)
    return found


def test_the_history_goes_forward_by_one(database: Database) -> None:
    names = [one.name for one in schema.history()]
    assert names == [f"{number:04d}" for number in range(1, len(names) + 1)]
    assert database.pending() == schema.history()


@pytest.mark.parametrize("services", SUBSETS)
def test_a_database_of_release_0_1_0_becomes_like_one_that_was_empty(
    released: Released, services: tuple[str, ...], empty: Database
) -> None:
    database = released(*services)
    assert database.upgrade() == empty.upgrade() == schema.history()
    assert differences(database, [tables(empty)]) == []
    assert not database.is_sqlite or without_rowid(database) == without_rowid(empty) != set()
    assert triggers(database) == triggers(empty)
    assert database.pending() == []
    assert database.upgrade() == []


def test_the_newest_schema_is_that_of_the_services_so_that_no_revision_was_forgotten(
    database: Database, services_metadata: list[MetaData], empty: Database
) -> None:
    database.upgrade()
    for tables_of_a_service in services_metadata:
        tables_of_a_service.create_all(empty.engine)
    assert differences(database, services_metadata) == []
    assert not database.is_sqlite or without_rowid(database) == without_rowid(empty) != set()
    assert triggers(database) == triggers(empty)


def test_a_table_that_no_revision_knows_is_created_and_left_alone_afterwards(database: Database) -> None:
    others = MetaData()
    table = Table("weather_stations", others, Column("id", Integer, primary_key=True))
    database.upgrade(others)
    with database.writing() as connection:
        connection.execute(table.insert(), [{"id": 7}])
    assert database.upgrade(others) == []
    with database.reading() as connection:
        assert connection.execute(select(table.c.id)).scalars().all() == [7]


def test_a_database_that_may_not_be_upgraded_is_refused_with_the_remedy_and_left_alone(released: Released) -> None:
    database = released()
    there = set(tables(database).tables)
    with pytest.raises(RemoteError, match=r"lacks 0001 \(Release 0\.1\.0\).*: make a backup, and run gridlingua datab"):
        database.upgrade(allowed=False)
    assert set(tables(database).tables) == there


def test_a_lacking_table_that_may_not_be_created_is_named(database: Database) -> None:
    others = MetaData()
    Table("weather_stations", others, Column("id", Integer, primary_key=True))
    database.upgrade()
    with pytest.raises(RemoteError, match="lacks weather_stations, and this may not upgrade it"):
        database.upgrade(others, allowed=False)


def test_a_database_at_the_newest_needs_no_leave(database: Database) -> None:
    database.upgrade()
    assert database.upgrade(allowed=False) == []


def test_a_database_of_a_newer_gridlingua_is_refused_and_left_alone(database: Database) -> None:
    database.upgrade()
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RemoteError, match="has the schema 9999 of a newer gridlingua, and this one knows 0001 to 0"):
        database.upgrade()
    with pytest.raises(RemoteError, match="bring back the backup"):
        database.pending()


def test_the_password_is_told_to_nobody(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has no passwords")
    url = database.engine.url.set(password="secret").render_as_string(hide_password=False)
    other = Database(url)
    with pytest.raises(RemoteError, match=r":\*\*\*@") as caught:
        other.upgrade(allowed=False)
    other.close()
    assert "secret" not in str(caught.value)


def test_an_upgrade_that_fails_on_the_way_leaves_everything_as_it_was(released: Released) -> None:
    database = released()
    there = set(tables(database).tables)
    broken = MetaData()
    Table("weather_stations", broken, Column("place", ForeignKey("no_such_place.id"), primary_key=True))
    with pytest.raises(Exception, match="no_such_place"):
        database.upgrade(broken)
    assert set(tables(database).tables) == there
    assert database.pending() == schema.history()


UPGRADE = """
import sys
from gridlingua.storage import Database
database = Database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(len(database.upgrade()))
database.close()
"""


@pytest.mark.parametrize("kind", ["empty", "released"])
def test_of_processes_that_start_at_once_one_upgrades_and_all_go_on(
    database: Database, released: Released, kind: str
) -> None:
    if kind == "released":
        released()
    command = [sys.executable, "-c", UPGRADE, database.engine.url.render_as_string(hide_password=False)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(4)]
    for one in processes:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in processes:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    counts = [one.communicate(timeout=60)[0].strip() for one in processes]
    assert sorted(counts) == ["0", "0", "0", str(len(schema.history()))]
    assert database.pending() == []


def test_foreign_keys_are_enforced_again_after_an_upgrade(database: Database) -> None:
    database.upgrade()
    others = MetaData()
    parent = Table("weather_stations", others, Column("id", Integer, primary_key=True))
    child = Table("weather_sensors", others, Column("station", ForeignKey(parent.c.id), primary_key=True))
    database.upgrade(others)
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(child.insert(), [{"station": 1}])
