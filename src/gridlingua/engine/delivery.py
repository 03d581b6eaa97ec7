"""One engine for every network: registration, polling, leases, asking, over a transport that is passed in."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from gridlingua.engine.bindings import canonical_rows
from gridlingua.engine.errors import (
    IdInUseError,
    KindError,
    RowsError,
    UnknownInteractionError,
    UnknownKnowledgeBaseError,
)
from gridlingua.engine.handlers import Handlers
from gridlingua.engine.membership import (
    Add,
    Create,
    Delete,
    Flow,
    Hand,
    Learn,
    Membership,
    Poll,
    Renew,
    Reply,
    Step,
    Wait,
)
from gridlingua.engine.protocol import Handler, Interaction, Kind, KnowledgeBase, Result, State
from gridlingua.engine.transport import Transport
from gridlingua.errors import Fault, MessageError, RemoteError
from gridlingua.semantics.rows import Rows

logger = logging.getLogger(__name__)


class Delivery:
    """An engine over a transport. One thread polls for each knowledge base, ``workers`` threads run handlers, or a
    ``pool`` that is passed in.

    ``wait_timeout`` in seconds: how long an asker is taken to wait where the network does not tell.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        take_over: bool,
        wait_timeout: float,
        workers: int = 8,
        pool: Executor | None = None,
    ) -> None:
        self._transport = transport
        self._take_over = take_over
        self._wait_timeout = wait_timeout
        pool = pool or ThreadPoolExecutor(workers, thread_name_prefix="gridlingua-handler")
        self._handlers = Handlers(transport, wait_timeout=wait_timeout, pool=pool)
        self._lock = threading.Lock()
        self._memberships: dict[str, Membership] = {}
        self._threads: list[threading.Thread] = []
        self._closing = threading.Event()

    @property
    def state(self) -> State:
        """The worst of its knowledge bases' states, with the counters of all."""
        with self._lock:
            memberships = list(self._memberships.values())
        order = ("degraded", "reregistering", "connected")
        worst = min(memberships, key=lambda one: (order.index(one.status), one.since), default=None)
        counters = sum((one.counters.counts() for one in memberships), Counter[str]())
        if worst is None:
            raise RemoteError("no knowledge base is registered", party=self._transport.party, status=503)
        return State(worst.status, worst.since, worst.reason, dict(counters))

    def register(self, knowledge_base: KnowledgeBase, interactions: Sequence[Interaction]) -> None:
        """See ``Engine.register``."""
        with self._lock:
            if knowledge_base.id in self._memberships:
                raise IdInUseError
        membership = Membership(knowledge_base, interactions, take_over=self._take_over)
        error = self._attempt(membership)
        if error is not None and not error.retry:
            self._leave(membership)
            raise error
        if error is not None:
            logger.warning("%s is not registered yet: %s", knowledge_base.id, error)
        with self._lock:
            self._memberships[knowledge_base.id] = membership
        self._start(membership, membership.life(), "poll")
        if knowledge_base.lease is not None:
            self._start(membership, membership.renewals(), "lease")

    def handle(self, knowledge_base_id: str, handler: Handler) -> None:
        """See ``Engine.handle``."""
        self._handlers.set(self._membership(knowledge_base_id).id, handler)

    def learn(self, knowledge_base_id: str, rules: str) -> None:
        """See ``Engine.learn``."""
        membership = self._membership(knowledge_base_id)
        if membership.registered.is_set():
            self._transport.learn(knowledge_base_id, rules)
        membership.rules = rules

    def ask(
        self,
        knowledge_base_id: str,
        name: str,
        rows: Rows,
        recipients: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Result:
        """See ``Engine.ask``."""
        return self._initiate("ask", knowledge_base_id, name, rows, recipients, timeout)

    def post(
        self,
        knowledge_base_id: str,
        name: str,
        rows: Rows,
        recipients: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Result:
        """See ``Engine.post``."""
        return self._initiate("post", knowledge_base_id, name, rows, recipients, timeout)

    def close(self) -> None:
        """See ``Engine.close``."""
        if self._closing.is_set():
            return
        self._closing.set()
        with self._lock:
            memberships = list(self._memberships.values())
        for membership in memberships:
            membership.hurry.set()
            self._leave(membership)
        self._transport.close()
        for thread in self._threads:
            thread.join()
        for membership in memberships:
            self._leave(membership)  # one that was being registered when we began
        self._handlers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _initiate(
        self,
        kind: Kind,
        knowledge_base_id: str,
        name: str,
        rows: Rows,
        recipients: Sequence[str],
        timeout: float | None,
    ) -> Result:
        membership = self._membership(knowledge_base_id)
        interaction = membership.interactions.get(name)
        if interaction is None:
            raise UnknownInteractionError(f"{knowledge_base_id}/interaction/{name}")
        if interaction.kind != kind:
            raise KindError(f"{name} is of kind {interaction.kind}: it cannot {kind}.")
        checked = _checked(rows, interaction)
        membership.counters.add(f"{kind}s")
        ends = None if timeout is None else time.monotonic() + timeout
        try:
            left = self._connected(membership, ends)
            return self._transport.initiate(kind, knowledge_base_id, name, checked, recipients, left)
        except UnknownKnowledgeBaseError as error:
            # Refused before anyone was contacted, so that even a post may be sent again once we are registered anew.
            membership.forgotten(str(error))
            left = self._connected(membership, ends)
            return self._transport.initiate(kind, knowledge_base_id, name, checked, recipients, left)

    def _connected(self, membership: Membership, ends: float | None) -> float | None:
        """The seconds left until ``ends``, None when it is; while the engine is there and takes us up again we wait."""
        if membership.status == "reregistering":
            membership.hurry.set()
            membership.registered.wait(self._wait_timeout if ends is None else max(0.0, ends - time.monotonic()))
        if not membership.registered.is_set():
            membership.hurry.set()
            raise RemoteError(
                f"{membership.id} is not connected to the {self._transport.party} "
                f"since {membership.since:%Y-%m-%dT%H:%M:%SZ}: {membership.reason}",
                party=self._transport.party,
                status=503,
                retry=True,
            )
        return None if ends is None else max(0.001, ends - time.monotonic())

    def _attempt(self, membership: Membership) -> RemoteError | None:
        attempt = membership.enrol()
        step = next(attempt)
        try:
            while True:
                step = attempt.send(self._perform(membership, step))
        except StopIteration as end:
            error: RemoteError | None = end.value
            return error

    def _leave(self, membership: Membership) -> None:
        if membership.present:
            membership.present = False
            try:
                self._transport.delete(membership.id)
            except RemoteError as error:
                logger.info("%s left without a farewell: %s", membership.id, error)

    def _start(self, membership: Membership, flow: Flow, what: str) -> None:
        name = f"gridlingua-{what}-{membership.id}"
        thread = threading.Thread(target=self._drive, args=(membership, flow), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _drive(self, membership: Membership, flow: Flow) -> None:
        step = next(flow)
        while not self._closing.is_set():
            reply = self._perform(membership, step)
            if not self._closing.is_set():  # what fails because we leave is no news
                step = flow.send(reply)
        flow.close()

    def _perform(self, membership: Membership, step: Step) -> Reply:
        try:
            return self._carry_out(membership, step)
        except RemoteError as error:
            return error
        except Exception as error:  # a poll loop that dies would be silence; it backs off instead
            logger.exception("%s: unexpected failure of %s", membership.id, step)
            return RemoteError(str(error), party=self._transport.party, status=500, retry=True)

    def _carry_out(self, membership: Membership, step: Step) -> Reply:
        transport = self._transport
        match step:
            case Create():
                transport.create(membership.knowledge_base)
            case Delete():
                transport.delete(membership.id)
            case Add(interaction):
                transport.add(membership.id, interaction)
            case Learn(rules):
                transport.learn(membership.id, rules)
            case Renew():
                transport.renew(membership.id)
            case Poll():
                return transport.poll(membership.id)
            case Hand(parcel):
                self._handlers.take(membership, parcel)
            case Wait(seconds, patient=True):
                self._closing.wait(seconds)
            case Wait(seconds):
                membership.hurry.wait(seconds)
                membership.hurry.clear()
        return None

    def _membership(self, knowledge_base_id: str) -> Membership:
        with self._lock:
            membership = self._memberships.get(knowledge_base_id)
        if membership is None:
            raise UnknownKnowledgeBaseError(knowledge_base_id)
        return membership


def _checked(rows: Rows, interaction: Interaction) -> Rows:
    """Rows in canonical terms; MessageError for what a network would ignore in silence (contract 1.10)."""
    try:
        checked = canonical_rows(rows)
    except RowsError as error:
        raise MessageError(str(error), exchange=interaction.name) from error
    names = frozenset(interaction.pattern.variables)
    faults = [
        Fault("", f"row {number} binds ?{name}, which the pattern has not")
        for number, row in enumerate(checked, 1)
        for name in sorted(row.keys() - names)
    ]
    if interaction.kind == "post":
        faults += [
            Fault("", f"row {number} leaves ?{name} unbound: a post binds every variable")
            for number, row in enumerate(checked, 1)
            for name in sorted(names - row.keys())
        ]
    if faults:
        raise MessageError(faults, exchange=interaction.name)
    return checked
