"""What a database of release 0.1.0 knows is known after its upgrade, in the words of today."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, text

from gridlingua.services import acknowledgements, records
from gridlingua.services.accounts import organisations
from gridlingua.services.aggregator import store as aggregator
from gridlingua.services.consent import grants
from gridlingua.services.consent.tables import RECORDS, TRANSITIONS
from gridlingua.services.data_sharing.tables import POINTS, READINGS
from gridlingua.services.flexibility import store as flexibility
from gridlingua.services.flexibility.messages import ProvidedOffer, ProviderOrder
from gridlingua.services.messages import Need
from gridlingua.services.refusals import ForbiddenError
from gridlingua.storage import Database

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
KB = "https://aggregator.example.org/kb"
AGGREGATOR, RETAILER, GONE = "aggregator-example-org-kb", "retailer-example-org-kb", "gone-example-org-kb"


@pytest.fixture
def upgraded(released: Callable[..., Database]) -> Iterator[Connection]:
    database = released()
    database.upgrade()
    with database.reading() as connection:
        yield connection


def test_who_made_offers_or_holds_grants_is_an_organisation_that_an_administrator_has_to_let_in(
    upgraded: Connection,
) -> None:
    found = {one.id: one for one in organisations.find(upgraded)}
    assert set(found) == {AGGREGATOR, RETAILER, GONE}
    assert {one.active for one in found.values()} == {False}
    assert {one.roles for one in found.values()} == {("service_provider",)}
    assert found[AGGREGATOR].knowledge_bases == (KB,)


def test_needs_offers_and_orders_are_as_they_were_under_the_organisation(upgraded: Connection) -> None:
    needs = records.find(upgraded, flexibility.NEEDS, Need)
    offers = records.find(upgraded, flexibility.OFFERS, ProvidedOffer)
    orders = records.find(upgraded, flexibility.ORDERS, ProviderOrder)
    assert [(one.request_id, one.needs) for one in needs] == [("N1", 100), ("N2", Decimal("0.000000000000000001"))]
    assert [(one.provider, one.offer_id, one.offer) for one in offers] == [
        (AGGREGATOR, "O1", 60),
        (AGGREGATOR, "O2", Decimal("12345678901234567.8")),
        (RETAILER, "O1", 60),
    ]
    assert [(one.provider, one.offer_id, one.activation) for one in orders] == [
        (AGGREGATOR, "O1", "Yes"),
        (AGGREGATOR, "O2", "No"),
    ]


def test_who_acknowledged_what_is_known(upgraded: Connection) -> None:
    kept = flexibility.ACKNOWLEDGEMENTS
    said = acknowledgements.find(upgraded, kept, "order", "party", "request_id", "offer_id")
    assert [one.acknowledged_by for one in said[AGGREGATOR, "N1", "O1"]] == ["Aggregator One"]
    assert set(acknowledgements.find(upgraded, kept, "need", "party", "request_id")) == {(KB, "N1")}


def test_customers_are_low_voltage_clients_with_their_readings(upgraded: Connection) -> None:
    points = upgraded.execute(select(POINTS.c.kind, POINTS.c.meter_id, POINTS.c.user_id, POINTS.c.zone)).all()
    clients = [("LVClient", f"M{i}", f"U{i}", zone) for i, zone in ((1, "Z1"), (2, "Z1"), (3, "Z2"))]
    assert sorted(map(tuple, points)) == clients
    mine = select(READINGS).join(POINTS, POINTS.c.id == READINGS.c.point).order_by(READINGS.c.quarter)
    rows: Any = upgraded.execute(mine.where(POINTS.c.meter_id == "M3")).mappings().all()
    assert [row["withdrawn_w"] for row in rows] == [0, 1, 12_345]
    assert {row[column.name] for row in rows for column in list(READINGS.c)[3:]} == {None}
    assert upgraded.execute(select(func.count()).select_from(READINGS)).scalar() == 2 * 96 + 3


def test_a_point_that_is_added_afterwards_gets_a_number_of_its_own(released: Callable[..., Database]) -> None:
    database = released()
    database.upgrade()
    with database.writing() as connection:
        new = POINTS.insert().values(kind="LVClient", meter_id="M4").returning(POINTS.c.id)
        assert connection.execute(new).scalar_one() == 4


def test_a_grant_is_as_good_as_it_was(upgraded: Connection) -> None:
    asked: dict[str, Any] = {"kind": "metering", "start": NOON - timedelta(days=1), "end": NOON, "now": NOON}
    found = grants.require(upgraded, reference="G1", organisation=AGGREGATOR, user="U1", lock=False, **asked)
    assert found.valid_until.text == "2027-01-01T01:00:00+01:00"
    for reference, organisation, user in (("G2", RETAILER, "U2"), ("G1", RETAILER, "U1")):
        with pytest.raises(ForbiddenError):
            grants.require(upgraded, reference=reference, organisation=organisation, user=user, lock=False, **asked)


def test_every_grant_says_where_it_comes_from(upgraded: Connection) -> None:
    joined = select(RECORDS.c.grant_reference, TRANSITIONS.c.after, TRANSITIONS.c.cause, TRANSITIONS.c.actor)
    query = joined.join(TRANSITIONS, TRANSITIONS.c.reference == RECORDS.c.reference).order_by(RECORDS.c.number)
    came = ("granted", "entered by the DSO", "gridlingua 0.1.0")
    assert upgraded.execute(query).all() == [(reference, *came) for reference in ("G1", "G2", "G3")]


def test_what_the_aggregator_kept_is_as_it_was(upgraded: Connection) -> None:
    assert [one.dso for one in records.find(upgraded, aggregator.OFFERS, aggregator.DsoOffer)] == [
        "https://dso.example.org/kb"
    ] * 2
    (reading,) = aggregator.metering(upgraded, "U1", 1)
    assert (reading.time.text, reading.measurement) == ("2026-11-19T00:00:00Z", Decimal("0.1"))


def test_nothing_of_the_old_tables_is_left(upgraded: Connection) -> None:
    for table in ("data_sharing_customers", "data_sharing_grants", "data_sharing_readings_0001"):
        sqlite = "SELECT count(*) FROM sqlite_master WHERE name = :name"
        postgresql = "SELECT count(*) FROM pg_class WHERE relname = :name"
        query = sqlite if upgraded.dialect.name == "sqlite" else postgresql
        assert upgraded.execute(text(query), {"name": table}).scalar() == 0
