"""Both parties of an exchange in one process: two adapters on an embedded network, and a service behind the second."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from gridlingua.adapter import Adapter, AdapterSettings, Outcome
from gridlingua.catalogue import JUDGED_PROFILE, Catalogue, Exchange
from gridlingua.engine import EmbeddedEngine, Engine, Network
from gridlingua.semantics.datatypes import Json
from gridlingua.testing.service import Heard, Said, Service

INITIATOR = "https://initiator.example.org/kb"
RESPONDER = "https://responder.example.org/kb"


@dataclass(frozen=True)
class Loopback:
    """A running pair of adapters: call it with a request and it brings the outcome.

    ``service`` is what stands behind the responder's adapter; its ``calls`` show what arrived there.
    """

    exchange: Exchange
    initiator: Adapter
    responder: Adapter
    service: Service

    def __call__(self, request: Json) -> Outcome:
        """Carry a request to the service and its reply back.

        Raises MessageError for a request that may not be sent. What fails beyond is in the outcome, whose ``only()``
        raises it.
        """
        return self.initiator.initiate(self.exchange, request)


@contextmanager
def loopback(
    exchange: Exchange,
    catalogue: Catalogue,
    reply: Json | Said | Callable[[Heard], Json | Said],
    *,
    deadline: float = 10.0,
    initiator_profiles: Sequence[str] = (JUDGED_PROFILE,),
    responder_profiles: Sequence[str] = (JUDGED_PROFILE,),
    engine: Callable[[], Engine] | None = None,
) -> Iterator[Loopback]:
    """Both adapters of an exchange, with no other, on one network, and a real HTTP service that gives ``reply``.

    ``with loopback(catalogue["flexibility/needs"], catalogue, reply) as call: outcome = call(request)``. ``deadline``
    in seconds for the whole exchange. The profiles are the generations of vocabulary that each party speaks; quantities
    keep the units that they are sent in. ``engine`` makes each adapter's way onto a network, an embedded one of their
    own when absent: ``lambda: RemoteEngine(url)``.
    """
    alone = Catalogue(catalogue.content, catalogue.vocabulary, {exchange.id: exchange})
    network = Network()
    join = engine or (lambda: EmbeddedEngine(network))
    try:
        with (
            Service(reply) as service,
            _adapter(alone, join(), exchange.responder, RESPONDER, service, deadline, responder_profiles) as responder,
            _adapter(alone, join(), exchange.initiator, INITIATOR, None, deadline, initiator_profiles) as initiator,
        ):
            yield Loopback(exchange, initiator, responder, service)
    finally:
        network.close()


def _adapter(
    catalogue: Catalogue,
    engine: Engine,
    party: str,
    knowledge_base: str,
    service: Service | None,
    deadline: float,
    profiles: Sequence[str],
) -> Adapter:
    settings = AdapterSettings(
        party,
        knowledge_base,
        knowledge_base.split("/")[2],
        responders=() if service else (RESPONDER,),
        services={"*": service.url} if service else {},
        deadline=deadline,
        profiles=tuple(profiles),
        units=(),
        lease=None,
    )
    return Adapter(catalogue, engine, settings)
