"""Data sharing at the DSO (HLUC 5): metering points, their readings, and what others may see of them."""

from gridlingua.services.data_sharing.api import router
from gridlingua.services.data_sharing.loading import load_readings
from gridlingua.services.data_sharing.store import add_customers, metadata

__all__ = ["add_customers", "load_readings", "metadata", "router"]
