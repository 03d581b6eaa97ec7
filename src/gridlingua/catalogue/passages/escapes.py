"""Where the characters of a text stand that its file writes with escapes."""

from __future__ import annotations

import re

from gridlingua.catalogue.passages.passage import Spot


def spots_of_escapes(source: str, start: int, length: int, escape: re.Pattern[str]) -> tuple[Spot, ...]:
    """The spots of ``length`` characters that are written from an offset of the source on, in one line; what
    ``escape`` matches there is one character."""
    line = source.count("\n", 0, start) + 1
    column = start - source.rfind("\n", 0, start)
    spots, offset, at = [Spot(0, line, column)], 0, start
    for found in escape.finditer(source, start):
        offset += found.start() - at
        if offset >= length:
            break
        at = found.end()
        offset += 1
        spots.append(Spot(offset, line, column + at - start))
    return tuple(spots)
