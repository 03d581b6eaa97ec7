"""What the forecast service does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy import ColumnElement, RowMapping

from gridlingua.errors import Fault
from gridlingua.services import documents
from gridlingua.services.context import Context
from gridlingua.services.forecast import domain, store
from gridlingua.services.forecast.domain import Issue
from gridlingua.services.forecast.messages import (
    ActivePower,
    Baseline,
    FlexibilityForecast,
    Forecast,
    KeptForecast,
    ZoneForecast,
)
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Period
from gridlingua.services.pages import Window
from gridlingua.services.power import required_period
from gridlingua.services.quarter_hours import QUARTER
from gridlingua.services.refusals import NotFoundError, RefusedError

ZoneKind = Literal["Generation", "Load"]


def receive_powers(here: Context, powers: Sequence[ActivePower], provider: str) -> list[datetime]:
    """Keep mean powers of a provider, all or none; returns when each was first received."""
    return _received(here, store.Sender("ActivePower", provider, here.clock()), powers, domain.power_faults(powers))


def receive_baselines(here: Context, forecasts: Sequence[Baseline], provider: str) -> list[datetime]:
    """Keep baselines of a provider, all or none; returns when each was first received."""
    return _received(
        here, store.Sender("Baseline", provider, here.clock()), forecasts, domain.baseline_faults(forecasts)
    )


def receive_flexibility(here: Context, forecasts: Sequence[FlexibilityForecast], provider: str) -> list[datetime]:
    """Keep forecasts of a provider's flexibility, all or none; returns when each was first received."""
    sender = store.Sender("Flexibility", provider, here.clock())
    return _received(here, sender, forecasts, domain.flexibility_faults(forecasts))


def enter(here: Context, kind: ZoneKind, forecasts: Sequence[ZoneForecast], by: str) -> None:
    """Keep forecasts of zones that the DSO itself has made, all or none."""
    _received(here, store.Sender(kind, by, here.clock()), forecasts, domain.zone_faults(forecasts, kind))


def _received(
    here: Context, sender: store.Sender, messages: Sequence[Forecast], faults: Sequence[Fault]
) -> list[datetime]:
    if found := [*faults, *domain.future_faults(messages, here.clock()), *_twice(messages)]:
        raise RefusedError(found)
    with here.database.writing() as connection:
        return store.keep(connection, sender, messages)


def _twice(messages: Sequence[Forecast]) -> list[Fault]:
    """An asset's interval has one mean power in a message, and a forecast's id stands once."""
    seen: dict[tuple[object, ...], int] = {}
    faults = []
    for position, message in enumerate(messages):
        key = (message.asset_id, message.start_time) if isinstance(message, ActivePower) else (store.name_of(message),)
        first = seen.setdefault(key, position)
        if first != position:
            faults.append(
                Fault(f"/{position}", f"{' from '.join(map(str, key))} stands at /{first} already; send it once")
            )
    return faults


def zone_forecast(here: Context, kind: ZoneKind, zone: str, period: Period) -> list[ZoneForecast]:
    """The forecasts of a zone within a period, one for each technology; those that end in a gap are cut there.

    Raises ``NotFoundError`` for a zone without any forecast of this kind, of whatever time.
    """
    required_period(period)
    start, end = period.start_time.at, period.end_time.at
    with here.database.reading() as connection:
        if not store.knows_zone(connection, kind, zone):
            raise NotFoundError(f"there is no {kind.lower()} forecast of zone {zone}; the DSO has entered none")
        found = store.zone_forecasts(connection, kind, zone, start, end)
    wholes = [_whole(technology, issues, start, end) for technology, issues in sorted(found.items())]
    return [one for one in wholes if one is not None]


def _whole(technology: str, issues: Sequence[ZoneForecast], start: datetime, end: datetime) -> ZoneForecast | None:
    """One forecast of several issues: the newest holds, quarter-hour by quarter-hour, in the unit of the last."""
    unit = issues[-1].measurement_unit
    held = domain.holding([Issue(one.created_at.at, _powers(one, unit)) for one in issues], start, end)
    run = domain.first_run(list(held))
    if not run:
        return None
    written = {point.start_time.at: point.start_time for one in issues for point in one.forecast}
    last = run[-1] + QUARTER
    return ZoneForecast.model_validate(
        {
            "zoneId": issues[-1].zone_id,
            "technology": technology,
            "createdAt": Instant.of(max(held[at][0] for at in run)),
            "startTime": written[run[0]],
            "endTime": _written_end(issues, last),
            "resolution": "PT15M",
            "measurementUnit": unit,
            "forecast": [{"startTime": written[at], "power": held[at][1]} for at in run],
        }
    )


def _powers(one: ZoneForecast, unit: str) -> Mapping[datetime, Decimal]:
    return {point.start_time.at: domain.in_unit(point.power, one.measurement_unit, unit) for point in one.forecast}


def _written_end(issues: Sequence[ZoneForecast], end: datetime) -> Instant:
    """The end as somebody wrote it, with the zone, when one of the forecasts ends there."""
    return next((one.end_time for one in issues if one.end_time.at == end), Instant.of(end))


def kept(here: Context, conditions: Sequence[ColumnElement[bool]], page: Window) -> list[KeptForecast]:
    """Forecasts that fulfil every condition, in the order they came, as many as the page reaches."""
    with here.database.reading() as connection:
        return [_kept(row) for row in store.listed(connection, conditions, page.after, page.reach)]


def _kept(row: RowMapping) -> KeptForecast:
    message = documents.read(store.MODELS[row["kind"]], row["message"])
    said = {name: row[name] for name in ("kind", "provider", "holds")}
    return KeptForecast.model_validate(
        said | {"receivedAt": Instant.of(row["received_at"]), "message": message.plain()}
    )
