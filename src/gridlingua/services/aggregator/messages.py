"""What the aggregator's own people and systems send to its service, and get back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from gridlingua.services.flexibility.changes import ActivationAnswer
from gridlingua.services.messages import (
    ACKNOWLEDGEMENT,
    FAILURE,
    NEED,
    OFFER,
    ORDER,
    Acknowledgement,
    Failure,
    Need,
    Offer,
    Order,
    PowerUnit,
    Unacknowledged,
)
from gridlingua.services.settlement.messages import DeliveryReport
from gridlingua.services.wire import Identifier, Message, NonNegative, Positive, Time, example

_DSO = "https://dso.example.org/kb"
ORDER_IDS: dict[str, Any] = {"requestId": ORDER["requestId"], "offerId": ORDER["offerId"]}
ANSWER: dict[str, Any] = {
    "status": "Accepted",
    "startTime": ORDER["startTime"],
    "respondedAt": "2026-11-20T17:41:10Z",
    "reason": "",
}
REPORT: dict[str, Any] = {
    **ORDER_IDS,
    "direction": "Down",
    "startTime": ORDER["startTime"],
    "endTime": ORDER["endTime"],
    "measurementUnit": "kW",
    "intervals": [{"time": ORDER["startTime"], "ordered": 20, "baseline": 48, "metered": 32, "delivered": 16}],
}
PRICE: dict[str, Any] = {"meterId": "M000001", "capacity": 1.5, "measurementUnit": "kW", "price": 0.12}


class Price(Message):
    """What a meter can give (``capacity`` in ``measurement_unit``), and for how much (``price`` EUR/kWh)."""

    model_config = example(PRICE)

    meter_id: Identifier
    capacity: Positive
    measurement_unit: PowerUnit
    price: NonNegative


class SentNeed(Need):
    """A need and the DSO that it came from (a knowledge base id; empty when the adapter does not say)."""

    model_config = example({**NEED, "sender": _DSO})

    sender: str


class DsoOffer(Offer):
    """An offer and the DSO whose need it is for (a knowledge base id; empty when unknown)."""

    model_config = example({**OFFER, "dso": _DSO})

    dso: str


class DsoOrder(Order):
    """An order and the DSO that gave it (a knowledge base id; empty when unknown)."""

    model_config = example({**ORDER, "dso": _DSO})

    dso: str


class UnacknowledgedOffer(Unacknowledged):
    """An offer that its DSO did not acknowledge."""

    model_config = example({"requestId": OFFER["requestId"], "offerId": OFFER["offerId"], "dso": _DSO})

    dso: str


class Bidding(Message):
    """The needs of a window, what was offered for them, what the DSOs said to have, and who failed."""

    model_config = example(
        {
            "needs": [{**NEED, "sender": _DSO}],
            "offers": [{**OFFER, "dso": _DSO}],
            "acknowledgements": [ACKNOWLEDGEMENT],
            "unacknowledged": [],
            "failures": [FAILURE],
        }
    )

    needs: tuple[SentNeed, ...]
    offers: tuple[DsoOffer, ...]
    acknowledgements: tuple[Acknowledgement, ...]
    unacknowledged: tuple[UnacknowledgedOffer, ...]
    failures: tuple[Failure, ...]


class KeptNeed(SentNeed):
    """A need, who published it (a knowledge base id), and when it came."""

    model_config = example({**NEED, "sender": _DSO, "receivedAt": "2026-11-20T12:00:00Z"})

    received_at: Time


class KeptOffer(DsoOffer):
    """An offer and who acknowledged it."""

    model_config = example({**OFFER, "dso": _DSO, "acknowledgements": [ACKNOWLEDGEMENT]})

    acknowledgements: tuple[Acknowledgement, ...]


class KeptOrder(DsoOrder):
    """An order of the DSO, and when it came."""

    model_config = example({**ORDER, "dso": _DSO, "receivedAt": "2026-11-20T18:00:00Z"})

    received_at: Time


class MeteringRequest(Message):
    """Whose metering to fetch, on what grant, how fine (1: 15 min, 2: hour, 3: day), and of when."""

    model_config = example(
        {
            "user": "U000001",
            "grant": "G-49d259db",
            "granularity": 1,
            "start": "2026-11-20T00:00:00Z",
            "end": "2026-11-21T00:00:00Z",
        }
    )

    user: Identifier
    grant: Identifier
    granularity: Literal[1, 2, 3]
    start: Time
    end: Time


class Subscribing(Message):
    """How a DSO shall send needs and plans: over the network, or to ``callback`` with a signature.

    ``dso`` is the organisation here whose signature it then is.
    """

    model_config = example(
        {"subscriptionId": "flex-2026", "channel": "network"},
        {"subscriptionId": "flex-2026", "channel": "REST", "callback": "https://one.example.org/1.0", "dso": "dso"},
    )

    subscription_id: Identifier
    channel: Literal["REST", "network"]
    callback: str = ""
    dso: str = ""


class Subscribed(Message):
    """Who keeps the subscription, and since when."""

    model_config = example(
        {"subscriptionId": "flex-2026", "acknowledgedBy": "dso", "acknowledgedAt": "2026-11-20T12:00:00Z"}
    )

    subscription_id: Identifier
    acknowledged_by: str
    acknowledged_at: Time


class Authorizing(Message):
    """Whose metering the aggregator wants to read, and of when."""

    model_config = example({"endUser": "U000001", "start": "2026-11-01T00:00:00Z", "end": "2027-11-01T00:00:00Z"})

    end_user: Identifier
    start: Time
    end: Time


class Authorized(Message):
    """What the DSO says to it: Requested until the user has decided; with the grant's reference once it is Given."""

    model_config = example(
        {"endUser": "U000001", "grantee": "Aggregator One", "status": "Given", "grant": "G-49d259db"}
    )

    end_user: Identifier
    grantee: str
    status: str
    grant: str = ""


class Answering(Message):
    """What to say to every activation that has no answer yet, or to those of some needs."""

    model_config = example({"status": "Accepted"}, {"status": "Cancelled", "reason": "the heat pumps are in defrost"})

    status: Literal["Accepted", "Cancelled"]
    reason: str = ""
    request_ids: tuple[Identifier, ...] | None = None


class KeptAnswer(ActivationAnswer):
    """What was said to an activation of a DSO, and whether it has it."""

    model_config = example({**ORDER_IDS, **ANSWER, "dso": _DSO, "acknowledged": True})

    dso: str
    acknowledged: bool


class MeteredUser(Message):
    """A user and the meter whose readings were fetched."""

    model_config = example({"user": "U000001", "meterId": "M000001"})

    user: Identifier
    meter_id: Identifier


class Baselining(Message):
    """Make and send baselines of a day for these meters, from the readings that were fetched of the days before."""

    model_config = example(
        {"start": "2026-11-21T00:00:00Z", "end": "2026-11-22T00:00:00Z", "meters": [{"user": "U1", "meterId": "M1"}]}
    )

    start: Time
    end: Time
    meters: Annotated[tuple[MeteredUser, ...], Field(min_length=1)]


class KeptReport(DeliveryReport):
    """A delivery report, the DSO that sent it, and what was said to it."""

    model_config = example({**REPORT, "dso": _DSO, "decision": "Confirmed", "reason": ""})

    dso: str
    decision: Literal["Confirmed", "Disputed"]
    reason: str
