"""Forecasts at the DSO (D4.3 4.2): what providers expect of their assets, and what the DSO expects of its zones."""

from gridlingua.services.forecast.api import router
from gridlingua.services.forecast.store import metadata

__all__ = ["metadata", "router"]
