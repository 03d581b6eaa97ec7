"""The heart of the embedded engine: knowledge bases, their interactions, and messages between them, without transport.

Future-based and thread-safe. No thread waits for an ask: the last answer makes the result on the thread that brings
it. One thread, of the timers, looks after deadlines and leases.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from gridlingua.engine.bindings import canonical_rows, check_complete, check_extends, value_key
from gridlingua.engine.errors import (
    AnswerError,
    IdInUseError,
    KindError,
    NoLeaseError,
    RegistrationError,
    StoppedError,
    TermError,
    UnknownInteractionError,
    UnknownKnowledgeBaseError,
)
from gridlingua.engine.index import PatternIndex
from gridlingua.engine.mailbox import Letter, Mailbox, Parcel
from gridlingua.engine.planning import Contact, Entry, plan
from gridlingua.engine.protocol import Interaction, Kind, KnowledgeBase, Result
from gridlingua.engine.registration import check_interaction, check_knowledge_base
from gridlingua.engine.round import Round
from gridlingua.engine.timers import Timers
from gridlingua.semantics.matching import Key
from gridlingua.semantics.rows import Rows

_SERVES: Final[dict[Kind, Kind]] = {"ask": "answer", "post": "react"}
_TYPE: Final[dict[Kind, str]] = {
    "ask": "AskKnowledgeInteraction",
    "answer": "AnswerKnowledgeInteraction",
    "post": "PostKnowledgeInteraction",
    "react": "ReactKnowledgeInteraction",
}


@dataclass
class _Member:
    knowledge_base: KnowledgeBase
    mailbox: Mailbox
    expires: float
    entries: dict[str, Entry] = field(default_factory=dict)
    rounds: set[Round] = field(default_factory=set)


class Network:
    """Knowledge bases that meet in this process.

    ``wait_timeout`` in seconds: how long an ask or post waits for each contacted party (0: for ever);
    ``sweep_interval`` in seconds between looks at the leases; ``shortest_lease`` in seconds; ``key`` says which terms
    are equal when constants match and answers are checked.
    """

    def __init__(
        self,
        *,
        wait_timeout: float = 10.0,
        sweep_interval: float = 10.0,
        shortest_lease: int = 30,
        key: Key = value_key,
    ) -> None:
        self.wait_timeout = wait_timeout
        self._sweep_interval = sweep_interval
        self._shortest_lease = shortest_lease
        self._key = key
        self._lock = threading.RLock()
        self._members: dict[str, _Member] = {}
        self._servers: dict[str, Entry] = {}
        self._indexes = {kind: PatternIndex(key) for kind in _SERVES.values()}
        self._plans: dict[str, tuple[Contact, ...]] = {}
        self._timers = Timers("gridlingua-network-timers")
        self._sweeping = False
        self._closed = False

    def join(self, knowledge_base: KnowledgeBase) -> None:
        """Add a knowledge base. Raises RegistrationError, IdInUseError."""
        check_knowledge_base(knowledge_base, self._shortest_lease)
        with self._lock:
            if self._closed:
                raise StoppedError
            if knowledge_base.id in self._members:
                raise IdInUseError
            expires = time.monotonic() + (knowledge_base.lease or 0)
            self._members[knowledge_base.id] = _Member(knowledge_base, Mailbox(knowledge_base.id), expires)
            if knowledge_base.lease is not None and not self._sweeping:
                self._sweeping = True
                self._timers.after(self._sweep_interval / 2, self._sweep)

    def leave(self, knowledge_base_id: str) -> None:
        """Remove a knowledge base: its poll ends with StoppedError, who waits for it is told, its asks end."""
        with self._lock:
            member = self._member(knowledge_base_id)
            for interaction_id in list(member.entries):
                self.remove(knowledge_base_id, interaction_id)
            del self._members[knowledge_base_id]
            rounds = list(member.rounds)
        member.mailbox.stop()
        for one in rounds:
            one.cancel()

    def add(self, knowledge_base_id: str, interaction: Interaction, *, named: bool = True) -> str:
        """Register an interaction; returns its full id. Raises RegistrationError, UnknownKnowledgeBaseError."""
        with self._lock:
            member = self._member(knowledge_base_id)
            check_interaction(interaction)
            entry = Entry(f"{knowledge_base_id}/interaction/{interaction.name}", knowledge_base_id, interaction, named)
            if entry.id in member.entries:
                raise RegistrationError(
                    f"The Knowledge Interaction with URI '{entry.id}' should not be already registered."
                )
            member.entries[entry.id] = entry
            self._plans.clear()
            if interaction.is_reactive:
                self._servers[entry.id] = entry
                self._indexes[interaction.kind].add(entry.id, interaction.pattern)
        return entry.id

    def remove(self, knowledge_base_id: str, interaction_id: str) -> None:
        """Take an interaction off the network. Raises UnknownKnowledgeBaseError, UnknownInteractionError."""
        with self._lock:
            entry = self._entry(self._member(knowledge_base_id), interaction_id)
            del self._member(knowledge_base_id).entries[interaction_id]
            self._plans.clear()
            if self._servers.pop(interaction_id, None):
                self._indexes[entry.interaction.kind].remove(entry.id, entry.interaction.pattern)

    def knowledge_bases(self) -> tuple[KnowledgeBase, ...]:
        with self._lock:
            return tuple(member.knowledge_base for member in self._members.values())

    def interactions(self, knowledge_base_id: str) -> tuple[Entry, ...]:
        """What a knowledge base registered. Raises UnknownKnowledgeBaseError."""
        with self._lock:
            return tuple(self._member(knowledge_base_id).entries.values())

    def renew(self, knowledge_base_id: str) -> datetime:
        """Renew a lease; returns when it expires. Raises UnknownKnowledgeBaseError, NoLeaseError."""
        with self._lock:
            member = self._member(knowledge_base_id)
            lease = member.knowledge_base.lease
            if lease is None:
                raise NoLeaseError
            member.expires = time.monotonic() + lease
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

    def poll(self, knowledge_base_id: str) -> Future[Parcel]:
        """The next request for a knowledge base, now or when it comes; one poll at a time. Cancel it to give up.

        Raises UnknownKnowledgeBaseError, PollOpenError; the future raises StoppedError when the knowledge base leaves.
        """
        with self._lock:
            return self._member(knowledge_base_id).mailbox.poll()

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
        with self._lock:
            member = self._member(knowledge_base_id)
            self._entry(member, interaction_id)
        letter = member.mailbox.unanswered(number)
        if error is not None:
            member.mailbox.close_letter(number)
            verb = "ANSWER" if letter.interaction.kind == "answer" else "REACT"
            letter.fail(f"An error occurred while {verb}ing: {error}")
            return
        complete = _complete_answer(letter, rows)
        member.mailbox.close_letter(number)
        try:
            check_extends(complete, letter.rows, letter.interaction, self._key)
        except AnswerError as refusal:
            letter.fail(str(refusal))
        else:
            letter.succeed(complete)

    def close(self) -> None:
        """Let everybody leave and end the thread. A second call does nothing."""
        with self._lock:
            self._closed = True
            ids = list(self._members)
        for one in ids:
            try:
                self.leave(one)
            except UnknownKnowledgeBaseError:
                continue
        self._timers.close()

    def _start(
        self,
        kind: Kind,
        knowledge_base_id: str,
        interaction_id: str,
        rows: Iterable[Mapping[str, Any]],
        recipients: Sequence[str],
        timeout: float | None,
    ) -> Future[Result]:
        with self._lock:
            member = self._member(knowledge_base_id)
            entry = self._entry(member, interaction_id)
            if entry.interaction.kind != kind:
                raise KindError(
                    f"Given Knowledge Interaction ID should have type {_TYPE[kind]} "
                    f"and not {_TYPE[entry.interaction.kind]}."
                )
            contacts = self._plan(entry)
        given = canonical_rows(rows, keep=entry.interaction.pattern.variables)
        if kind == "ask" and not given:
            given = [{}]
        sent = [
            (contact, Letter(contact.entry.id, contact.entry.interaction, incoming, knowledge_base_id))
            for contact in contacts
            if not recipients or contact.entry.knowledge_base in recipients
            if (incoming := contact.incoming(given)) or kind == "ask"
        ]
        started = Round(entry, given, sent, self._key)
        with self._lock:
            member.rounds.add(started)
        started.result.add_done_callback(lambda _: member.rounds.discard(started))
        started.start(lambda contact, letter: self._dispatch(contact, letter, timeout))
        return started.result

    def _plan(self, entry: Entry) -> tuple[Contact, ...]:
        found = self._plans.get(entry.id)
        if found is None:
            names = self._indexes[_SERVES[entry.interaction.kind]].covering(entry.interaction.pattern)
            found = self._plans[entry.id] = plan(entry, (self._servers[name] for name in sorted(names)), self._key)
        return found

    def _dispatch(self, contact: Contact, letter: Letter, timeout: float | None) -> None:
        limits = [limit for limit in (self.wait_timeout or None, timeout) if limit is not None]
        if limits:
            letter.deadline = time.monotonic() + min(limits)
            letter.timer = self._timers.after(min(limits), letter.time_out)
        with self._lock:
            member = self._members.get(contact.entry.knowledge_base)
        if member is None:
            letter.fail(f"KB with id {contact.entry.knowledge_base} will no longer respond, because it stopped.")
        else:
            member.mailbox.put(letter)

    def _sweep(self) -> None:
        now = time.monotonic()
        with self._lock:
            leased = [m for m in self._members.values() if m.knowledge_base.lease is not None]
            expired = [m.knowledge_base.id for m in leased if m.expires < now]
            self._sweeping = len(leased) > len(expired)
            if self._sweeping:
                self._timers.after(self._sweep_interval, self._sweep)
            for one in expired:
                self.leave(one)

    def _member(self, knowledge_base_id: str) -> _Member:
        member = self._members.get(knowledge_base_id)
        if member is None:
            raise UnknownKnowledgeBaseError(knowledge_base_id)
        return member

    def _entry(self, member: _Member, interaction_id: str) -> Entry:
        entry = member.entries.get(interaction_id)
        if entry is None:
            raise UnknownInteractionError(interaction_id)
        return entry


def _complete_answer(letter: Letter, rows: Iterable[Mapping[str, Any]]) -> Rows:
    try:
        complete = canonical_rows(rows)
        check_complete(complete, letter.interaction)
    except (TermError, AnswerError) as refusal:
        letter.fail(str(refusal))
        raise
    return complete
