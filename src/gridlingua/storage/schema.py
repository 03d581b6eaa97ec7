"""The schema of a database: which revision it has, and how it gets to the newest one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from gridlingua.errors import RemoteError

MIGRATIONS = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = threading.Lock()  # the connection of a migration is a global of Alembic


@dataclass(frozen=True)
class Revision:
    """A step in the history of the schema, such as ``0001``, and what it did."""

    name: str
    title: str


def history() -> list[Revision]:
    """Every revision, the first one first."""
    steps = reversed(list(_scripts().walk_revisions()))
    return [Revision(step.revision, step.doc.rstrip(".")) for step in steps]


def revision(connection: Connection) -> str:
    """The revision of a database; empty when none is written in it: a new one, or one of release 0.1.0."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def pending(connection: Connection) -> list[Revision]:
    """The revisions that a database lacks, in their order.

    Raises ``RemoteError`` (503) when it has one that this program does not know, so that a newer one must have made it.
    """
    known, found = history(), revision(connection)
    if not found:
        return known
    names = [one.name for one in known]
    if found not in names:
        url = connection.engine.url.render_as_string(hide_password=True)
        raise RemoteError(
            f"the database {url} has the schema {found} of a newer gridlingua, and this one knows {names[0]} to "
            f"{names[-1]}: run the newer one, or bring back the backup from before it was upgraded",
            party="database",
            status=503,
        )
    return known[names.index(found) + 1 :]


def migrate(connection: Connection) -> None:
    """Run what is pending, in the transaction of the connection."""
    with _ONE_AT_A_TIME:
        command.upgrade(_config(connection), "head")


def draft(connection: Connection, metadata: Sequence[MetaData], title: str) -> Path:
    """Write the next revision from how ``metadata`` differs from the database, which is at the newest; to be read and
    mended by hand. Returns the file."""
    config = _config(connection)
    config.attributes["metadata"] = list(metadata)
    number = f"{len(history()) + 1:04d}"
    with _ONE_AT_A_TIME:
        script = command.revision(config, title, autogenerate=True, rev_id=number)
    assert script is not None
    assert not isinstance(script, list)
    return Path(script.path)


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
