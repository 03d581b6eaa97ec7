"""Amounts and totals of a settlement table."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from gridlingua.services.settlement.amounts import CENT, Entry, amount, totals
from gridlingua.services.settlement.states import State

ENERGIES = st.decimals(Decimal(0), Decimal(100_000), places=9)
PRICES = st.decimals(Decimal(0), Decimal(10), places=6)
EUROS = st.decimals(Decimal(0), Decimal(10_000), places=2)


def test_half_a_cent_goes_to_the_even_cent() -> None:
    assert amount([(Decimal("51.25"), Decimal("0.1"))]) == Decimal("5.12")
    assert amount([(Decimal("51.35"), Decimal("0.1"))]) == Decimal("5.14")
    assert amount([(Decimal("51.2501"), Decimal("0.1"))]) == Decimal("5.13")


def test_an_offer_is_rounded_once_at_its_end() -> None:
    quarter = (Decimal("0.025"), Decimal("0.2"))  # half a cent, in each of four quarter-hours
    assert amount([quarter] * 4) == Decimal("0.02")
    assert 4 * amount([quarter]) == 0


@given(ENERGIES, PRICES)
def test_an_amount_is_at_most_half_a_cent_off(energy: Decimal, price: Decimal) -> None:
    found = amount([(energy, price)])
    assert found == found.quantize(CENT)
    assert abs(found - energy * price) <= CENT / 2


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    found = []
    for _ in range(draw(st.integers(0, 8))):
        state: State = draw(st.sampled_from([one for one in get_args(State) if one != "superseded"]))
        whole = draw(EUROS)
        settled = whole if state == "settled" else draw(st.sampled_from([Decimal(0), draw(EUROS)]))
        provider, month = draw(st.sampled_from("ab")), draw(st.sampled_from(["2026-11", "2026-12"]))
        found.append(Entry(provider, month, state, *(draw(ENERGIES) for _ in range(3)), whole, settled))
    return found


@given(entries())
def test_a_table_adds_up(given_: list[Entry]) -> None:
    found = totals(given_)
    assert sum(one.offers for one in found) == len(given_)
    assert sum(one.amount for one in found) == sum(one.amount for one in given_)
    assert sum(one.paid for one in found) == sum(one.paid for one in given_)
    for one in found:
        assert one.amount == one.settled + one.payable + one.held + one.unconfirmed
