"""What the aggregator's own people and systems send to its service, and get back."""

from __future__ import annotations

from typing import Any, Literal

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
from gridlingua.services.wire import Identifier, Message, NonNegative, Positive, Time, example

_DSO = "https://dso.example.org/kb"
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
