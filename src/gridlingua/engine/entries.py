"""What is registered on a network."""

from __future__ import annotations

from dataclasses import dataclass

from gridlingua.engine.protocol import Interaction


@dataclass(frozen=True)
class Entry:
    """An interaction on the network: its full id, the knowledge base that registered it, and whether that
    gave it its name (the network otherwise)."""

    id: str
    knowledge_base: str
    interaction: Interaction
    named: bool = True
