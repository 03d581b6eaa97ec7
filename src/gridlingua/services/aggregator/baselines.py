"""Baselines that an aggregator makes of the readings it fetched, and sends before delivery begins (D4.3 3.2.4)."""

from __future__ import annotations

from typing import Any

from gridlingua.errors import Fault
from gridlingua.services import answers
from gridlingua.services.aggregator import settling, store
from gridlingua.services.aggregator.messages import Baselining, MeteredUser
from gridlingua.services.answers import Answers
from gridlingua.services.context import Context
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Period
from gridlingua.services.power import required_period
from gridlingua.services.refusals import NotFoundError
from gridlingua.services.settlement.messages import Baseline, BaselineAcknowledgement


def send(here: Context, wish: Baselining) -> tuple[list[Baseline], Answers[list[BaselineAcknowledgement]]]:
    """Make the baselines of a day, keep them, and send them.

    Raises ``NotFoundError`` for a meter whose readings of the days before do not give every quarter-hour of the day,
    ``RemoteError`` when the DSO refuses or fails.
    """
    required_period(Period(start_time=wish.start, end_time=wish.end))
    made = [_of(here, wish, one) for one in wish.meters]
    missing = [
        Fault(
            f"/meters/{place}", f"the readings of user {one.user} lack quarter-hours of the day; fetch some days first"
        )
        for place, (one, points) in enumerate(zip(wish.meters, made, strict=True))
        if points is None
    ]
    if missing:
        raise NotFoundError(missing)
    told = [one for one in made if one is not None]
    reply = here.network.post("/Flexibility/Baseline", [one.plain() for one in told])
    heard = answers.read(reply, _acknowledgements).required()
    with here.database.writing() as connection:
        for one in told:
            store.keep_baseline(connection, one.meter_id, ((point.time.at, point.power) for point in one.baseline))
    return told, heard


def _of(here: Context, wish: Baselining, one: MeteredUser) -> Baseline | None:
    with here.database.reading() as connection:
        readings = store.metering(connection, one.user, 1)
    points = settling.baseline(readings, wish.start.at, wish.end.at, here.zone)
    if len(points) != len(list(settling.quarters(wish.start.at, wish.end.at))):
        return None
    return Baseline(
        meter_id=one.meter_id,
        start_time=wish.start,
        end_time=wish.end,
        created_at=Instant.of(here.clock()),
        measurement_unit="kW",
        baseline=tuple(points),
    )


def _acknowledgements(body: Any) -> list[BaselineAcknowledgement]:
    return answers.messages(BaselineAcknowledgement, body, "the acknowledgement is")
