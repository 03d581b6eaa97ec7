"""The life of a knowledge base on a network, as flows that do no I/O.

A flow is a generator: it yields what to do next and is sent what came of it, a value or the RemoteError. ``Delivery``
carries the steps out over a transport; a test can do so by hand with ``next`` and ``send`` (contract 10.4).
"""

from __future__ import annotations

import logging
import random
import threading
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from gridlingua.engine.errors import IdInUseError
from gridlingua.engine.mailbox import Parcel
from gridlingua.engine.protocol import Interaction, KnowledgeBase
from gridlingua.errors import RemoteError

Status = Literal["connected", "degraded", "reregistering"]

logger = logging.getLogger(__name__)

_NEW: Final = "not registered yet"
LONGEST_WAIT: Final = 30.0
CONFLICT_WAIT: Final = 2.0


@dataclass(frozen=True)
class Create:
    """Put the knowledge base on the network."""


@dataclass(frozen=True)
class Delete:
    """Take whatever has its id off the network."""


@dataclass(frozen=True)
class Add:
    """Register one of its interactions."""

    interaction: Interaction


@dataclass(frozen=True)
class Learn:
    """Give it its domain knowledge."""

    rules: str


@dataclass(frozen=True)
class Poll:
    """Wait for a request: a Parcel, or None when nothing came."""


@dataclass(frozen=True)
class Hand:
    """Let the handler have a request; do not wait for it."""

    parcel: Parcel


@dataclass(frozen=True)
class Renew:
    """Renew the lease."""


@dataclass(frozen=True)
class Wait:
    """Do nothing for so many seconds, or, unless patient, until someone asks to hurry."""

    seconds: float
    patient: bool = False


Step = Create | Delete | Add | Learn | Poll | Hand | Renew | Wait
Reply = Parcel | RemoteError | None
Flow = Generator[Step, Reply, None]
Attempt = Generator[Step, Reply, RemoteError | None]


class Counters:
    """How often things happened, by name. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def add(self, name: str) -> None:
        with self._lock:
            self._counts[name] += 1

    def counts(self) -> Counter[str]:
        with self._lock:
            return Counter(self._counts)


class Membership:
    """One knowledge base with its interactions: whether it is on the network, and the flows that keep it there.

    ``take_over``: whether a knowledge base of the same id that is already there is a leftover of ours and may be
    replaced. ``jitter`` gives a number between 0 and 1. ``present`` tells that the network knows the id, ``registered``
    that it knows all interactions and ``rules``, its domain knowledge, too; setting ``hurry`` cuts a wait short.
    """

    def __init__(
        self,
        knowledge_base: KnowledgeBase,
        interactions: Sequence[Interaction],
        *,
        take_over: bool,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.knowledge_base = knowledge_base
        self.interactions = {interaction.name: interaction for interaction in interactions}
        self.rules = ""
        self.counters = Counters()
        self.status: Status = "degraded"
        self.reason = _NEW
        self.since = datetime.now(UTC)
        self.present = False
        self.registered = threading.Event()
        self.hurry = threading.Event()
        self._may_replace = take_over
        self._jitter = jitter

    @property
    def id(self) -> str:
        return self.knowledge_base.id

    def enrol(self) -> Attempt:
        """One attempt at registering everything; returns the error that ended it, or None."""
        reply = yield Create()
        if isinstance(reply, IdInUseError) and self._may_replace:
            logger.warning("%s is on the network already: taking its place", self.id)
            yield Delete()
            reply = yield Create()
        if isinstance(reply, RemoteError):
            return self._missed(reply)
        self.present = self._may_replace = True
        for interaction in self.interactions.values():
            reply = yield Add(interaction)
            if isinstance(reply, RemoteError):
                return self._missed(reply)
        if self.rules:
            reply = yield Learn(self.rules)
            if isinstance(reply, RemoteError):
                return self._missed(reply)
        self.counters.add("registrations")
        self._now("connected")
        self.registered.set()
        return None

    def life(self) -> Flow:
        """Register, poll, hand over; come back from whatever goes wrong. Ends only when it is closed."""
        failures = 0
        while True:
            if not self.registered.is_set() and (yield from self.enrol()) is not None:
                failures += 1
                yield Wait(self._back_off(failures))
                continue
            reply = yield Poll()
            self.counters.add("polls")
            if isinstance(reply, RemoteError):
                failures += 1
                yield self._after(reply, failures)
                continue
            failures = 0
            self._now("connected")
            if reply is not None:
                yield Hand(reply)

    def renewals(self) -> Flow:
        """Renew the lease at its half-life; sooner when that failed."""
        lease = self.knowledge_base.lease or 0
        pause = lease / 2
        while True:
            yield Wait(pause, patient=True)
            if not self.registered.is_set():
                continue
            reply = yield Renew()
            pause = lease / 2
            if isinstance(reply, RemoteError):
                self.counters.add("errors")
                pause = lease / 8
                if reply.status == 404:
                    self.forgotten(str(reply))

    def forgotten(self, reason: str) -> None:
        """The network does not know us any more."""
        self._absent()
        self._now("reregistering", reason)
        self.hurry.set()

    def _after(self, error: RemoteError, failures: int) -> Wait:
        """What a failed poll means: forgotten, stopped by someone, two polls at once, or a breakdown."""
        self.counters.add("errors")
        if error.status == 409:
            return Wait(CONFLICT_WAIT * (0.5 + self._jitter()))
        if error.status == 404:
            self._absent()
            self._now("reregistering", str(error))
            return Wait(self._back_off(failures) if failures > 1 else 0.2 * self._jitter())
        if error.status == 410:
            # Somebody deleted us, perhaps to take our place: come back, but take nobody else's place.
            self._may_replace = False
            self._absent()
            self._now("reregistering", str(error))
        else:
            self._now("degraded", str(error))
        return Wait(self._back_off(failures))

    def _absent(self) -> None:
        self.present = False
        self.registered.clear()

    def _missed(self, error: RemoteError) -> RemoteError:
        self.counters.add("errors")
        self._now("degraded", str(error))
        return error

    def _back_off(self, failures: int) -> float:
        return min(LONGEST_WAIT, 0.5 * 2.0 ** min(failures - 1, 10)) * (0.5 + 0.5 * self._jitter())

    def _now(self, status: Status, reason: str = "") -> None:
        if status != self.status:
            self.since = datetime.now(UTC)
            level = logging.INFO if self.reason == _NEW else logging.WARNING
            logger.log(level, "%s was %s and is %s%s", self.id, self.status, status, f": {reason}" if reason else "")
        self.status, self.reason = status, reason
