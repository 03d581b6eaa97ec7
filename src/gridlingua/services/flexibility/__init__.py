"""Flexibility at the DSO (HLUC 10): needs, offers and activation plans."""

from gridlingua.services.flexibility.api import router
from gridlingua.services.flexibility.store import metadata

__all__ = ["metadata", "router"]
