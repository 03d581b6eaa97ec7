"""Flexibility at the DSO (HLUC 10): needs, offers and activation plans on a market with gates."""

from gridlingua.services.flexibility.api import router
from gridlingua.services.flexibility.jobs import jobs
from gridlingua.services.flexibility.store import metadata

__all__ = ["jobs", "metadata", "router"]
