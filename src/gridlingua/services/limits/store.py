"""What the DSO keeps of limits: those it sent, and what it knows of connection points."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, String, Table, Text

from gridlingua.services import dispatches
from gridlingua.storage import UTCInstant

metadata = MetaData()
LIMITS = dispatches.book("limits", metadata)
CAPABILITIES = Table(
    "limits_capabilities",
    metadata,
    Column("connection_point", String, primary_key=True),
    Column("party", String, primary_key=True),
    Column("message", Text, nullable=False),
    Column("asked_at", UTCInstant, nullable=False),
)
