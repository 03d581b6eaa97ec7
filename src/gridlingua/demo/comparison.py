"""Whether both ways had the same outcome, and whether the parties' databases hold what was sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from gridlingua.demo.setting import Setting
from gridlingua.demo.stage import SIDES, Side, Stage
from gridlingua.demo.town import twin_of
from gridlingua.semantics.datatypes import Json
from gridlingua.services import records
from gridlingua.services.aggregator import store as aggregator
from gridlingua.services.data_sharing import store as data_sharing
from gridlingua.services.flexibility import store as flexibility
from gridlingua.services.messages import Need, Offer, Order
from gridlingua.storage import Database

_PLANNED = ("requestId", "activation", "quantity", "offeredQuantity", "measurementUnit", "startTime", "endTime")
_SETTLED = (
    "requestId",
    "orderedEnergy",
    "deliveredEnergy",
    "paidEnergy",
    "price",
    "amount",
    "clearingAmount",
    "state",
)


def compare(stage: Stage) -> Iterator[tuple[str, str]]:
    """What was compared, each with what differs or nothing."""
    yield from _outcomes(stage)
    setting = stage.demonstration.setting
    for side in SIDES:
        databases = [Database(setting.database(party)) for party in ("dso", side.party)]
        try:
            with databases[0].reading() as dso, databases[1].reading() as other:
                yield from _messages(dso, other, side)
                yield from _metering(dso, other, stage.expected.meters[side.zone][0], setting)
        finally:
            for database in databases:
                database.close()


def _outcomes(stage: Stage) -> Iterator[tuple[str, str]]:
    month = stage.demonstration.setting.tomorrow.strftime("%Y-%m")
    table = stage.do("dso services", "GET", "/operator/settlement/table", query={"month": month}) or {"lines": []}
    plans, lines = [], []
    for side in SIDES:
        orders = stage.do(side.services, "GET", "/operator/aggregator/activation-plans") or []
        plans.append(_as_in_the_first_zone(side, orders, _PLANNED))
        own = [one for one in table["lines"] if one["provider"] == side.organisation]
        lines.append(_as_in_the_first_zone(side, own, _SETTLED))
    yield _equal("the plan is the same both ways", *plans)
    yield _equal("delivery and settlement are the same both ways", *lines)


def _as_in_the_first_zone(side: Side, found: Sequence[Json], names: Sequence[str]) -> list[list[str]]:
    told = [[str(one[name]) for name in names] for one in found]
    if side is not SIDES[0]:
        told = [[twin_of(ids), *rest] for ids, *rest in told]
    return sorted(told)


def _equal(what: str, first: Sequence[Any], second: Sequence[Any]) -> tuple[str, str]:
    what = f"{what} ({len(first)})"
    return what, "" if first == second and first else f"{what}: {first} and {second}"


def _messages(dso: Connection, other: Connection, side: Side) -> Iterator[tuple[str, str]]:
    own = flexibility.NEEDS.c.request_id.startswith(f"{side.zone}.")
    needs = records.find(dso, flexibility.NEEDS, Need, own)
    received = [one for one in records.find(other, aggregator.NEEDS, Need) if one in needs]
    yield _same(f"{side.way}: needs sent and received", needs, received)
    made = records.find(other, aggregator.OFFERS, Offer)
    taken = records.find(dso, flexibility.OFFERS, Offer, flexibility.OFFERS.c.provider == side.organisation)
    yield _same(f"{side.way}: offers sent and received", made, taken)
    given = records.find(dso, flexibility.ORDERS, Order, flexibility.ORDERS.c.provider == side.organisation)
    yield _same(f"{side.way}: orders sent and received", given, records.find(other, aggregator.ORDERS, Order))
    offered = {(one.request_id, one.offer_id): one.offer for one in made}
    exceeding = [one for one in given if one.quantity > offered[one.request_id, one.offer_id]]
    yield _same(f"{side.way}: nothing ordered beyond what was offered", exceeding, [])


def _metering(dso: Connection, other: Connection, meter: str, setting: Setting) -> Iterator[tuple[str, str]]:
    user = f"U{meter[1:]}"
    fetched = aggregator.metering(other, user, 1)
    customer = data_sharing.customer_id(dso, user)
    assert customer is not None  # the demonstration has asked for this user's readings
    first = int(fetched[0].time.at.timestamp()) // 900 if fetched else 0
    watts = data_sharing.readings(dso, customer, first, first + len(fetched))
    kept = [(int(one.time.at.timestamp()) // 900, int(one.measurement * 1000)) for one in fetched]
    yield _same(f"{user}: readings at the DSO and as they were fetched", sorted(watts.items()), kept)
    total = dso.execute(select(func.count()).select_from(data_sharing.READINGS)).scalar_one()
    wanted = setting.customers // 2 * 2
    yield f"the DSO keeps {total:,} readings of {wanted} customers", "" if total else "there are no readings"


def _same(what: str, sent: Sequence[Any], received: Sequence[Any]) -> tuple[str, str]:
    what = f"{what} ({len(sent)})"
    if len(sent) == len(received) and all(one in received for one in sent):
        return what, ""
    return what, f"{what}: {len(sent)} were sent, {len(received)} are there, or they differ"
