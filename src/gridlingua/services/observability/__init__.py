"""Observability at the DSO (HLUC 11): what is watched, what providers notify, and what is known of HEMS."""

from gridlingua.services.observability.api import router
from gridlingua.services.observability.store import metadata

__all__ = ["metadata", "router"]
