"""Disaggregated data of customers, fetched over the network and kept by appliance (D4.2 3.2.3.3.1.1, D4.3 4.1.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, select, update

from gridlingua.errors import Fault, RemoteError
from gridlingua.services import answers, dispatches
from gridlingua.services.context import Context
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Period
from gridlingua.services.observability.messages import ApplianceSeries
from gridlingua.services.observability.operator_messages import DataRequest, FetchedData, KeptSeries
from gridlingua.services.observability.store import MEASUREMENTS, SERIES
from gridlingua.services.pages import Window
from gridlingua.services.power import required_period
from gridlingua.storage import upsert

_PATH = "/GridObservability/disaggregatedData"
_KEY = ("customer_id", "appliance_id", "usage", "measurement_type")
_KEPT_KEY = (*_KEY, "measurement_unit")
_HEAT_PUMP, _PHOTOVOLTAIC = 2, 3
Headers = Mapping[str, str]


def faults(series: Sequence[ApplianceSeries], wanted: DataRequest) -> Iterator[Fault]:
    """What of fetched series was not asked for, or contradicts itself."""
    seen: dict[tuple[Any, ...], int] = {}
    types: dict[tuple[str, str], int] = {}
    for position, one in enumerate(series):
        place = f"/{position}"
        if one.customer_id not in wanted.customer_ids:
            yield Fault(f"{place}/customerId", f"{one.customer_id} was not asked for")
        if (one.measurement_type == "Energy") != one.measurement_unit.endswith("Wh"):
            yield Fault(f"{place}/measurementUnit", f"{one.measurement_unit} is no unit of {one.measurement_type}")
        if (one.appliance_type, one.usage) in {(_HEAT_PUMP, "Production"), (_PHOTOVOLTAIC, "Consumption")}:
            yield Fault(f"{place}/usage", "a PV system only produces, a heat pump only consumes")
        if types.setdefault((one.customer_id, one.appliance_id), one.appliance_type) != one.appliance_type:
            yield Fault(f"{place}/applianceType", f"appliance {one.appliance_id} is of another type above")
        first = seen.setdefault(tuple(getattr(one, name) for name in _KEY), position)
        if first != position:
            yield Fault(place, f"the same series stands at /{first} already")
        yield from _time_faults(one, wanted, place)


def _time_faults(one: ApplianceSeries, wanted: DataRequest, place: str) -> Iterator[Fault]:
    minutes = 15 if wanted.granularity == 1 else 60
    seen: set[datetime] = set()
    for index, point in enumerate(one.measurements):
        at = point.time.at
        here = f"{place}/measurements/{index}/time"
        if not wanted.start_time.at <= at < wanted.end_time.at:
            yield Fault(here, f"{point.time} is not within the period that was asked for")
        elif at.minute % minutes or at.second or at.microsecond:
            yield Fault(here, f"{point.time} is off the grid of {minutes} minutes")
        elif at in seen:
            yield Fault(here, f"{point.time} stands there twice")
        seen.add(at)


def fetch(here: Context, wanted: DataRequest) -> tuple[FetchedData, Headers]:
    """Ask for the appliances of customers and keep what is said; raises ``RemoteError`` when nobody says anything.

    What is fetched again takes the place of what was.
    """
    required_period(wanted)
    with here.database.reading() as connection:
        parties = dispatches.recipients(connection, [wanted.provider] if wanted.provider else []) or ("",)
    heard = answers.together(
        dispatches.asked(here, _PATH, _params(wanted), _reader(wanted), party) for party in parties
    ).required()
    at = here.clock()
    with here.database.writing() as connection:
        for party, series in heard.found:
            for one in series:
                _keep(connection, Source(party, wanted.granularity, at), one)
    kept = [
        KeptSeries.model_validate(
            one.plain() | {"party": party, "granularity": wanted.granularity, "fetchedAt": Instant.of(at)}
        )
        for party, series in heard.found
        for one in series
    ]
    return FetchedData(series=tuple(kept), failures=tuple(heard.failures())), heard.headers


def _params(wanted: DataRequest) -> dict[str, str | Sequence[str]]:
    return {
        "customerIds": list(wanted.customer_ids),
        "granularity": str(wanted.granularity),
        "startTime": str(wanted.start_time),
        "endTime": str(wanted.end_time),
    }


def _reader(wanted: DataRequest) -> Callable[[Any], list[ApplianceSeries]]:
    def read(body: Any) -> list[ApplianceSeries]:
        found = answers.messages(ApplianceSeries, body, "the disaggregated data is")
        if wrong := next(faults(found, wanted), None):
            raise RemoteError(f"the disaggregated data is worthless: {wrong}", party="network")
        return found

    return read


@dataclass(frozen=True)
class Source:
    """Who a series is from, how fine it is, and when it was fetched."""

    party: str
    granularity: int
    at: datetime


def _keep(connection: Connection, source: Source, one: ApplianceSeries) -> None:
    key = {name: getattr(one, name) for name in _KEPT_KEY} | {"party": source.party, "granularity": source.granularity}
    rest = {"appliance_type": one.appliance_type, "fetched_at": source.at}
    same = [SERIES.c[name] == value for name, value in key.items()]
    number = connection.execute(select(SERIES.c.number).where(*same).with_for_update()).scalar_one_or_none()
    if number is None:
        number = connection.execute(insert(SERIES).values(key | rest)).inserted_primary_key[0]  # type: ignore[index]
    else:
        connection.execute(update(SERIES).where(SERIES.c.number == number).values(rest))
    rows = [
        {"series": number, "at_utc": point.time.at, "time": str(point.time), "measurement": point.measurement}
        for point in one.measurements
    ]
    upsert(connection, MEASUREMENTS, rows)


def listed(here: Context, customer: str | None, period: Period | None, page: Window) -> list[KeptSeries]:
    """The series that were fetched of a customer (or of all) with their values of a period (or all)."""
    within: list[ColumnElement[bool]] = [] if customer is None else [SERIES.c.customer_id == customer]
    times: list[ColumnElement[bool]] = []
    if period is not None:
        required_period(period)
        times = [MEASUREMENTS.c.at_utc >= period.start_time.at, MEASUREMENTS.c.at_utc < period.end_time.at]
    some = select(MEASUREMENTS.c.series).where(*times)
    query = select(SERIES).where(*within, SERIES.c.number.in_(some)).order_by(SERIES.c.number)
    with here.database.reading() as connection:
        rows = connection.execute(query.offset(page.after).limit(page.reach)).mappings().all()
        return [_kept(connection, row, times) for row in rows]


def _kept(connection: Connection, row: RowMapping, times: Sequence[ColumnElement[bool]]) -> KeptSeries:
    mine = select(MEASUREMENTS).where(MEASUREMENTS.c.series == row["number"], *times)
    points = connection.execute(mine.order_by(MEASUREMENTS.c.at_utc)).mappings()
    said = {name: row[name] for name in (*_KEPT_KEY, "party", "granularity", "appliance_type")}
    measurements = [{"time": point["time"], "measurement": point["measurement"]} for point in points]
    return KeptSeries.model_validate(said | {"fetched_at": Instant.of(row["fetched_at"]), "measurements": measurements})
