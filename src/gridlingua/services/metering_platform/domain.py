"""The rules of what a meter says (Enedis-NOI-CPT_54E); pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import get_args

from gridlingua.errors import Fault
from gridlingua.services.metering_platform.messages import (
    CutoffPower,
    DataPoint,
    Frame,
    InjectedPower,
    Label,
    MeterReading,
    PowerOverrun,
)
from gridlingua.services.power import exact

LINKY = Decimal(36_000)
_FIVE_DIGITS = 99_999
_POINTS: dict[str, tuple[str, str, int]] = {
    "EAST": ("ActiveEnergy", "Wh", 999_999_999),
    "EAIT": ("ActiveEnergy", "Wh", 999_999_999),
    "IRMS1": ("Current", "A", 999),
    "URMS1": ("Voltage", "V", 440),
    "PREF": ("PowerLimit", "VA", 36_000),
    "PCOUP": ("CutoffPower", "VA", 36_000),
    "SINSTS": ("ApparentPower", "VA", _FIVE_DIGITS),
    "SMAXSN": ("ApparentPower", "VA", _FIVE_DIGITS),
    "SINSTI": ("InjectedPower", "VA", _FIVE_DIGITS),
    "CCASN": ("ActivePower", "W", _FIVE_DIGITS),
    "CCAIN": ("ActivePower", "W", _FIVE_DIGITS),
}
"""Quantity, unit and most of each label."""


def reading_faults(readings: Sequence[MeterReading]) -> list[Fault]:
    """What is wrong with readings: out of the meter's range, or told twice."""
    faults = [fault for position, one in enumerate(readings) for fault in _reading_faults(one, f"/{position}")]
    seen: dict[tuple[str, object], int] = {}
    for position, one in enumerate(readings):
        first = seen.setdefault((one.meter_id, one.timestamp), position)
        if first != position:
            faults.append(Fault(f"/{position}", f"{one.meter_id} at {one.timestamp} stands at /{first} already"))
    return faults


def _reading_faults(one: MeterReading, place: str) -> Iterator[Fault]:
    if isinstance(one, CutoffPower):
        volt_amperes = _volt_amperes(one.cutoff_power, one.measurement_unit)
        if volt_amperes and not 1000 <= volt_amperes <= LINKY:
            said = f"{one.cutoff_power} {one.measurement_unit} is not 0, and not from 1 kVA to 36 kVA"
            yield Fault(f"{place}/cutoffPower", said)
    if isinstance(one, InjectedPower) and _volt_amperes(one.injected_power, one.measurement_unit) > _FIVE_DIGITS:
        yield Fault(f"{place}/injectedPower", f"{one.injected_power} {one.measurement_unit} is above 99999 VA")
    if isinstance(one, PowerOverrun):
        subscribed = _volt_amperes(one.subscribed_power, one.measurement_unit)
        if not 0 < subscribed <= LINKY:
            said = f"{one.subscribed_power} {one.measurement_unit} is not above 0, and at most 36 kVA"
            yield Fault(f"{place}/subscribedPower", said)


def _volt_amperes(power: Decimal, unit: str) -> Decimal:
    with exact():
        return power.scaleb(3 if unit == "kVA" else 0)


def frame_faults(frames: Sequence[Frame]) -> list[Fault]:
    """What is wrong with frames: a data point missing, of another unit, out of range, or later than its frame."""
    return [fault for position, one in enumerate(frames) for fault in _frame_faults(one, f"/{position}")]


def _frame_faults(one: Frame, place: str) -> Iterator[Fault]:
    labels = [point.label for point in one.readings]
    for label in get_args(Label):
        if labels.count(label) != 1:
            yield Fault(f"{place}/readings", f"{label} must be in the frame, once")
    for index, point in enumerate(one.readings):
        yield from _point_faults(point, f"{place}/readings/{index}")
        if point.timestamp > one.timestamp:
            yield Fault(f"{place}/readings/{index}/timestamp", f"{point.timestamp} is after the frame, {one.timestamp}")
    values = {point.label: point.value for point in one.readings}
    if values.get("SINSTS") and values.get("SINSTI"):
        yield Fault(f"{place}/readings", "a meter draws or feeds in at one instant: SINSTS or SINSTI must be 0")


def _point_faults(point: DataPoint, place: str) -> Iterator[Fault]:
    quantity, unit, most = _POINTS[point.label]
    if point.quantity != quantity:
        yield Fault(f"{place}/quantity", f"{point.label} is {quantity}, not {point.quantity}")
    if point.unit != unit:
        yield Fault(f"{place}/unit", f"{point.label} is in {unit}, not {point.unit}")
    if point.value > most:
        yield Fault(f"{place}/value", f"{point.value} is above {most} {unit}, the most of {point.label}")
