"""Opportunities for third parties: where flexibility would help, and nobody's home told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert

from gridlingua.services.flexibility.messages import ProvidedOffer, ProviderOrder
from gridlingua.services.flexibility.store import NEEDS, OFFERS, ORDERS, PRODUCTS
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Need
from gridlingua.services.records import values
from gridlingua.storage import Database

from ..exchanges import judge
from ..samples import content
from .conftest import AGGREGATOR

ASKED = "/GridObservability/opportunities"


def need(name: str, meters: list[str], **changes: Any) -> dict[str, Any]:
    return {
        "requestId": name,
        "needs": Decimal("44.4"),
        "measurementUnit": "kW",
        "direction": "Up",
        "typePower": "Active",
        "startTime": "2026-11-23T14:00:00Z",
        "endTime": "2026-11-23T16:30:00Z",
        "eligibleClients": meters,
    } | changes


@pytest.fixture
def record(database_url: str, clock: Any) -> Any:
    """Enters needs as flexibility keeps them, published or not."""
    database = Database(database_url)

    def enter(*needs: dict[str, Any], public: bool = True) -> None:
        with database.writing() as connection:
            for one in needs:
                message = Need.model_validate(one)
                connection.execute(insert(NEEDS).values(values(message) | {"received_at": clock()}))
                product = {name: clock.now.replace(year=2026 if public else 2030) for name in _GATES}
                product |= {"start": message.start_time.at, "end": message.end_time.at}
                kind = {"request_id": message.request_id, "kind": "day-ahead"}
                connection.execute(insert(PRODUCTS).values(kind | product))

    yield enter
    database.close()


_GATES = ("publication", "offers", "plan")


def told(dso: Any, *zip_codes: str) -> list[tuple[str, Any]]:
    found = dso.of("third").get(ASKED, params={"zipCodes": list(zip_codes)})
    assert found.status_code == 200, found.text
    return [
        (
            one["zipCode"],
            [(each["direction"], each["quantity"], each["startTime"][11:16]) for each in one["opportunities"]],
        )
        for one in content(found)
    ]


def test_the_example_of_d4_2_is_told_in_its_words_but_for_storage_that_nobody_looked_for(
    dso: Any, points: Any, record: Any, catalogue: Any
) -> None:
    evening = {"startTime": "2026-11-23T19:00:00Z", "endTime": "2026-11-23T21:30:00Z"}
    record(
        need("N1", points("Z1", "4200-013", 10)),
        need("N2", points("Z2", "4260-339", 12), direction="Down", needs=29600, measurementUnit="W", **evening),
        need("N3", points("Z3", "1200-109", 12)),
    )
    asked = {"zipCodes": ["4200", "4250", "4265", "4280"]}
    found = dso.of("third").get(ASKED, params=asked)
    assert [(one["zipCode"], [each["message"] for each in one["opportunities"]]) for one in found.json()] == [
        (
            "4200-013",
            ["The number of EVs charging during 14h00 and 16h30 should increase by 6."],
        ),
        (
            "4260-339",
            ["The number of EVs charging during 19h00 and 21h30 should decrease by 4."],
        ),
    ]
    assert [one["opportunities"][0]["quantity"] for one in content(found)] == [Decimal("44.4"), Decimal("29.6")]
    judge(catalogue, "observability/opportunities", asked, content(found))


def test_the_hours_are_those_of_the_dso(services: Any, points: Any, record: Any) -> None:
    there = services("observability", "flexibility", "forecast", "data_sharing", time_zone="Europe/Paris")
    record(need("N1", points("Z1", "75011", 10)))
    (found,) = there.of("third").get(ASKED, params={"zipCodes": "75011"}).json()
    (one,) = found["opportunities"]
    assert one["message"].startswith("The number of EVs charging during 15h00 and 17h30")
    assert one["startTime"] == "2026-11-23T15:00:00+01:00"


def test_a_need_is_spread_over_the_places_of_its_meters(dso: Any, points: Any, record: Any) -> None:
    meters = points("Z1", "4200-013", 30) + points("Z1", "4200-400", 10)
    record(need("N1", meters, needs=100))
    assert told(dso, "4200") == [("4200-013", [("Up", 75, "14:00")]), ("4200-400", [("Up", 25, "14:00")])]


def test_few_meters_are_told_under_the_first_part_of_their_code_or_not_at_all(
    dso: Any, points: Any, record: Any
) -> None:
    many, few, other = points("Z1", "4200-013", 10), points("Z1", "4200-400", 5), points("Z1", "4200-500", 5)
    record(need("N1", many + few + other, needs=20))
    assert told(dso, "4200") == [("4200", [("Up", 10, "14:00")]), ("4200-013", [("Up", 10, "14:00")])]
    record(need("N2", points("Z2", "4300-001", 9)))
    assert told(dso, "4300") == []


def test_what_is_ordered_is_lacking_no_more(dso: Any, points: Any, record: Any, database: Any) -> None:
    record(need("N1", points("Z1", "4200-013", 10)))
    times = {"start_time": "2026-11-23T14:00:00Z", "end_time": "2026-11-23T15:00:00Z"}
    with database.writing() as connection:
        for name, activation, quantity in (("O1", "Yes", Decimal("24.4")), ("O2", "No", 10)):
            said = {"provider": "aggregator", "request_id": "N1", "offer_id": name, "activation": activation}
            numbers = {"quantity": quantity, "offered_quantity": quantity, "measurement_unit": "kW"}
            utc = {f"{name}_utc": _utc(at) for name, at in times.items()}
            row = said | numbers | times | utc | {"received_at": _utc(times["start_time"])}
            connection.execute(insert(ORDERS).values(row))
    # two stretches without a break are one opportunity, of the most that is lacking
    assert told(dso, "4200") == [("4200-013", [("Up", Decimal("44.4"), "14:00")])]
    with database.writing() as connection:
        connection.execute(ORDERS.update().where(ORDERS.c.offer_id == "O1").values(quantity=Decimal("44.4")))
    assert told(dso, "4200") == [("4200-013", [("Up", Decimal("44.4"), "15:00")])]


def _utc(text: str) -> Any:
    return Instant.parse(text).at


def test_what_providers_forecast_for_the_meters_is_taken_off(dso: Any, points: Any, record: Any) -> None:
    meters = points("Z1", "4200-013", 10)
    record(need("N1", meters, needs=20, endTime="2026-11-23T14:30:00Z"))
    assert dso.of("aggregator").post("/Forecast/Flexibility", [_forecast(meters[0], 5, 30)]).status_code == 200
    assert told(dso, "4200") == [("4200-013", [("Up", 15, "14:00")])]
    (found,) = dso.of("third").get(ASKED, params={"zipCodes": "4200"}).json()
    assert "What providers forecast to offer there is taken off." in found["opportunities"][0]["message"]


def test_what_is_ordered_is_not_taken_off_once_more_as_a_forecast_of_the_same_meters(
    dso: Any, points: Any, record: Any, database: Any
) -> None:
    meters = points("Z1", "4200-013", 10)
    record(need("N1", meters, needs=100, endTime="2026-11-23T14:30:00Z"))
    assert dso.of("aggregator").post("/Forecast/Flexibility", [_forecast(meters[0], 60, 60)]).status_code == 200
    assert told(dso, "4200") == [("4200-013", [("Up", 40, "14:00")])]
    period = {"startTime": "2026-11-23T14:00:00Z", "endTime": "2026-11-23T14:30:00Z"}
    bid = {"requestId": "N1", "offerId": "O1", "measurementUnit": "kW"} | period
    made = {"provider": "aggregator", "offer": 60, "price": 1, "meterIds": [meters[0]]}
    given = {"provider": "aggregator", "activation": "Yes", "quantity": 60, "offeredQuantity": 60}
    at = {"received_at": _utc(period["startTime"])}
    with database.writing() as connection:
        connection.execute(insert(OFFERS).values(values(ProvidedOffer.model_validate(bid | made)) | at))
        connection.execute(insert(ORDERS).values(values(ProviderOrder.model_validate(bid | given)) | at))
    assert told(dso, "4200") == [("4200-013", [("Up", 40, "14:00")])]


def _forecast(meter: str, *up: int) -> dict[str, Any]:
    """What a meter can be moved by in two quarter-hours: upwards as told, and much downwards."""
    times = ["2026-11-23T14:00:00Z", "2026-11-23T14:15:00Z"]
    return {
        "forecastId": "F1",
        "assetId": meter,
        "createdAt": "2026-11-20T10:00:00Z",
        "startTime": times[0],
        "endTime": "2026-11-23T14:30:00Z",
        "resolution": "PT15M",
        "measurementUnit": "kW",
        "costUnit": "EUR/kWh",
        "directions": [
            {
                "direction": way,
                "flexibility": [
                    {"startTime": at, "power": power, "marginalCost": 0}
                    for at, power in zip(times, powers, strict=True)
                ],
            }
            for way, powers in (("Up", up), ("Down", (99, 99)))
        ],
    }


def test_up_and_down_at_one_place_and_time_are_set_against_each_other(
    dso: Any, points: Any, record: Any, catalogue: Any
) -> None:
    meters = points("Z1", "4200-013", 10)
    late = {"startTime": "2026-11-23T15:00:00Z", "endTime": "2026-11-23T18:00:00Z"}
    record(need("N1", meters, needs=10), need("N2", meters, direction="Down", needs=30, **late))
    assert told(dso, "4200") == [("4200-013", [("Up", 10, "14:00"), ("Down", 30, "15:00")])]
    found = dso.of("third").get(ASKED, params={"zipCodes": "4200"})
    judge(catalogue, "observability/opportunities", {"zipCodes": ["4200"]}, content(found))


def test_only_needs_of_active_power_that_are_public_and_not_over_are_told(
    dso: Any, points: Any, record: Any, clock: Any
) -> None:
    meters = points("Z1", "4200-013", 10)
    record(need("N1", meters), public=False)
    record(need("N2", meters, measurementUnit="kvar", typePower="Reactive"))
    assert told(dso, "4200") == []
    record(need("N3", meters))
    assert len(told(dso, "4200")) == 1
    clock.advance(days=10)
    assert told(dso, "4200") == []


@pytest.mark.parametrize("codes", [[], ["porto"], ["4200-0"], ["4200"] * 101])
def test_what_is_no_zip_code_is_refused(dso: Any, codes: list[str]) -> None:
    assert dso.of("third").get(ASKED, params={"zipCodes": codes}).status_code == 422


def test_opportunities_are_for_third_parties(dso: Any, points: Any, record: Any) -> None:
    record(need("N1", points("Z1", "4200-013", 10)))
    assert dso.of("aggregator").get(ASKED, params={"zipCodes": "4200"}).status_code == 403
    as_one = {"Gridlingua-Requester": "https://third.example.org/kb"}
    assert len(dso.get(ASKED, params={"zipCodes": "4200"}, headers=as_one).json()) == 1
    as_another = {"Gridlingua-Requester": AGGREGATOR}
    assert dso.get(ASKED, params={"zipCodes": "4200"}, headers=as_another).status_code == 403
