"""Data sharing: metering points of every kind, and readings of every quantity.

The customers of release 0.1.0 become low voltage clients; their readings are active power withdrawn.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ADDED = ("injected_w", "withdrawn_var", "injected_var", "voltage_mv", "current_ma", "tap")


def upgrade() -> None:
    _data_sharing_accounts()
    _data_sharing_told()
    _data_sharing_points()
    _clients()
    if op.get_bind().dialect.name == "postgresql":
        _change_readings()
    else:
        _copy_readings()


def _clients() -> None:
    op.execute(
        "INSERT INTO data_sharing_points (id, kind, meter_id, user_id, zone) "
        "SELECT id, 'LVClient', meter_id, user_id, zone FROM data_sharing_customers"
    )
    op.drop_table("data_sharing_customers")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('data_sharing_points', 'id'), max(id)) "
            "FROM data_sharing_points HAVING max(id) IS NOT NULL"
        )


def _change_readings() -> None:
    """In the catalogue alone, so that it takes no time however many readings there are."""
    op.alter_column("data_sharing_readings", "customer", new_column_name="point")
    op.alter_column("data_sharing_readings", "watts", new_column_name="withdrawn_w", nullable=True)
    for name in _ADDED:
        op.add_column("data_sharing_readings", sa.Column(name, sa.Integer))


def _copy_readings() -> None:
    """SQLite cannot lift NOT NULL from a column, so the table is made anew: seconds for a million readings."""
    op.rename_table("data_sharing_readings", "data_sharing_readings_0001")
    op.create_table(
        "data_sharing_readings",
        sa.Column("point", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("quarter", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("withdrawn_w", sa.Integer),
        *(sa.Column(name, sa.Integer) for name in _ADDED),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO data_sharing_readings (point, quarter, withdrawn_w) "
        "SELECT customer, quarter, watts FROM data_sharing_readings_0001 ORDER BY customer, quarter"
    )
    op.drop_table("data_sharing_readings_0001")


def _data_sharing_accounts() -> None:
    op.create_table(
        "data_sharing_accounts",
        sa.Column("organisation", sa.String, primary_key=True),
        sa.Column("user_id", sa.String, nullable=False),
    )


def _data_sharing_told() -> None:
    op.create_table(
        "data_sharing_groups",
        sa.Column("digest", sa.String, primary_key=True),
        sa.Column("point", sa.Integer, primary_key=True, autoincrement=False),
    )
    op.create_index("ix_data_sharing_groups_point", "data_sharing_groups", ["point"])
    op.create_table(
        "data_sharing_told",
        sa.Column("digest", sa.String, primary_key=True),
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    )


def _data_sharing_points() -> None:
    op.create_table(
        "data_sharing_points",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("meter_id", sa.String, nullable=False),
        sa.Column("user_id", sa.String),
        sa.Column("zone", sa.String),
        sa.Column("postal_code", sa.String),
        sa.Column("secondary_substation", sa.String),
        sa.Column("secondary_feeder", sa.String),
        sa.Column("primary_substation", sa.String),
        sa.Column("primary_feeder", sa.String),
        sa.UniqueConstraint("meter_id"),
        sa.UniqueConstraint("user_id"),
    )
    op.create_index("ix_data_sharing_points_postal_code", "data_sharing_points", ["postal_code"])
    op.create_index("ix_data_sharing_points_primary_feeder", "data_sharing_points", ["primary_feeder"])
    op.create_index("ix_data_sharing_points_primary_substation", "data_sharing_points", ["primary_substation"])
    op.create_index("ix_data_sharing_points_secondary_feeder", "data_sharing_points", ["secondary_feeder"])
    op.create_index("ix_data_sharing_points_secondary_substation", "data_sharing_points", ["secondary_substation"])
    op.create_index("ix_data_sharing_points_zone", "data_sharing_points", ["zone"])
