"""What is said when a database fails."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from alembic.util import CommandError
from sqlalchemy import exc
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from gridlingua.errors import RemoteError
from gridlingua.storage.engines import LOCKED

_AWAY: Final = "the database cannot be used at the moment"
_LOCKED: Final = "somebody else keeps the database from writing this; try again"
_CROSSED: Final = "the database ended this because another change of the same rows stood in its way; try again"
_NO_CONNECTION: Final = "every connection to the database is in use; try again"
_SENTENCES: Final = {"55P03": _LOCKED, "40001": _CROSSED, "40P01": _CROSSED}  # SQLSTATEs of PostgreSQL


@contextmanager
def told() -> Iterator[None]:
    """A failure of the database, not of what was asked of it, is logged and becomes a ``RemoteError`` (503, retry)."""
    try:
        yield
    except SQLAlchemyError as error:
        if not (sentence := _sentence(error)):
            raise
        logging.getLogger(__name__).exception("the database failed")
        raise RemoteError(sentence, party="database", status=503, retry=True) from error


def _sentence(error: SQLAlchemyError) -> str:
    if isinstance(error, exc.TimeoutError):
        return _NO_CONNECTION
    if isinstance(error, OperationalError):
        if str(error.orig) == LOCKED:
            return _LOCKED
        return _SENTENCES.get(getattr(error.orig, "sqlstate", None) or "", _AWAY)
    lost = isinstance(error, DBAPIError) and (error.connection_invalidated or isinstance(error, InterfaceError))
    return _AWAY if lost else ""


@contextmanager
def unusable(database: str, what: str = "used") -> Iterator[None]:
    """Whatever goes wrong becomes a ``RemoteError`` (503) that names the database and the reason."""
    try:
        yield
    except (SQLAlchemyError, CommandError) as error:  # the second is Alembic's
        reason = str(getattr(error, "orig", None) or error).strip()
        sentence = f"the database {database} cannot be {what}: {reason}"
        raise RemoteError(sentence, party="database", status=503) from error
