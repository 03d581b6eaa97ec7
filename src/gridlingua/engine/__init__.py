"""The knowledge network: a protocol, and two engines that speak it."""

from gridlingua.engine.embedded import EmbeddedEngine
from gridlingua.engine.network import Network
from gridlingua.engine.protocol import (
    INFORM,
    Engine,
    Exchange,
    Handler,
    Interaction,
    KnowledgeBase,
    Request,
    Result,
    State,
    failure_text,
)
from gridlingua.engine.remote import RemoteEngine

__all__ = [
    "INFORM",
    "EmbeddedEngine",
    "Engine",
    "Exchange",
    "Handler",
    "Interaction",
    "KnowledgeBase",
    "Network",
    "RemoteEngine",
    "Request",
    "Result",
    "State",
    "failure_text",
]
