"""What the DSO's own staff and systems send to the flexibility service, and get back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from gridlingua.services.flexibility.states import ActivationState, OfferState
from gridlingua.services.messages import (
    FAILURE,
    NEED,
    OFFER,
    ORDER,
    Acknowledgement,
    Failure,
    Meters,
    Need,
    NeedAcknowledgement,
    Offer,
    Order,
    Period,
    PowerUnit,
    Unacknowledged,
)
from gridlingua.services.wire import Identifier, Message, NonNegative, Positive, Signed, Time, example

PROVIDER = "aggregator-one"
_ZONE_LOAD: dict[str, Any] = {
    "zone": "Z1",
    "limit": 30,
    "measurementUnit": "kW",
    "start": "2026-11-21T18:00:00Z",
    "load": [29.5, 31.2, 34, 28],
    "meterIds": ["M000001", "M000002"],
}
_LINE: dict[str, Any] = {
    "requestId": "Z1.20261121T1000Z",
    "acknowledgedBy": "aggregator",
    "acknowledgedAt": "2026-11-20T12:00:00Z",
}


class Which(Message):
    """Needs by their ids, or those that overlap a period."""

    model_config = example(
        {"requestIds": ["Z1.20261121T1000Z"]},
        {"startTime": NEED["startTime"], "endTime": NEED["endTime"]},
    )

    request_ids: Annotated[tuple[Identifier, ...], Field(min_length=1)] | None = None
    start_time: Time | None = None
    end_time: Time | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Which:
        ways = (self.request_ids is not None, self.start_time is not None, self.end_time is not None)
        if ways not in {(True, False, False), (False, True, True)}:
            raise ValueError("name the needs by requestIds, or by startTime and endTime")
        return self

    def period(self) -> Period | None:
        """The period, when the needs are named by one."""
        if self.start_time is None or self.end_time is None:
            return None
        return Period(start_time=self.start_time, end_time=self.end_time)


class Load(Message):
    """A zone's load: the mean power of each quarter-hour from ``start`` on, its limits, and the meters that may help.

    It is below zero where more is fed in than drawn; ``lowerLimit``, if there is one, is the least that the grid bears.
    """

    model_config = example(_ZONE_LOAD, _ZONE_LOAD | {"lowerLimit": -20, "load": [-12.5, -31.2, -24, 3]})

    zone: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,40}$")]
    limit: Positive
    lower_limit: Signed | None = None
    measurement_unit: PowerUnit
    start: Time
    load: Annotated[tuple[Signed, ...], Field(min_length=1, max_length=35_136)]
    meter_ids: Meters

    @model_validator(mode="after")
    def _in_order(self) -> Load:
        if self.lower_limit is not None and self.lower_limit >= self.limit:
            raise ValueError(f"lowerLimit {self.lower_limit} is not below the limit {self.limit}")
        return self


class Capacity(Message):
    """What a meter can change of its power at most, as the DSO found when it was qualified."""

    model_config = example({"meterId": "M000001", "capacity": 4.6, "measurementUnit": "kW"})

    meter_id: Identifier
    capacity: Positive
    measurement_unit: PowerUnit


class Publication(Message):
    """What was published, who said to have it, what nobody did, and who failed."""

    model_config = example({"needs": [NEED], "acknowledgements": [_LINE], "unacknowledged": [], "failures": [FAILURE]})

    needs: tuple[Need, ...]
    acknowledgements: tuple[NeedAcknowledgement, ...]
    unacknowledged: tuple[Unacknowledged, ...]
    failures: tuple[Failure, ...]


class Uncovered(Period):
    """A stretch of a need for which ``needs`` in ``measurement_unit`` is still missing."""

    request_id: Identifier
    needs: Positive
    measurement_unit: PowerUnit


class ProvidedOffer(Offer):
    """An offer and the organisation that made it: an offer's id is unique at its provider, and there alone."""

    model_config = example({**OFFER, "provider": PROVIDER})

    provider: str


class ProviderOrder(Order):
    """An order and the provider (an organisation) whose offer it is for."""

    model_config = example({**ORDER, "provider": PROVIDER})

    provider: str


class UnacknowledgedOrder(Unacknowledged):
    """An order that its provider did not acknowledge."""

    model_config = example({"requestId": ORDER["requestId"], "offerId": ORDER["offerId"], "provider": PROVIDER})

    provider: str


class Total(Message):
    """What all activations of a need cost in EUR: each at its own price, or all at the clearing price of the time."""

    model_config = example({"requestId": ORDER["requestId"], "payAsBid": 6, "payAsClear": 6})

    request_id: Identifier
    pay_as_bid: NonNegative
    pay_as_clear: NonNegative


class Undecided(Message):
    """An offer that has no order yet, and why: not verified, suspended, expired, or kept in reserve."""

    model_config = example(
        {"provider": PROVIDER, "requestId": ORDER["requestId"], "offerId": "O-2", "reason": "it is suspended"}
    )

    provider: str
    request_id: Identifier
    offer_id: Identifier
    reason: str


class PlanRequest(Which):
    """The needs to plan for; with ``reserve``, offers that are not needed now are not declined, but may be later."""

    model_config = example(
        {"requestIds": ["Z1.20261121T1000Z"]},
        {"startTime": NEED["startTime"], "endTime": NEED["endTime"], "reserve": True},
    )

    reserve: Annotated[bool, Field(strict=True)] = False


class ActivationPlan(Message):
    """The orders that were sent, who said to have them, what no offer covers, and the providers that failed.

    ``undecided`` are the offers without an order; ``totals`` of each need count every order that stands.
    """

    model_config = example(
        {
            "plan": [{**ORDER, "provider": PROVIDER}],
            "acknowledgements": [{**_LINE, "offerId": "O-1"}],
            "unacknowledged": [],
            "uncovered": [
                {
                    "requestId": NEED["requestId"],
                    "needs": 80,
                    "measurementUnit": "kW",
                    "startTime": NEED["startTime"],
                    "endTime": NEED["endTime"],
                }
            ],
            "undecided": [],
            "totals": [{"requestId": ORDER["requestId"], "payAsBid": 6, "payAsClear": 6}],
            "failures": [FAILURE],
        }
    )

    plan: tuple[ProviderOrder, ...]
    acknowledgements: tuple[Acknowledgement, ...]
    unacknowledged: tuple[UnacknowledgedOrder, ...]
    uncovered: tuple[Uncovered, ...]
    undecided: tuple[Undecided, ...]
    totals: tuple[Total, ...]
    failures: tuple[Failure, ...]


class KeptNeed(Need):
    """A need, its product with the gates of it, when it was first published, and who acknowledged it."""

    model_config = example(
        {
            **NEED,
            "product": "day_ahead",
            "publication": "2026-11-20T12:00:00Z",
            "offersUntil": "2026-11-20T16:00:00Z",
            "planUntil": "2026-11-20T18:00:00Z",
            "publishedAt": "2026-11-20T12:00:00Z",
            "acknowledgements": [_LINE],
        }
    )

    product: Literal["day_ahead", "intraday"]
    publication: Time
    offers_until: Time
    plan_until: Time
    published_at: Time | None
    acknowledgements: tuple[NeedAcknowledgement, ...]


class KeptOffer(ProvidedOffer):
    """An offer, the organisation that made it, when it came, and its state."""

    model_config = example(
        {**OFFER, "provider": PROVIDER, "receivedAt": "2026-11-20T13:00:00Z", "state": "active"},
    )

    received_at: Time
    state: OfferState


class KeptOrder(ProviderOrder):
    """An order, the provider it is for, who acknowledged it, and the state of the activation (of a No: none)."""

    model_config = example(
        {**ORDER, "provider": PROVIDER, "acknowledgements": [{**_LINE, "offerId": "O-1"}], "state": "accepted"}
    )

    acknowledgements: tuple[Acknowledgement, ...]
    state: ActivationState | None
