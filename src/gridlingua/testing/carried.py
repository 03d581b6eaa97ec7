"""An example, carried by both parties' adapters to a service and back."""

from __future__ import annotations

from gridlingua.catalogue import Catalogue, Exchange
from gridlingua.errors import CatalogueError, Problem
from gridlingua.semantics.schema import write_json
from gridlingua.testing.fake_engine import FakeEngine
from gridlingua.testing.fake_network import FakeNetwork
from gridlingua.testing.parties import loopback


def carry(exchange: Exchange, catalogue: Catalogue, name: str) -> None:
    """Send the example's request and see its reply come back; nothing to do for one that has none.

    Raises CatalogueError when another comes back; MessageError or RemoteError when a party refuses.
    """
    messages = next(case.messages for case in exchange.examples if case.name == name)
    if "reply" not in messages:
        return
    network = FakeNetwork()
    try:
        with loopback(exchange, catalogue, messages["reply"], engine=lambda: FakeEngine(network)) as call:
            arrived = call(messages["request"]).only().message
    finally:
        network.close()
    if arrived != messages["reply"]:
        path = catalogue.content.shown(exchange.folder / "examples" / f"{name}.json")
        said = f"sent through both adapters, the reply arrives as {write_json(arrived)}"
        raise CatalogueError([Problem(path, 1, "examples", said)])
