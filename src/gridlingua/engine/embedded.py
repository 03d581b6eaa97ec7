"""The engine in process: parties that share a Network meet without a server."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import CancelledError
from typing import Self

from gridlingua.engine.delivery import Delivery
from gridlingua.engine.mailbox import Parcel
from gridlingua.engine.network import Network
from gridlingua.engine.protocol import Interaction, Kind, KnowledgeBase, Result
from gridlingua.semantics.rows import Rows

_HEARTBEAT = 29.0


class EmbeddedEngine(Delivery):
    """An engine over a Network in this process.

    Parties that shall meet are given the same ``network``; without one the engine has its own and closes it with
    itself. ``workers`` threads run the handlers.
    """

    def __init__(self, network: Network | None = None, *, workers: int = 8) -> None:
        self.network = network or Network()
        self._owns_network = network is None
        super().__init__(
            NetworkTransport(self.network), take_over=False, wait_timeout=self.network.wait_timeout, workers=workers
        )

    def close(self) -> None:
        super().close()
        if self._owns_network:
            self.network.close()

    def __enter__(self) -> Self:
        return self


class NetworkTransport:
    """The calls of a Network in process, as ``Delivery`` makes them."""

    party = "embedded engine"

    def __init__(self, network: Network) -> None:
        self._network = network

    def create(self, knowledge_base: KnowledgeBase) -> None:
        self._network.join(knowledge_base)

    def delete(self, knowledge_base_id: str) -> None:
        self._network.leave(knowledge_base_id)

    def add(self, knowledge_base_id: str, interaction: Interaction) -> None:
        self._network.add(knowledge_base_id, interaction)

    def learn(self, knowledge_base_id: str, rules: str) -> None:
        self._network.learn(knowledge_base_id, rules)

    def renew(self, knowledge_base_id: str) -> None:
        self._network.renew(knowledge_base_id)

    def poll(self, knowledge_base_id: str) -> Parcel | None:
        future = self._network.poll(knowledge_base_id)
        try:
            return future.result(_HEARTBEAT)
        except TimeoutError:
            # A future that cannot be cancelled any more has just been given its parcel.
            return None if future.cancel() else future.result()
        except CancelledError:
            return None

    def answer(self, knowledge_base_id: str, parcel: Parcel, rows: Rows) -> None:
        self._network.answer(knowledge_base_id, parcel.interaction_id, parcel.number, rows)

    def refuse(self, knowledge_base_id: str, parcel: Parcel, message: str) -> None:
        self._network.answer(knowledge_base_id, parcel.interaction_id, parcel.number, error=message)

    def initiate(
        self,
        kind: Kind,
        knowledge_base_id: str,
        name: str,
        rows: Rows,
        recipients: Sequence[str],
        timeout: float | None,
    ) -> Result:
        start = self._network.ask if kind == "ask" else self._network.post
        return start(knowledge_base_id, f"{knowledge_base_id}/interaction/{name}", rows, recipients, timeout).result()

    def close(self) -> None:
        """Polls end when their knowledge bases leave."""
