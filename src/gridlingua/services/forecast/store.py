"""What the DSO keeps of forecasts: every issue, by who it is from and what it is about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    UniqueConstraint,
    exists,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from gridlingua.errors import Fault
from gridlingua.services import documents
from gridlingua.services.forecast import domain
from gridlingua.services.forecast.domain import Issue
from gridlingua.services.forecast.messages import (
    ActivePower,
    Baseline,
    Direction,
    FlexibilityForecast,
    FlexibleQuarter,
    Forecast,
    Kind,
    ZoneForecast,
)
from gridlingua.services.instants import Instant
from gridlingua.services.refusals import ConflictError
from gridlingua.storage import UTCInstant

MODELS: dict[str, type[Forecast]] = {
    "ActivePower": ActivePower,
    "Baseline": Baseline,
    "Flexibility": FlexibilityForecast,
    "Generation": ZoneForecast,
    "Load": ZoneForecast,
}
metadata = MetaData()
ISSUES = Table(
    "forecast_issues",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", String, nullable=False),
    Column("provider", String, nullable=False),
    Column("name", String, nullable=False),  # what makes it itself at its provider
    Column("subject", String, nullable=False),  # the asset or the zone
    Column("technology", String, nullable=False),  # of a zone, else empty
    Column("start_time_utc", UTCInstant, nullable=False),
    Column("end_time_utc", UTCInstant, nullable=False),
    Column("created_at_utc", UTCInstant, nullable=False),
    Column("received_at", UTCInstant, nullable=False),
    Column("message", Text, nullable=False),
    UniqueConstraint("kind", "provider", "name", name="forecast_issue_of_a_provider"),
    Index("forecast_issues_of_a_subject", "kind", "subject", "start_time_utc"),
)
_KEY = ("kind", "provider", "subject", "technology", "start_time_utc", "end_time_utc")
_MOST_NAMES = 500  # databases limit the parameters of a statement


@dataclass(frozen=True)
class Sender:
    """Who sends or enters forecasts of a kind, and when."""

    kind: Kind
    provider: str
    at: datetime


def name_of(message: Forecast) -> str:
    """What makes a forecast itself at its provider: its id, else what it is about, from when on, and when made."""
    if isinstance(message, Baseline | FlexibilityForecast):
        return message.forecast_id
    times = f"{message.start_time.at.isoformat()}/{message.created_at.at.isoformat()}"
    return f"{'/'.join(_about(message))}/{times}"


def _about(message: Forecast) -> tuple[str, str]:
    if isinstance(message, ZoneForecast):
        return message.zone_id, message.technology
    assert isinstance(message, ActivePower | Baseline | FlexibilityForecast)
    return message.asset_id, ""


def keep(connection: Connection, sender: Sender, messages: Sequence[Forecast]) -> list[datetime]:
    """Keep what is new, all or nothing; returns when each message came first.

    The same message again is no news; raises ``ConflictError`` when one of the same name says something else.
    """
    try:
        with connection.begin_nested():
            return _keep(connection, sender, messages)
    except IntegrityError:  # somebody else kept the same name in between: now it can be seen and compared
        return _keep(connection, sender, messages)


def _keep(connection: Connection, sender: Sender, messages: Sequence[Forecast]) -> list[datetime]:
    names = [name_of(message) for message in messages]
    known = _named(connection, sender, names)
    faults = [
        Fault(f"/{position}", f"{name} is already known with other content; send it as it was, or as a new forecast")
        for position, (name, message) in enumerate(zip(names, messages, strict=True))
        if name in known and documents.read(type(message), known[name]["message"]) != message
    ]
    if faults:
        raise ConflictError(faults)
    new = [_row(sender, name, one) for name, one in zip(names, messages, strict=True) if name not in known]
    if new:
        connection.execute(insert(ISSUES), new)
    return [known[name]["received_at"] if name in known else sender.at for name in names]


def _named(connection: Connection, sender: Sender, names: Sequence[str]) -> dict[str, RowMapping]:
    found: dict[str, RowMapping] = {}
    for first in range(0, len(names), _MOST_NAMES):
        some = ISSUES.c.name.in_(names[first : first + _MOST_NAMES])
        query = select(ISSUES).where(ISSUES.c.kind == sender.kind, ISSUES.c.provider == sender.provider, some)
        found |= {row["name"]: row for row in connection.execute(query).mappings()}
    return found


def _row(sender: Sender, name: str, message: Forecast) -> dict[str, object]:
    subject, technology = _about(message)
    return {
        "kind": sender.kind,
        "provider": sender.provider,
        "name": name,
        "subject": subject,
        "technology": technology,
        "start_time_utc": message.start_time.at,
        "end_time_utc": message.end_time.at,
        "created_at_utc": message.created_at.at,
        "received_at": sender.at,
        "message": documents.written(message),
    }


def overlapping(start: datetime, end: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that a forecast is about an instant of [start, end)."""
    return ISSUES.c.start_time_utc < end, ISSUES.c.end_time_utc > start


def issues(connection: Connection, *conditions: ColumnElement[bool]) -> list[RowMapping]:
    """The issues that fulfil every condition, in the order they came."""
    query = select(ISSUES).where(*conditions).order_by(ISSUES.c.number)
    return list(connection.execute(query).mappings())


def listed(
    connection: Connection, conditions: Sequence[ColumnElement[bool]], after: int, most: int
) -> list[RowMapping]:
    """A stretch of the issues, in the order they came; ``holds`` is whether none of the same key was made later."""
    later = ISSUES.alias()
    newer = (later.c.created_at_utc > ISSUES.c.created_at_utc) | (
        (later.c.created_at_utc == ISSUES.c.created_at_utc) & (later.c.number > ISSUES.c.number)
    )
    superseded = exists().where(*(later.c[name] == ISSUES.c[name] for name in _KEY), newer)
    query = select(ISSUES, (~superseded).label("holds")).where(*conditions).order_by(ISSUES.c.number)
    return list(connection.execute(query.offset(after).limit(most)).mappings())


def zone_forecasts(
    connection: Connection, kind: Literal["Generation", "Load"], zone: str, start: datetime, end: datetime
) -> dict[str, list[ZoneForecast]]:
    """The issues about a zone in a period, by technology, in the order they came."""
    about = (ISSUES.c.kind == kind, ISSUES.c.subject == zone, *overlapping(start, end))
    found: dict[str, list[ZoneForecast]] = {}
    for row in issues(connection, *about):
        found.setdefault(row["technology"], []).append(documents.read(ZoneForecast, row["message"]))
    return found


def knows_zone(connection: Connection, kind: Literal["Generation", "Load"], zone: str) -> bool:
    """Whether there has ever been a forecast of this kind of the zone."""
    query = select(ISSUES.c.number).where(ISSUES.c.kind == kind, ISSUES.c.subject == zone).limit(1)
    return connection.execute(query).first() is not None


def flexibility_forecasts(
    connection: Connection, assets: str | Collection[str], start: datetime, end: datetime
) -> list[FlexibleQuarter]:
    """How far providers expect to be able to move an asset, or several, in the quarter-hours within [start, end).

    ``assets`` is the id under which a provider forecasts (an asset, a meter, a zone), or several of them. Powers are in
    kW, costs in EUR/kWh; of each asset and direction the newest issue holds, quarter-hour by quarter-hour and whoever
    made it: what an asset can move is there once, however many forecast it. In order of asset, direction and time.
    """
    several: dict[tuple[str, str], list[Issue[tuple[str, Decimal, Decimal]]]] = {}
    for provider, message in _of_assets(connection, {assets} if isinstance(assets, str) else set(assets), start, end):
        for way in message.directions:
            several.setdefault((message.asset_id, way.direction), []).append(_issue(provider, message, way))
    return [
        FlexibleQuarter(
            provider=provider,
            asset_id=asset,
            direction=direction,  # type: ignore[arg-type]
            start_time=Instant.of(at),
            power=power,
            marginal_cost=cost,
        )
        for (asset, direction), found in sorted(several.items())
        for at, (_, (provider, power, cost)) in domain.holding(found, start, end).items()
    ]


def _of_assets(
    connection: Connection, assets: Collection[str], start: datetime, end: datetime
) -> Iterator[tuple[str, FlexibilityForecast]]:
    names = sorted(assets)
    for first in range(0, len(names), _MOST_NAMES):
        some = ISSUES.c.subject.in_(names[first : first + _MOST_NAMES])
        for row in issues(connection, ISSUES.c.kind == "Flexibility", some, *overlapping(start, end)):
            yield row["provider"], documents.read(FlexibilityForecast, row["message"])


def _issue(provider: str, message: FlexibilityForecast, way: Direction) -> Issue[tuple[str, Decimal, Decimal]]:
    unit = message.measurement_unit
    values = {
        point.start_time.at: (provider, domain.in_unit(point.power, unit, "kW"), point.marginal_cost)
        for point in way.flexibility
    }
    return Issue(message.created_at.at, values)
