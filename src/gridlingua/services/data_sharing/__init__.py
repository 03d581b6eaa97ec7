"""Data sharing at the DSO (HLUC 5): customers, their readings, and who may see them."""

from gridlingua.services.data_sharing.api import router
from gridlingua.services.data_sharing.loading import load_readings
from gridlingua.services.data_sharing.store import add_customers, add_grants, metadata

__all__ = ["add_customers", "add_grants", "load_readings", "metadata", "router"]
