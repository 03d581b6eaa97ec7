"""What meters say at their customer interface, at the DSO (D4.3 2.2 and 3.4.2)."""

from gridlingua.services.metering_platform.api import router
from gridlingua.services.metering_platform.store import metadata

__all__ = ["metadata", "router"]
