"""What is read of settlement: baselines, reports, statements, the table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gridlingua.services.access import Caller
from gridlingua.services.context import Context
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Period
from gridlingua.services.power import required_period
from gridlingua.services.refusals import NotFoundError
from gridlingua.services.settlement import ledger, sources, store
from gridlingua.services.settlement.messages import Baseline, BaselineAcknowledgement
from gridlingua.services.settlement.statements import KeptBaseline, KeptPoint, Line, Statement, Table
from gridlingua.services.settlement.store import REPORTS, OfferKey


@dataclass(frozen=True)
class Filter:
    """Which reports: of a provider, a month, a need; None is any."""

    provider: str | None = None
    month: str | None = None
    request_id: str | None = None

    def conditions(self) -> list[Any]:
        """The conditions on ``REPORTS``; they hold for all versions of an offer's report alike."""
        return [REPORTS.c[name] == value for name, value in vars(self).items() if value is not None]


def acknowledged(told: Baseline, name: str, at: datetime) -> BaselineAcknowledgement:
    """Say that ``name`` has the baseline since ``at``."""
    return BaselineAcknowledgement(meter_id=told.meter_id, acknowledged_by=name, acknowledged_at=Instant.of(at))


def baselines(
    here: Context, period: tuple[Instant, Instant], provider: str | None, meter: str | None, asker: Caller
) -> list[KeptBaseline]:
    """The baselines of days that overlap a period, in the order they came; raises ``RefusedError`` when it is none."""
    within = required_period(Period(start_time=period[0], end_time=period[1]))
    with here.database.reading() as connection:
        rows = store.baseline_rows(connection, (within.start_time.at, within.end_time.at), provider, meter)
    for row in rows:
        asker.touches(row["meter_id"])
    return [_baseline(row, here) for row in rows]


def _baseline(row: Any, here: Context) -> KeptBaseline:
    kept = store.kept(row)
    times = {
        name: Instant.of(row[name].astimezone(here.zone))
        for name in ("start_time", "end_time", "created_at", "received_at")
    }
    points = [KeptPoint(time=Instant.of(at.astimezone(here.zone)), power=power) for at, power in kept.powers.items()]
    return KeptBaseline(
        provider=row["provider"], meter_id=row["meter_id"], measurement_unit="kW", baseline=tuple(points), **times
    )


def versions(here: Context, wanted: Filter) -> list[Line]:
    """Every version of the reports."""
    with here.database.reading() as connection:
        return [line for _, line in ledger.lines(connection, here.zone, *wanted.conditions())]


def table(here: Context, wanted: Filter) -> Table:
    """The current reports and their totals."""
    with here.database.reading() as connection:
        return ledger.table(ledger.current(ledger.lines(connection, here.zone, *wanted.conditions())))


def given(here: Context, wanted: Filter) -> list[Line]:
    """The latest version of each report that was given to its provider."""
    with here.database.reading() as connection:
        told = store.given(connection, *wanted.conditions())
        found = ledger.lines(connection, here.zone, *wanted.conditions())
    return ledger.current((number, line) for number, line in found if number in told)


def given_statement(here: Context, offer: OfferKey, asker: Caller) -> Statement:
    """The latest report of an offer that was given to its provider; raises ``NotFoundError`` when there is none."""
    conditions = [REPORTS.c[name] == value for name, value in zip(store.OFFER, offer, strict=True)]
    with here.database.reading() as connection:
        told = store.given(connection, *conditions)
        if not told:
            raise NotFoundError(f"nothing was reported of your offer {offer[2]} for need {offer[1]}")
        sources.tell_meters(connection, [offer[1]], asker, offer)
        return ledger.statement(connection, here.zone, max(told))


def statement(here: Context, offer: OfferKey, version: int, asker: Caller) -> Statement:
    """A version of an offer's report; raises ``NotFoundError`` when there is none."""
    conditions = [REPORTS.c[name] == value for name, value in zip(store.OFFER, offer, strict=True)]
    with here.database.reading() as connection:
        rows = store.reports(connection, *conditions, REPORTS.c.version == version)
        if not rows:
            said = f"there is no report {version} of offer {offer[2]} of {offer[0]} for need {offer[1]}"
            raise NotFoundError(f"{said}; compute it first")
        sources.tell_meters(connection, [offer[1]], asker, offer)
        return ledger.statement(connection, here.zone, rows[0]["number"])
