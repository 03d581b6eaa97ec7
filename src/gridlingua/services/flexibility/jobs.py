"""What falls due by the market's calendar (D4.3 4.4): needs are published, plans are made, states are written down.

Needs are published over the network to whomever the adapter knows, as long as nobody has subscribed, and except for
what everybody has acknowledged already because a person published it before; subscribers are sent theirs by the service
of subscriptions. A need that is recorded after its gate, or in the last moment before it, goes by itself. A plan is
made when the gate for offers has closed, with what is not needed kept in reserve; and once more shortly before the gate
for plans, when activations that were cancelled in between are made good and the rest is declined. Nothing falls due
while the gates are open: then people decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, select

from gridlingua.errors import RemoteError
from gridlingua.services import acknowledgements
from gridlingua.services.context import Context
from gridlingua.services.flexibility import needs, plans, sending, store
from gridlingua.services.flexibility.market import keep_time, look
from gridlingua.services.flexibility.messages import PlanRequest, Which
from gridlingua.services.messages import Failure
from gridlingua.services.organisations import knowledge_bases_of
from gridlingua.services.refusals import NotFoundError
from gridlingua.services.scheduling import Due, Job, planned_until

PUBLICATION, PLAN, STATES = "flexibility.publication", "flexibility.plan", "flexibility.states"
AHEAD = timedelta(days=1)
AFTER_OFFERS = timedelta(minutes=1)
BEFORE_GATE = timedelta(minutes=15)
_GATE = store.PRODUCTS.c


def _found(here: Context, *conditions: Any) -> Sequence[RowMapping]:
    """Needs with their products, and when each was recorded."""
    joined = store.PRODUCTS.join(store.NEEDS, store.NEEDS.c.request_id == _GATE.request_id)
    columns = (*store.PRODUCTS.c, store.NEEDS.c.received_at)
    query = select(*columns).select_from(joined).where(*conditions).order_by(_GATE.publication, store.NEEDS.c.number)
    with here.database.reading() as connection:
        return connection.execute(query).mappings().all()


def _market_is_open(here: Context) -> bool:
    with here.database.reading() as connection:
        return store.calendar(connection).gates == "open"


def _key(row: RowMapping, gate: datetime) -> str:
    return f"{row['kind']}.{gate:%Y%m%dT%H%M%SZ}"


def _publications(now: datetime, here: Context) -> Iterator[Due]:
    if _market_is_open(here) or sending.has_subscribers(here):
        return
    since = planned_until(here, PUBLICATION)
    for row in _found(here, _GATE.offers > since, _GATE.publication <= now + AHEAD):
        if row["received_at"] > row["publication"] - store.LAST_MOMENT:
            at = max(row["received_at"], row["publication"])
            yield Due(f"late.{row['request_id']}", at, row["offers"])
        else:
            yield Due(_key(row, row["publication"]), row["publication"], row["offers"])


def _publish(here: Context, key: str) -> str:
    if sending.has_subscribers(here):
        return "there are subscribers by now, who are sent the needs by themselves"
    kind, _, rest = key.partition(".")
    if kind == "late":
        ids = [rest]
    else:
        rows = _found(here, _GATE.kind == kind, _GATE.publication == _instant(rest))
        ids = [row["request_id"] for row in rows if row["received_at"] <= row["publication"] - store.LAST_MOMENT]
    ids = _unheard(here, ids)
    if not ids:
        return "everybody has acknowledged them already"
    publication, _ = needs.publish(here, Which(request_ids=tuple(ids)))
    _retry(publication.failures)
    return f"{len(publication.needs)} needs, {len(publication.unacknowledged)} of them acknowledged by nobody"


def _unheard(here: Context, request_ids: Sequence[str]) -> list[str]:
    """The needs that a service provider on the network has not acknowledged.

    Where the adapter does not say who acknowledged, it knows one party alone, and that is everybody.
    """
    with here.database.reading() as connection:
        everybody = knowledge_bases_of(connection, "service_provider")
        heard = acknowledgements.find(
            connection, store.ACKNOWLEDGEMENTS, "need", "request_id", "party", request_ids=request_ids
        )
    return [
        id_
        for id_ in request_ids
        if (id_, "") not in heard and not (everybody and all((id_, one) in heard for one in everybody))
    ]


def _plans(now: datetime, here: Context) -> Iterator[Due]:
    with here.database.reading() as connection:
        calendar = store.calendar(connection)
    if calendar.gates == "open" or calendar.planning == "manual":
        return
    since = planned_until(here, PLAN)
    for row in _found(here, _GATE.plan > since, _GATE.offers <= now + AHEAD):
        key, gate = _key(row, row["plan"]), row["plan"]
        yield Due(f"reserve.{key}", min(row["offers"] + AFTER_OFFERS, gate), gate)
        yield Due(f"final.{key}", max(row["offers"] + AFTER_OFFERS, gate - BEFORE_GATE), gate)


def _plan(here: Context, key: str) -> str:
    stage, kind, gate = key.split(".")
    ids = tuple(row["request_id"] for row in _found(here, _GATE.kind == kind, _GATE.plan == _instant(gate)))
    try:
        plan, _ = plans.plan(here, PlanRequest(request_ids=ids, reserve=stage == "reserve"))
    except NotFoundError as error:
        return str(error)
    _retry(plan.failures)
    return f"{len(plan.plan)} orders, {len(plan.unacknowledged)} of them acknowledged by nobody"


def _states(now: datetime, here: Context) -> Iterator[Due]:
    if _market_is_open(here):
        return
    with here.database.reading() as connection:
        answers = timedelta(minutes=store.calendar(connection).answer_minutes)
    since = planned_until(here, STATES)
    for row in _found(here, _GATE.plan > since - 2 * answers, _GATE.plan <= now + AHEAD):
        yield Due(_key(row, row["plan"]), row["plan"] + answers + AFTER_OFFERS)


def _write_states(here: Context, key: str) -> str:
    kind, _, gate = key.partition(".")
    ids = [row["request_id"] for row in _found(here, _GATE.kind == kind, _GATE.plan == _instant(gate))]
    with here.database.writing() as connection:
        market = look(connection, here, store.needs_named(connection, ids, lock=True))
        keep_time(connection, market)
    return f"{len(market.due)} transitions of the clock"


def _instant(written: str) -> datetime:
    return datetime.strptime(written, "%Y%m%dT%H%M%S%z")


def _retry(failures: Sequence[Failure]) -> None:
    """Let the scheduler try again when it may help; who has the message already takes it as no news."""
    if again := [failure for failure in failures if failure.retry]:
        said = "; ".join(f"{failure.party}: {failure.detail}" for failure in again)
        raise RemoteError(said, party=again[0].party, status=again[0].status, retry=True)


jobs = (Job(PUBLICATION, _publications, _publish), Job(PLAN, _plans, _plan), Job(STATES, _states, _write_states))
