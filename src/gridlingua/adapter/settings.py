"""What an adapter is told once, when it starts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gridlingua.catalogue import JUDGED_PROFILE, Exchange
from gridlingua.errors import GridlinguaError
from gridlingua.semantics.mapping import Minter
from gridlingua.semantics.units import UNITS

_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
USUAL_UNITS = ("kW", "kvar", "V")
SHARED_BASE = "https://w3id.org/gridlingua/id/"


@dataclass(frozen=True)
class AdapterSettings:
    """The settings of one party's adapter.

    ``party`` is its role in the exchanges (``dso``, ``service_provider``), ``knowledge_base`` its id on the network, an
    absolute IRI. ``responders`` are the knowledge bases it addresses; everybody when empty. ``services`` maps the name
    of a service to its base URL, ``*`` stands for the others. ``deadline`` is how many seconds a whole exchange may
    take. ``profiles`` are the generations of vocabulary that it speaks, the one whose answer counts first: an exchange
    is registered in each of them that it has. ``units`` are the symbols of the units in which its services get what
    peers say in others of the same kind. ``resource_base`` begins the IRIs that it mints (the knowledge base's id when
    empty), ``shared_base`` those that all parties of a network mint alike. ``lease`` in seconds: when it falls silent,
    the network forgets it. ``service_key`` is the API key that it shows its services, ``caller_key`` the one that it
    wants to see from whoever calls it: no key, no check.
    """

    party: str
    knowledge_base: str
    name: str
    responders: tuple[str, ...] = ()
    services: Mapping[str, str] = field(default_factory=dict)
    deadline: float = 10.0
    profiles: tuple[str, ...] = (JUDGED_PROFILE,)
    units: tuple[str, ...] = USUAL_UNITS
    resource_base: str = ""
    shared_base: str = SHARED_BASE
    lease: int | None = 60
    service_key: str = field(default="", repr=False)
    caller_key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be meant, before anything is started with it."""
        iris = {
            "knowledge base": [self.knowledge_base],
            "responder": self.responders,
            "shared base": [self.shared_base],
        }
        if self.resource_base:
            iris["resource base"] = [self.resource_base]
        for what, values in iris.items():
            for value in values:
                if not _ABSOLUTE_IRI.fullmatch(value):
                    raise GridlinguaError(f"{what} {value!r} is no absolute IRI such as https://dso.example.org/kb")
        if not self.profiles:
            raise GridlinguaError("a party speaks at least one profile")
        if strange := [unit for unit in self.units if unit not in UNITS]:
            raise GridlinguaError(f"there is no unit {strange[0]!r}; there are {', '.join(UNITS)}")
        for service, url in self.services.items():
            if not url.startswith(("http://", "https://")):
                raise GridlinguaError(
                    f"the base URL {url!r} of service {service} does not start with http:// or https://"
                )

    def spoken(self, exchange: Exchange) -> list[str]:
        """The profiles in which this party carries an exchange, the one whose answer counts first."""
        return [profile for profile in dict.fromkeys(self.profiles) if profile in exchange.profiles]

    def minter(self) -> Minter:
        """Names the resources of this party."""
        own = self.resource_base or self.knowledge_base
        return Minter(own if own.endswith(("/", "#")) else f"{own}/", self.shared_base)

    def base_url(self, service: str) -> str | None:
        """The base URL of a service, without a trailing slash; None when none is configured."""
        found = self.services.get(service) or self.services.get("*")
        return found.rstrip("/") if found else None
