"""What is put into a database comes out of it as it was."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, event, insert, select, text, update

from gridlingua.errors import RemoteError
from gridlingua.storage import Database, ExactDecimal, UTCInstant

from .conftest import new_postgresql

METADATA = MetaData()
THINGS = Table(
    "things",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("amount", ExactDecimal),
    Column("at", UTCInstant),
)


@pytest.fixture
def filled(database: Database) -> Database:
    database.upgrade(METADATA)
    return database


def test_a_decimal_keeps_every_digit(filled: Database) -> None:
    amounts = [Decimal("0.1"), Decimal("123456789012345678.000000000000000001"), Decimal("1E+3"), Decimal(-7)]
    with filled.writing() as connection:
        connection.execute(insert(THINGS), [{"id": i, "amount": amount} for i, amount in enumerate(amounts)])
    with filled.reading() as connection:
        assert list(connection.execute(select(THINGS.c.amount).order_by(THINGS.c.id)).scalars()) == amounts


def test_an_instant_comes_back_in_utc_and_sorts_by_time_whatever_its_zone_was(filled: Database) -> None:
    noon = datetime(2026, 3, 29, 12, 0, 0, 1, UTC)
    east = (noon + timedelta(microseconds=1)).astimezone(timezone(timedelta(hours=14)))
    west = (noon - timedelta(microseconds=1)).astimezone(timezone(-timedelta(hours=12)))
    with filled.writing() as connection:
        connection.execute(insert(THINGS), [{"id": i, "at": at} for i, at in enumerate([noon, east, west])])
    with filled.reading() as connection:
        found = list(connection.execute(select(THINGS.c.at).order_by(THINGS.c.at)).scalars())
    assert found == [west, noon, east]
    assert {at.utcoffset() for at in found} == {timedelta(0)}


def test_a_datetime_without_a_zone_is_refused(filled: Database) -> None:
    with pytest.raises(Exception, match="has no time zone"), filled.writing() as connection:
        connection.execute(insert(THINGS), [{"id": 1, "at": datetime(2026, 1, 1)}])


def test_a_transaction_that_fails_leaves_nothing_behind(filled: Database) -> None:
    def fail() -> None:
        with filled.writing() as connection:
            connection.execute(insert(THINGS), [{"id": 1}])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with filled.reading() as connection:
        assert connection.execute(select(THINGS)).all() == []


def test_a_sqlite_file_is_in_wal_mode_with_foreign_keys_and_patience(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite'}")
    with database.reading() as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "foreign_keys")}
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 30_000
    database.close()
    assert found == {"journal_mode": "wal", "foreign_keys": 1}


def test_readers_go_on_while_a_writer_writes(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite'}")
    database.upgrade(METADATA)
    with database.writing() as writer:
        writer.execute(insert(THINGS), [{"id": 1}])
        with database.reading() as reader:
            assert reader.execute(select(THINGS)).all() == []
    database.close()


def test_a_reader_sees_one_state_of_the_data_from_beginning_to_end(filled: Database) -> None:
    with filled.reading() as reader:
        before = reader.execute(select(THINGS.c.id)).all()
        with filled.writing() as writer:
            writer.execute(insert(THINGS), [{"id": 1}])
        assert reader.execute(select(THINGS.c.id)).all() == before
    with filled.reading() as reader:
        assert reader.execute(select(THINGS.c.id)).scalars().all() == [1]


def test_a_database_that_cannot_be_opened_is_named_with_the_reason(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'no such folder' / 'x.sqlite'}")
    with pytest.raises(RemoteError, match=r"no such folder/x\.sqlite cannot be used: unable to open") as caught:
        database.upgrade(METADATA)
    assert caught.value.status == 503


def test_a_database_that_fails_on_the_way_is_told_without_its_inside_and_logged(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has another class of error for a table there is not")
    with pytest.raises(RemoteError) as caught, database.reading() as connection:
        connection.execute(select(THINGS))
    error = caught.value
    assert (str(error), error.status, error.retry) == ("the database cannot be used at the moment", 503, True)
    assert "no such table: things" in caplog.text


@pytest.mark.parametrize("url", ["nonsense", "oracle9://x", "sqlite+nosuchdriver:///x"])
def test_what_is_no_database_url_is_refused_with_what_one_looks_like(url: str) -> None:
    with pytest.raises(RemoteError, match=r"sqlite:///file\.sqlite"):
        Database(url)


def test_who_finds_every_connection_in_use_is_told_so(postgresql: str) -> None:
    database = Database(postgresql, connections=1, patience=0.1)
    said = "every connection to the database is in use; try again"
    with database.reading(), pytest.raises(RemoteError, match=said) as caught, database.reading():
        pass
    database.close()
    assert (caught.value.status, caught.value.retry) == (503, True)


def test_who_waits_too_long_for_what_another_writes_is_told_so(database_url: str) -> None:
    first = Database(database_url)
    first.upgrade(METADATA)
    with first.writing() as connection:
        connection.execute(insert(THINGS), [{"id": 1}])
    hasty = Database(database_url if first.is_sqlite else f"{database_url}&options=-clock_timeout%3D100ms")

    def write(database: Database, *settings: str) -> Any:
        with database.writing() as connection:
            connection.execute(update(THINGS).values(amount=1))
            if database is first:
                write(hasty)

    if first.is_sqlite:
        event.listen(hasty.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 100"))
    with pytest.raises(RemoteError, match="somebody else keeps the database from writing this") as caught:
        write(first)
    first.close()
    hasty.close()
    assert (caught.value.status, caught.value.retry) == (503, True)


def test_two_that_wait_for_each_other_are_told_apart_and_one_goes_on(postgresql: str) -> None:
    database = Database(new_postgresql(postgresql))
    database.upgrade(METADATA)
    with database.writing() as connection:
        connection.execute(insert(THINGS), [{"id": 1}, {"id": 2}])
    both = threading.Barrier(2)

    def write(first: int, second: int) -> str:
        try:
            with database.writing() as connection:
                connection.execute(update(THINGS).where(THINGS.c.id == first).values(amount=first))
                both.wait()
                connection.execute(update(THINGS).where(THINGS.c.id == second).values(amount=first))
        except RemoteError as error:
            return str(error)
        return "done"

    with ThreadPoolExecutor() as threads:
        said = sorted(threads.map(write, (1, 2), (2, 1)))
    database.close()
    crossed = "the database ended this because another change of the same rows stood in its way; try again"
    assert said == ["done", crossed]


def test_a_server_that_was_restarted_is_noticed_before_a_request_is_lost(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite is no server")
    with database.reading() as connection:
        process = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    other = Database(database.engine.url.render_as_string(hide_password=False))
    with other.writing() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend({process})"))
    other.close()
    with database.reading() as connection:
        assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() != process


def test_a_connection_that_dies_on_the_way_is_told_as_a_failure_of_the_database(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite is no server")
    with pytest.raises(RemoteError, match="cannot be used at the moment"), database.writing() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
