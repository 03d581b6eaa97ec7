"""The heart of the embedded engine: knowledge bases, their interactions, and messages between them, without transport.

Future-based and thread-safe. No thread waits for an ask: the last answer makes the result on the thread that brings
it. One thread, of the timers, looks after deadlines and leases.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from gridlingua.engine.answers import Answer, check_answer, read_answer
from gridlingua.engine.bindings import canonical_rows
from gridlingua.engine.compat import V1_5, Compat
from gridlingua.engine.entries import Entry
from gridlingua.engine.errors import (
    AnswerError,
    KindError,
    NoLeaseError,
    StoppedError,
    TermError,
    UnknownKnowledgeBaseError,
)
from gridlingua.engine.mailbox import Letter, Parcel
from gridlingua.engine.protocol import TYPES, Interaction, Kind, KnowledgeBase, Result
from gridlingua.engine.reasoning.knowledge import read_knowledge
from gridlingua.engine.reasoning.planning import Step
from gridlingua.engine.reasoning.run import Run
from gridlingua.engine.roster import Member, Roster
from gridlingua.engine.round import Round, Task
from gridlingua.engine.suspension import Suspension
from gridlingua.engine.timers import Timers
from gridlingua.semantics.rows import Rows


class Network:
    """Knowledge bases that meet in this process.

    ``wait_timeout`` in seconds: how long an ask or post waits for each contacted party (0: for ever);
    ``sweep_interval`` in seconds between looks at the leases; ``shortest_lease`` in seconds; ``compat`` is the
    runtime that it behaves like. ``reasoner_level`` is that of remote knowledge bases that give none, ``knowledge``
    the domain knowledge of those that load none: Jena rule text (KnowledgeError if it does not read). ``timers`` keep
    the time and are closed with the network; ``apart`` carries out what may take long, on own threads when absent.
    """

    def __init__(
        self,
        *,
        wait_timeout: float = 10.0,
        sweep_interval: float = 10.0,
        shortest_lease: int = 30,
        compat: Compat = V1_5,
        reasoner_level: int = 2,
        knowledge: str = "",
        timers: Timers | None = None,
        apart: Callable[[Task], None] | None = None,
    ) -> None:
        self.wait_timeout = wait_timeout
        self.reasoner_level = reasoner_level
        self.shortest_lease = shortest_lease
        self.compat = compat
        self._sweep_interval = sweep_interval
        self._key = compat.key
        self._timers = timers or Timers("gridlingua-network-timers")
        self._roster = Roster(shortest_lease, compat, read_knowledge(knowledge), self._timers.now)
        self._suspension = Suspension(self._timers, compat.suspends_after, self._suspend)
        self._reasoners = ThreadPoolExecutor(2, thread_name_prefix="gridlingua-network-reasoner")
        self._apart = apart or self._reason
        self._lock = threading.Lock()
        self._sweeping = False
        self._closed = False

    def join(self, knowledge_base: KnowledgeBase) -> None:
        """Add a knowledge base. Raises RegistrationError, IdInUseError; StoppedError when the network is closed."""
        with self._lock:
            if self._closed:
                raise StoppedError
            self._roster.join(knowledge_base)
            if knowledge_base.lease is not None and not self._sweeping:
                self._sweeping = True
                self._timers.after(self._sweep_interval / 2, self._sweep)

    def leave(self, knowledge_base_id: str) -> None:
        """Remove a knowledge base: its poll ends with StoppedError, who waits for it is told, its asks end."""
        member = self._roster.leave(knowledge_base_id)
        self._suspension.forget(knowledge_base_id)
        member.mailbox.stop()
        for one in list(member.rounds):
            one.cancel()

    def add(self, knowledge_base_id: str, interaction: Interaction, *, named: bool = True) -> str:
        """Register an interaction; returns its full id. Raises RegistrationError, UnknownKnowledgeBaseError."""
        entry = self._roster.add(knowledge_base_id, interaction, named=named)
        if interaction.is_reactive:
            self._suspension.watch(knowledge_base_id)
        return entry.id

    def remove(self, knowledge_base_id: str, interaction_id: str) -> None:
        """Take an interaction off the network: who waits for it is told.

        Raises UnknownKnowledgeBaseError, UnknownInteractionError.
        """
        member = self._roster.member(knowledge_base_id)
        self._roster.remove(knowledge_base_id, interaction_id)
        member.mailbox.withdraw(interaction_id)

    def learn(self, knowledge_base_id: str, text: str) -> None:
        """Replace the domain knowledge of a knowledge base by Jena rule text (contract 5.1); an empty text clears it.

        Raises UnknownKnowledgeBaseError, KnowledgeError.
        """
        self._roster.member(knowledge_base_id)
        self._roster.learn(knowledge_base_id, read_knowledge(text))

    def knowledge_bases(self) -> tuple[KnowledgeBase, ...]:
        """Everybody who is on the network."""
        return tuple(member.knowledge_base for member in self._roster.members())

    def interactions(self, knowledge_base_id: str) -> tuple[Entry, ...]:
        """What a knowledge base registered. Raises UnknownKnowledgeBaseError."""
        return self._roster.entries(knowledge_base_id)

    def renew(self, knowledge_base_id: str) -> datetime:
        """Renew a lease; returns when it expires. Raises UnknownKnowledgeBaseError, NoLeaseError."""
        member = self._roster.member(knowledge_base_id)
        lease = member.knowledge_base.lease
        if lease is None:
            raise NoLeaseError
        member.renew(self._timers.now())
        return datetime.now(UTC) + timedelta(seconds=lease)

    def ask(
        self,
        knowledge_base_id: str,
        interaction_id: str,
        rows: Iterable[Mapping[str, Any]],
        recipients: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Future[Result]:
        """Ask every knowledge base whose answer interaction covers the pattern (contract 4.4).

        ``rows`` are as a peer writes them, in any SPARQL spelling; variables that the pattern has not are ignored.
        ``timeout`` in seconds shortens the wait. Raises UnknownKnowledgeBaseError, UnknownInteractionError, KindError,
        RowsError; a party that fails shows in the result.
        """
        return self._start("ask", knowledge_base_id, interaction_id, rows, recipients, timeout)

    def post(
        self,
        knowledge_base_id: str,
        interaction_id: str,
        rows: Iterable[Mapping[str, Any]],
        recipients: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Future[Result]:
        """Post to every knowledge base whose react interaction has the same argument (contract 4.5); else as ``ask``.

        Rows that leave a variable unbound reach nobody.
        """
        return self._start("post", knowledge_base_id, interaction_id, rows, recipients, timeout)

    def is_planned(self, interaction_id: str, recipients: Sequence[str] = ()) -> bool:
        """Whether it is known already whom an ask or a post would contact; to find out may take long."""
        return self._roster.is_planned(interaction_id, frozenset(recipients))

    def poll(self, knowledge_base_id: str) -> Future[Parcel]:
        """The next request for a knowledge base, now or when it comes; one poll at a time. Cancel it to give up.

        Raises UnknownKnowledgeBaseError, PollOpenError; the future raises StoppedError when the knowledge base leaves.
        """
        poll = self._roster.member(knowledge_base_id).mailbox.poll()
        self._suspension.heard_of(knowledge_base_id)
        poll.add_done_callback(lambda _: self._suspension.heard_of(knowledge_base_id))
        return poll

    def answer(
        self,
        knowledge_base_id: str,
        interaction_id: str,
        number: int,
        rows: Iterable[Mapping[str, Any]] = (),
        error: str | None = None,
    ) -> None:
        """Answer a request, or say why not (contract 1.12).

        Raises UnknownKnowledgeBaseError, UnknownInteractionError, UnknownRequestError; RowsError (the asker goes on
        waiting); TermError or AnswerError (the asker has been told). Rows that contradict what was asked fail the
        exchange without an error here, as the contract has it.
        """
        member = self._roster.member(knowledge_base_id)
        member.entry(interaction_id)
        letter = member.mailbox.unanswered(number)
        if error is not None:
            member.mailbox.close_letter(number)
            verb = "ANSWER" if letter.interaction.kind == "answer" else "REACT"
            letter.fail(f"An error occurred while {verb}ing: {error}")
            return
        answer = self._read(letter, rows)
        member.mailbox.close_letter(number)
        try:
            check_answer(answer, letter.rows, letter.interaction, self.compat)
        except AnswerError as refusal:
            letter.fail(str(refusal))
        else:
            letter.succeed(answer.rows, answer.sent if self.compat.shows_answers_as_sent else None)

    def close(self) -> None:
        """Let everybody leave and end the thread. A second call does nothing."""
        with self._lock:
            self._closed = True
        self._dismiss(self._roster.members())
        self._timers.close()
        self._reasoners.shutdown()

    def _start(
        self,
        kind: Kind,
        knowledge_base_id: str,
        interaction_id: str,
        rows: Iterable[Mapping[str, Any]],
        recipients: Sequence[str],
        timeout: float | None,
    ) -> Future[Result]:
        member = self._roster.member(knowledge_base_id)
        entry = member.entry(interaction_id)
        if entry.interaction.kind != kind:
            given_type = TYPES[entry.interaction.kind]
            raise KindError(f"Given Knowledge Interaction ID should have type {TYPES[kind]} and not {given_type}.")
        given = canonical_rows(rows, keep=entry.interaction.pattern.variables)
        if kind == "ask" and not given:
            given = [{}]
        plan = self._roster.plan(entry, frozenset(recipients))
        empty_row = self.compat.posts_ask_with_empty_row and entry.interaction.result is not None
        consulted: Rows = [{}] if empty_row else []
        run = Run(plan, given, self._key, consulted=consulted, merges=self.compat.merges_incoming)
        started = Round(entry, run, lambda step, letter: self._dispatch(step, letter, timeout), self._apart)
        member.rounds.add(started)
        started.result.add_done_callback(lambda _: member.rounds.discard(started))
        started.start()
        if self._roster.find(knowledge_base_id) is not member:
            started.cancel()  # it left before it could be told
        return started.result

    def _reason(self, task: Task) -> None:
        """Neither the server's loop nor the deadlines of others wait for a join."""
        try:
            self._reasoners.submit(task)
        except RuntimeError:  # the network is closed: what is still open ends here
            task()

    def _dispatch(self, step: Step, letter: Letter, timeout: float | None) -> None:
        entry = step.rule.entry
        if entry is None or step.refusal:
            letter.fail(step.refusal)
            return
        limits = [limit for limit in (self.wait_timeout or None, timeout) if limit is not None]
        if limits:
            letter.deadline = self._timers.now() + min(limits)
            letter.timer = self._timers.after(min(limits), letter.time_out)
        member = self._roster.find(entry.knowledge_base)
        if member is None:
            letter.fail(f"KB with id {entry.knowledge_base} will no longer respond, because it stopped.")
            return
        member.mailbox.put(letter)
        if entry.id not in member.entries:  # it was removed before the letter was there
            member.mailbox.withdraw(entry.id)

    def _read(self, letter: Letter, rows: Iterable[Mapping[str, Any]]) -> Answer:
        try:
            return read_answer(rows, letter.interaction, self.compat)
        except (TermError, AnswerError) as refusal:
            letter.fail(str(refusal))
            raise

    def _suspend(self, knowledge_base_id: str) -> None:
        with contextlib.suppress(UnknownKnowledgeBaseError):
            self.leave(knowledge_base_id)
            self._roster.suspend(knowledge_base_id)

    def _sweep(self) -> None:
        now = self._timers.now()
        leased = [member for member in self._roster.members() if member.knowledge_base.lease is not None]
        expired = [member for member in leased if member.expires < now]
        self._dismiss(expired)
        with self._lock:
            # Who joined since has found the sweep going on, so it must go on for them.
            self._sweeping = any(member.knowledge_base.lease is not None for member in self._roster.members())
            if self._sweeping:
                self._timers.after(self._sweep_interval, self._sweep)

    def _dismiss(self, members: Iterable[Member]) -> None:
        for member in members:
            with contextlib.suppress(UnknownKnowledgeBaseError):
                self.leave(member.knowledge_base.id)
