"""What the DSO keeps of observability: zones, what it sent, events, and what it knows of HEMS and appliances."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

from gridlingua.services import dispatches
from gridlingua.storage import ExactDecimal, UTCInstant, append_only

metadata = MetaData()
SETTINGS = dispatches.book("observability", metadata)

_EVENT_KEY = ("kind", "provider", "subject", "side")
EVENTS = Table(
    "observability_events",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    *(Column(name, String, nullable=False) for name in _EVENT_KEY),
    Column("occurrence", Integer, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("severity", String, nullable=False),
    Column("start_time_utc", UTCInstant, nullable=False),
    Column("last_seen_utc", UTCInstant, nullable=False, index=True),
    Column("received_at", UTCInstant, nullable=False),
    Column("over_at", UTCInstant),
    UniqueConstraint(*_EVENT_KEY, "occurrence", name="observability_event_of_a_subject"),
)
PLACES = Table(
    "observability_event_places",
    metadata,
    Column("event", ForeignKey(EVENTS.c.number), primary_key=True),
    Column("postal_code", String, primary_key=True),
    Column("hems", Integer, nullable=False),
    Index("observability_events_of_a_postal_code", "postal_code"),
)
NOTICES = Table(
    "observability_notices",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("event", ForeignKey(EVENTS.c.number), nullable=False, index=True),
    *(Column(name, String, nullable=False) for name in _EVENT_KEY),
    Column("at_utc", UTCInstant, nullable=False),
    Column("message", Text, nullable=False),
    Column("received_at", UTCInstant, nullable=False),
    UniqueConstraint("kind", "provider", "subject", "at_utc", name="observability_notice_of_an_instant"),
)
HISTORY = append_only(
    Table(
        "observability_event_history",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("event", ForeignKey(EVENTS.c.number), nullable=False, index=True),
        Column("at", UTCInstant, nullable=False),
        Column("before", String),
        Column("after", String, nullable=False),
        Column("actor", String, nullable=False),
        Column("cause", String, nullable=False),
    )
)
HEMS = Table(
    "observability_hems",
    metadata,
    Column("hems_id", String, primary_key=True),
    Column("what", String, primary_key=True),  # Status or Voltage
    Column("party", String, primary_key=True),
    Column("at_utc", UTCInstant, primary_key=True),
    Column("message", Text, nullable=False),
    Column("asked_at", UTCInstant, nullable=False),
)
ZONES = Table(
    "observability_zones",
    metadata,
    Column("zone_id", String, primary_key=True),
    Column("postal_code", String, nullable=False, index=True),
    Column("country_code", String, nullable=False),
)
UNITS = Table(
    "observability_units",
    metadata,
    Column("hems_id", String, primary_key=True),
    Column("zone_id", ForeignKey(ZONES.c.zone_id), nullable=False, index=True),
    Column("provider", String, nullable=False),  # empty: every provider may observe it
)
SERIES = Table(
    "observability_appliances",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("party", String, nullable=False),
    Column("customer_id", String, nullable=False),
    Column("appliance_id", String, nullable=False),
    Column("usage", String, nullable=False),
    Column("measurement_type", String, nullable=False),
    Column("measurement_unit", String, nullable=False),
    Column("granularity", Integer, nullable=False),
    Column("appliance_type", Integer, nullable=False),
    Column("fetched_at", UTCInstant, nullable=False),
    UniqueConstraint(
        "customer_id",
        "appliance_id",
        "usage",
        "measurement_type",
        "measurement_unit",
        "granularity",
        "party",
        name="observability_series_of_an_appliance",
    ),
)
MEASUREMENTS = Table(
    "observability_measurements",
    metadata,
    Column("series", ForeignKey(SERIES.c.number), primary_key=True),
    Column("at_utc", UTCInstant, primary_key=True),
    Column("time", String, nullable=False),
    Column("measurement", ExactDecimal, nullable=False),
)
