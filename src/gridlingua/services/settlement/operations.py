"""What settlement does, one transaction after the other; a call of the network is never inside one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from gridlingua.errors import Fault
from gridlingua.services import records
from gridlingua.services.access import Caller
from gridlingua.services.context import Context
from gridlingua.services.flexibility.messages import Which
from gridlingua.services.refusals import ConflictError, NotFoundError, RefusedError
from gridlingua.services.settlement import baselines, ledger, reporting, sources, store
from gridlingua.services.settlement.baselines import Delivery
from gridlingua.services.settlement.messages import Baseline
from gridlingua.services.settlement.statements import (
    Answer,
    Closing,
    Computation,
    Line,
    OwnAnswer,
    Report,
    Resolution,
    Skipped,
)
from gridlingua.services.settlement.store import REPORTS, Cause


def _refuse(refusal: type[RefusedError], faults: Sequence[Fault]) -> None:
    if faults:
        raise refusal(faults)


def receive_baselines(here: Context, told: Sequence[Baseline], provider: str) -> list[datetime]:
    """Keep baselines of a provider, all or none; returns when each was first received.

    Raises ``RefusedError`` for one that is no whole day of quarter-hours or comes too late, ``NotFoundError`` for a
    meter that is in no offer of the provider on that day, ``ConflictError`` when it is known with other powers.
    """
    now = here.clock()
    _refuse(RefusedError, [*records.duplicates(["meter_id", "start_time", "created_at"], told)])
    _refuse(RefusedError, baselines.faults(told, here.zone, now))
    first = min(one.start_time.at for one in told)
    last = max(one.end_time.at for one in told)
    with here.database.writing() as connection:
        _refuse(NotFoundError, _strange_meters(connection, told, provider))
        ordered = sources.orders_within(connection, here, first, last, provider)
        deliveries = [
            Delivery(one.offer_id, frozenset(one.activation.meters), one.activation.start, one.activation.end)
            for one in ordered
        ]
        came = _keep(connection, told, provider, now)
        new = {position: one for position, one in enumerate(told) if came[position] == now}
        _refuse(RefusedError, baselines.gate_faults(new, deliveries, here.zone, now))
    return came


def _strange_meters(connection: Connection, told: Sequence[Baseline], provider: str) -> list[Fault]:
    faults = []
    for position, one in enumerate(told):
        offered = sources.offered_meters(connection, provider, one.start_time.at, one.end_time.at)
        if one.meter_id not in offered:
            said = f"meter {one.meter_id} is in no offer of yours from {one.start_time} to {one.end_time}"
            faults.append(Fault(f"/{position}/meterId", f"{said}; make the offer first"))
    return faults


def _keep(connection: Connection, told: Sequence[Baseline], provider: str, now: datetime) -> list[datetime]:
    in_order = sorted(range(len(told)), key=lambda position: told[position].meter_id)  # two senders wait in no ring
    came = {position: store.keep_baseline(connection, provider, told[position], now) for position in in_order}
    faults = [
        Fault(f"/{position}", f"meter {one.meter_id} has another baseline that was worked out at {one.created_at}; "
              "send it as it was, or with a later createdAt")
        for position, one in enumerate(told)
        if came[position] is None
    ]  # fmt: skip
    _refuse(ConflictError, faults)
    return [at for _, at in sorted(came.items()) if at is not None]


def compute(here: Context, which: Which, asker: Caller) -> Computation:
    """Compute the reports of the needs that are meant; raises ``NotFoundError`` when there is none."""
    with here.database.writing() as connection:
        ids = [need.request_id for need in sources.chosen_needs(connection, which, lock=True)]
        sources.tell_meters(connection, ids, asker)
        made = reporting.compute(connection, here, ids, Cause("computed", asker.organisation, here.clock()))
        lines = dict(ledger.lines(connection, here.zone, REPORTS.c.request_id.in_(ids)))
    return Computation(
        made=tuple(lines[number] for number in made.new),
        unchanged=tuple(lines[number] for number in made.unchanged),
        skipped=tuple(
            Skipped(provider=one.provider, request_id=one.request_id, offer_id=one.offer_id, reason=reason)
            for one, reason in made.skipped
        ),
    )


def answer(here: Context, told: Sequence[Answer], asker: Caller) -> list[Line]:
    """Keep what providers answered outside the network, all or none; the same answer again is no news.

    Raises ``NotFoundError`` for a report there is not, ``ConflictError`` when its state does not allow the answer.
    """
    _refuse(RefusedError, records.duplicates([*store.OFFER, "version"], told))
    with here.database.writing() as connection:
        numbers = _named(connection, [one.report() for one in told])
        for number, one in sorted(zip(numbers, told, strict=True), key=lambda pair: pair[0]):
            cause = Cause("handed over outside the network", asker.organisation, here.clock())
            ledger.decide(connection, number, [one], cause)
        return ledger.lines_of(connection, here.zone, numbers)


def answer_own(here: Context, told: Sequence[OwnAnswer], asker: Caller) -> list[Line]:
    """Keep what a provider itself answers to its reports, all or none; the same answer again is no news.

    Raises ``NotFoundError`` for a report that was never given to the provider, in the same words whether there is one,
    and ``ConflictError`` when its state does not allow the answer.
    """
    _refuse(RefusedError, records.duplicates(["request_id", "offer_id", "version"], told))
    mine = [one.by(asker.organisation) for one in told]
    with here.database.writing() as connection:
        numbers = [store.number_of(connection, one.report()) for one in mine]
        needs = REPORTS.c.request_id.in_({one.request_id for one in mine})
        given = store.given(connection, REPORTS.c.provider == asker.organisation, needs)
        _refuse(NotFoundError, [_not_given(i, one) for i, one in enumerate(told) if numbers[i] not in given])
        known = [number for number in numbers if number is not None]
        for number, one in sorted(zip(known, mine, strict=True), key=lambda pair: pair[0]):
            sources.tell_meters(connection, [one.request_id], asker, (one.provider, one.request_id, one.offer_id))
            ledger.decide(connection, number, [one], Cause("", asker.organisation, here.clock()))
        return ledger.lines_of(connection, here.zone, known)


def _not_given(position: int, one: OwnAnswer) -> Fault:
    said = f"no report {one.version} of your offer {one.offer_id} for need {one.request_id} was given to you"
    return Fault(f"/{position}", said)


def resolve(here: Context, told: Sequence[Resolution], asker: Caller) -> list[Line]:
    """Let disputed reports stand, each for a reason, all or none.

    Raises ``NotFoundError`` for a report there is not, ``ConflictError`` for one that is not disputed.
    """
    _refuse(RefusedError, records.duplicates([*store.OFFER, "version"], told))
    with here.database.writing() as connection:
        numbers = _named(connection, told)
        for number, one in sorted(zip(numbers, told, strict=True), key=lambda pair: pair[0]):
            ledger.resolve(
                connection, number, Cause(f"dispute resolved: {one.reason}", asker.organisation, here.clock())
            )
        return ledger.lines_of(connection, here.zone, numbers)


def settle(here: Context, closing: Closing, asker: Caller) -> list[Line]:
    """Settle the confirmed reports of a month; what is disputed or not answered stays for later."""
    with here.database.writing() as connection:
        conditions = [REPORTS.c.month == closing.month]
        if closing.provider is not None:
            conditions.append(REPORTS.c.provider == closing.provider)
        numbers = ledger.settle(connection, conditions, asker.organisation, here.clock())
        return ledger.lines_of(connection, here.zone, numbers)


def _named(connection: Connection, told: Sequence[Report]) -> list[int]:
    numbers = [store.number_of(connection, one) for one in told]
    unknown = [Fault(f"/{i}", f"there is no {one}") for i, one in enumerate(told) if numbers[i] is None]
    _refuse(NotFoundError, unknown)
    return [number for number in numbers if number is not None]
