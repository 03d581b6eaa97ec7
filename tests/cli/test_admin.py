"""``gridlingua admin`` at the database, and the services that then let in whom it entered."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from gridlingua.cli import app
from gridlingua.services.data_sharing import add_customers
from gridlingua.services.data_sharing.messages import Customer
from gridlingua.storage import Database

Admin = Callable[..., Result]
PERIOD = ("--from", "2026-11-01T00:00:00Z", "--until", "2027-11-01T00:00:00Z")


@pytest.fixture
def admin(tmp_path: Path) -> Admin:
    """Runs ``gridlingua admin`` on a database of its own."""
    environment = {"GRIDLINGUA_DATABASE": f"sqlite:///{tmp_path / 'x.sqlite'}", "COLUMNS": "200"}

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["admin", *words], env=environment)

    return run


@pytest.fixture
def entered(admin: Admin) -> Admin:
    put = ("organisation", "put", "one", "--role", "service_provider", "--knowledge-base", "urn:one")
    assert admin(*put).output == "one is entered\n"
    assert admin(*put, "--name", "One").output == "one is changed\n"
    return admin


def test_organisations_are_shown_with_roles_and_knowledge_bases_and_switched_off(entered: Admin) -> None:
    assert entered("organisation", "switch", "one", "--off").output == "one is kept out\n"
    shown = entered("organisation", "list").output
    assert all(word in shown for word in ("One", "service_provider", "urn:one", "off"))


def test_what_is_not_named_stays_as_it_is(entered: Admin) -> None:
    assert entered("organisation", "put", "one", "--role", "third_party").output == "one is changed\n"
    shown = entered("organisation", "list").output
    assert all(word in shown for word in ("One", "third_party", "urn:one"))


def test_a_secret_is_shown_once_and_never_listed(entered: Admin) -> None:
    client = json.loads(entered("client", "add", "one", "--label", "desk", "--json").output)
    key = json.loads(entered("client", "add", "one", "--api-key", "--json").output)
    listed = entered("client", "list", "one").output
    assert client["id"] in listed
    assert key["id"] in listed
    assert client["secret"] not in listed
    assert key["key"].partition(".")[2] not in listed
    assert entered("client", "switch", key["id"], "--off").output == f"{key['id']} is off\n"


def test_a_grant_is_for_a_user_and_an_organisation_that_are_known_and_ends_when_it_is_revoked(
    entered: Admin, tmp_path: Path
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite'}")
    add_customers(database, [Customer(user="U1", meter_id="M1", zone="Z1")])
    database.close()
    assert "there is no user U2" in entered("grant", "add", "--user", "U2", "--grantee", "one", *PERIOD).output
    reference = entered("grant", "add", "--user", "U1", "--grantee", "one", *PERIOD).output.strip()
    assert reference in entered("grant", "list").output
    assert entered("grant", "revoke", reference, "--cause", "asked by mail").exit_code == 0
    assert reference not in entered("grant", "list").output
    assert entered("grant", "revoke", reference, "--cause", "again").exit_code == 1


def test_keys_rotate_and_are_revoked(admin: Admin) -> None:
    kid = admin("key", "rotate").output.strip()
    assert admin("key", "revoke", kid).output == f"{kid} is revoked\n"
    assert "there is no signing key 'x'" in admin("key", "revoke", "x").output


def test_the_usage_log_is_empty_before_anybody_came(admin: Admin) -> None:
    assert "whose data" in admin("usage", "--since", "2026-11-01T00:00:00Z").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("organisation", "put", "UPPER", "--role", "operator"), "id: String should match pattern"),
        (("organisation", "put", "one", "--role", "king"), "roles/0: Input should be 'service_provider'"),
        (("organisation", "switch", "nobody", "--off"), "there is no organisation 'nobody'"),
        (("client", "add", "nobody"), "there is no organisation 'nobody'"),
        (("client", "switch", "glc_0", "--off"), "there is no client or API key 'glc_0'"),
        (("grant", "add", "--user", "U1", "--grantee", "nobody", *PERIOD), "there is no organisation 'nobody'"),
        (("grant", "revoke", "G-0", "--cause", "no"), "there is no grant G-0"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_status_1(admin: Admin, words: tuple[str, ...], said: str) -> None:
    done = admin(*words)
    assert (done.exit_code, said in done.output) == (1, True), done.output


def test_a_time_that_is_none_is_told_with_what_one_looks_like(entered: Admin) -> None:
    done = entered("client", "add", "one", "--until", "tomorrow")
    assert (done.exit_code, "no time with a zone" in done.output) == (2, True)
