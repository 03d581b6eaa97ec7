"""Release 0.1.0.

It wrote no revision into its databases and made the tables of the services that it ran: what is there of them stays,
what is missing is added.
"""

import sqlalchemy as sa
from alembic import op

from gridlingua.storage.columns import ExactDecimal, UTCInstant

revision = "0001"
down_revision = None


def upgrade() -> None:
    _flexibility()
    _data_sharing()
    _aggregator()


def _flexibility() -> None:
    _acknowledgements("flexibility_acknowledgements")
    _periods("flexibility_needs", ["request_id"], *_need())
    key = ["provider", "request_id", "offer_id"]
    _periods("flexibility_offers", key, *_offer(), _text("provider"))
    _periods("flexibility_orders", key, *_order(), _text("provider"))


def _data_sharing() -> None:
    _table(
        "data_sharing_customers",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        _text("user_id"),
        _text("meter_id"),
        _text("zone"),
        sa.UniqueConstraint("user_id"),
        sa.UniqueConstraint("meter_id"),
    )
    _index("data_sharing_customers", "zone")
    grant = [_text("reference"), _text("user"), _text("grantee"), *_time("valid_from"), *_time("valid_until")]
    _table("data_sharing_grants", *_kept(), *grant, sa.UniqueConstraint("reference"))
    _index("data_sharing_grants", "valid_from_utc", "valid_until_utc")
    _table(
        "data_sharing_readings",
        sa.Column("customer", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("quarter", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("watts", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def _aggregator() -> None:
    _acknowledgements("aggregator_acknowledgements")
    _periods("aggregator_needs", ["sender", "request_id"], *_need(), _text("sender"))
    _periods("aggregator_offers", ["dso", "request_id", "offer_id"], *_offer(), _text("dso"))
    _periods("aggregator_orders", ["dso", "request_id", "offer_id"], *_order(), _text("dso"))
    price = [_text("meter_id"), _decimal("capacity"), _text("measurement_unit"), _decimal("price")]
    _table("aggregator_prices", *_kept(), *price, sa.UniqueConstraint("meter_id", "measurement_unit"))
    _table(
        "aggregator_readings",
        sa.Column("user", sa.String, primary_key=True),
        sa.Column("granularity", sa.Integer, primary_key=True),
        sa.Column("time_utc", UTCInstant, primary_key=True),
        _text("time"),
        _decimal("measurement"),
        _text("unit"),
    )


def _acknowledgements(name: str) -> None:
    keys = ("subject", "party", "request_id", "offer_id", "acknowledged_by")
    _table(name, *(sa.Column(key, sa.String, primary_key=True) for key in keys), *_time("acknowledged_at"))


def _periods(name: str, key: list[str], *columns: sa.Column[object]) -> None:
    """A table of messages that each have a period and are found by it."""
    period = [*_time("start_time"), *_time("end_time")]
    _table(name, *_kept(), *period, *columns, sa.UniqueConstraint(*key))
    _index(name, "start_time_utc", "end_time_utc")


def _need() -> list[sa.Column[object]]:
    texts = [_text("measurement_unit"), _text("direction"), _text("type_power")]
    return [_text("request_id"), _decimal("needs"), *texts, _list("eligible_clients")]


def _offer() -> list[sa.Column[object]]:
    ids = [_text("request_id"), _text("offer_id")]
    return [*ids, _decimal("offer"), _text("measurement_unit"), _decimal("price"), _list("meter_ids")]


def _order() -> list[sa.Column[object]]:
    ids = [_text("request_id"), _text("offer_id")]
    quantity = [_decimal("quantity"), _text("measurement_unit"), _decimal("offered_quantity")]
    return [*ids, _text("activation"), *quantity]


def _kept() -> list[sa.Column[object]]:
    return [
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("received_at", UTCInstant, nullable=False),
    ]


def _time(name: str) -> list[sa.Column[object]]:
    return [_text(name), sa.Column(f"{name}_utc", UTCInstant, nullable=False)]


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.String, nullable=False)


def _decimal(name: str) -> sa.Column[object]:
    return sa.Column(name, ExactDecimal, nullable=False)


def _list(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON, nullable=False)


def _table(name: str, *columns_and_keys: sa.schema.SchemaItem, **options: object) -> None:
    op.create_table(name, *columns_and_keys, if_not_exists=True, **options)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column], if_not_exists=True)
