"""Whether both parties' databases hold what was sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from gridlingua.demo.setting import IDS, Setting
from gridlingua.services import records
from gridlingua.services.aggregator import store as aggregator
from gridlingua.services.data_sharing import store as data_sharing
from gridlingua.services.flexibility import store as flexibility
from gridlingua.services.messages import Need, Offer, Order
from gridlingua.storage import Database


def compare(setting: Setting, user: str) -> Iterator[tuple[str, str]]:
    """What was compared, each with what differs or nothing."""
    databases = [Database(setting.database(party)) for party in ("dso", "aggregator")]
    try:
        with databases[0].reading() as dso, databases[1].reading() as other:
            yield from _messages(dso, other)
            yield from _metering(dso, other, user)
    finally:
        for database in databases:
            database.close()


def _messages(dso: Connection, other: Connection) -> Iterator[tuple[str, str]]:
    needs = records.find(dso, flexibility.NEEDS, Need)
    yield _same(
        "needs: the DSO's and those the aggregator received", needs, records.find(other, aggregator.NEEDS, Need)
    )
    offers = records.find(other, aggregator.OFFERS, Offer)
    received = records.find(dso, flexibility.OFFERS, Offer)
    yield _same("offers: the aggregator's and those the DSO received", offers, received)
    providers = set(dso.execute(select(flexibility.OFFERS.c.provider)).scalars())
    yield _same("offers are kept under the aggregator that made them", sorted(providers), [IDS["aggregator"]])
    orders = records.find(dso, flexibility.ORDERS, Order)
    yield _same(
        "plan: the DSO's and the one the aggregator received", orders, records.find(other, aggregator.ORDERS, Order)
    )
    offered = {(one.request_id, one.offer_id): one.offer for one in offers}
    exceeding = [one for one in orders if one.quantity > offered[one.request_id, one.offer_id]]
    yield _same("plan: nothing beyond what was offered", exceeding, [])


def _metering(dso: Connection, other: Connection, user: str) -> Iterator[tuple[str, str]]:
    fetched = aggregator.metering(other, user, 1)
    customer = data_sharing.customer_id(dso, user)
    assert customer is not None  # the demonstration has asked for this user's readings
    first = int(fetched[0].time.at.timestamp()) // 900 if fetched else 0
    watts = data_sharing.readings(dso, customer, first, first + len(fetched))
    kept = [(int(one.time.at.timestamp()) // 900, int(one.measurement * 1000)) for one in fetched]
    yield _same("metering: the DSO's readings and those the aggregator fetched", sorted(watts.items()), kept)
    total = dso.execute(select(func.count()).select_from(data_sharing.READINGS)).scalar_one()
    yield f"the DSO keeps {total:,} readings", "" if total else "there are no readings"


def _same(what: str, sent: Sequence[Any], received: Sequence[Any]) -> tuple[str, str]:
    what = f"{what} ({len(sent)})"
    if len(sent) == len(received) and all(one in received for one in sent):
        return what, ""
    return what, f"{what}: {len(sent)} were sent, {len(received)} are there, or they differ"
