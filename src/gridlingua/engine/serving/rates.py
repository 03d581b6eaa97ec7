"""How often one caller may call."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

_MOST_CALLERS: Final = 10_000


class Rate:
    """A token bucket for each caller: ``burst`` calls at once, ``per_second`` of them come back every second.

    A bucket is one number, the moment at which it will be full again (the generic cell rate algorithm). ``clock`` in
    seconds.
    """

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_second = per_second
        self.burst = burst
        self._interval = 1 / per_second
        self._depth = burst / per_second
        self._clock = clock
        self._full_at: dict[str, float] = {}

    def wait(self, caller: str) -> float:
        """Seconds until a caller may call again; 0 when that is now."""
        now = self._clock()
        return max(0.0, self._full_at.get(caller, now) + self._interval - self._depth - now)

    def take(self, caller: str) -> None:
        """Count a call."""
        now = self._clock()
        self._full_at[caller] = max(now, self._full_at.pop(caller, now)) + self._interval
        if len(self._full_at) > _MOST_CALLERS:  # many of them made up, perhaps: who called last stays
            last = list(self._full_at.items())[_MOST_CALLERS // 2 :]
            self._full_at = {one: moment for one, moment in last if moment > now}
