"""The rules of power limits (D4.3 2.1.1.1) and capabilities; pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from gridlingua.errors import Fault
from gridlingua.services.limits.messages import Capability, PowerLimit
from gridlingua.services.quarter_hours import point_faults, whole_faults


def limit_faults(limits: Sequence[PowerLimit]) -> list[Fault]:
    """What is wrong with limits: by themselves, and where two of them speak of one point and quarter-hour."""
    faults: list[Fault] = []
    ids = [one.limit_id for one in limits]
    spoken: dict[tuple[str, datetime], int] = {}
    for position, one in enumerate(limits):
        faults += _limit_faults(one, f"/{position}")
        if one.limit_id in ids[:position]:
            faults.append(Fault(f"/{position}", f"{one.limit_id} stands at /{ids.index(one.limit_id)} already"))
        for index, interval in enumerate(one.intervals):
            first = spoken.setdefault((one.connection_point, interval.time.at), position)
            if first != position:
                said = f"{one.connection_point} has a limit at {interval.time} in /{first}; it has one at a time"
                faults.append(Fault(f"/{position}/intervals/{index}/time", said))
    return faults


def _limit_faults(one: PowerLimit, place: str) -> Iterator[Fault]:
    yield from whole_faults(one, place)
    yield from point_faults(one, [interval.time for interval in one.intervals], f"{place}/intervals", "time")
    for index, interval in enumerate(one.intervals):
        if interval.minimum > interval.maximum:
            said = f"{interval.minimum} is above the maximum {interval.maximum}; what is fed in is below zero"
            yield Fault(f"{place}/intervals/{index}/minimum", said)


def contradiction(one: Capability) -> str | None:
    """What of a capability contradicts the rest of it, or nothing."""
    for way in ("consumption", "production"):
        if getattr(one, f"contractual_{way}") > getattr(one, f"nominal_{way}"):
            return f"the contractual {way} is above the nominal {way}"
    return "what is not changeable cannot be obligatory" if one.obligatory and not one.changeable else None
