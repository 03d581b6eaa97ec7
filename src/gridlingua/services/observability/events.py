"""The life of a fault or an abnormal voltage at the DSO, and how bad a voltage is (EN 50160); pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Literal, get_args

from gridlingua.errors import Fault
from gridlingua.services.observability.messages import AbnormalVoltage, FaultNotification

State = Literal["Received", "Acknowledged", "InProgress", "Closed", "FalseAlarm"]
Severity = Literal["Minor", "Major", "Critical"]
STATES: tuple[State, ...] = get_args(State)
TRANSITIONS: dict[State, tuple[State, ...]] = {
    "Received": ("Acknowledged", "FalseAlarm"),
    "Acknowledged": ("InProgress", "Closed", "FalseAlarm"),
    "InProgress": ("Closed", "FalseAlarm"),
    "Closed": (),
    "FalseAlarm": (),
}
FINAL = tuple(state for state, further in TRANSITIONS.items() if not further)
LONG_INTERRUPTION = timedelta(minutes=3)  # EN 50160, 3: what is longer is no short interruption
_SEVERITIES: tuple[Severity, ...] = get_args(Severity)


def illegal(state: State, wanted: State) -> str | None:
    """Why an event may not go from a state to another, or nothing."""
    if wanted in TRANSITIONS[state]:
        return None
    allowed = ", ".join(TRANSITIONS[state]) or "nothing, it is over"
    return f"an event that is {state} cannot become {wanted}; allowed: {allowed}"


def voltage_severity(volts: Decimal) -> Severity | None:
    """How bad one reading between phase and neutral is, as far as an instant tells; nothing within 230 V +-10 %.

    EN 50160 is about means of 10 minutes: from 85 to 90 % one in twenty may be (4.2.2.2), above 110 % and below 85 %
    none. From 120 % on, and below 70 %, are its worst classes of swells and dips: what a lost neutral does.
    """
    if 207 <= volts <= 253:
        return None
    if volts < 161 or volts >= 276:
        return "Critical"
    return "Minor" if Decimal("195.5") <= volts < 207 else "Major"


def fault_severity(fault: FaultNotification) -> Severity:
    """A long interruption (EN 50160: over 3 minutes) is critical, a shorter one major."""
    return "Critical" if fault.timestamp.at - fault.start_time.at > LONG_INTERRUPTION else "Major"


def worse(one: Severity, other: Severity) -> Severity:
    """The worse of two."""
    return max(one, other, key=_SEVERITIES.index)


def fault_faults(notifications: Sequence[FaultNotification]) -> list[Fault]:
    """What is wrong with notified faults."""
    faults: list[Fault] = []
    for position, one in enumerate(notifications):
        if one.timestamp <= one.start_time:
            said = f"{one.timestamp} is not after the start {one.start_time}: HEMS are counted after a fault began"
            faults.append(Fault(f"/{position}/timestamp", said))
        codes = [place.postal_code for place in one.fault_location_identification]
        for index, code in enumerate(codes):
            if code in codes[:index]:
                place = f"/{position}/faultLocationIdentification/{index}/postalCode"
                faults.append(Fault(place, f"{code} stands at {codes.index(code)} already"))
    ids = [one.fault_location_id for one in notifications]
    return faults + [
        Fault(f"/{position}", f"{one} stands at /{ids.index(one)} already; send it once")
        for position, one in enumerate(ids)
        if one in ids[:position]
    ]


def voltage_faults(readings: Sequence[AbnormalVoltage]) -> list[Fault]:
    """What is wrong with abnormal voltages: within the band, called after the wrong side, or told twice."""
    faults: list[Fault] = []
    codes: dict[str, str] = {}
    seen: dict[tuple[str, object], int] = {}
    for position, one in enumerate(readings):
        faults += _voltage_faults(one, f"/{position}")
        code = codes.setdefault(one.hems_id, one.postal_code)
        if code != one.postal_code:
            said = f"HEMS {one.hems_id} is in {code} above; a HEMS is in one place"
            faults.append(Fault(f"/{position}/postalCode", said))
        first = seen.setdefault((one.hems_id, one.timestamp), position)
        if first != position:
            faults.append(Fault(f"/{position}", f"{one.hems_id} at {one.timestamp} stands at /{first} already"))
    return faults


def _voltage_faults(one: AbnormalVoltage, place: str) -> Iterator[Fault]:
    if 207 <= one.voltage <= 253:
        yield Fault(f"{place}/voltage", f"{one.voltage} V is within 207 V to 253 V, the band of EN 50160: leave it out")
    elif (one.abnormal_voltage == "Low") != (one.voltage < 207):
        said = f"{one.voltage} V is not {one.abnormal_voltage}; Low is below 207 V, High above 253 V"
        yield Fault(f"{place}/abnormalVoltage", said)
