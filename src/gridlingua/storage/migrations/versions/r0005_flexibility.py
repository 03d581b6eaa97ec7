"""Flexibility: calendar, states, activations."""

import sqlalchemy as sa
from alembic import op

from gridlingua.storage.columns import ExactDecimal, UTCInstant
from gridlingua.storage.migrations.growing import only_grows

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _flexibility_answers()
    _flexibility_calendars()
    _flexibility_capacities()
    _flexibility_products()
    _flexibility_suspensions()
    _flexibility_transitions()


def _flexibility_answers() -> None:
    op.create_table(
        "flexibility_answers",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("received_at", UTCInstant, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("offer_id", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("start_time", sa.String, nullable=False),
        sa.Column("start_time_utc", UTCInstant, nullable=False),
        sa.Column("responded_at", sa.String, nullable=False),
        sa.Column("responded_at_utc", UTCInstant, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("provider", sa.String, nullable=False),
        sa.UniqueConstraint("provider", "request_id", "offer_id"),
    )
    op.create_index("ix_flexibility_answers_responded_at_utc", "flexibility_answers", ["responded_at_utc"])
    op.create_index("ix_flexibility_answers_start_time_utc", "flexibility_answers", ["start_time_utc"])


def _flexibility_calendars() -> None:
    op.create_table(
        "flexibility_calendars",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("calendar", sa.JSON, nullable=False),
        sa.Column("since", UTCInstant, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
    )
    only_grows("flexibility_calendars")


def _flexibility_capacities() -> None:
    op.create_table(
        "flexibility_capacities",
        sa.Column("meter_id", sa.String, primary_key=True),
        sa.Column("type_power", sa.String, primary_key=True),
        sa.Column("capacity", ExactDecimal, nullable=False),
        sa.Column("measurement_unit", sa.String, nullable=False),
    )


def _flexibility_products() -> None:
    op.create_table(
        "flexibility_products",
        sa.Column("request_id", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("start", UTCInstant, nullable=False),
        sa.Column("end", UTCInstant, nullable=False),
        sa.Column("offers", UTCInstant, nullable=False),
        sa.Column("publication", UTCInstant, nullable=False),
        sa.Column("plan", UTCInstant, nullable=False),
        sa.Column("published_at", UTCInstant),
    )
    op.create_index("ix_flexibility_products_offers", "flexibility_products", ["offers"])
    op.create_index("ix_flexibility_products_plan", "flexibility_products", ["plan"])
    op.create_index("ix_flexibility_products_publication", "flexibility_products", ["publication"])


def _flexibility_suspensions() -> None:
    op.create_table(
        "flexibility_suspensions",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("offer_id", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("start", UTCInstant, nullable=False),
        sa.Column("end", UTCInstant, nullable=False),
        sa.Column("received_at", UTCInstant, nullable=False),
        sa.Column("since", UTCInstant, nullable=False),
        sa.Column("lifted_at", UTCInstant),
    )
    op.create_index("ix_flexibility_suspensions_request_id", "flexibility_suspensions", ["request_id"])


def _flexibility_transitions() -> None:
    op.create_table(
        "flexibility_transitions",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("offer_id", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("at", UTCInstant, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
    )
    op.create_index("ix_flexibility_transitions_of", "flexibility_transitions", ["request_id", "subject"])
    only_grows("flexibility_transitions")
