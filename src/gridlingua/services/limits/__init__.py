"""Limits at the DSO (D4.3 2.1.1.1): what connection points may draw and feed in."""

from gridlingua.services.limits.api import router
from gridlingua.services.limits.store import metadata

__all__ = ["metadata", "router"]
