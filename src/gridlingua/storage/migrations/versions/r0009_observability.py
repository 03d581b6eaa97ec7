"""Observability."""

import sqlalchemy as sa
from alembic import op

from gridlingua.storage.columns import ExactDecimal, UTCInstant
from gridlingua.storage.migrations.growing import only_grows

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    _observability_appliances()
    _observability_dispatches()
    _observability_events()
    _observability_hems()
    _observability_zones()
    _observability_dispatches_heard()
    _observability_event_history()
    _observability_event_places()
    _observability_measurements()
    _observability_notices()
    _observability_units()


def _observability_appliances() -> None:
    op.create_table(
        "observability_appliances",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("party", sa.String, nullable=False),
        sa.Column("customer_id", sa.String, nullable=False),
        sa.Column("appliance_id", sa.String, nullable=False),
        sa.Column("usage", sa.String, nullable=False),
        sa.Column("measurement_type", sa.String, nullable=False),
        sa.Column("measurement_unit", sa.String, nullable=False),
        sa.Column("granularity", sa.Integer, nullable=False),
        sa.Column("appliance_type", sa.Integer, nullable=False),
        sa.Column("fetched_at", UTCInstant, nullable=False),
        sa.UniqueConstraint(
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


def _observability_dispatches() -> None:
    op.create_table(
        "observability_dispatches",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("operation", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("recipients", sa.JSON, nullable=False),
        sa.Column("sent_by", sa.String, nullable=False),
        sa.Column("recorded_at", UTCInstant, nullable=False),
    )
    op.create_index("ix_observability_dispatches_subject", "observability_dispatches", ["subject"])


def _observability_events() -> None:
    op.create_table(
        "observability_events",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("side", sa.String, nullable=False),
        sa.Column("occurrence", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("severity", sa.String, nullable=False),
        sa.Column("start_time_utc", UTCInstant, nullable=False),
        sa.Column("last_seen_utc", UTCInstant, nullable=False),
        sa.Column("received_at", UTCInstant, nullable=False),
        sa.Column("over_at", UTCInstant),
        sa.UniqueConstraint(
            "kind", "provider", "subject", "side", "occurrence", name="observability_event_of_a_subject"
        ),
    )
    op.create_index("ix_observability_events_last_seen_utc", "observability_events", ["last_seen_utc"])
    op.create_index("ix_observability_events_state", "observability_events", ["state"])


def _observability_hems() -> None:
    op.create_table(
        "observability_hems",
        sa.Column("hems_id", sa.String, primary_key=True),
        sa.Column("what", sa.String, primary_key=True),
        sa.Column("party", sa.String, primary_key=True),
        sa.Column("at_utc", UTCInstant, primary_key=True),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("asked_at", UTCInstant, nullable=False),
    )


def _observability_zones() -> None:
    op.create_table(
        "observability_zones",
        sa.Column("zone_id", sa.String, primary_key=True),
        sa.Column("postal_code", sa.String, nullable=False),
        sa.Column("country_code", sa.String, nullable=False),
    )
    op.create_index("ix_observability_zones_postal_code", "observability_zones", ["postal_code"])


def _observability_dispatches_heard() -> None:
    op.create_table(
        "observability_dispatches_heard",
        sa.Column(
            "dispatch",
            sa.Integer,
            sa.ForeignKey("observability_dispatches.number"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("party", sa.String, primary_key=True),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("retry", sa.Boolean, nullable=False),
        sa.Column("at", UTCInstant, nullable=False),
    )


def _observability_event_history() -> None:
    op.create_table(
        "observability_event_history",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("event", sa.Integer, sa.ForeignKey("observability_events.number"), nullable=False),
        sa.Column("at", UTCInstant, nullable=False),
        sa.Column("before", sa.String),
        sa.Column("after", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
    )
    op.create_index("ix_observability_event_history_event", "observability_event_history", ["event"])
    only_grows("observability_event_history")


def _observability_event_places() -> None:
    op.create_table(
        "observability_event_places",
        sa.Column(
            "event", sa.Integer, sa.ForeignKey("observability_events.number"), primary_key=True, autoincrement=False
        ),
        sa.Column("postal_code", sa.String, primary_key=True),
        sa.Column("hems", sa.Integer, nullable=False),
    )
    op.create_index("observability_events_of_a_postal_code", "observability_event_places", ["postal_code"])


def _observability_measurements() -> None:
    op.create_table(
        "observability_measurements",
        sa.Column(
            "series",
            sa.Integer,
            sa.ForeignKey("observability_appliances.number"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("at_utc", UTCInstant, primary_key=True),
        sa.Column("time", sa.String, nullable=False),
        sa.Column("measurement", ExactDecimal, nullable=False),
    )


def _observability_notices() -> None:
    op.create_table(
        "observability_notices",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("event", sa.Integer, sa.ForeignKey("observability_events.number"), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("side", sa.String, nullable=False),
        sa.Column("at_utc", UTCInstant, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("received_at", UTCInstant, nullable=False),
        sa.UniqueConstraint("kind", "provider", "subject", "at_utc", name="observability_notice_of_an_instant"),
    )
    op.create_index("ix_observability_notices_event", "observability_notices", ["event"])


def _observability_units() -> None:
    op.create_table(
        "observability_units",
        sa.Column("hems_id", sa.String, primary_key=True),
        sa.Column("zone_id", sa.String, sa.ForeignKey("observability_zones.zone_id"), nullable=False),
        sa.Column("provider", sa.String, nullable=False),
    )
    op.create_index("ix_observability_units_zone_id", "observability_units", ["zone_id"])
