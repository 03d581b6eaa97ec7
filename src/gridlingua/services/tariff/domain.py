"""The rules of grid tariffs (D4.3 4.3, 2.1.1); pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from gridlingua.errors import Fault
from gridlingua.services.quarter_hours import missing_faults, point_faults, whole_faults
from gridlingua.services.tariff.messages import Tariff, Tier

NOTICE = timedelta(hours=1)


def tariff_faults(tariffs: Sequence[Tariff]) -> list[Fault]:
    """What is wrong with tariffs, by themselves and between each other."""
    faults = [fault for position, one in enumerate(tariffs) for fault in _tariff_faults(one, f"/{position}")]
    ids = [one.tariff_id for one in tariffs]
    for position, one in enumerate(tariffs):
        if one.tariff_id in ids[:position]:
            faults.append(Fault(f"/{position}", f"{one.tariff_id} stands at /{ids.index(one.tariff_id)} already"))
        others = [other for other in tariffs[:position] if other.tariff_id != one.tariff_id]
        faults += [Fault(f"/{position}/startTime", said) for other in others if (said := overlap(one, other))]
    return faults


def overlap(one: Tariff, other: Tariff) -> str | None:
    """Why two tariffs of a zone cannot both hold, or nothing."""
    apart = one.end_time <= other.start_time or other.end_time <= one.start_time
    if one.zone_id != other.zone_id or apart:
        return None
    return f"zone {one.zone_id} has tariff {other.tariff_id} from {other.start_time} to {other.end_time}; one at a time"


def _tariff_faults(one: Tariff, place: str) -> Iterator[Fault]:
    faults = list(whole_faults(one, place))
    yield from faults
    if one.start_time.at - one.published_at.at < NOTICE:
        said = f"{one.published_at} is less than an hour before the start {one.start_time}"
        yield Fault(f"{place}/publishedAt", f"{said}; a tariff is published an hour before it begins (D4.3 2.1.1)")
    for index, tier in enumerate(one.tiers):
        times = [price.start_time for price in tier.prices]
        where = f"{place}/tiers/{index}"
        if not faults:
            yield from point_faults(one, times, f"{where}/prices")
            yield from missing_faults(one, times, f"{where}/prices")
        if tier.upper_boundary <= tier.lower_boundary:
            yield Fault(f"{where}/upperBoundary", f"{tier.upper_boundary} is not above {tier.lower_boundary}")
    yield from _tier_faults(one.tiers, f"{place}/tiers")


def _tier_faults(tiers: Sequence[Tier], place: str) -> Iterator[Fault]:
    in_order = sorted(enumerate(tiers), key=lambda one: one[1].lower_boundary)
    for (_, below), (index, above) in pairwise(in_order):
        if below.upper_boundary != above.lower_boundary:
            said = "overlap" if below.upper_boundary > above.lower_boundary else "leave a gap"
            between = f"one ends at {below.upper_boundary}, the next begins at {above.lower_boundary}"
            yield Fault(f"{place}/{index}/lowerBoundary", f"tiers {said}: {between}")
    if not in_order[0][1].lower_boundary <= 0 <= max(tier.upper_boundary for tier in tiers):
        yield Fault(place, "zero lies in no tier and is no boundary of one: power close to zero would have no price")
