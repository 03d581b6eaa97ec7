"""The same post in two profiles is one post.

A party that speaks several generations of vocabulary posts in each of them, as it cannot know which one a peer has
registered. A responder that has registered several is told once for each, and acts once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field

from gridlingua.semantics.datatypes import Json


@dataclass
class _First:
    """A post as it came first: its profile, when, and what the service replied."""

    profile: str
    at: float = field(default_factory=time.monotonic)
    reply: Future[Json] = field(default_factory=Future)


class Twins:
    """Knows the posts of the last ``seconds``; safe for threads."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._first: dict[Hashable, _First] = {}

    def once(self, key: Hashable, profile: str, remaining: float, call: Callable[[], Json]) -> Json:
        """What ``call`` replies, or has replied (or raised) to the same post in another profile.

        The same post again in the same profile is a new one. Waits ``remaining`` seconds at most for a reply that is
        under way: TimeoutError.
        """
        now = time.monotonic()
        with self._lock:
            self._first = {key: one for key, one in self._first.items() if now - one.at < self._seconds}
            known = self._first.get(key)
            if known is None or known.profile == profile:
                known = None
                mine = self._first[key] = _First(profile)
        if known is not None:
            return known.reply.result(remaining)
        try:
            mine.reply.set_result(call())
        except BaseException as error:
            mine.reply.set_exception(error)
            raise
        return mine.reply.result()
