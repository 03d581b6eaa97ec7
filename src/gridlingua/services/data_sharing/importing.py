"""Files of points and readings into the database: a file's rows all together, or none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from gridlingua.services.data_sharing import bulk, store
from gridlingua.services.data_sharing.point_rows import PointRows
from gridlingua.services.data_sharing.rows import TIME, Bad, Good, ReadingRows
from gridlingua.services.data_sharing.seen import Seen
from gridlingua.services.data_sharing.sheets import Chunk, Sheet
from gridlingua.services.refusals import ConflictError
from gridlingua.storage import Database

FIRST = 100
_MANY = 10_000


@dataclass(frozen=True)
class Rules:
    """``skip_bad``: take the good rows though there are bad ones. ``replace``: new values take the place of old."""

    skip_bad: bool = False
    replace: bool = False


@dataclass
class Outcome:
    """What became of a file: ``rows`` were read, of which some were new, changed or completed what was known, said
    nothing new, or were bad; ``first`` are the first hundred bad ones. Nothing was kept unless ``is_imported``.
    """

    rows: int = 0
    added: int = 0
    changed: int = 0
    known: int = 0
    bad: int = 0
    first: list[Bad] = field(default_factory=list)
    is_imported: bool = False


@dataclass(frozen=True)
class Listener:
    """Who is told of every bad row, in the order of lines, and of how much of the sheet was read since last time."""

    rejected: Callable[[Bad], object] = lambda _bad: None
    advanced: Callable[[int], object] = lambda _size: None


class _BadRowsError(Exception):
    """Undoes what was done for a file with bad rows."""


def import_sheet(database: Database, sheet: Sheet, rules: Rules, listener: Listener) -> Outcome:
    """Import readings (a sheet with times) or points; all of it is judged, whatever comes first.

    Raises ``RefusedError`` for a sheet whose columns are not those of either, or that cannot be read to its end, and
    ``ConflictError`` when somebody else enters the same points at the same time.
    """
    outcome = Outcome()
    try:
        with database.writing() as connection:
            take = _readings if TIME in sheet.headings else _points
            for bad in take(connection, sheet, rules, outcome, listener):
                outcome.bad += len(bad)
                outcome.first += bad[: FIRST - len(outcome.first)]
                for one in bad:
                    listener.rejected(one)
            if outcome.bad and not rules.skip_bad:
                raise _BadRowsError
            if outcome.added > _MANY:
                bulk.count(connection)
    except _BadRowsError:
        return outcome
    except IntegrityError as error:
        raise ConflictError("points of this file were entered otherwise meanwhile; import it again") from error
    outcome.is_imported = True
    return outcome


def _told(sheet: Sheet, outcome: Outcome, listener: Listener) -> Iterator[Chunk]:
    for chunk in sheet.chunks():
        yield chunk
        outcome.rows += len(chunk.lines) + len(chunk.broken)
        listener.advanced(chunk.size)


def _readings(
    connection: Connection, sheet: Sheet, rules: Rules, outcome: Outcome, listener: Listener
) -> Iterator[list[Bad]]:
    rows = ReadingRows(sheet.headings, store.numbers(connection))
    seen = Seen()
    for chunk in _told(sheet, outcome, listener):
        good, bad = rows.judge(chunk)
        if rules.replace:  # else what the file said before is known, and a contradiction is found there
            again = seen.again(good.positions)
            bad += [_bad(chunk, good.positions[key], "the file says something of it twice") for key in again]
            good = Good([row for row in good.rows if row[:2] not in again], good.positions, good.repeated)
        merged = bulk.merge(connection, rows.columns, good.rows, replace=rules.replace)
        outcome.added += merged.added
        outcome.changed += merged.changed
        outcome.known += merged.known + good.repeated
        known = "it is known with another value; what is known is only replaced on request"
        bad += [_bad(chunk, good.positions[key], known) for key in merged.conflicts]
        yield sorted(bad, key=lambda one: one.line)


def _bad(chunk: Chunk, position: int, reason: str) -> Bad:
    return Bad(chunk.lines[position], reason, chunk.cells(position))


def _points(
    connection: Connection, sheet: Sheet, rules: Rules, outcome: Outcome, listener: Listener
) -> Iterator[list[Bad]]:
    rows = PointRows(sheet.headings, store.all_points(connection), replace=rules.replace)
    for chunk in _told(sheet, outcome, listener):
        judged = rows.judge(chunk)
        store.insert_points(connection, judged.new)
        for point in judged.changed:
            store.replace_point(connection, point)
        outcome.added += len(judged.new)
        outcome.changed += len(judged.changed)
        outcome.known += judged.known
        yield judged.bad
