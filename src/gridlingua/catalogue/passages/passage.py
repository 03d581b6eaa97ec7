"""A graph pattern inside a file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

Role = Literal["pattern", "argument", "result", "graph"]
"""What the triples are: the pattern of an ask or answer, the two of a post or react, or data."""

Place = tuple[int, int]
"""Line and column in a file, counted from 1."""


class Spot(NamedTuple):
    """From this offset of a passage on, a character is a column, until the next spot."""

    offset: int
    line: int
    column: int


@dataclass(frozen=True)
class Passage:
    """A text of triples, with where it begins in its file (``line`` from 1), what it is and who says so.

    ``name`` is that of its interaction where the file has one; ``prefixes`` are those that the file declares outside
    of the text, ``declared`` where. ``borrows``: prefixes may be declared in another file, or in code. ``spots`` say
    where each piece of the text stands when the file writes it otherwise, with escapes or indented.
    """

    text: str
    line: int = 1
    role: Role = "pattern"
    name: str = ""
    prefixes: Mapping[str, str] = field(default_factory=dict)
    declared: Mapping[str, Place] = field(default_factory=dict, repr=False)
    borrows: bool = False
    spots: tuple[Spot, ...] = field(default=(), repr=False)

    def place(self, offset: int) -> Place:
        """Line and column in the file of an offset of the text, counted from 0."""
        spots = self._spots
        spot = spots[max(bisect_right(spots, offset, key=lambda one: one.offset) - 1, 0)]
        return spot.line, spot.column + offset - spot.offset

    @cached_property
    def _spots(self) -> tuple[Spot, ...]:
        return self.spots or spots_of_lines(self.text, self.line)


def spots_of_lines(text: str, line: int = 1) -> tuple[Spot, ...]:
    """The spots of a text that stands in its file as it is, from a line on."""
    starts = [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]
    return tuple(Spot(start, line + number, 1) for number, start in enumerate(starts))
