"""The delivery reports of what was ordered: computed, and computed again when a reading has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping

from gridlingua.services.context import Context
from gridlingua.services.instants import Instant
from gridlingua.services.power import exact
from gridlingua.services.settlement import baselines, delivery, sharing, sources, store
from gridlingua.services.settlement.amounts import amount
from gridlingua.services.settlement.baselines import Kept
from gridlingua.services.settlement.delivery import Powers, Quarter
from gridlingua.services.settlement.sharing import ByMeter
from gridlingua.services.settlement.sources import Ordered
from gridlingua.services.settlement.store import REPORTS, Cause, OfferKey

_HOURS = Decimal("0.25")


@dataclass(frozen=True)
class Made:
    """The numbers of the reports that are new and that came out as they were; what was left out, and why."""

    new: list[int]
    unchanged: list[int]
    skipped: list[tuple[Ordered, str]]


@dataclass(frozen=True)
class _Market:
    """The orders by need, and by meter those of active power that it stands in, each in the order they were given."""

    by_need: Mapping[str, Sequence[Ordered]]
    by_meter: ByMeter
    zone: ZoneInfo


def compute(connection: Connection, here: Context, request_ids: Sequence[str], cause: Cause) -> Made:
    """A report for each order for these needs whose delivery is over; a new version where anything came out otherwise.

    The needs must be locked, so that nobody else computes the same at the same time.
    """
    made = Made([], [], [])
    wanted = sources.orders_for(connection, here, request_ids)
    market = _market(connection, here, wanted)
    known = _latest(connection, request_ids)
    for one in wanted:
        if reason := _not_now(one, here.zone, cause.at):
            made.skipped.append((one, reason))
            continue
        row, quarters = _computed(connection, one, market)
        before = known.get(one.key)
        if before is not None and _same(connection, before, row, quarters):
            made.unchanged.append(before["number"])
        else:
            made.new.append(_write(connection, before, row, quarters, cause))
    return made


def _market(connection: Connection, here: Context, wanted: Sequence[Ordered]) -> _Market:
    market = _Market(by_need := defaultdict(list), by_meter := defaultdict(list), here.zone)
    for one in wanted:
        by_need[one.request_id].append(one)
    if wanted:
        first = delivery.quarter_of(min(one.activation.start for one in wanted))
        last = max(one.activation.end for one in wanted) + delivery.QUARTER
        for one in sources.orders_within(connection, here, first, last):
            for meter in one.activation.meters if one.type_power == "Active" else ():
                by_meter[meter].append(one)
    return market


def _not_now(one: Ordered, zone: ZoneInfo, at: datetime) -> str:
    if one.type_power != "Active":
        return "it is for reactive power, of which no baseline exists"
    if at < one.activation.end:
        return f"its delivery ends at {Instant.of(one.activation.end.astimezone(zone))}"
    return ""


def _latest(connection: Connection, request_ids: Sequence[str]) -> dict[OfferKey, RowMapping]:
    rows = store.reports(connection, REPORTS.c.request_id.in_(sorted(set(request_ids))))
    return {store.offer_of(row): row for row in rows}  # versions come in order: the last one stays


def _computed(connection: Connection, one: Ordered, market: _Market) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    activation = one.activation
    kept = store.baselines(connection, one.provider, activation.meters, activation.start, activation.end)
    found = delivery.quarters(
        activation,
        _counting(kept, sharing.openings(one, market.by_meter)),
        sources.metered(connection, activation.meters, activation.start, activation.end),
        sharing.taken(one, market.by_meter),
        sharing.places(one, market.by_meter),
    )
    prices = [_clearing_price(quarter, market.by_need[one.request_id]) for quarter in found]
    month = f"{activation.start.astimezone(market.zone):%Y-%m}"
    row = _report_row(one, found, prices) | {"month": month}
    return row, [_quarter_row(quarter, price) for quarter, price in zip(found, prices, strict=True)]


def _report_row(one: Ordered, found: Sequence[Quarter], prices: Sequence[Decimal]) -> dict[str, Any]:
    activation, energies = one.activation, delivery.energies(found)
    return {
        **dict(zip(store.OFFER, one.key, strict=True)),
        "direction": activation.direction,
        "start_time": activation.start,
        "end_time": activation.end,
        "ordered_power": activation.ordered,
        "quarters": len(found),
        "gaps": sum(quarter.gap is not None for quarter in found),
        "ordered_energy": energies.ordered,
        "delivered_energy": energies.delivered,
        "paid_energy": energies.paid,
        "price": one.price,
        "amount": amount([(energies.paid, one.price)]),
        "clearing_amount": amount(zip(map(_paid_energy, found), prices, strict=True)),
    }


def _counting(kept: Sequence[Kept], openings: Mapping[datetime, datetime]) -> dict[str, Powers]:
    """By meter, the powers that count in each quarter-hour, whose delivery opened at an instant."""
    known = {opening: baselines.counting(kept, opening) for opening in set(openings.values())}
    found: dict[str, dict[datetime, Decimal]] = defaultdict(dict)
    for start, opening in openings.items():
        for meter, powers in known[opening].items():
            if start in powers:
                found[meter][start] = powers[start]
    return dict(found)


def _clearing_price(quarter: Quarter, rivals: Iterable[Ordered]) -> Decimal:
    """The price of the dearest offer that is ordered for the need in a quarter-hour."""
    end = quarter.start + delivery.QUARTER
    return max(one.price for one in rivals if one.activation.start < end and quarter.start < one.activation.end)


def _paid_energy(quarter: Quarter) -> Decimal:
    with exact():
        return quarter.paid * _HOURS


def _quarter_row(one: Quarter, clearing_price: Decimal) -> dict[str, Any]:
    return {
        "start_time": one.start,
        "ordered": one.ordered,
        "baseline": one.baseline,
        "metered": one.metered,
        "delivered": one.delivered,
        "paid": one.paid,
        "clearing_price": clearing_price,
        "cause": one.gap.cause if one.gap else None,
        "meter_ids": list(one.gap.meters) if one.gap else [],
    }


def _same(
    connection: Connection, before: RowMapping, row: Mapping[str, Any], quarters: Sequence[Mapping[str, Any]]
) -> bool:
    kept = store.quarters_of(connection, before["number"])
    return _agree(before, row) and len(kept) == len(quarters) and all(map(_agree, kept, quarters))


def _agree(kept: RowMapping, told: Mapping[str, Any]) -> bool:
    return all(kept[name] == value for name, value in told.items())


def _write(
    connection: Connection,
    before: RowMapping | None,
    row: Mapping[str, Any],
    quarters: Sequence[Mapping[str, Any]],
    cause: Cause,
) -> int:
    version = 1 if before is None else before["version"] + 1
    if before is not None and before["state"] != "settled":  # what is settled stands until its successor is
        by = Cause(f"version {version} takes its place: it came out otherwise", cause.author, cause.at)
        store.move(connection, before["number"], "superseded", by)
    return store.add_report(connection, {**row, "version": version, "made_at": cause.at}, quarters, cause)
