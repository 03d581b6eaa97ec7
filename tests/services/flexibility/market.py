"""Needs and offers to test the rules of the market with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from gridlingua.services.flexibility.messages import ProvidedOffer, ProviderOrder
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Need
from gridlingua.services.power import to_base

START = datetime(2026, 11, 21, 10, tzinfo=UTC)


def moment(hours: float) -> Instant:
    return Instant.of(START + timedelta(hours=hours))


def a_need(quantity: Decimal = Decimal(100), unit: str = "kW", *, hours: float = 3, **changes: Any) -> Need:
    return Need.model_validate(
        {
            "requestId": "N",
            "needs": quantity,
            "measurementUnit": unit,
            "direction": "Down",
            "typePower": "Active",
            "startTime": moment(0),
            "endTime": moment(hours),
            "eligibleClients": ["M1", "M2"],
        }
        | changes
    )


def an_offer(
    name: str, quantity: Decimal, price: Decimal, *, unit: str = "kW", hours: tuple[float, float] = (0, 3), **more: Any
) -> ProvidedOffer:
    return ProvidedOffer.model_validate(
        {
            "provider": "P",
            "requestId": "N",
            "offerId": name,
            "offer": quantity,
            "measurementUnit": unit,
            "price": price,
            "startTime": moment(hours[0]),
            "endTime": moment(hours[1]),
            "meterIds": ["M1"],
        }
        | more
    )


QUANTITIES = st.decimals(Decimal("0.001"), Decimal(500), places=3)
PRICES = st.decimals(Decimal(0), Decimal(1), places=1)
HOURS = st.sampled_from([(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)])
NEEDS = QUANTITIES.map(a_need)


@st.composite
def offers(draw: st.DrawFn, hours: st.SearchStrategy[tuple[int, int]] = HOURS, most: int = 6) -> list[ProvidedOffer]:
    count = draw(st.integers(1, most))
    units = st.sampled_from(["W", "kW", "MW"])
    return [
        an_offer(f"O{i}", draw(QUANTITIES), draw(PRICES), unit=draw(units), hours=draw(hours)) for i in range(count)
    ]


def watts(order: ProviderOrder) -> Decimal:
    return to_base(order.quantity, order.measurement_unit) if order.activation == "Yes" else Decimal(0)
