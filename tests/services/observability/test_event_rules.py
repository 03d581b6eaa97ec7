"""The life of an event, how bad a voltage is, and how postal codes are written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridlingua.services.observability.events import FINAL, STATES, TRANSITIONS, illegal, voltage_severity, worse
from gridlingua.services.observability.postal_codes import around, of_country
from gridlingua.services.postal_codes import written


@pytest.mark.parametrize(
    ("volts", "severity"),
    [
        ("0", "Critical"),
        ("160.9", "Critical"),
        ("161", "Major"),
        ("195.4", "Major"),
        ("195.5", "Minor"),
        ("206.9", "Minor"),
        ("207", None),
        ("230", None),
        ("253", None),
        ("253.1", "Major"),
        ("275.9", "Major"),
        ("276", "Critical"),
        ("371.5", "Critical"),
    ],
)
def test_a_voltage_is_as_bad_as_en_50160_has_it(volts: str, severity: str | None) -> None:
    assert voltage_severity(Decimal(volts)) == severity


@given(st.sampled_from(STATES), st.sampled_from(STATES))
def test_a_step_is_refused_unless_the_table_has_it(state: str, wanted: str) -> None:
    assert (illegal(state, wanted) is None) == (wanted in TRANSITIONS[state])  # type: ignore[arg-type, index]


@given(st.sampled_from(STATES))
def test_every_event_can_be_brought_to_its_end(state: str) -> None:
    reached, further = {state}, [state]
    while further:
        for then in TRANSITIONS[further.pop()]:  # type: ignore[index]
            if then not in reached:
                reached.add(then)
                further.append(then)
    assert reached & set(FINAL)


def test_the_worse_of_two_severities_does_not_depend_on_their_order() -> None:
    assert worse("Minor", "Critical") == worse("Critical", "Minor") == "Critical"


@pytest.mark.parametrize("code", ["4405-123", "75011", "2311 EZ", "104 31", "1000", "SW1A 1AA"])
def test_a_postal_code_is_written_as_its_post_writes_it(code: str) -> None:
    assert written(code) == code


@pytest.mark.parametrize("code", ["", "4405-12", "2311 ez", "P-4405-123", "porto", "4405-123\n", "4405--123", "٤٤٠٥"])
def test_what_no_post_writes_is_no_postal_code(code: str) -> None:
    with pytest.raises(ValueError, match="post"):
        written(code)


def test_a_whole_code_is_judged_by_its_country() -> None:
    assert of_country("4405-123", "PT") is None
    assert of_country("12345", "XX") is None
    assert of_country("4405", "PT") == "4405 is no postal code of PT, such as 4405-123"


@pytest.mark.parametrize(
    ("code", "asked", "near"),
    [
        ("4200-013", "4200", True),
        ("4260-339", "4265", True),
        ("4405-123", "4405-123", True),
        ("4405-200", "4405-123", True),
        ("4415-200", "4405-123", False),
        ("1200-109", "4200", False),
        ("75011", "75020", False),
        ("75011", "75012", True),
    ],
)
def test_around_a_zip_code_is_what_shares_all_but_the_last_digit_of_its_first_part(
    code: str, asked: str, near: bool
) -> None:
    assert around(code, asked) is near
