"""What a service provider may know of a zone's needs, past and to come (D4.2 3.2.1.1.1.3)."""

from __future__ import annotations

from gridlingua.services.context import Context
from gridlingua.services.data_sharing import history, zone_store
from gridlingua.services.data_sharing.messages import FlexibilityData
from gridlingua.services.data_sharing.periods import quarters
from gridlingua.services.flexibility import needs
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Period
from gridlingua.services.refusals import NotFoundError, RefusedError

MOST_METERS = 500_000


def flexibility_data(here: Context, zone: str, period: Period) -> FlexibilityData:
    """The published needs of a zone: historical those that have begun, forecast those to come.

    A need is the zone's when it can be met in the zone alone. What providers forecast of their own assets is no need,
    and is theirs. Raises ``NotFoundError`` for a zone there is not, or one that needed nothing in the period;
    ``RefusedError`` for a period of no quarter-hour, of more than a year, or with more than can be told at once.
    """
    first, last = quarters(here.zone, period, 1)
    with here.database.reading() as connection:
        meters = zone_store.meters(connection, zone)
    if not meters:
        raise NotFoundError(f"there is no client in a zone {zone}")
    found = history.of_zone(needs.ask(here, period), meters)
    granularity, lines = history.series(found, first, last, here.zone)
    if not lines:
        raise NotFoundError(f"nothing is or was needed in zone {zone} from {period.start_time} to {period.end_time}")
    if (count := sum(len(line.needed.meters) for line in lines)) > MOST_METERS:
        raise RefusedError(f"{len(lines):,} needs with {count:,} meters are too many for one answer; ask in parts")
    now = here.clock()
    return FlexibilityData(
        zone_id=zone,
        granularity=granularity,
        dates=tuple(Instant.of(line.begin) for line in lines),
        kind=tuple("Historical" if line.begin < now else "Forecast" for line in lines),
        needs=tuple(line.needed.quantity for line in lines),
        measurement_unit=tuple("kW" if line.type_power == "Active" else "kvar" for line in lines),
        direction=tuple(line.direction for line in lines),
        type_power=tuple(line.type_power for line in lines),
        eligible_clients=tuple(line.needed.meters for line in lines),
    )
