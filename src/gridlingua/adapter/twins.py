"""The same post in two profiles is one post.

A party that speaks several generations of vocabulary posts in each of them, as it cannot know which one a peer has
registered. A responder that has registered several is told once for each, and acts once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillWaiting
from dataclasses import dataclass, field

from gridlingua.errors import RemoteError
from gridlingua.semantics.datatypes import Json


@dataclass
class _Post:
    """One post: the profiles in which it has come, and what the service replied, when."""

    seen: set[str]
    reply: Future[Json] = field(default_factory=Future)
    replied: float = 0.0


class Twins:
    """Knows the posts that were replied to within the last ``seconds``; safe for threads."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._posts: dict[Hashable, list[_Post]] = {}

    def once(self, key: Hashable, profile: str, remaining: float, call: Callable[[], Json]) -> Json:
        """What ``call`` replies, or has replied (or raised) to the same post in another profile.

        The same post again in a profile in which it has come is a new one. Waits ``remaining`` seconds at most for a
        reply that is under way, then RemoteError.
        """
        post, mine = self._post(key, profile)
        if not mine:
            try:
                return post.reply.result(remaining)
            except StillWaiting:
                raise RemoteError("the service did not answer in time", status=504, retry=True) from None
        try:
            reply = call()
        except BaseException as error:
            post.replied = time.monotonic()
            post.reply.set_exception(error)
            raise
        post.replied = time.monotonic()
        post.reply.set_result(reply)
        return reply

    def _post(self, key: Hashable, profile: str) -> tuple[_Post, bool]:
        """The post that this is, and whether it came first."""
        with self._lock:
            self._forget()
            posts = self._posts.setdefault(key, [])
            known = next((one for one in posts if profile not in one.seen), None)
            if known is not None:
                known.seen.add(profile)
                return known, False
            posts.append(_Post({profile}))
            return posts[-1], True

    def _forget(self) -> None:
        late = time.monotonic() - self._seconds
        kept = {
            key: [one for one in posts if not one.reply.done() or one.replied > late]
            for key, posts in self._posts.items()
        }
        self._posts = {key: posts for key, posts in kept.items() if posts}
