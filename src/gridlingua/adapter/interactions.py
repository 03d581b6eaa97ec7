"""What an exchange is on the network."""

from __future__ import annotations

from gridlingua.catalogue import Exchange
from gridlingua.engine import Interaction


def interaction(exchange: Exchange, profile: str, *, answering: bool) -> Interaction:
    """The interaction that a party registers for an exchange: as its responder when ``answering``, else to initiate
    it."""
    found = exchange.profiles[profile]
    name = exchange.interaction_name(profile)
    if exchange.kind == "ask":
        return Interaction(name, "answer" if answering else "ask", found.request)
    return Interaction(name, "react" if answering else "post", found.request, found.result)
