"""What an engine needs of a network, however it reaches it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gridlingua.engine.mailbox import Parcel
from gridlingua.engine.protocol import Interaction, Kind, KnowledgeBase, Result
from gridlingua.semantics.rows import Rows


class Transport(Protocol):
    """The calls of a network. All raise RemoteError with the status of the KE REST API: 503 when the network cannot be
    reached, UnknownKnowledgeBaseError when it does not know the knowledge base, IdInUseError when it knows another."""

    party: str
    """How error messages call the network."""

    def create(self, knowledge_base: KnowledgeBase) -> None: ...

    def delete(self, knowledge_base_id: str) -> None: ...

    def add(self, knowledge_base_id: str, interaction: Interaction) -> None: ...

    def learn(self, knowledge_base_id: str, rules: str) -> None: ...

    def renew(self, knowledge_base_id: str) -> None: ...

    def poll(self, knowledge_base_id: str) -> Parcel | None:
        """Wait for a request; None when the network had nothing for a while."""

    def answer(self, knowledge_base_id: str, parcel: Parcel, rows: Rows) -> None: ...

    def refuse(self, knowledge_base_id: str, parcel: Parcel, message: str) -> None:
        """Tell the asker why there is no answer."""

    def initiate(
        self,
        kind: Kind,
        knowledge_base_id: str,
        name: str,
        rows: Rows,
        recipients: Sequence[str],
        timeout: float | None,
    ) -> Result:
        """Ask or post, and wait for the result; ``timeout`` in seconds."""

    def close(self) -> None:
        """End whatever is still open, so that nobody waits any more."""
