"""The command that upgrades a database, and tells what there is to upgrade."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import text
from typer.testing import CliRunner

from gridlingua.cli.database import database_app
from gridlingua.storage import Database, schema


def run(*arguments: str) -> Result:
    return CliRunner().invoke(database_app, arguments, env={"COLUMNS": "200", "NO_COLOR": "1"})


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def test_a_database_of_release_0_1_0_is_upgraded_and_said_to_be_at_the_newest(
    released: Callable[..., Database],
) -> None:
    url = url_of(released())
    before, upgraded, after = (
        run("status", "--database", url),
        run("upgrade", "--database", url),
        run("status", "--database", url),
    )
    newest = schema.history()[-1]
    assert (before.exit_code, upgraded.exit_code, after.exit_code) == (1, 0, 0)
    assert f"run: gridlingua database upgrade --database {url}" in before.stdout
    assert before.stdout.count("missing") == len(schema.history())
    assert f"{newest.name} {newest.title}\n" in upgraded.stdout
    assert upgraded.stdout.endswith(f"{url} is at {newest.name}, the newest\n")
    assert "missing" not in after.stdout


def test_a_database_of_a_newer_gridlingua_is_refused_in_a_sentence(database: Database) -> None:
    database.upgrade()
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for what in ("status", "upgrade"):
        refused = run(what, "--database", url_of(database))
        assert refused.exit_code == 1
        assert "has the schema 9999 of a newer gridlingua" in refused.stderr


@pytest.mark.parametrize("what", ["status", "upgrade"])
@pytest.mark.parametrize("url", ["nonsense", "sqlite:///no such folder/x.sqlite"])
def test_what_cannot_be_opened_is_told_in_a_sentence(what: str, url: str) -> None:
    refused = run(what, "--database", url)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("gridlingua database: ")


def test_asking_for_the_status_makes_no_file(tmp_path: Path) -> None:
    refused = run("status", "--database", f"sqlite:///{tmp_path / 'x.sqlite'}")
    assert (refused.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert "there is no database yet" in refused.stderr
