"""Rows of a file that are readings: which column is what, and what is wrong with a row. No I/O.

Columns are judged whole, one after the other, and what has been judged is remembered: 35 million rows have few
different times, meters and values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from gridlingua.services.data_sharing.domain import quarter_before, quarter_of
from gridlingua.services.data_sharing.measures import Measure, headings, measure_of
from gridlingua.services.data_sharing.points import CLIENTS
from gridlingua.services.data_sharing.sheets import Cells, Chunk
from gridlingua.services.instants import Instant
from gridlingua.services.refusals import RefusedError

METER, TIME = "meter_id", "time"
ASIDE = ("line", "reason")
"""What a file of rows put aside says of each; such a file can be imported again when its rows are mended."""
_REMEMBERED = 200_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Key = tuple[int, int]


@dataclass(frozen=True)
class Bad:
    """A row that cannot be taken: where it stands, why, and as it was."""

    line: int
    reason: str
    cells: Cells

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True)
class Good:
    """Rows as they are kept, in the order of point and quarter-hour, each once; ``repeated`` were there once more.

    ``positions`` says which row of the chunk each is.
    """

    rows: list[tuple[int | None, ...]]
    positions: dict[Key, int]
    repeated: int


class Reason(str):
    """What stands in place of a value that cannot be taken."""

    __slots__ = ()


class _Judged(dict[Any, Any]):
    """What became of a value, judged when it comes for the first time."""

    def __init__(self, judge: Callable[[Any], Any]) -> None:
        super().__init__()
        self._judge = judge

    def __missing__(self, value: Any) -> Any:
        if len(self) >= _REMEMBERED:
            self.clear()
        try:
            judged = self._judge(value)
        except (ValueError, OverflowError) as error:
            judged = Reason(error)
        self[value] = judged
        return judged


class ReadingRows:
    """The readings of a sheet with these headings, of these points (number and kind by meter).

    Raises ``RefusedError`` when a column is missing, or unknown, or there are two of one quantity.
    """

    def __init__(self, found: Sequence[str], points: dict[str, tuple[int, str]]) -> None:
        self._points = _Judged(lambda value: _point(points, value))
        self._quarters = _Judged(_quarter)
        self._measures = [(name, *known) for name in found if (known := measure_of(name)) is not None]
        _check(found, [measure for _, measure, _ in self._measures])
        self._values = [_Judged(_judge(measure, exponent)) for _, measure, exponent in self._measures]
        self._clients = {number for number, kind in points.values() if kind in CLIENTS}
        self.columns = [measure.column for _, measure, _ in self._measures]

    def judge(self, chunk: Chunk) -> tuple[Good, list[Bad]]:
        """The rows that can be taken, and those that cannot."""
        values = [
            list(map(judged.__getitem__, chunk.columns[name]))
            for (name, _, _), judged in zip(self._measures, self._values, strict=True)
        ]
        points = list(map(self._points.__getitem__, chunk.columns[METER]))
        times = chunk.columns[TIME] if TIME in chunk.times else map(str, chunk.columns[TIME])
        quarters = list(map(self._quarters.__getitem__, times))
        wrong = _reasons([points, quarters, *values])
        self._judge_rows(points, values, wrong)
        rows = list(zip(points, quarters, *values, strict=True))
        positions, repeated = _once(rows, wrong, chunk.lines)
        taken = sorted(rows[position] for position in positions.values())
        bad = [Bad(line, _cells_missing(len(cells), len(chunk.columns)), cells) for line, cells in chunk.broken]
        bad += [Bad(chunk.lines[position], reason, chunk.cells(position)) for position, reason in wrong.items()]
        return Good(taken, positions, repeated), bad

    def _judge_rows(self, points: Sequence[Any], values: Sequence[Sequence[Any]], wrong: dict[int, str]) -> None:
        if all(None in column for column in values):
            for position, row in enumerate(zip(*values, strict=True)):
                if not any(value is not None for value in row):
                    wrong.setdefault(position, "there is no value; a gap is no row at all")
        if "tap" in self.columns:
            for position, tap in enumerate(values[self.columns.index("tap")]):
                if tap is not None and points[position] in self._clients:
                    wrong.setdefault(position, "a client has no tap; this is a substation's")


def _check(found: Sequence[str], measures: Sequence[Measure]) -> None:
    if missing := [name for name in (METER, TIME) if name not in found]:
        raise RefusedError(f"there is no column {missing[0]}; a file of readings has {METER}, {TIME} and quantities")
    names = [measure.name for measure in measures]
    if not names:
        raise RefusedError(f"there is no quantity; the columns that can be there are {', '.join(headings())}")
    if twice := [name for name in names if names.count(name) > 1]:
        raise RefusedError(f"{twice[0]} is there in two units; one column says it all")
    known = {METER, TIME, *ASIDE}
    if unknown := [name for name in found if name not in known and measure_of(name) is None]:
        raise RefusedError(
            f"column {unknown[0]!r} is not known; there are {METER}, {TIME}, {', '.join(headings())} "
            "(a quantity and its unit)"
        )


def _point(points: dict[str, tuple[int, str]], value: Any) -> int:
    known = points.get(value) or points.get(str(value).strip())
    if known is None or value is None:
        raise ValueError(f"there is no point with the meter {value!r}; import the points first")
    return known[0]


def _quarter(value: Any) -> int:
    told = Instant.of(_EPOCH + timedelta(microseconds=value)).text if isinstance(value, int) else str(value).strip()
    at = Instant.parse(told).at
    if (quarter := quarter_of(at)) != quarter_before(at):
        raise ValueError(f"{Instant.of(at)} does not begin a quarter-hour")
    return quarter


def _judge(measure: Measure, exponent: int) -> Callable[[Any], int | None]:
    return lambda value: None if value is None or value == "" else measure.kept(value, exponent)


def _reasons(columns: Iterable[Sequence[Any]]) -> dict[int, str]:
    wrong: dict[int, str] = {}
    for column in columns:
        if Reason in set(map(type, column)):
            for position, value in enumerate(column):
                if isinstance(value, Reason):
                    wrong.setdefault(position, str(value))
    return wrong


def _once(rows: Sequence[Any], wrong: dict[int, str], lines: Sequence[int]) -> tuple[dict[Key, int], int]:
    """Where the row of each point and quarter-hour is; a second one that says something else is wrong."""
    positions: dict[Key, int] = {}
    repeated = 0
    for position, row in enumerate(rows):
        if position in wrong:
            continue
        first = positions.setdefault(row[:2], position)
        if first != position and row == rows[first]:
            repeated += 1
        elif first != position:
            wrong[position] = f"line {lines[first]} says something else of the same meter and time"
    return positions, repeated


def _cells_missing(found: int, wanted: int) -> str:
    return f"there are {found} cells, and {wanted} headings"
