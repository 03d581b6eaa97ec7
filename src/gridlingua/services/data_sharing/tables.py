"""Metering points with their place in the grid, and readings (D4.2 4.2, tables 15 to 19)."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String, Table

from gridlingua.services.data_sharing.measures import MEASURES

metadata = MetaData()

# A client has a user, and a place in the grid; a substation has neither user nor declared zone of its own by need.
POINTS = Table(
    "data_sharing_points",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String, nullable=False),
    Column("meter_id", String, nullable=False, unique=True),
    Column("user_id", String, unique=True),
    Column("zone", String, index=True),
    Column("postal_code", String, index=True),
    Column("secondary_substation", String, index=True),
    Column("secondary_feeder", String, index=True),
    Column("primary_substation", String, index=True),
    Column("primary_feeder", String, index=True),
)

# A row of small integers, stored in the order of its key: a day of one point is one stretch of the file.
# No foreign key: the import looks every point up, and checking 35 million rows again would double the time.
READINGS = Table(
    "data_sharing_readings",
    metadata,
    Column("point", Integer, primary_key=True, autoincrement=False),
    Column("quarter", Integer, primary_key=True, autoincrement=False),
    *(Column(measure.column, Integer) for measure in MEASURES),
    sqlite_with_rowid=False,
)

# The account (organisation) by which an end user asks for the own data.
ACCOUNTS = Table(
    "data_sharing_accounts",
    metadata,
    Column("organisation", String, primary_key=True),
    Column("user_id", String, nullable=False),
)

# Groups of clients of whom a sum was told, by a digest of their points; and the days (UTC, counted from 1970) of which.
GROUPS = Table(
    "data_sharing_groups",
    metadata,
    Column("digest", String, primary_key=True),
    Column("point", Integer, primary_key=True, autoincrement=False, index=True),
)
TOLD = Table(
    "data_sharing_told",
    metadata,
    Column("digest", String, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
)
