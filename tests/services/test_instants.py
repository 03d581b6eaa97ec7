"""Times are compared by the instant they mean, and echoed as they were written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridlingua.services.instants import Instant

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 31), timezones=ZONES)


@given(MOMENTS)
def test_what_is_written_is_read_back_and_echoed(at: datetime) -> None:
    written = Instant.of(at)
    read = Instant.parse(written.text)
    assert (read, read.at, str(read)) == (written, at.astimezone(UTC), written.text)


@given(MOMENTS, ZONES)
def test_the_same_instant_in_another_zone_is_equal_and_looks_different(at: datetime, zone: timezone) -> None:
    one, other = Instant.of(at), Instant.of(at.astimezone(zone))
    assert one == other
    assert hash(one) == hash(other)
    assert (one.text == other.text) == (at.utcoffset() == zone.utcoffset(None))


@given(MOMENTS, MOMENTS)
def test_instants_are_ordered_by_time(one: datetime, other: datetime) -> None:
    assert (Instant.of(one) < Instant.of(other)) == (one < other)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21",
        "2026-11-21T10:00:00",
        "2026-11-21T10:00Z",
        "20261121T100000Z",
        "2026-11-21T10:00:00+0100",
        "2026-11-21T10:00:00+14:01",
        "noon",
        "",
        7,
    ],
)
def test_a_time_without_a_zone_or_of_another_form_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="is no time with a zone"):
        Instant.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29T10:00:00Z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T25:00:00Z",
        "0001-01-01T00:00:00+01:00",
    ],
)
def test_a_time_that_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no time of the calendar"):
        Instant.parse(text)


@pytest.mark.parametrize("text", ["1899-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_time_out_of_all_proportion_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not of the years 1900 to 2199"):
        Instant.parse(text)


def test_a_plus_lost_in_an_address_is_explained() -> None:
    with pytest.raises(ValueError, match="%2B"):
        Instant.parse("2026-11-21T10:00:00 01:00")
