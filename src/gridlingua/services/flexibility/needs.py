"""What the DSO does with needs: record, derive, publish, list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, or_, select

from gridlingua.errors import Fault
from gridlingua.services import acknowledgements, records
from gridlingua.services.context import Context
from gridlingua.services.flexibility import calendar, domain, sending, store
from gridlingua.services.flexibility.market import look, refuse
from gridlingua.services.flexibility.messages import KeptNeed, Load, Publication, Which
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Need, NeedAcknowledgement, Period
from gridlingua.services.pages import Window
from gridlingua.services.power import required_period
from gridlingua.services.refusals import ConflictError, NotFoundError, RefusedError

Headers = Mapping[str, str]


def record(here: Context, needs: Sequence[Need]) -> None:
    """Keep needs with their products, all or none; the same need again changes nothing, at any time.

    Raises ``RefusedError`` with every fault, ``ConflictError`` when an id is taken or the market of its time is over.
    """
    refuse(RefusedError, [*records.duplicates(["request_id"], needs), *domain.need_faults(needs)])
    with here.database.writing() as connection:
        known = store.needs_named(connection, [need.request_id for need in needs])
        market, at = store.calendar(connection), here.clock()
        new = [(i, need) for i, need in enumerate(needs) if need.request_id not in known]
        refuse(RefusedError, domain.misfits(new, market, here.zone))
        products, faults = {}, []
        for position, need in new:
            found = calendar.product_of(market, here.zone, need.start_time.at, need.end_time.at, at)
            if found is None:
                faults.append(domain.late_need(need, f"/{position}", market, here.zone))
            else:
                products[need.request_id] = found
        refuse(ConflictError, faults)
        records.keep(connection, store.NEEDS, needs, at)
        store.add_products(connection, products)


def derive(here: Context, load: Load) -> list[Need]:
    """Derive needs from a zone's load against its limits, and keep them."""
    zone_load = domain.ZoneLoad(load.zone, load.start.at, load.measurement_unit, load.load, load.meter_ids)
    needs = domain.derive_needs(zone_load, load.limit, here.zone, load.lower_limit)
    record(here, needs)
    return needs


def ask(here: Context, period: Period, after: int = 0, limit: int | None = None) -> list[Need]:
    """The needs that overlap a period, as far as they are published or due to be."""
    required_period(period)
    within = records.overlapping(store.NEEDS, period.start_time.at, period.end_time.at)
    joined = store.NEEDS.outerjoin(store.PRODUCTS, store.NEEDS.c.request_id == store.PRODUCTS.c.request_id)
    query = select(store.NEEDS).select_from(joined).where(within).order_by(store.NEEDS.c.number)
    with here.database.reading() as connection:
        if store.calendar(connection).gates == "kept":
            query = query.where(or_(store.is_public(here.clock()), store.PRODUCTS.c.request_id.is_(None)))
        rows = connection.execute(query.offset(after).limit(limit)).mappings()
        return [records.read(Need, row) for row in rows]


def chosen(connection: Connection, which: Which, *, lock: bool = False) -> dict[str, Need]:
    """The needs that are named, by id, or that overlap the period named; raises ``NotFoundError``."""
    period = which.period()
    if period is None:
        wanted = which.request_ids or ()
        found = store.needs_named(connection, wanted, lock=lock)
        unknown = [(i, id_) for i, id_ in enumerate(wanted) if id_ not in found]
        refuse(NotFoundError, [Fault(f"/requestIds/{i}", f"no need {id_}") for i, id_ in unknown])
        return found
    required_period(period)
    within = records.overlapping(store.NEEDS, period.start_time.at, period.end_time.at)
    ids = connection.execute(select(store.NEEDS.c.request_id).where(within)).scalars().all()
    if not ids:
        raise NotFoundError(f"no need overlaps {period.start_time} to {period.end_time}; record or derive needs first")
    return store.needs_named(connection, ids, lock=lock)


def publish(here: Context, which: Which) -> tuple[Publication, Headers]:
    """Send needs to the service providers over the network and to subscribers, and keep who acknowledged them.

    From then on they can be seen and offered for, before their gate too. Providers that fail are named in the result;
    raises ``RemoteError`` when all of them do.
    """
    with here.database.writing() as connection:
        needs = list(chosen(connection, which, lock=True).values())
        store.publish(connection, [need.request_id for need in needs], here.clock())
    reply = sending.broadcast(here, "/Flexibility/Needs", [need.plain() for need in needs])
    heard = acknowledgements.received(reply, NeedAcknowledgement, needs).required()
    with here.database.writing() as connection:
        acknowledgements.keep(connection, store.ACKNOWLEDGEMENTS, "need", heard.found)
    publication = {
        "needs": needs,
        "acknowledgements": acknowledgements.told(heard),
        "unacknowledged": acknowledgements.missing(needs, acknowledgements.told(heard)),
        "failures": heard.failures(),
    }
    return Publication.model_validate(publication), heard.headers


def found(here: Context, request_id: str | None, page: Window) -> list[KeptNeed]:
    """Every need, or one, with its gates and acknowledgements."""
    conditions: list[Any] = [] if request_id is None else [store.NEEDS.c.request_id == request_id]
    query = select(store.NEEDS).where(*conditions).order_by(store.NEEDS.c.number)
    with here.database.reading() as connection:
        rows = connection.execute(query.offset(page.after).limit(page.reach)).mappings()
        needs = {row["request_id"]: records.read(Need, row) for row in rows}
        market = look(connection, here, needs)
        heard = acknowledgements.find(connection, store.ACKNOWLEDGEMENTS, "need", "request_id", request_ids=needs)
    kept = []
    for id_, need in needs.items():
        product, published = market.products[id_], market.published[id_]
        known: dict[str, object] = {"product": product.kind, "publication": Instant.of(product.publication)}
        known |= {"offers_until": Instant.of(product.offers), "plan_until": Instant.of(product.plan)}
        known |= {"published_at": None if published is None else Instant.of(published)}
        kept.append(KeptNeed.model_validate(dict(need) | known | {"acknowledgements": heard.get((id_,), [])}))
    return kept
