"""What waits for one knowledge base, and what it was handed and has not answered (contract 1.11, 1.12)."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from gridlingua.engine.errors import PollOpenError, StoppedError, UnknownRequestError
from gridlingua.engine.protocol import Interaction
from gridlingua.engine.timers import Timer
from gridlingua.semantics.rows import Rows

WAITING_LIMIT: Final = 50
UNANSWERED_LIMIT: Final = 100


@dataclass(frozen=True)
class Parcel:
    """A request as a poll brings it: ``number`` counts 1, 2, 3… per knowledge base, ``interaction_id`` is in full,
    ``requester`` the id of the knowledge base that asks or posts; ``deadline`` in ``time.monotonic()`` seconds where
    it is known."""

    interaction_id: str
    number: int
    rows: Rows
    requester: str
    deadline: float | None = None


@dataclass(frozen=True)
class Outcome:
    """How a letter ended: rows, also as they were ``sent``, or a reason why there are none."""

    rows: Rows
    failure: str = ""
    sent: Rows = field(default_factory=list)
    ended: datetime = field(default_factory=lambda: datetime.now(UTC))


class Letter:
    """A request on its way to one interaction, until it has an outcome. The first outcome counts."""

    def __init__(self, interaction_id: str, interaction: Interaction, rows: Rows, requester: str) -> None:
        self.interaction_id = interaction_id
        self.interaction = interaction
        self.rows = rows
        self.requester = requester
        self.message_id = str(uuid.uuid4())
        self.started = datetime.now(UTC)
        self.outcome: Future[Outcome] = Future()
        self.timer: Timer | None = None
        self.deadline: float | None = None
        self._lock = threading.Lock()

    def succeed(self, rows: Rows, sent: Rows | None = None) -> None:
        self._end(Outcome(rows, sent=rows if sent is None else sent))

    def fail(self, reason: str) -> None:
        self._end(Outcome([], reason))

    def time_out(self) -> None:
        self.fail(f"Error 'TimeoutException' occurred while waiting for response to message: {self.message_id}")

    def cancel(self) -> None:
        self.fail(f"Error 'CancellationException' occurred while waiting for response to message: {self.message_id}")

    def _end(self, outcome: Outcome) -> None:
        with self._lock:
            if self.outcome.running() or self.outcome.done():
                return
            timer, self.timer = self.timer, None
            if timer:
                timer.cancel()
            self.outcome.set_running_or_notify_cancel()
        self.outcome.set_result(outcome)


class Mailbox:
    """Letters for one knowledge base: at most one open poll, numbers, limits. Thread-safe."""

    def __init__(self, knowledge_base_id: str) -> None:
        self._id = knowledge_base_id
        self._lock = threading.Lock()
        self._waiting: deque[Letter] = deque()
        self._unanswered: OrderedDict[int, Letter] = OrderedDict()
        self._poll: Future[Parcel] | None = None
        self._count = 0
        self._stopped = False

    def put(self, letter: Letter) -> None:
        """Hand a letter to the open poll, or let it wait; the oldest of too many fails."""
        actions: list[Callable[[], None]] = []
        with self._lock:
            if self._stopped:
                actions.append(lambda: letter.fail(self._gone()))
            elif self._poll is not None and self._poll.set_running_or_notify_cancel():
                poll, self._poll = self._poll, None
                parcel = self._hand(letter, actions)
                actions.insert(0, lambda: poll.set_result(parcel))
            else:
                self._poll = None
                self._wait(letter, actions)
        for action in actions:
            action()

    def poll(self) -> Future[Parcel]:
        """The next letter, now or when it comes. Cancel the future to give up the poll: nothing gets lost."""
        future: Future[Parcel] = Future()
        actions: list[Callable[[], None]] = []
        with self._lock:
            if self._stopped:
                raise StoppedError
            if self._poll is not None and not self._poll.cancelled():
                raise PollOpenError
            if self._waiting:
                parcel = self._hand(self._waiting.popleft(), actions)
                future.set_running_or_notify_cancel()
                future.set_result(parcel)
            else:
                self._poll = future
        for action in actions:
            action()
        return future

    def unanswered(self, number: int) -> Letter:
        """The letter that was handed out under a number; UnknownRequestError if it was answered."""
        with self._lock:
            letter = self._unanswered.get(number)
        if letter is None:
            raise UnknownRequestError(number)
        return letter

    def close_letter(self, number: int) -> None:
        """A letter was answered; a second answer finds UnknownRequestError."""
        with self._lock:
            if self._unanswered.pop(number, None) is None:
                raise UnknownRequestError(number)

    def stop(self) -> None:
        """Fail whatever waits or was handed out, and end the open poll with StoppedError."""
        with self._lock:
            self._stopped = True
            letters = [*self._waiting, *self._unanswered.values()]
            self._waiting.clear()
            self._unanswered.clear()
            poll, self._poll = self._poll, None
        if poll is not None and poll.set_running_or_notify_cancel():
            poll.set_exception(StoppedError())
        for letter in letters:
            letter.fail(self._gone())

    def withdraw(self, interaction_id: str) -> None:
        """Fail whatever waits or was handed out for an interaction that is no more."""
        with self._lock:
            handed = [n for n, one in self._unanswered.items() if one.interaction_id == interaction_id]
            letters = [self._unanswered.pop(number) for number in handed]
            letters += [one for one in self._waiting if one.interaction_id == interaction_id]
            self._waiting = deque(one for one in self._waiting if one.interaction_id != interaction_id)
        for letter in letters:
            letter.fail(f"{interaction_id} will no longer respond, because it was removed.")

    def _hand(self, letter: Letter, actions: list[Callable[[], None]]) -> Parcel:
        self._count += 1
        self._unanswered[self._count] = letter
        if len(self._unanswered) > UNANSWERED_LIMIT:
            _, oldest = self._unanswered.popitem(last=False)
            actions.append(lambda: oldest.fail("Too many handle requests are unanswered, this one was the oldest."))
        return Parcel(letter.interaction_id, self._count, letter.rows, letter.requester, letter.deadline)

    def _wait(self, letter: Letter, actions: list[Callable[[], None]]) -> None:
        if len(self._waiting) >= WAITING_LIMIT:
            oldest = self._waiting.popleft()
            actions.append(lambda: oldest.fail("Handle request queue is full. This oldest request has been cancelled."))
        self._waiting.append(letter)

    def _gone(self) -> str:
        return f"KB with id {self._id} will no longer respond, because it stopped."
