"""What the DSO's staff and a provider see of a settlement: lines, totals, statements; and what staff send."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from gridlingua.services.messages import FAILURE, PERIOD, Failure, Period
from gridlingua.services.settlement.delivery import Cause, Direction
from gridlingua.services.settlement.messages import BASELINE, DECISION, OFFER_IDS, Decision
from gridlingua.services.settlement.states import State
from gridlingua.services.wire import Identifier, Message, Number, Text, Time, example

Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Month = Annotated[str, Field(pattern=r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$", examples=["2026-11"])]

REPORT: dict[str, Any] = {"provider": "aggregator-one", **OFFER_IDS, "version": 1}
LINE: dict[str, Any] = {
    **REPORT,
    **PERIOD,
    "state": "confirmed",
    "month": "2026-11",
    "direction": "Down",
    "orderedPower": 20,
    "quarters": 12,
    "gaps": 1,
    "orderedEnergy": 60,
    "deliveredEnergy": 53.5,
    "paidEnergy": 51.25,
    "price": 0.1,
    "amount": 5.12,
    "currency": "EUR",
    "settled": 0,
    "due": 5.12,
    "clearingAmount": 6.41,
    "madeAt": "2026-11-22T08:00:00Z",
}
TOTAL: dict[str, Any] = {
    "provider": "aggregator-one",
    "month": "2026-11",
    "offers": 1,
    "orderedEnergy": 60,
    "deliveredEnergy": 53.5,
    "paidEnergy": 51.25,
    "amount": 5.12,
    "settled": 0,
    "payable": 5.12,
    "held": 0,
    "unconfirmed": 0,
    "currency": "EUR",
}


class KeptPoint(Message):
    """The mean power in kW over the quarter-hour that begins at ``time``."""

    time: Time
    power: Number


class KeptBaseline(Period):
    """A baseline, whose it is and when it came."""

    model_config = example({**BASELINE, "provider": "aggregator-one", "receivedAt": "2026-11-20T15:12:01Z"})

    provider: Identifier
    meter_id: Identifier
    created_at: Time
    received_at: Time
    measurement_unit: Literal["kW"]
    baseline: tuple[KeptPoint, ...]


class Report(Message):
    """A version of the delivery report of a provider's offer for a need."""

    model_config = example(REPORT)

    provider: Identifier
    request_id: Identifier
    offer_id: Identifier
    version: Version

    def __str__(self) -> str:
        return f"report {self.version} of offer {self.offer_id} of {self.provider} for need {self.request_id}"


class Line(Report, Period):
    """A line of the settlement table: one offer.

    Power in kW, energies in kWh, ``price`` in EUR/kWh, the rest of the money in EUR and whole cents. ``amount`` is
    pay-as-bid, and what is settled; ``clearing_amount`` is what pay-as-clear would come to. ``settled`` was settled of
    this offer so far, ``due`` is what is missing. ``gaps`` of the ``quarters`` are not measurable.
    """

    model_config = example(LINE)

    state: State
    month: Month
    direction: Direction
    ordered_power: Number
    quarters: int
    gaps: int
    ordered_energy: Number
    delivered_energy: Number
    paid_energy: Number
    price: Number
    amount: Number
    currency: Literal["EUR"] = "EUR"
    settled: Number
    due: Number
    clearing_amount: Number
    made_at: Time


class NotMeasurable(Message):
    """Why a quarter-hour is not measurable, and for which meters."""

    cause: Cause
    meter_ids: tuple[Identifier, ...]


class Interval(Message):
    """A quarter-hour in kW; ``baseline``, ``metered`` and ``delivered`` are null exactly where there is a ``gap``.

    ``clearing_price`` in EUR/kWh is that of the dearest offer ordered for the need in it.
    """

    time: Time
    ordered: Number
    baseline: Number | None
    metered: Number | None
    delivered: Number | None
    paid: Number
    clearing_price: Number
    gap: NotMeasurable | None


class Event(Message):
    """What happened to a report: it became ``state`` at ``at``, why, and by whom."""

    at: Time
    state: State
    cause: str
    author: str


class Statement(Line):
    """A line with everything it is made of, and what became of it."""

    model_config = example(
        {
            **LINE,
            "intervals": [
                {
                    "time": "2026-11-21T10:00:00Z",
                    "ordered": 20,
                    "baseline": 48,
                    "metered": 32,
                    "delivered": 16,
                    "paid": 16,
                    "clearingPrice": 0.125,
                    "gap": None,
                }
            ],
            "history": [
                {"at": "2026-11-22T08:00:00Z", "state": "draft", "cause": "computed", "author": "dso"},
            ],
        }
    )

    intervals: tuple[Interval, ...]
    history: tuple[Event, ...]


class Sum(Message):
    """A provider's month: ``amount`` is ``settled`` + ``payable`` (confirmed), ``held`` (disputed), ``unconfirmed``."""

    model_config = example(TOTAL)

    provider: Identifier
    month: Month
    offers: int
    ordered_energy: Number
    delivered_energy: Number
    paid_energy: Number
    amount: Number
    settled: Number
    payable: Number
    held: Number
    unconfirmed: Number
    currency: Literal["EUR"] = "EUR"


class Table(Message):
    """The settlement table: a line for each offer, and a total for each provider and month."""

    model_config = example({"lines": [LINE], "totals": [TOTAL]})

    lines: tuple[Line, ...]
    totals: tuple[Sum, ...]


class Skipped(Message):
    """An order that cannot be settled, at least not now, and why."""

    provider: Identifier
    request_id: Identifier
    offer_id: Identifier
    reason: str


class Computation(Message):
    """The reports that are new (``made``), those that came out as before (``unchanged``), and what was left out."""

    model_config = example(
        {
            "made": [LINE],
            "unchanged": [],
            "skipped": [
                {
                    "provider": "aggregator-one",
                    "requestId": "Z1.20261121T1800Z",
                    "offerId": "O-2",
                    "reason": "its delivery ends at 2026-11-21T19:00:00Z",
                }
            ],
        }
    )

    made: tuple[Line, ...]
    unchanged: tuple[Line, ...]
    skipped: tuple[Skipped, ...]


class Sending(Message):
    """The reports that were sent as they stand now, and the providers that failed."""

    model_config = example({"reports": [LINE], "failures": [FAILURE]})

    reports: tuple[Line, ...]
    failures: tuple[Failure, ...]


class OwnAnswer(Decision):
    """What a provider itself answers to a version of a report."""

    model_config = example({**DECISION, "version": 1})

    version: Version

    def by(self, provider: str) -> Answer:
        """The answer as that of a provider."""
        return Answer(provider=provider, **dict(self))


class Answer(OwnAnswer):
    """What a provider answered to a version of a report outside the network."""

    model_config = example({**DECISION, "provider": "aggregator-one", "version": 1})

    provider: Identifier

    def report(self) -> Report:
        """The report that is answered."""
        return Report(provider=self.provider, request_id=self.request_id, offer_id=self.offer_id, version=self.version)


class Resolution(Report):
    """The operator's reason for which a disputed report stands as it is."""

    model_config = example({**REPORT, "reason": "The meter was read again on 24 November: the readings are right."})

    reason: Annotated[Text, Field(pattern=r"\S")]


class Closing(Message):
    """Which confirmed reports to settle: those of a month, of one provider or of all."""

    model_config = example({"month": "2026-11"}, {"month": "2026-11", "provider": "aggregator-one"})

    month: Month
    provider: Identifier | None = None
