"""Grid zones and the units in them that may be observed (D4.3 4.1.1 and table 15)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, delete, func, insert, select

from gridlingua.errors import Fault
from gridlingua.services.context import Context
from gridlingua.services.data_sharing.tables import POINTS
from gridlingua.services.observability import postal_codes as postal
from gridlingua.services.observability.messages import GridZone
from gridlingua.services.observability.operator_messages import DeclaredZone
from gridlingua.services.observability.store import UNITS, ZONES
from gridlingua.services.organisations import ORGANISATIONS
from gridlingua.services.refusals import ConflictError, NotFoundError, RefusedError
from gridlingua.storage import upsert


def declare(here: Context, zones: Sequence[DeclaredZone]) -> list[DeclaredZone]:
    """Declare zones with their units, all or none; what a zone had before is replaced.

    Raises ``NotFoundError`` for an organisation that there is not, ``ConflictError`` for a unit of another zone.
    """
    with here.database.writing() as connection:
        whole = [_whole(connection, zone, position) for position, zone in enumerate(zones)]
        if faults := [*_twice(whole), *_misplaced(whole)]:
            raise RefusedError(faults)
        _require_providers(connection, whole)
        connection.execute(delete(UNITS).where(UNITS.c.zone_id.in_([zone.zone_id for zone in whole])))
        _require_free(connection, whole)
        places = ("zone_id", "postal_code", "country_code")
        upsert(connection, ZONES, [{name: getattr(zone, name) for name in places} for zone in whole])
        rows = [
            {"hems_id": unit, "zone_id": zone.zone_id, "provider": zone.provider or ""}
            for zone in whole
            for unit in zone.hems_ids
        ]
        connection.execute(insert(UNITS), rows)
    return whole


def _whole(connection: Connection, zone: DeclaredZone, position: int) -> DeclaredZone:
    """The zone with its postal code: where it is not said, that of most of its metering points."""
    if zone.postal_code is not None:
        return zone
    if code := _of_most_points(connection, zone.zone_id):
        return zone.model_copy(update={"postal_code": code})
    said = f"no metering point tells the postal code of zone {zone.zone_id}; say it"
    raise RefusedError([Fault(f"/{position}/postalCode", said)])


def _of_most_points(connection: Connection, zone: str) -> str | None:
    code = POINTS.c.postal_code
    query = select(code).where(POINTS.c.zone == zone, code.is_not(None))
    found = connection.execute(query.group_by(code).order_by(func.count().desc(), code).limit(1)).scalar_one_or_none()
    return None if found is None else str(found)


def _twice(zones: Sequence[DeclaredZone]) -> Iterator[Fault]:
    ids = [zone.zone_id for zone in zones]
    homes: dict[str, str] = {}
    for position, zone in enumerate(zones):
        if zone.zone_id in ids[:position]:
            yield Fault(f"/{position}/zoneId", f"zone {zone.zone_id} stands at /{ids.index(zone.zone_id)} already")
        for index, unit in enumerate(zone.hems_ids):
            if unit in homes:
                said = f"HEMS {unit} is in zone {homes[unit]} already; in two, a fault would be counted twice"
                yield Fault(f"/{position}/hemsIds/{index}", said)
            homes.setdefault(unit, zone.zone_id)


def _misplaced(zones: Sequence[DeclaredZone]) -> Iterator[Fault]:
    for position, zone in enumerate(zones):
        if said := postal.of_country(zone.postal_code or "", zone.country_code):
            yield Fault(f"/{position}/postalCode", said)


def _require_providers(connection: Connection, zones: Sequence[DeclaredZone]) -> None:
    known = set(connection.execute(select(ORGANISATIONS.c.id)).scalars())
    faults = [
        Fault(f"/{position}/provider", f"there is no organisation {zone.provider}")
        for position, zone in enumerate(zones)
        if zone.provider is not None and zone.provider not in known
    ]
    if faults:
        raise NotFoundError(faults)


def _require_free(connection: Connection, zones: Sequence[DeclaredZone]) -> None:
    homes = {row.hems_id: row.zone_id for row in connection.execute(select(UNITS))}
    faults = [
        Fault(f"/{position}/hemsIds/{index}", f"HEMS {unit} is in zone {homes[unit]}; take it out of there first")
        for position, zone in enumerate(zones)
        for index, unit in enumerate(zone.hems_ids)
        if unit in homes
    ]
    if faults:
        raise ConflictError(faults)


def remove(here: Context, zone: str) -> None:
    """Take a zone and its units out; raises ``NotFoundError``."""
    with here.database.writing() as connection:
        connection.execute(delete(UNITS).where(UNITS.c.zone_id == zone))
        if not connection.execute(delete(ZONES).where(ZONES.c.zone_id == zone)).rowcount:
            raise NotFoundError(f"there is no zone {zone}")


def observable(connection: Connection, organisation: str | None = None) -> list[GridZone]:
    """The zones with the units that an organisation may observe, or with all; a zone without any is left out."""
    query = select(UNITS.c.hems_id, ZONES).join(ZONES).order_by(ZONES.c.zone_id, UNITS.c.hems_id)
    if organisation is not None:
        query = query.where(UNITS.c.provider.in_(["", organisation]))
    units: dict[tuple[str, str, str], list[str]] = {}
    for row in connection.execute(query):
        units.setdefault((row.zone_id, row.postal_code, row.country_code), []).append(row.hems_id)
    return [
        GridZone(zone_id=zone, postal_code=code, country_code=country, hems_ids=tuple(found))
        for (zone, code, country), found in units.items()
    ]


def postal_codes(connection: Connection, zones: Iterable[str]) -> list[str]:
    """The postal code of each zone, as it is declared, else as most of its metering points have it.

    Raises ``NotFoundError`` for a zone of which neither is known.
    """
    declared = {row.zone_id: row.postal_code for row in connection.execute(select(ZONES))}
    codes, faults = [], []
    for position, zone in enumerate(zones):
        code = declared.get(zone) or _of_most_points(connection, zone)
        if code is None:
            faults.append(Fault(f"/zoneIds/{position}", f"no postal code of zone {zone} is known; declare the zone"))
        else:
            codes.append(code)
    if faults:
        raise NotFoundError(faults)
    return codes
