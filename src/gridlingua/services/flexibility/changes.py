"""What changes the state of offers and activations, as it is sent, and what is told of their states."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from gridlingua.services.flexibility.messages import PROVIDER
from gridlingua.services.flexibility.states import ActivationState, OfferState
from gridlingua.services.messages import ORDER, PERIOD, Period
from gridlingua.services.wire import Identifier, Message, Time, example

Reason = Annotated[str, Field(max_length=512, pattern=r"^[^\x00]*$")]
_IDS: dict[str, Any] = {"requestId": ORDER["requestId"], "offerId": "O-1"}
_CHANGE: dict[str, Any] = {
    "state": "active",
    "at": "2026-11-20T13:00:00Z",
    "cause": "it keeps the rules of its need",
    "actor": "dso",
}


class Suspension(Period):
    """An offer that its provider cannot deliver over a period (D4.3 3.2.5), and why."""

    model_config = example(_IDS | PERIOD | {"reason": "The gateway of the heat pumps is being updated."})

    request_id: Identifier
    offer_id: Identifier
    reason: Reason


class ProvidedSuspension(Suspension):
    """A suspension by the DSO itself, of an offer of ``provider``."""

    model_config = example(_IDS | PERIOD | {"reason": "Its feeder is out of service.", "provider": PROVIDER})

    provider: str


class ActivationAnswer(Message):
    """What a provider says to an activation that it was sent (D4.3 3.2.6).

    ``start_time`` repeats the plan; ``responded_at`` is when the provider decided; who cancels says why.
    """

    model_config = example(
        _IDS | {"status": "Accepted", "startTime": PERIOD["startTime"], "respondedAt": "2026-11-20T17:41:10Z"}
    )

    request_id: Identifier
    offer_id: Identifier
    status: Literal["Accepted", "Cancelled"]
    start_time: Time
    responded_at: Time
    reason: Reason = ""


class ProvidedAnswer(ActivationAnswer):
    """An answer and the provider that gave it."""

    provider: str


class WhichOffer(Message):
    """An offer by its provider and ids, and why the DSO does something with it."""

    model_config = example(_IDS | {"provider": PROVIDER, "reason": "Checked with the provider by telephone."})

    provider: str
    request_id: Identifier
    offer_id: Identifier
    reason: Annotated[Reason, Field(pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")]


class StateChange(Message):
    """A state that began ``at`` a time, why, and by whom: an organisation, or the ``clock``."""

    model_config = example(_CHANGE)

    state: OfferState | ActivationState
    at: Time
    cause: str
    actor: str


class OfferHistory(Message):
    """The state of an offer, all that led to it, and the suspensions that were not lifted."""

    model_config = example(_IDS | {"provider": PROVIDER, "state": "active", "history": [_CHANGE], "suspensions": []})

    provider: str
    request_id: Identifier
    offer_id: Identifier
    state: OfferState
    history: tuple[StateChange, ...]
    suspensions: tuple[Period, ...]


class ActivationHistory(Message):
    """The state of an activation and all that led to it."""

    model_config = example(
        _IDS
        | {
            "provider": PROVIDER,
            "state": "accepted",
            "history": [_CHANGE | {"state": "accepted", "cause": "the provider accepted it", "actor": PROVIDER}],
        }
    )

    provider: str
    request_id: Identifier
    offer_id: Identifier
    state: ActivationState
    history: tuple[StateChange, ...]
