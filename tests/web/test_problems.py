"""Every error leaves an app as a problem document of RFC 9457, and tells what its reader can act on."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from typing import Annotated, Any

import pytest
import requests
import uvicorn
from fastapi import Body, FastAPI, HTTPException
from pydantic import BaseModel, Field

from gridlingua.errors import CatalogueError, Fault, MessageError, Problem, RemoteError
from gridlingua.services.network import RelayedError
from gridlingua.services.refusals import ConflictError, ForbiddenError, NotFoundError, RefusedError
from gridlingua.web import problems

FAULTS = [Fault("/0/endTime", "too early"), Fault("", "too long")]
ERRORS: dict[str, Exception] = {
    "faults": MessageError(FAULTS, exchange="flexibility/needs", part="request"),
    "sentence": MessageError("bind from and to"),
    "refused": RefusedError([Fault("/a", "no")]),
    "forbidden": ForbiddenError("not yours"),
    "missing": NotFoundError("no such thing"),
    "conflict": ConflictError("known otherwise"),
    "remote": RemoteError("the aggregator did not answer", party="aggregator", status=504, retry=True),
    "relayed": RelayedError(
        409, {"type": "https://example.org/p", "title": "Taken", "status": 200, "extra": [1]}, {"Gridlingua-Rows": "3"}
    ),
    "catalogue": CatalogueError([Problem("a/secret/path", 1, "parse", "broken")]),
    "bug": ZeroDivisionError("password=hunter2"),
    "teapot": HTTPException(418, "short and stout", headers={"X-Handle": "yes"}),
    "odd": HTTPException(499, "went away"),
}


class Thing(BaseModel):
    name: Annotated[str, Field(max_length=3)]
    count: int


def make_app() -> FastAPI:
    app = FastAPI()
    problems.install(app, logging.getLogger("test.problems"))

    @app.get("/raise/{name}")
    def fail(name: str) -> None:
        raise ERRORS[name]

    @app.post("/things", responses={409: {"description": "known"}})
    def things(things: Annotated[list[Thing], Body()], limit: int = 1) -> int:
        return len(things) + limit

    return app


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(make_app(), log_level="critical"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def document(response: requests.Response) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = response.json()
    assert found["status"] == response.status_code
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "faults",
            {
                "title": "Unprocessable Content",
                "status": 422,
                "detail": "/0/endTime: too early; too long",
                "faults": [
                    {"pointer": "/0/endTime", "message": "too early"},
                    {"pointer": "", "message": "too long"},
                ],
                "exchange": "flexibility/needs",
                "part": "request",
            },
        ),
        (
            "sentence",
            {
                "title": "Unprocessable Content",
                "status": 422,
                "detail": "bind from and to",
                "faults": [{"pointer": "", "message": "bind from and to"}],
            },
        ),
        (
            "remote",
            {
                "title": "Gateway Timeout",
                "status": 504,
                "detail": "the aggregator did not answer",
                "party": "aggregator",
                "retry": True,
            },
        ),
        ("teapot", {"title": "I'm a Teapot", "status": 418, "detail": "short and stout"}),
        ("odd", {"title": "Status 499", "status": 499, "detail": "went away"}),
    ],
)
def test_an_error_is_told_by_who_must_act(
    url: str, session: requests.Session, name: str, expected: dict[str, Any]
) -> None:
    assert document(session.get(f"{url}/raise/{name}")) == {"type": "about:blank"} | expected


@pytest.mark.parametrize(
    ("name", "status"), [("refused", 422), ("forbidden", 403), ("missing", 404), ("conflict", 409)]
)
def test_a_refusal_has_the_status_it_names_and_its_faults(
    url: str, session: requests.Session, name: str, status: int
) -> None:
    found = document(session.get(f"{url}/raise/{name}"))
    assert (found["status"], len(found["faults"])) == (status, 1)


def test_a_relayed_problem_keeps_its_type_and_members_and_headers_under_the_status_it_had(
    url: str, session: requests.Session
) -> None:
    response = session.get(f"{url}/raise/relayed")
    assert document(response) == {"type": "https://example.org/p", "title": "Taken", "status": 409, "extra": [1]}
    assert response.headers["Gridlingua-Rows"] == "3"


@pytest.mark.parametrize("name", ["bug", "catalogue"])
def test_what_nobody_expected_tells_nothing_of_the_inside_and_is_logged(
    url: str, session: requests.Session, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = session.get(f"{url}/raise/{name}")
    assert document(response)["status"] == 500
    assert not {"hunter2", "secret", "Error", "Traceback"} & set(
        response.text.replace("=", " ").replace("/", " ").split()
    )
    (record,) = (record for record in caplog.records if record.name == "test.problems")
    assert record.getMessage() == "GET /raise/{name} failed"  # what is filled in may be a secret
    assert record.exc_info is not None
    assert record.exc_info[1] is ERRORS[name]


def test_a_connection_survives_what_nobody_expected(url: str) -> None:
    with closing(HTTPConnection(url.removeprefix("http://"))) as connection:
        connection.connect()
        first = connection.sock
        for name, status in (("bug", 500), ("missing", 404)):
            connection.request("GET", f"/raise/{name}")
            response = connection.getresponse()
            response.read()
            assert (response.status, connection.sock) == (status, first)


def test_headers_of_an_http_error_are_kept(url: str, session: requests.Session) -> None:
    assert session.get(f"{url}/raise/teapot").headers["X-Handle"] == "yes"
    refused = session.delete(f"{url}/things")
    assert (document(refused)["title"], refused.headers["Allow"]) == ("Method Not Allowed", "POST")


def test_a_path_there_is_not_is_told_without_repeating_the_title(url: str, session: requests.Session) -> None:
    assert document(session.get(f"{url}/nowhere")) == {"type": "about:blank", "title": "Not Found", "status": 404}


def test_every_field_that_does_not_fit_is_told_with_its_pointer_and_value(url: str, session: requests.Session) -> None:
    refused = session.post(f"{url}/things?limit=x", json=[{"name": "long", "count": "many"}, {"count": 1}])
    found = document(refused)
    assert found["status"] == 422
    told = {fault["pointer"]: fault["message"] for fault in found["faults"]}
    assert set(told) == {"/limit", "/0/name", "/0/count", "/1/name"}
    assert "at most 3 characters, not 'long'" in told["/0/name"]
    assert told["/1/name"] == "Field required"


@pytest.mark.parametrize("body", [b"{", b"[1,]", b"nonsense"])
def test_a_body_that_is_no_json_is_a_bad_request(url: str, session: requests.Session, body: bytes) -> None:
    refused = session.post(f"{url}/things", data=body, headers={"Content-Type": "application/json"})
    found = document(refused)
    assert (found["status"], found["detail"].startswith("the body is not JSON: at character ")) == (400, True)


def test_a_value_as_long_as_a_book_is_not_repeated_whole(url: str, session: requests.Session) -> None:
    refused = session.post(f"{url}/things", json=[{"name": "x" * 100_000, "count": 1}])
    assert len(refused.content) < 1_000


def test_the_openapi_says_problem_wherever_an_error_can_leave() -> None:
    openapi = make_app().openapi()
    post = openapi["paths"]["/things"]["post"]["responses"]
    assert set(post) == {"200", "400", "409", "422", "500", "503"}
    for status in ("400", "409", "422", "500", "503"):
        schema = post[status]["content"]["application/problem+json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/Problem"}
    assert "application/json" in post["200"]["content"]
    assert not {"HTTPValidationError", "ValidationError"} & set(openapi["components"]["schemas"])
