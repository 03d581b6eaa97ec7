"""Settlement at the DSO (D4.3 3.2.4): baselines, what was delivered, what providers say to it, and what it comes to."""

from gridlingua.services.settlement.api import router
from gridlingua.services.settlement.store import metadata

__all__ = ["metadata", "router"]
