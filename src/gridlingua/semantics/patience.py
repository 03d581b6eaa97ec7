"""An end to what may have none: a regular expression, a query or a search that somebody else wrote."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from gridlingua.errors import GridlinguaError

SECONDS: Final = 60.0
"""For one file, or one exchange: a hundred times what the largest of ours takes."""
_AGAIN: Final = 0.5
"""Seconds after which it is said again: libraries catch what they do not know."""


class TooLongError(GridlinguaError):
    """It took longer than it may."""


@contextmanager
def limited(seconds: float = SECONDS) -> Iterator[None]:
    """Raise TooLongError in the body when it takes longer.

    The clock is the system's alarm, which only the main thread hears and Windows does not have: elsewhere there is no
    limit. Within another limit the outer one holds.
    """
    if (
        not hasattr(signal, "SIGALRM")
        or threading.current_thread() is not threading.main_thread()
        or signal.getitimer(signal.ITIMER_REAL)[0]
    ):
        yield
        return
    state = {"over": False}

    def ring(_signal: int, _frame: FrameType | None) -> None:
        state["over"] = True
        raise TooLongError(f"took longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    except Exception:
        signal.setitimer(signal.ITIMER_REAL, 0)
        if not state["over"]:
            raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    if state["over"]:  # whatever was made of it inside
        raise TooLongError(f"took longer than {seconds:g} s")
