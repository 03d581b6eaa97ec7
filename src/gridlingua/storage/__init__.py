"""Where services keep what they know: one database by URL, and column types that lose nothing."""

from gridlingua.storage.columns import ExactDecimal, UTCInstant
from gridlingua.storage.database import Database

__all__ = ["Database", "ExactDecimal", "UTCInstant"]
