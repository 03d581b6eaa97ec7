"""Rows of a file that are metering points, and what is wrong with a row. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from gridlingua.services.data_sharing.points import Point, complete, faults
from gridlingua.services.data_sharing.rows import ASIDE, Bad
from gridlingua.services.data_sharing.sheets import Chunk
from gridlingua.services.refusals import RefusedError

HEADINGS = tuple(Point.model_fields)
_NEEDED = ("meter_id", "kind")
_NAMES = {str(name): heading for heading, info in Point.model_fields.items() for name in (heading, info.alias)}


@dataclass
class JudgedPoints:
    """Points that are new, points that are known otherwise and are to be replaced, how many are known, and bad rows."""

    new: list[Point] = field(default_factory=list)
    changed: list[Point] = field(default_factory=list)
    known: int = 0
    bad: list[Bad] = field(default_factory=list)


class PointRows:
    """The points of a sheet with these headings; a point that is known otherwise is refused, or replaced on request.

    Raises ``RefusedError`` when a column is missing or unknown.
    """

    def __init__(self, found: Sequence[str], known: Sequence[Point], *, replace: bool) -> None:
        if missing := [name for name in _NEEDED if name not in found]:
            raise RefusedError(
                f"there is no column {missing[0]}; a file of points has {', '.join(HEADINGS)}, one of readings has time"
            )
        if unknown := [name for name in found if name not in {*HEADINGS, *ASIDE}]:
            raise RefusedError(f"column {unknown[0]!r} is not known; there are {', '.join(HEADINGS)}")
        self._known = {one.meter_id: one for one in known}
        self._meters = {one.user: one.meter_id for one in known if one.user is not None}
        self._replace = replace
        self._lines: dict[str, int] = {}

    def judge(self, chunk: Chunk) -> JudgedPoints:
        """What is new, changed, known and bad of a chunk."""
        judged = JudgedPoints()
        for line, cells in chunk.broken:
            judged.bad.append(Bad(line, f"there are {len(cells)} cells, and {len(chunk.columns)} headings", cells))
        for position, line in enumerate(chunk.lines):
            try:
                self._take(self._point(chunk, position), line, judged)
            except ValueError as error:
                judged.bad.append(Bad(line, str(error), chunk.cells(position)))
        judged.bad.sort(key=lambda one: one.line)
        return judged

    def _point(self, chunk: Chunk, position: int) -> Point:
        cells = {name: str(values[position] or "").strip() for name, values in chunk.columns.items()}
        told = {name: cell for name, cell in cells.items() if cell and name in HEADINGS}
        try:
            point = complete(Point.model_validate(told))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            name = _NAMES[str(first["loc"][0])]
            said = f"{first['msg']}, not {cells[name]!r}" if cells.get(name) else "it is missing"
            raise ValueError(f"{name}: {said}") from None
        if wrong := [fault.message for fault in faults(point)]:
            raise ValueError("; ".join(wrong))
        return point

    def _take(self, point: Point, line: int, judged: JudgedPoints) -> None:
        known = self._known.get(point.meter_id)
        if known == point:
            judged.known += 1
            return
        if before := self._lines.get(point.meter_id):
            raise ValueError(f"line {before} says something else of {point.meter_id}")
        if point.user is not None and (other := self._meters.get(point.user, point.meter_id)) != point.meter_id:
            raise ValueError(f"user {point.user} has the meter {other} already; a user has one")
        if known is not None and not self._replace:
            differing = [name for name in HEADINGS if getattr(known, name) != getattr(point, name)]
            said = ", ".join(f"{name} {getattr(known, name)}" for name in differing)
            raise ValueError(f"{point.meter_id} is known with {said}; what is known is only replaced on request")
        (judged.new if known is None else judged.changed).append(point)
        self._known[point.meter_id] = point
        self._lines[point.meter_id] = line
        if known is not None and known.user is not None:
            self._meters.pop(known.user, None)
        if point.user is not None:
            self._meters[point.user] = point.meter_id
