"""The other side: an aggregator that answers needs from a price list, keeps its plan, and reads metering."""

from gridlingua.services.aggregator.api import router
from gridlingua.services.aggregator.store import metadata

__all__ = ["metadata", "party", "router"]

party = "service_provider"
