"""The authorization matrix: every route by every role, from the policies; every exchange, from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gridlingua.catalogue import Catalogue
from gridlingua.services.access import ROLES
from gridlingua.services.accounts import credentials, organisations
from gridlingua.services.accounts.messages import NewOrganisation
from gridlingua.storage import Database
from gridlingua.web.services import VERSION, Settings, available, create_app

from .conftest import NOON, Clock, running
from .routes import Operation, operations

OPERATIONS = operations()
GUARDED = [one for one in OPERATIONS if one.policy.data != "public"]


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """All services, and a client for every role alone."""
    url = f"sqlite:///{tmp_path_factory.mktemp('matrix') / 'x.sqlite'}"
    app = create_app(Settings(tuple(available()), url, name="dso"), Clock())
    with running(app) as client:
        database: Database = app.state.context.database
        with database.writing() as connection:
            for role in ROLES:
                one = NewOrganisation.model_validate({"id": role.replace("_", "-"), "name": role, "roles": [role]})
                organisations.put(connection, one, NOON)
                client.keys[role] = credentials.issue(connection, "key", one.id, NOON).key
        yield client


def said(client: Any, one: Operation) -> Any:
    return client.request(one.method, one.filled, headers={"Content-Type": "application/json"}, data=b"{}")


def is_refused_for_its_role(response: Any) -> bool:
    return response.status_code == 403 and "; this is for " in response.json()["detail"]


@pytest.mark.parametrize("one", GUARDED, ids=str)
def test_a_route_lets_in_the_roles_of_its_policy_and_nobody_else(matrix: Any, one: Operation) -> None:
    assert said(matrix.of(""), one).status_code == 401
    for role in ROLES:
        response = said(matrix.of(role), one)
        assert is_refused_for_its_role(response) == (role not in one.policy.roles), f"{role}: {response.text}"
        assert response.status_code not in (401, 500), f"{role}: {response.text}"


@pytest.mark.parametrize("one", [one for one in OPERATIONS if one.policy.data == "public"], ids=str)
def test_a_public_route_asks_for_no_account(matrix: Any, one: Operation) -> None:
    response = matrix.of("").request(one.method, one.filled)
    assert "Bearer" not in response.headers.get("WWW-Authenticate", "")
    assert response.status_code < 500


def test_the_own_staff_alone_works_inside() -> None:
    staff = {"operator", "admin", "auditor", "portal"}
    for one in GUARDED:
        is_inside = one.path.startswith((f"{VERSION}/operator/", f"{VERSION}/admin/"))
        assert (one.policy.data == "internal") == is_inside, one
        assert (one.policy.data == "internal") == (one.policy.roles <= staff), one
        assert "adapter" not in one.policy.roles, f"{one}: the adapter speaks for others, never for itself"


def test_every_exchange_is_let_in_as_the_catalogue_says(catalogue: Catalogue) -> None:
    """The catalogue gives every exchange its access, or does not load; the routes that answer agree with it."""
    answered = {(one.method, one.path.removeprefix(VERSION)): one for one in GUARDED}
    for exchange in catalogue.exchanges.values():
        route = answered.get((exchange.operation.method, exchange.operation.path))
        if exchange.responder == "dso":
            assert route is not None, f"no service answers {exchange.id}"
        if route is not None and len([one for one in catalogue.exchanges.values() if _same(one, exchange)]) == 1:
            assert exchange.initiator in route.policy.roles, exchange.id
            assert route.policy.data == exchange.access, exchange.id


def _same(one: Any, other: Any) -> bool:
    return (one.operation.method, one.operation.path) == (other.operation.method, other.operation.path)


def test_a_route_that_answers_exchanges_lets_in_nobody_whom_they_do_not_name(catalogue: Catalogue) -> None:
    initiators: dict[tuple[str, str], set[str]] = {}
    for exchange in catalogue.exchanges.values():
        operation = exchange.operation
        initiators.setdefault((operation.method, operation.path), set()).add(exchange.initiator)
    for one in GUARDED:
        named = initiators.get((one.method, one.path.removeprefix(VERSION)))
        if named and one.policy.data == "own":
            assert one.policy.roles <= named, one
