"""Grid tariffs at the DSO (D4.3 4.3): what using the grid costs in a zone."""

from gridlingua.services.tariff.api import router
from gridlingua.services.tariff.store import metadata

__all__ = ["metadata", "router"]
