"""The register of contracts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Column, Connection, Index, MetaData, String, Table, delete, insert, select

from gridlingua.errors import Fault
from gridlingua.services.instants import Instant
from gridlingua.services.organisations import ORGANISATIONS
from gridlingua.services.pages import Window
from gridlingua.services.portfolios.messages import Contract
from gridlingua.services.refusals import ConflictError, NotFoundError, RefusedError
from gridlingua.storage import UTCInstant

metadata = MetaData()
CONTRACTS = Table(
    "portfolios_contracts",
    metadata,
    Column("provider", String, primary_key=True),
    Column("meter_id", String, primary_key=True),
    Column("valid_from", UTCInstant, primary_key=True),
    Column("valid_until", UTCInstant, nullable=False),
    Index("ix_portfolios_contracts_meter_id", "meter_id"),
)


def enter(connection: Connection, contracts: Sequence[Contract]) -> None:
    """Enter contracts, all or none; one known alike stays.

    Raises ``RefusedError`` for one that does not last, ``NotFoundError`` for a provider there is not,
    ``ConflictError`` where a meter has another contract at the time.
    """
    faults = [
        Fault(f"/{place}/validUntil", f"{one.valid_until} is not after {one.valid_from}; a contract must last")
        for place, one in enumerate(contracts)
        if one.valid_until <= one.valid_from
    ]
    if faults:
        raise RefusedError(faults)
    known = set(connection.execute(select(ORGANISATIONS.c.id)).scalars())
    if nobody := [place for place, one in enumerate(contracts) if one.provider not in known]:
        raise NotFoundError(
            [Fault(f"/{place}/provider", f"no organisation {contracts[place].provider}") for place in nobody]
        )
    for place, one in enumerate(contracts):
        _enter(connection, one, place)


def _enter(connection: Connection, one: Contract, place: int) -> None:
    overlapping = (CONTRACTS.c.valid_from < one.valid_until.at) & (CONTRACTS.c.valid_until > one.valid_from.at)
    rows = connection.execute(select(CONTRACTS).where(CONTRACTS.c.meter_id == one.meter_id, overlapping)).all()
    if any(tuple(row) == (one.provider, one.meter_id, one.valid_from.at, one.valid_until.at) for row in rows):
        return
    if rows:
        said = f"meter {one.meter_id} has a contract with {rows[0].provider} at that time; end it first"
        raise ConflictError([Fault(f"/{place}", said)])
    row = {"provider": one.provider, "meter_id": one.meter_id}
    times = {"valid_from": one.valid_from.at, "valid_until": one.valid_until.at}
    connection.execute(insert(CONTRACTS).values(row | times))


def remove(connection: Connection, provider: str, meter_id: str) -> None:
    """Take all contracts of a provider for a meter out; raises ``NotFoundError`` when there is none."""
    mine = (CONTRACTS.c.provider == provider) & (CONTRACTS.c.meter_id == meter_id)
    if connection.execute(delete(CONTRACTS).where(mine)).rowcount == 0:
        raise NotFoundError(f"{provider} has no contract for meter {meter_id}")


def find(connection: Connection, page: Window, provider: str | None = None) -> list[Contract]:
    """Contracts by provider and meter."""
    query = select(CONTRACTS).order_by(CONTRACTS.c.provider, CONTRACTS.c.meter_id, CONTRACTS.c.valid_from)
    wanted = query if provider is None else query.where(CONTRACTS.c.provider == provider)
    return [
        Contract(
            provider=row.provider,
            meter_id=row.meter_id,
            valid_from=Instant.of(row.valid_from),
            valid_until=Instant.of(row.valid_until),
        )
        for row in connection.execute(wanted.offset(page.after).limit(page.reach))
    ]


def foreign(
    connection: Connection, provider: str, meters: Collection[str], start: datetime, end: datetime
) -> list[str]:
    """Those meters for which a provider has no contract over all of [start, end); none where no register is kept."""
    if connection.execute(select(CONTRACTS.c.provider).limit(1)).first() is None:
        return []
    covering = (CONTRACTS.c.valid_from <= start) & (CONTRACTS.c.valid_until >= end)
    query = select(CONTRACTS.c.meter_id).where(
        CONTRACTS.c.provider == provider, CONTRACTS.c.meter_id.in_(sorted(set(meters))), covering
    )
    own = set(connection.execute(query).scalars())
    return [meter for meter in meters if meter not in own]
