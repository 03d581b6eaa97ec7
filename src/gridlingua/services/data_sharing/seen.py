"""Which points and quarter-hours there have been: a bit for each, so that a year of a thousand meters takes 5 MB."""

from __future__ import annotations

from collections.abc import Iterable

Key = tuple[int, int]
_PAGE = 1 << 15


class Seen:
    """Remembers points and quarter-hours."""

    def __init__(self) -> None:
        self._pages: dict[Key, bytearray] = {}

    def again(self, keys: Iterable[Key]) -> set[Key]:
        """Those that have been before; all of them have been from now on."""
        found = set()
        for point, quarter in keys:
            page, place = divmod(quarter, _PAGE)
            bits = self._pages.get((point, page))
            if bits is None:
                bits = self._pages[point, page] = bytearray(_PAGE // 8)
            byte, bit = place >> 3, 1 << (place & 7)
            if bits[byte] & bit:
                found.add((point, quarter))
            bits[byte] |= bit
        return found
