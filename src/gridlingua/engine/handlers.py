"""Handlers at work: a pool turns parcels into answers, or into refusals with a reason."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from concurrent.futures import Executor

from gridlingua.engine.bindings import canonical_rows, check_complete, check_extends, value_key
from gridlingua.engine.mailbox import Parcel
from gridlingua.engine.membership import Membership
from gridlingua.engine.protocol import Handler, Request, failure_text
from gridlingua.engine.transport import Transport
from gridlingua.errors import GridlinguaError, RemoteError
from gridlingua.semantics.rows import Rows

logger = logging.getLogger(__name__)


class Handlers:
    """The handlers of knowledge bases, and the ``pool`` that runs them, which is shut down with them.

    ``wait_timeout`` in seconds: how long an asker is taken to wait where the network does not tell. A request that
    nobody waits for any more is not handled.
    """

    def __init__(self, transport: Transport, *, wait_timeout: float, pool: Executor) -> None:
        self._transport = transport
        self._wait_timeout = wait_timeout
        self._pool = pool
        self._lock = threading.Lock()
        self._handlers: dict[str, Handler] = {}
        self._early: dict[str, deque[tuple[Membership, Parcel, float]]] = {}
        self._closed = False

    def set(self, knowledge_base_id: str, handler: Handler) -> None:
        """Give a knowledge base its handler, and the handler what came before it."""
        with self._lock:
            self._handlers[knowledge_base_id] = handler
            early = self._early.pop(knowledge_base_id, deque())
        for membership, parcel, deadline in early:
            self._submit(membership, parcel, deadline, handler)

    def take(self, membership: Membership, parcel: Parcel) -> None:
        """Accept a parcel; returns at once."""
        membership.counters.add("requests")
        deadline = parcel.deadline or time.monotonic() + (self._wait_timeout or 3600)
        with self._lock:
            handler = self._handlers.get(membership.id)
            if handler is None:
                self._early.setdefault(membership.id, deque(maxlen=100)).append((membership, parcel, deadline))
                return
        self._submit(membership, parcel, deadline, handler)

    def close(self) -> None:
        """Wait for handlers that run; start no more."""
        with self._lock:
            self._closed = True
        self._pool.shutdown(cancel_futures=True)

    def _submit(self, membership: Membership, parcel: Parcel, deadline: float, handler: Handler) -> None:
        with self._lock:
            if not self._closed:
                self._pool.submit(self._serve, membership, parcel, deadline, handler)

    def _serve(self, membership: Membership, parcel: Parcel, deadline: float, handler: Handler) -> None:
        if time.monotonic() > deadline:
            membership.counters.add("late")
            return
        try:
            self._deliver(membership, parcel, deadline, handler)
        except RemoteError as error:
            membership.counters.add("errors")
            logger.warning("%s: an answer to %s was not taken: %s", membership.id, parcel.requester, error)
        except Exception:
            membership.counters.add("errors")
            logger.exception("%s: an answer to %s got lost", membership.id, parcel.requester)

    def _deliver(self, membership: Membership, parcel: Parcel, deadline: float, handler: Handler) -> None:
        try:
            rows = _answer(membership, parcel, deadline, handler)
        except Exception as error:  # whatever it is, the asker is told instead of waiting in vain
            membership.counters.add("failures")
            expected = isinstance(error, GridlinguaError)
            logger.warning("%s refuses %s: %s", membership.id, parcel.requester, error, exc_info=not expected)
            self._transport.refuse(membership.id, parcel, failure_text(error))
        else:
            self._transport.answer(membership.id, parcel, rows)
            membership.counters.add("answers")


def _answer(membership: Membership, parcel: Parcel, deadline: float, handler: Handler) -> Rows:
    name = parcel.interaction_id.removeprefix(f"{membership.id}/interaction/")
    interaction = membership.interactions.get(name)
    if interaction is None:
        raise RemoteError(f"{parcel.interaction_id} is no interaction of this knowledge base", status=500)
    rows = handler(Request(interaction, parcel.rows, parcel.requester, deadline))
    try:
        complete = canonical_rows(rows)
        check_complete(complete, interaction)
        check_extends(complete, parcel.rows, interaction, value_key)
    except RemoteError as error:
        raise RemoteError(f"the answer is not one: {error}", status=500) from error
    return complete
