"""An engine for tests of who speaks over one: adapters, knowledge bases, bridges of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Self

from gridlingua.engine.delivery import Delivery
from gridlingua.engine.embedded import NetworkTransport
from gridlingua.engine.errors import EngineError
from gridlingua.engine.mailbox import Parcel
from gridlingua.engine.membership import Flow, Membership, Poll, Reply, Wait
from gridlingua.engine.protocol import Interaction, Kind, KnowledgeBase, Result
from gridlingua.errors import RemoteError
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Rows
from gridlingua.testing.clockwork import Bench
from gridlingua.testing.fake_network import FakeNetwork
from gridlingua.testing.peers import Peer, Script


@dataclass(frozen=True)
class Sent:
    """An ask or a post as it left: ``name`` of the interaction, rows in canonical terms, ``timeout`` in seconds."""

    kind: Kind
    knowledge_base: str
    name: str
    rows: Rows
    recipients: tuple[str, ...] = ()
    timeout: float | None = None


class FakeEngine(Delivery):
    """An ``Engine`` with the parties at its other end written in the test, and no threads::

        engine = FakeEngine()
        engine.answers("?need <http://example.org/power> ?power .", [{"need": "<http://example.org/1>", "power": "3"}])

    It passes the tests that the shipped engines pass, for it is one of them: registration, checks of rows, matching,
    reasoning and failures are the real ones. What is fake is the network: it has no threads, no waiting, and does what
    it is told: ``answers`` and ``reacts`` write parties in one line, ``peer`` one that also asks; ``fail``,
    ``unreachable`` and ``forget`` break the engine itself. ``asked`` and ``posted`` are what was sent.

    Engines that shall meet are given the same ``network``; without one the engine has its own and closes it with
    itself. ``prefixes`` are those that patterns of peers may use without declaring them.
    """

    def __init__(self, network: FakeNetwork | None = None, *, prefixes: Mapping[str, str] | None = None) -> None:
        self.network = network or FakeNetwork()
        self._owns_network = network is None
        self._prefixes = dict(prefixes or {})
        self._line = _Line(self.network)
        self._waiting: dict[str, list[Callable[[], None]]] = {}
        super().__init__(
            self._line,
            take_over=False,
            wait_timeout=self.network.wait_timeout,
            pool=Bench(self.network.clockwork),
        )

    def peer(self, name: str = "peer") -> Peer:
        """The party ``https://<name>.example.org/kb``, on the network from the first time on."""
        known = self.network.peers
        if name not in known:
            known[name] = Peer(self.network, f"https://{name}.example.org/kb")
        known[name].prefixes.update(self._prefixes)
        return known[name]

    def answers(self, pattern: Pattern | str, rows: Script, *, by: str = "peer") -> Peer:
        """Let a party answer a pattern; see ``Peer.answers``."""
        return self.peer(by).answers(pattern, rows)

    def reacts(
        self, argument: Pattern | str, result: Pattern | str | None = None, rows: Script = (), *, by: str = "peer"
    ) -> Peer:
        """Let a party react to a post; see ``Peer.reacts``."""
        return self.peer(by).reacts(argument, result, rows)

    def fail(self, status: int = 500, message: str = "the engine failed", times: int = 1) -> None:
        """Let the next asks and posts fail in the engine itself, with an HTTP status."""
        self._line.failures += [EngineError(message, party=self._line.party, status=status)] * times

    @contextmanager
    def unreachable(self, reason: str = "connection refused") -> Iterator[None]:
        """The engine is not there while the block runs: asks fail with status 503, nobody is contacted; after it
        everybody is registered anew."""
        self.forget()
        self._line.outage = reason
        self._try_again()
        try:
            yield
        finally:
            self._line.outage = ""
            self._try_again()

    def forget(self) -> None:
        """Take our knowledge bases off the network, as an engine does that restarts; they come back by themselves."""
        for membership in list(self._memberships.values()):
            if membership.present and not self._line.outage:
                self.network.leave(membership.id)

    def advance(self, seconds: float) -> None:
        """Let so many seconds go by at once."""
        self.network.advance(seconds)

    @property
    def asked(self) -> list[Sent]:
        """Every ask that was sent, whatever became of it."""
        return [one for one in self._line.sent if one.kind == "ask"]

    @property
    def posted(self) -> list[Sent]:
        """Every post that was sent, whatever became of it."""
        return [one for one in self._line.sent if one.kind == "post"]

    def close(self) -> None:
        super().close()
        if self._owns_network:
            self.network.close()

    def __enter__(self) -> Self:
        return self

    # Flows without threads: a step that takes time is gone on with by whoever waits.

    def _start(self, membership: Membership, flow: Flow, what: str) -> None:  # noqa: ARG002 - there is no thread to name
        self._drive(membership, flow)

    def _drive(self, membership: Membership, flow: Flow, reply: Reply = None) -> None:
        step = flow.send(reply)
        while not self._closing.is_set():
            match step:
                case Poll():
                    if (refusal := self._listen(membership, flow)) is None:
                        return
                    step = flow.send(refusal)
                case Wait():
                    self._pause(membership, flow, step)
                    return
                case _:
                    step = flow.send(self._perform(membership, step))
        flow.close()

    def _listen(self, membership: Membership, flow: Flow) -> RemoteError | None:
        """Go on when a request comes; the error when nothing can come."""
        try:
            self._line.listen(membership.id, lambda reply: self._resume(membership, flow, reply))
        except RemoteError as error:
            return error
        return None

    def _resume(self, membership: Membership, flow: Flow, reply: Reply) -> None:
        if not self._closing.is_set():
            self.network.clockwork.submit(lambda: self._drive(membership, flow, reply))

    def _pause(self, membership: Membership, flow: Flow, step: Wait) -> None:
        pending = self._waiting.setdefault(membership.id, [])

        def go_on() -> None:
            if go_on in pending:
                pending.remove(go_on)
                self._drive(membership, flow)

        if not step.patient:
            pending.append(go_on)
            self.network.clockwork.after(step.seconds, go_on)
            return
        self.network.clockwork.after(step.seconds, lambda: self._drive(membership, flow))

    def _try_again(self) -> None:
        for membership in list(self._memberships.values()):
            self._go_on(membership)

    def _go_on(self, membership: Membership) -> None:
        """Do at once what was to be tried again later."""
        self.network.clockwork.settle()
        for go_on in list(self._waiting.get(membership.id, [])):
            go_on()

    def _connected(self, membership: Membership, ends: float | None) -> float | None:
        if not membership.registered.is_set():
            self._go_on(membership)
        return super()._connected(membership, ends)


class _Line(NetworkTransport):
    """The calls of a fake network: they are noted, and fail when they shall."""

    party = "fake engine"

    def __init__(self, network: FakeNetwork) -> None:
        super().__init__(network)
        self._fake = network
        self.sent: list[Sent] = []
        self.failures: list[EngineError] = []
        self.outage = ""

    def create(self, knowledge_base: KnowledgeBase) -> None:
        self._reach()
        super().create(knowledge_base)

    def delete(self, knowledge_base_id: str) -> None:
        self._reach()
        super().delete(knowledge_base_id)

    def add(self, knowledge_base_id: str, interaction: Interaction) -> None:
        self._reach()
        super().add(knowledge_base_id, interaction)

    def listen(self, knowledge_base_id: str, on_reply: Callable[[Reply], None]) -> None:
        """Have the next request brought, or the error that ends the wait; raises when there is none to wait for."""
        self._reach()
        poll = self._fake.poll(knowledge_base_id)

        def brought() -> Reply:
            try:
                return self._told(poll.result())
            except RemoteError as error:
                return error

        poll.add_done_callback(lambda _: on_reply(brought()))

    def initiate(
        self,
        kind: Kind,
        knowledge_base_id: str,
        name: str,
        rows: Rows,
        recipients: Sequence[str],
        timeout: float | None,
    ) -> Result:
        self.sent.append(Sent(kind, knowledge_base_id, name, rows, tuple(recipients), timeout))
        self._reach()
        if self.failures:
            raise self.failures.pop(0)
        start = self._fake.ask if kind == "ask" else self._fake.post
        interaction_id = f"{knowledge_base_id}/interaction/{name}"
        return self._fake.wait_for(start(knowledge_base_id, interaction_id, rows, recipients, timeout))

    def _reach(self) -> None:
        if self.outage:
            raise RemoteError(f"{self.party}: {self.outage}", party=self.party, status=503, retry=True)

    def _told(self, parcel: Parcel) -> Parcel:
        """A parcel with its deadline in seconds of the world outside, where none are skipped."""
        if parcel.deadline is None:
            return parcel
        return replace(parcel, deadline=parcel.deadline - self._fake.clockwork.skipped)
