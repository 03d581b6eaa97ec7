"""What the operator sets: how users are asked, and for what each organisation asks."""

from __future__ import annotations

from sqlalchemy import Connection, select

from gridlingua.services.consent.messages import Purpose, Settings
from gridlingua.services.consent.tables import PURPOSES, SETTINGS
from gridlingua.storage import upsert

RETENTION_DAYS = 365
"""How long an organisation keeps the data when nobody has said."""


def settings(connection: Connection) -> Settings:
    """The settings, or those of the beginning."""
    row = connection.execute(select(SETTINGS)).mappings().one_or_none()
    return Settings() if row is None else Settings.model_validate({name: row[name] for name in Settings.model_fields})


def put_settings(connection: Connection, one: Settings) -> None:
    """Take these settings instead."""
    upsert(connection, SETTINGS, [{"id": 1, **dict(one)}])


def purposes(connection: Connection) -> list[Purpose]:
    """What every organisation was set to ask for."""
    rows = connection.execute(select(PURPOSES).order_by(PURPOSES.c.organisation)).mappings()
    return [Purpose.model_validate(dict(row)) for row in rows]


def purpose_of(connection: Connection, organisation: str) -> Purpose | None:
    """What an organisation was set to ask for, if anything."""
    query = select(PURPOSES).where(PURPOSES.c.organisation == organisation)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Purpose.model_validate(dict(row))


def put_purpose(connection: Connection, one: Purpose) -> None:
    """Set what an organisation asks for from now on; what it has asked already stays as the user read it."""
    upsert(connection, PURPOSES, [{**dict(one), "kinds": list(one.kinds)}])
