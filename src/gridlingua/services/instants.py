"""Instants that remember how their sender wrote them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import total_ordering

_STAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
)  # XSD 1.1 part 2, 3.3.7.2
_YEARS = (1900, 2200)  # time zones and calendars break at their ends, and no grid lasts as long


@total_ordering
class Instant:
    """An ``xsd:dateTimeStamp``: compared by the instant it means (UTC, microseconds), echoed as the text received.

    Not a dataclass, which FastAPI would not take for a parameter of an address.
    """

    __slots__ = ("at", "text")

    def __init__(self, at: datetime, text: str) -> None:
        self.at = at
        self.text = text

    @classmethod
    def parse(cls, text: object) -> Instant:
        """Read a time with its zone; raises ``ValueError`` with a sentence for anything else."""
        match = _STAMP.fullmatch(text) if isinstance(text, str) else None
        if match is None or not isinstance(text, str):
            hint = " (in an address, + is written %2B)" if isinstance(text, str) and " " in text else ""
            raise ValueError(f"{text!r} is no time with a zone, such as 2026-11-21T10:00:00Z or …+01:00{hint}")
        day, clock, zone = match.groups()
        try:
            if clock.startswith("24"):  # XSD has it, and Python from 3.14 on; RFC 3339, which messages follow, has not
                raise ValueError("hour must be in 0..23")
            at = datetime.fromisoformat(f"{day}T{clock}{zone}").astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise ValueError(f"{text!r} is no time of the calendar: {error}") from error
        if not _YEARS[0] <= at.year < _YEARS[1]:
            raise ValueError(f"{text!r} is not of the years {_YEARS[0]} to {_YEARS[1] - 1}")
        return cls(at, text)

    @classmethod
    def of(cls, at: datetime) -> Instant:
        """Write an aware datetime with its own offset; an offset of nothing as ``Z``."""
        text = at.isoformat()
        return cls(at.astimezone(UTC), text[:-6] + "Z" if text.endswith("+00:00") else text)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Instant({self.text})"

    def __eq__(self, other: object) -> bool:
        return self.at == other.at if isinstance(other, Instant) else NotImplemented

    def __lt__(self, other: Instant) -> bool:
        return self.at < other.at

    def __hash__(self) -> int:
        return hash(self.at)
