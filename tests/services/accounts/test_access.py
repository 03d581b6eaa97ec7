"""Who is let in: tokens, API keys, and knowledge bases that the adapter speaks for; everybody else is refused."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
import requests
import sqlalchemy
from cryptography.hazmat.primitives.serialization import load_der_private_key
from sqlalchemy import text

from gridlingua.services.accounts import credentials
from gridlingua.services.messages import NEED
from gridlingua.services.subscriptions import signatures
from gridlingua.storage import Database

AGGREGATOR = "https://aggregator.example.org/kb"
DAY = {"startTime": "2026-11-21T00:00:00Z", "endTime": "2026-11-22T00:00:00Z"}
NEEDS = "/Flexibility/Needs"
FORM = {"grant_type": "client_credentials"}


@pytest.fixture
def app(services: Any) -> Any:
    return services("flexibility")


def new_client(app: Any, organisation: str = "aggregator", **wanted: Any) -> dict[str, str]:
    made = app.post(f"/admin/organisations/{organisation}/credentials", {"kind": "client"} | wanted)
    assert made.status_code == 201, made.text
    issued: dict[str, str] = made.json()
    return issued


def token_of(app: Any, client: dict[str, str]) -> str:
    given = requests.post(f"{app.url}/oauth/token", FORM, auth=(client["id"], client["secret"]), timeout=10)
    assert given.status_code == 200, given.text
    assert given.headers["Cache-Control"] == "no-store"
    token: str = given.json()["access_token"]
    return token


def ask(app: Any, **headers: str) -> Any:
    """Ask for needs with nothing but these headers; underscores stand for hyphens."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.of("").get(NEEDS, params=DAY, headers=said)


def test_nobody_is_let_in_without_a_credential_and_is_told_how_to_get_one(app: Any) -> None:
    refused = ask(app)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, 'Bearer realm="gridlingua"')
    assert "POST /oauth/token" in refused.json()["detail"]


def test_a_clients_id_and_secret_give_a_token_that_lets_it_in(app: Any) -> None:
    client = new_client(app)
    basic = token_of(app, client)
    form = FORM | {"client_id": client["id"], "client_secret": client["secret"]}
    posted = requests.post(f"{app.url}/oauth/token", form, timeout=10).json()
    logged = [one for one in app.get("/admin/usage").json() if one["operation"] == "POST /oauth/token"]
    assert [(one["organisation"], one["client"]) for one in logged] == [("aggregator", client["id"])] * 2
    assert posted["expires_in"] == 600
    for token in (basic, posted["access_token"]):
        assert ask(app, Authorization=f"Bearer {token}").status_code == 200


@pytest.mark.parametrize(
    ("form", "auth", "status", "error"),
    [
        ({}, None, 400, "invalid_request"),
        ({"grant_type": "password"}, None, 400, "unsupported_grant_type"),
        (FORM, None, 401, "invalid_client"),
        (FORM, ("glc_0000000000000000", "wrong"), 401, "invalid_client"),
    ],
)
def test_a_token_is_refused_as_oauth_has_it(app: Any, form: Any, auth: Any, status: int, error: str) -> None:
    refused = requests.post(f"{app.url}/oauth/token", form, auth=auth, timeout=10)
    assert (refused.status_code, refused.json()["error"]) == (status, error)


def test_a_header_that_is_no_basic_authorization_is_a_wrong_client(app: Any) -> None:
    refused = requests.post(f"{app.url}/oauth/token", FORM, headers={"Authorization": "Basic ???"}, timeout=10)
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_a_token_is_good_for_ten_minutes(app: Any, clock: Any) -> None:
    token = token_of(app, new_client(app))
    clock.advance(minutes=10)
    assert ask(app, Authorization=f"Bearer {token}").status_code == 200
    clock.advance(minutes=1)
    refused = ask(app, Authorization=f"Bearer {token}")
    assert (refused.status_code, "expired" in refused.json()["detail"]) == (401, True)
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]


def test_a_token_that_somebody_changed_or_made_is_refused(app: Any) -> None:
    client = new_client(app)
    token = token_of(app, client)
    header, claims, signature = token.split(".")
    read = json.loads(base64.urlsafe_b64decode(claims + "=="))
    other = base64.urlsafe_b64encode(json.dumps(read | {"sub": "glc_other"}).encode()).decode().rstrip("=")
    unsigned = jwt.encode(read, None, algorithm="none", headers={"kid": jwt.get_unverified_header(token)["kid"]})
    with_our_public_key_as_a_password = jwt.encode(
        read, "x" * 64, algorithm="HS256", headers={"kid": jwt.get_unverified_header(token)["kid"]}
    )
    for bad in (f"{header}.{other}.{signature}", unsigned, with_our_public_key_as_a_password, "nonsense", f"{token}x"):
        assert ask(app, Authorization=f"Bearer {bad}").status_code == 401, bad


def test_keys_rotate_by_themselves_and_by_hand_and_old_tokens_stay_good_until_they_expire(app: Any, clock: Any) -> None:
    client = new_client(app)
    first = token_of(app, client)
    assert app.post("/admin/signing-keys", {}).status_code == 201
    second = token_of(app, client)
    kids = {jwt.get_unverified_header(token)["kid"] for token in (first, second)}
    assert len(kids) == 2
    published = app.of("").get("/.well-known/jwks.json").json()["keys"]
    assert {key["kid"] for key in published} == kids
    assert [ask(app, Authorization=f"Bearer {token}").status_code for token in (first, second)] == [200, 200]
    clock.advance(days=31)
    assert jwt.get_unverified_header(token_of(app, client))["kid"] not in kids
    assert (
        len(app.of("").get("/.well-known/jwks.json").json()["keys"]) == 2
    )  # the newest, and the one it took over from


def test_a_published_key_checks_a_token(app: Any) -> None:
    token = token_of(app, new_client(app))
    (key,) = app.of("").get("/.well-known/jwks.json").json()["keys"]
    options: Any = {"verify_exp": False, "verify_aud": False, "verify_iat": False}  # the clock of the test stands still
    assert jwt.decode(token, jwt.PyJWK(key), algorithms=["EdDSA"], options=options)["sub"].startswith("glc_")


def test_a_revoked_key_ends_its_tokens_at_once(app: Any) -> None:
    token = token_of(app, new_client(app))
    kid = jwt.get_unverified_header(token)["kid"]
    assert app.request("DELETE", f"/admin/signing-keys/{kid}").status_code == 200
    assert ask(app, Authorization=f"Bearer {token}").status_code == 401


def test_an_api_key_lets_in_until_it_is_switched_off_or_its_time_is_over(app: Any, clock: Any) -> None:
    until = {"kind": "key", "expiresAt": "2026-11-20T13:00:00Z"}
    issued = app.post("/admin/organisations/aggregator/credentials", until).json()
    assert (issued["secret"], issued["key"].startswith("glk_")) == (None, True)
    assert ask(app, X_API_Key=issued["key"]).status_code == 200
    app.request("PUT", f"/admin/credentials/{issued['id']}/active", json={"active": False})
    assert ask(app, X_API_Key=issued["key"]).status_code == 401
    app.request("PUT", f"/admin/credentials/{issued['id']}/active", json={"active": True})
    assert ask(app, X_API_Key=issued["key"]).status_code == 200
    clock.advance(hours=1)
    assert ask(app, X_API_Key=issued["key"]).status_code == 401


def test_an_organisation_that_is_switched_off_is_out_at_once_with_its_tokens_and_on_the_network(app: Any) -> None:
    token = token_of(app, new_client(app))
    assert app.get(NEEDS, params=DAY, headers={"Gridlingua-Requester": AGGREGATOR}).status_code == 200
    assert app.request("PUT", "/admin/organisations/aggregator/active", json={"active": False}).status_code == 200
    assert ask(app, Authorization=f"Bearer {token}").status_code == 401
    assert app.get(NEEDS, params=DAY, headers={"Gridlingua-Requester": AGGREGATOR}).status_code == 403


def test_a_client_may_have_fewer_roles_than_its_organisation_and_never_more(app: Any) -> None:
    reader = new_client(app, "dso", roles=["auditor"])
    token = {"Authorization": f"Bearer {token_of(app, reader)}"}
    assert app.of("").get("/admin/usage", headers=token).status_code == 200
    refused = app.of("").get("/admin/organisations", headers=token)
    assert (refused.status_code, "this is for admin" in refused.json()["detail"]) == (403, True)
    more = app.post("/admin/organisations/aggregator/credentials", {"kind": "client", "roles": ["admin"]})
    assert (more.status_code, more.json()["detail"]) == (
        422,
        "aggregator has not the role admin; it has service_provider",
    )


def test_only_the_adapter_speaks_for_a_knowledge_base(app: Any) -> None:
    spoken = app.get(NEEDS, params=DAY, headers={"Gridlingua-Requester": AGGREGATOR})
    assert spoken.status_code == 200
    refused = app.of("retailer").get(NEEDS, params=DAY, headers={"Gridlingua-Requester": AGGREGATOR})
    assert (refused.status_code, "may not speak for" in refused.json()["detail"]) == (403, True)


def test_an_unknown_knowledge_base_is_refused_and_logged_by_its_name(app: Any) -> None:
    stranger = "https://stranger.example.org/kb"
    refused = app.get(NEEDS, params=DAY, headers={"Gridlingua-Requester": stranger})
    assert (refused.status_code, "is not registered here" in refused.json()["detail"]) == (403, True)
    (line,) = [one for one in app.get("/admin/usage").json() if one["knowledgeBase"] == stranger]
    assert (line["organisation"], line["operation"], line["status"]) == ("", "GET /Flexibility/Needs", 403)


def test_over_the_network_nobody_has_the_roles_of_the_own_staff(app: Any) -> None:
    both = {"id": "mixed", "name": "Mixed", "roles": ["operator", "service_provider"], "knowledgeBases": ["urn:mixed"]}
    assert app.request("PUT", "/admin/organisations", json=both).status_code == 201
    assert app.get(NEEDS, params=DAY, headers={"Gridlingua-Requester": "urn:mixed"}).status_code == 200
    refused = app.get("/operator/flexibility/needs", headers={"Gridlingua-Requester": "urn:mixed"})
    assert refused.status_code == 403


def test_a_knowledge_base_belongs_to_one_organisation(app: Any) -> None:
    thief = {"id": "thief", "name": "Thief", "roles": ["service_provider"], "knowledgeBases": [AGGREGATOR]}
    refused = app.request("PUT", "/admin/organisations", json=thief)
    assert (refused.status_code, "registered for aggregator already" in refused.json()["detail"]) == (409, True)
    assert "thief" not in app.get("/admin/organisations").text


def test_an_organisation_can_be_changed_and_is_told_whether_it_is_new(app: Any) -> None:
    one = {"id": "new-one", "name": "New One", "roles": ["third_party"], "knowledgeBases": []}
    assert app.request("PUT", "/admin/organisations", json=one).status_code == 201
    again = app.request("PUT", "/admin/organisations", json=one | {"knowledgeBases": ["urn:new"]})
    assert (again.status_code, again.json()) == (200, one | {"knowledgeBases": ["urn:new"], "active": True})
    page = app.get("/admin/organisations", params={"limit": 2})
    assert len(page.json()) == 2
    following = page.headers["Link"].split(";")[0].strip("<>")
    assert len(app.of("dso").request("GET", following).json()) == 2


def test_secrets_are_kept_as_hashes_and_signing_keys_under_the_passphrase(
    services: Any, database_url: str, clock: Any
) -> None:
    app = services("flexibility", key_passphrase="correct horse")
    client = new_client(app)
    token_of(app, client)
    engine = sqlalchemy.create_engine(database_url)
    with engine.connect() as connection:
        hashes = connection.execute(text("SELECT secret_hash FROM accounts_credentials")).scalars().all()
        (private,) = connection.execute(text("SELECT private FROM accounts_signing_keys")).scalars().all()
    engine.dispose()
    assert client["secret"] not in hashes
    assert all(len(one) == 64 for one in hashes)
    with pytest.raises(Exception, match=r"[Pp]assword|encrypted"):
        load_der_private_key(bytes(private), None)
    other = services("flexibility", key_passphrase="wrong")
    refused = requests.post(f"{other.url}/oauth/token", FORM, auth=(client["id"], client["secret"]), timeout=10)
    assert (refused.status_code, "GRIDLINGUA_KEY_PASSPHRASE" in refused.json()["detail"]) == (503, True)


def test_what_is_issued_in_code_is_what_the_interface_takes(
    database: Database, services: Any, database_url: str
) -> None:
    app = services("flexibility")
    with database.writing() as connection:
        issued = credentials.issue(connection, "key", "aggregator", datetime(2026, 11, 20, 12, tzinfo=UTC))
    assert ask(app, X_API_Key=issued.key).status_code == 200


def test_where_to_get_a_token_is_published(app: Any) -> None:
    told = app.of("").get("/.well-known/oauth-authorization-server").json()
    assert (told["token_endpoint"], told["grant_types_supported"]) == (f"{app.url}/oauth/token", ["client_credentials"])


def test_what_a_known_party_signs_is_let_in_as_its_own_and_nothing_else(services: Any, clock: Any) -> None:
    app = services("aggregator")
    secret = signatures.new_secret()
    assert app.request("PUT", "/admin/organisations/north-grid/webhook", json={"secret": secret}).status_code == 204
    body = json.dumps([NEED]).encode()

    def post(content: bytes, *keys: str) -> int:
        headers = signatures.headers("msg_1", clock(), body, keys) | {"Content-Type": "application/json"}
        status: int = app.of("").post("/Flexibility/Needs", content, headers=headers).status_code
        return status

    assert post(body, signatures.new_secret(), secret) == 200
    assert [one["sender"] for one in app.get("/operator/aggregator/needs").json()] == ["north-grid"]
    assert post(body.replace(b"100", b"999"), secret) == 401
    assert post(body, signatures.new_secret()) == 401
    said = signatures.headers("msg_1", clock(), b"", [secret])
    assert app.of("").get("/operator/aggregator/needs", headers=said).status_code == 401
    assert app.of("").post("/operator/aggregator/offers", b"", headers=said).status_code == 403
    renamed = signatures.headers("msg_1", clock(), body, [secret]) | {"Idempotency-Key": "msg_2"}
    assert app.of("").post("/Flexibility/Needs", body, headers=renamed).status_code == 401
    late = signatures.headers("msg_2", clock(), body, [secret]) | {"Content-Type": "application/json"}
    clock.advance(minutes=6)
    assert app.of("").post("/Flexibility/Needs", body, headers=late).status_code == 401


@pytest.mark.parametrize(
    ("organisation", "secret", "status"),
    [("north-grid", "whsec_short", 422), ("north-grid", "no secret at all", 422), ("nobody", "whsec_" + "A" * 44, 404)],
)
def test_a_secret_that_is_none_is_refused(app: Any, organisation: str, secret: str, status: int) -> None:
    path = f"/admin/organisations/{organisation}/webhook"
    assert app.request("PUT", path, json={"secret": secret}).status_code == status


def test_two_organisations_do_not_sign_with_one_secret_and_a_secret_can_be_taken_away(app: Any) -> None:
    secret = {"secret": signatures.new_secret()}
    assert app.request("PUT", "/admin/organisations/north-grid/webhook", json=secret).status_code == 204
    assert app.request("PUT", "/admin/organisations/third/webhook", json=secret).status_code == 422
    assert app.request("DELETE", "/admin/organisations/north-grid/webhook").status_code == 204
    assert app.request("DELETE", "/admin/organisations/north-grid/webhook").status_code == 404


@pytest.mark.parametrize("kid", ["\ud800", "a\u0000b", "k" * 65, "' OR 1=1"])
def test_a_token_with_any_key_id_is_a_401(app: Any, kid: str) -> None:
    part = base64.urlsafe_b64encode(json.dumps({"alg": "EdDSA", "kid": kid}).encode()).decode().rstrip("=")
    assert ask(app, Authorization=f"Bearer {part}.e30.AA").status_code == 401


@pytest.mark.parametrize("name", ["%00", "a%00b", "%ED%A0%80", "x" * 70])
def test_a_client_of_any_name_is_a_401(app: Any, name: str) -> None:
    form = f"grant_type=client_credentials&client_id={name}&client_secret=x"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert requests.post(f"{app.url}/oauth/token", form, headers=headers, timeout=10).status_code == 401
    assert ask(app, X_API_Key=f"glk_{name}.secret").status_code == 401


def test_a_body_is_not_read_before_it_is_known_who_sends_it_and_no_further_than_it_may_be(app: Any) -> None:
    large = b"[" + b" " * (9 * 2**20) + b"]"
    assert app.of("").post("/Flexibility/Offers", large).status_code in (401, 413)
    refused = app.of("aggregator").post("/Flexibility/Offers", large)
    assert (refused.status_code, refused.headers["Content-Type"]) == (413, "application/problem+json")
    form = "grant_type=client_credentials&client_id=" + "x" * 2**17
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert requests.post(f"{app.url}/oauth/token", form, headers=headers, timeout=10).status_code == 413


@pytest.mark.parametrize("number", ["1e10000000", "1e9999999999999999999999", "-1e-5000"])
def test_a_number_that_nothing_measures_is_refused_at_once(app: Any, number: str) -> None:
    body = f'{{"answerMinutes": {number}}}'.encode()
    assert app.post("/operator/flexibility/calendar", body, method="PUT").status_code == 400


def test_to_speak_for_others_is_not_had_by_the_way(app: Any) -> None:
    staff = {"id": "all-roles", "name": "All", "roles": ["operator", "adapter"]}
    assert app.request("PUT", "/admin/organisations", json=staff).status_code == 201
    issued = app.post("/admin/organisations/all-roles/credentials", {"kind": "key"}).json()
    refused = app.of("").get(
        NEEDS, params=DAY, headers={"X-API-Key": issued["key"], "Gridlingua-Requester": AGGREGATOR}
    )
    assert (refused.status_code, "may not speak for" in refused.json()["detail"]) == (403, True)


def test_a_knowledge_base_beyond_ascii_is_known_as_the_adapter_names_it(app: Any) -> None:
    one = {
        "id": "cafe",
        "name": "Café",
        "roles": ["service_provider"],
        "knowledgeBases": ["https://café.example.org/kb"],
    }
    assert app.request("PUT", "/admin/organisations", json=one).status_code == 201
    named = {"Gridlingua-Requester": "https://caf%C3%A9.example.org/kb"}
    assert app.get(NEEDS, params=DAY, headers=named).status_code == 200


def test_two_administrators_at_once_end_in_one_organisation(app: Any) -> None:
    one = {"id": "racing", "name": "Racing", "roles": ["third_party"], "knowledgeBases": ["urn:racing"]}
    with ThreadPoolExecutor(8) as pool:
        put = lambda _: app.of("dso").request("PUT", "/admin/organisations", json=one).status_code  # noqa: E731
        assert set(pool.map(put, range(8))) <= {200, 201, 409}
