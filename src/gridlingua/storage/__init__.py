"""Where services keep what they know: one database by URL, and column types that lose nothing."""

from gridlingua.storage.append_only import append_only
from gridlingua.storage.columns import ExactDecimal, UTCInstant
from gridlingua.storage.database import Database
from gridlingua.storage.upsert import upsert

__all__ = ["Database", "ExactDecimal", "UTCInstant", "append_only", "upsert"]
