"""What a service keeps, its adapter can say: one message that it cannot would take all others of a reply with it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from gridlingua.catalogue import load, shipped
from gridlingua.errors import Fault
from gridlingua.semantics.lift import lift
from gridlingua.semantics.mapping import Minter
from gridlingua.semantics.schema import conform
from gridlingua.services import messages
from gridlingua.services.flexibility.domain import need_faults, offer_faults
from gridlingua.services.messages import Acknowledgement, Need, NeedAcknowledgement, Offer, Order, PowerUnit

CATALOGUE = load(shipped())
TIMES = [
    "2026-11-21T11:00:00.5+01:00",
    "2026-11-21T11:00:00.123456789+05:45",
    "2026-11-21T11:00:00-00:00",
    "2026-11-20T24:00:00Z",
    "2026-11-21T10:59:60Z",
    "1900-01-01T00:00:00+14:00",
    "2199-12-31T23:59:59Z",
    "2026-11-21T12:00:00+14:01",
]
IDS = ["", ".", "é", "a b", "N" * 64, "N" * 65]
NAMES = ["", "n" * 128, "n" * 129, "DSO \u2603 \U0001f50c", 'a "name" \\ of\u2028two lines', "\x00", "\n"]
NUMBERS = [0, -1, Decimal("1e-18"), Decimal("1e-19"), 10**18, 10**36, Decimal("1e30"), True, "1", None]
METERS = [[], ["M1"], ["M1", "M1"], ["M2", "M1"], [""]]
ODD: dict[str, list[Any]] = {
    **dict.fromkeys(["startTime", "endTime", "acknowledgedAt"], TIMES),
    **dict.fromkeys(["requestId", "offerId"], IDS),
    **dict.fromkeys(["needs", "offer", "price", "quantity", "offeredQuantity"], NUMBERS),
    **dict.fromkeys(["eligibleClients", "meterIds"], METERS),
    "measurementUnit": [*get_args(PowerUnit), "GW", "kWh", "kw"],
    "direction": ["Up", "up"],
    "typePower": ["Reactive", "reactive"],
    "activation": ["No", "no", True],
    "acknowledgedBy": NAMES,
}
NEED = Need.model_validate(messages.NEED | {"eligibleClients": ["M1", "M2", "M000001"]})
SAID = [
    (Need, messages.NEED, "flexibility/needs", "reply"),
    (Need, messages.NEED, "flexibility/needs_publication", "request"),
    (Offer, messages.OFFER, "flexibility/offers", "request"),
    (Order, messages.ORDER, "flexibility/activation_plan", "request"),
    (NeedAcknowledgement, messages.NEED_ACKNOWLEDGEMENT, "flexibility/needs_publication", "reply"),
    (Acknowledgement, messages.ACKNOWLEDGEMENT, "flexibility/offers", "reply"),
    (Acknowledgement, messages.ACKNOWLEDGEMENT, "flexibility/activation_plan", "reply"),
]


def kept(model: type[Any], example: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The example and every change of one field that the service's rules let through."""
    example = {key: Decimal(str(value)) if isinstance(value, float) else value for key, value in example.items()}
    for message in [example, *({**example, name: odd} for name in example for odd in ODD[name])]:
        try:
            one = model.model_validate(message)
        except ValidationError:
            continue
        if isinstance(one, Need) and need_faults([one]):
            continue
        if isinstance(one, Offer) and offer_faults([one], {one.request_id: NEED}):
            continue
        yield message


@pytest.mark.parametrize(("model", "example", "exchange_id", "part"), SAID)
def test_what_a_service_keeps_can_be_said(
    model: type[Any], example: dict[str, Any], exchange_id: str, part: str
) -> None:
    exchange = CATALOGUE[exchange_id]
    schema = exchange.request_schema if part == "request" else exchange.reply_schema
    mapping = exchange.request if part == "request" else exchange.reply
    found = list(kept(model, example))
    assert len(found) > len(example)
    faults: dict[str, list[Fault]] = {str(one): conform(schema, [one]) for one in found}
    assert {one: fault for one, fault in faults.items() if fault} == {}
    for one in found:
        assert lift(mapping, [one], Minter("https://dso.example.org/"))
