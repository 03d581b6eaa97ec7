"""What becomes of reports: answers, resolved disputes, settlement; and the lines that tell it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping

from gridlingua.services.instants import Instant
from gridlingua.services.power import exact
from gridlingua.services.refusals import ConflictError
from gridlingua.services.settlement import amounts, store
from gridlingua.services.settlement.messages import Decision
from gridlingua.services.settlement.statements import Event, Interval, Line, NotMeasurable, Statement, Sum, Table
from gridlingua.services.settlement.states import State
from gridlingua.services.settlement.store import REPORTS, Cause, OfferKey

_FIELDS = (
    *store.OFFER,
    "version",
    "state",
    "month",
    "direction",
    "ordered_power",
    "quarters",
    "gaps",
    "ordered_energy",
    "delivered_energy",
    "paid_energy",
    "price",
    "amount",
    "clearing_amount",
)


def decide(connection: Connection, report: int, told: Sequence[Decision], handed_over: Cause) -> None:
    """Keep the answer to a report: disputed when a part of it is; ``handed_over`` is how the provider had got it.

    The same answer again is no news. Raises ``ConflictError`` when the report's state does not allow it.
    """
    (row,) = store.locked(connection, REPORTS.c.number == report)
    disputes = [one for one in told if one.decision == "Disputed"]
    then: State = "disputed" if disputes else "confirmed"
    if row["state"] == then or (row["state"], then) == ("settled", "confirmed"):
        return
    if row["state"] == "draft":
        store.move(connection, report, "sent", handed_over)
    said = "; ".join(dict.fromkeys(_said(one) for one in disputes or told))
    store.move(connection, report, then, Cause(said, handed_over.author, handed_over.at))


def _said(one: Decision) -> str:
    by = f"{one.decision.lower()} by {one.acknowledged_by} at {one.acknowledged_at}"
    return f"{by}: {one.reason}" if one.reason.strip() else by


def resolve(connection: Connection, report: int, cause: Cause) -> None:
    """Let a disputed report stand; raises ``ConflictError`` for one that is not disputed."""
    (row,) = store.locked(connection, REPORTS.c.number == report)
    if row["state"] != "disputed":
        raise ConflictError(f"{store.named(row)} is {row['state']}, not disputed; there is nothing to resolve")
    store.move(connection, report, "confirmed", cause)


def settle(connection: Connection, conditions: Sequence[Any], author: str, at: datetime) -> list[int]:
    """Settle the confirmed reports that fulfil the conditions; returns their numbers.

    A report that was settled before for the same offer is superseded: what is due is the difference.
    """
    rows = store.locked(connection, *conditions)
    before = {store.offer_of(row): row for row in rows if row["state"] == "settled"}
    settled = []
    for row in (row for row in rows if row["state"] == "confirmed"):
        due = row["amount"]
        if (earlier := before.get(store.offer_of(row))) is not None:
            by = Cause(f"version {row['version']} was settled in its place", author, at)
            store.move(connection, earlier["number"], "superseded", by)
            due = _less(due, earlier["amount"])
        store.move(connection, row["number"], "settled", Cause(f"settled: {due} EUR due", author, at))
        settled.append(row["number"])
    return settled


def _less(amount: Decimal, settled: Decimal) -> Decimal:
    with exact():
        return amount - settled


def lines(connection: Connection, zone: ZoneInfo, *conditions: Any) -> list[tuple[int, Line]]:
    """Every version of the reports that fulfil the conditions, with its number; versions of an offer follow each other.

    The conditions must hold for all versions of an offer alike.
    """
    rows = store.reports(connection, *conditions)
    settled = {store.offer_of(row): row["amount"] for row in rows if row["state"] == "settled"}
    return [(row["number"], _line(row, settled.get(store.offer_of(row), amounts.NOTHING), zone)) for row in rows]


def lines_of(connection: Connection, zone: ZoneInfo, numbers: Sequence[int]) -> list[Line]:
    """The lines of these reports, in the order of their numbers' mention."""
    offers = store.offers_of(connection, numbers)
    found = dict(lines(connection, zone, REPORTS.c.request_id.in_({request for _, request, _ in offers})))
    return [found[number] for number in numbers]


def current(found: Iterable[tuple[int, Line]]) -> list[Line]:
    """The latest version of each offer's report."""
    latest: dict[OfferKey, Line] = {}
    for _, line in found:
        latest[line.provider, line.request_id, line.offer_id] = line
    return list(latest.values())


def _line(row: RowMapping, settled: Decimal, zone: ZoneInfo) -> Line:
    times = {name: Instant.of(row[name].astimezone(zone)) for name in ("start_time", "end_time", "made_at")}
    due = amounts.NOTHING if row["state"] == "superseded" else _less(row["amount"], settled)
    return Line.model_validate({name: row[name] for name in _FIELDS} | times | {"settled": settled, "due": due})


def statement(connection: Connection, zone: ZoneInfo, number: int) -> Statement:
    """A report with its quarter-hours and its history."""
    (line,) = lines_of(connection, zone, [number])
    intervals = tuple(_interval(row, zone) for row in store.quarters_of(connection, number))
    events = tuple(
        Event(at=Instant.of(row["at"].astimezone(zone)), state=row["state"], cause=row["cause"], author=row["author"])
        for row in store.history(connection, number)
    )
    return Statement.model_validate(dict(line) | {"intervals": intervals, "history": events})


def _interval(row: RowMapping, zone: ZoneInfo) -> Interval:
    gap = NotMeasurable(cause=row["cause"], meter_ids=tuple(row["meter_ids"])) if row["cause"] else None
    names = ("ordered", "baseline", "metered", "delivered", "paid", "clearing_price")
    time = Instant.of(row["start_time"].astimezone(zone))
    return Interval.model_validate({name: row[name] for name in names} | {"time": time, "gap": gap})


def table(found: Sequence[Line]) -> Table:
    """The lines, and their totals by provider and month."""
    entries = [
        amounts.Entry(
            line.provider,
            line.month,
            line.state,
            line.ordered_energy,
            line.delivered_energy,
            line.paid_energy,
            line.amount,
            line.settled,
        )
        for line in found
    ]
    return Table(lines=tuple(found), totals=tuple(_sum(one) for one in amounts.totals(entries)))


def _sum(one: amounts.Total) -> Sum:
    energies = {"ordered_energy": one.ordered, "delivered_energy": one.delivered, "paid_energy": one.paid}
    names = ("provider", "month", "offers", "amount", "settled", "payable", "held", "unconfirmed")
    return Sum.model_validate({name: getattr(one, name) for name in names} | energies)
