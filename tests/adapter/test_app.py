"""The adapter's face to its own services: operations from the catalogue, headers, problem documents, OpenAPI."""

from __future__ import annotations

import asyncio
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import requests
import simplejson
from jsonschema import Draft202012Validator

from gridlingua.adapter import Adapter
from gridlingua.catalogue import Catalogue, Content, Exchange, load, shipped
from gridlingua.engine import EmbeddedEngine, Network
from gridlingua.semantics.schema import read_json, write_json
from gridlingua.testing import problem
from gridlingua.web.adapter import create_app

DSO = "https://dso.example.org/kb"
OTHER_DSO = "https://other-dso.example.org/kb"
AGGREGATOR = "https://aggregator.example.org/kb"
HEMS = "observability/hems_voltage"
INJECTION = "data_sharing/injection"


def example(exchange: Exchange, part: str = "request") -> Any:
    return exchange.examples[0].messages[part]


@pytest.fixture
def extended(tmp_path: Path, page: Path) -> Catalogue:
    """The shipped catalogue with two more: one with a path parameter, one that shares its path with another."""
    root = shipped().root
    for folder in ("graph_patterns", "shapes", "ontologies"):
        shutil.copytree(root / folder, tmp_path / folder)
    for name, text in re.findall(r"^`([^`\n]+)`\n\n```\w+\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    folder = tmp_path / "graph_patterns" / INJECTION
    shutil.copytree(root / "graph_patterns/data_sharing/metering", folder)
    shutil.copy(root / "shapes/data_sharing/metering.ttl", tmp_path / f"shapes/{INJECTION}.ttl")
    for file, old, new in (
        ("exchange.yaml", "type=User", "type=Injection"),
        ("saref4.rq", "s4ener:Consumption", "s4ener:Production"),
    ):
        text = (folder / file).read_text()
        assert old in text
        (folder / file).write_text(text.replace(old, new))
    return load(Content(tmp_path))


def test_a_service_calls_its_neighbour_as_if_it_were_local(
    meeting: Any, http: requests.Session, catalogue: Catalogue
) -> None:
    offers = catalogue["flexibility/offers"]
    meeting.adapter("dso", DSO, service=meeting.service(example(offers, "reply")))
    url = meeting.app("service_provider", AGGREGATOR, DSO)
    response = http.post(f"{url}/Flexibility/Offers", data=write_json(example(offers)), timeout=10)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert read_json(response.content) == example(offers, "reply")
    assert response.headers["Gridlingua-Responder"] == DSO
    assert response.headers["Gridlingua-Rows"] == "request=3, reply=2"
    assert re.fullmatch(
        r"request conforms \(\d+ focus nodes\); reply conforms \(2 focus nodes\)",
        response.headers["Gridlingua-Verdict"],
    )
    steps = re.findall(r"([a-z-]+);dur=[\d.]+", response.headers["Server-Timing"])
    assert steps == ["send-schema", "send-lift", "send-shacl", "network", "reply-lower", "reply-schema", "reply-shacl"]


def test_decimals_arrive_digit_by_digit(embedded: Any, http: requests.Session, catalogue: Catalogue) -> None:
    offers = catalogue["flexibility/offers"]
    service = embedded.service(example(offers, "reply"))
    embedded.adapter("dso", DSO, service=service)
    url = embedded.app("service_provider", AGGREGATOR, DSO)
    text = write_json(example(offers)).replace("0.125", "0.1234567890123456789012345678901234")
    assert http.post(f"{url}/Flexibility/Offers", data=text, timeout=10).status_code == 200
    assert str(service.calls[0].body[1]["price"]) == "0.1234567890123456789012345678901234"


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ('[{"requestId": ', 400, "not JSON"),
        ("[]", 422, "at least 1 element needed"),
        ("{}", 422, "is not of type array"),
        ("null", 422, "is not of type array"),
    ],
)
def test_a_body_that_is_no_message_is_a_problem_document(
    body: str, status: int, told: str, embedded: Any, http: requests.Session
) -> None:
    url = embedded.app("service_provider", AGGREGATOR, DSO)
    response = http.post(f"{url}/Flexibility/Offers", data=body, timeout=10)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert told in response.json()["detail"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("startTime=2026-11-21T00:00:00Z", "'endTime' is a required property"),
        ("startTime=2026-11-21T00:00:00Z&endTime=2026-11-20T00:00:00Z", "The end must be after the start"),
        ("startTime=yesterday&endTime=2026-11-20T00:00:00Z", "a time with a zone"),
        ("from=2026-11-21T00:00:00Z", "unknown parameter; there are startTime, endTime"),
        ("startTime=2026-11-21T00:00:00Z&startTime=2026-11-22T00:00:00Z", "is given twice"),
    ],
)
def test_a_bad_query_is_a_problem_document_with_faults(
    query: str, told: str, embedded: Any, http: requests.Session
) -> None:
    url = embedded.app("service_provider", AGGREGATOR, DSO)
    response = http.get(f"{url}/Flexibility/Needs?{query}", timeout=10)
    assert response.status_code == 422
    assert told in " ".join(fault["message"] for fault in response.json()["faults"])


@pytest.mark.parametrize("text", ["hourly", "", "1_0", " 1 ", "+1", "01", "\uff12", "1.5", "true", "9" * 5000])
def test_a_query_of_numbers_names_the_parameter_that_is_none(embedded: Any, http: requests.Session, text: str) -> None:
    url = embedded.app("service_provider", AGGREGATOR, DSO)
    response = http.get(f"{url}/Data/Metering", params={"type": "User", "granularity": text}, timeout=10)
    assert response.json()["faults"] == [{"pointer": "/granularity", "message": f'"{text}" is not a whole number'}]


def test_a_refusal_of_the_service_reaches_the_caller_as_it_was_meant(
    embedded: Any, http: requests.Session, catalogue: Catalogue
) -> None:
    metering = catalogue["data_sharing/metering"]
    embedded.adapter("dso", DSO, service=embedded.service(problem(403, "the grant is not yours")))
    url = embedded.app("service_provider", AGGREGATOR, DSO)
    response = http.get(f"{url}/Data/Metering", params={"type": "User", **example(metering)}, timeout=10)
    document = response.json()
    assert (response.status_code, document["status"], document["party"]) == (403, 403, DSO)
    assert "the grant is not yours" in document["detail"]
    assert document["retry"] is False


def test_nobody_there_is_a_503_and_no_empty_list(embedded: Any, http: requests.Session, catalogue: Catalogue) -> None:
    url = embedded.app("service_provider", AGGREGATOR, DSO)
    response = http.get(f"{url}/Flexibility/Needs", params=example(catalogue["flexibility/needs"]), timeout=10)
    assert response.status_code == 503
    assert response.json()["party"] == DSO
    assert response.json()["retry"] is True


def test_several_responders_are_enveloped_and_one_failure_is_a_207(
    embedded: Any, http: requests.Session, catalogue: Catalogue
) -> None:
    needs = catalogue["flexibility/needs"]
    service = embedded.service(example(needs, "reply"))
    embedded.adapter("dso", DSO, service=embedded.service(example(needs, "reply")))
    embedded.adapter("dso", OTHER_DSO, service=service)
    url = embedded.app("service_provider", AGGREGATOR, DSO, OTHER_DSO)
    both = http.get(f"{url}/Flexibility/Needs", params=example(needs), timeout=10)
    assert both.status_code == 200
    assert [one["party"] for one in both.json()["replies"]] == [DSO, OTHER_DSO]
    assert both.json()["failures"] == []
    service.reply = problem(403, "not for you")
    one = http.get(f"{url}/Flexibility/Needs", params=example(needs), timeout=10)
    assert one.status_code == 207
    assert [reply["party"] for reply in one.json()["replies"]] == [DSO]
    (failure,) = one.json()["failures"]
    assert (failure["party"], failure["status"], failure["retry"]) == (OTHER_DSO, 403, False)
    assert one.headers["Gridlingua-Responder"] == DSO


def test_one_of_several_responders_can_be_addressed_and_its_reply_is_the_message(
    embedded: Any, http: requests.Session, catalogue: Catalogue
) -> None:
    needs = catalogue["flexibility/needs"]
    services = [embedded.service(example(needs, "reply")) for _ in range(2)]
    for party, service in zip((DSO, OTHER_DSO), services, strict=True):
        embedded.adapter("dso", party, service=service)
    url = embedded.app("service_provider", AGGREGATOR, DSO, OTHER_DSO)
    headers = {"Gridlingua-Responder": OTHER_DSO}
    response = http.get(f"{url}/Flexibility/Needs", params=example(needs), headers=headers, timeout=10)
    assert response.json() == example(needs, "reply")
    assert response.headers["Gridlingua-Responder"] == OTHER_DSO
    assert [len(service.calls) for service in services] == [0, 1]


def test_only_a_configured_responder_can_be_addressed(
    embedded: Any, http: requests.Session, catalogue: Catalogue
) -> None:
    url = embedded.app("service_provider", AGGREGATOR, DSO)
    headers = {"Gridlingua-Responder": OTHER_DSO}
    params = example(catalogue["flexibility/needs"])
    response = http.get(f"{url}/Flexibility/Needs", params=params, headers=headers, timeout=10)
    assert response.status_code == 422
    assert f"{OTHER_DSO} is none of the responders configured here; there are {DSO}" in response.json()["detail"]


def test_all_responders_failing_is_an_error_that_names_them_all(
    embedded: Any, http: requests.Session, catalogue: Catalogue
) -> None:
    for party in (DSO, OTHER_DSO):
        embedded.adapter("dso", party, service=embedded.service(problem(404, "nothing here")))
    url = embedded.app("service_provider", AGGREGATOR, DSO, OTHER_DSO)
    response = http.get(f"{url}/Flexibility/Needs", params=example(catalogue["flexibility/needs"]), timeout=10)
    assert (response.status_code, response.json()["party"]) == (404, f"{DSO}, {OTHER_DSO}")
    assert response.json()["detail"].count("nothing here") == 2


def test_a_party_beyond_ascii_travels_in_headers_as_its_uri(
    embedded: Any, http: requests.Session, catalogue: Catalogue
) -> None:
    needs = catalogue["flexibility/needs"]
    service = embedded.service(example(needs, "reply"))
    embedded.adapter("dso", "https://stadtwerke.example.org/Łódź", service=service)
    url = embedded.app("service_provider", "https://aggregator.example.org/日本", "https://stadtwerke.example.org/Łódź")
    response = http.get(f"{url}/Flexibility/Needs", params=example(needs), timeout=10)
    assert response.status_code == 200
    assert response.headers["Gridlingua-Responder"] == "https://stadtwerke.example.org/%C5%81%C3%B3d%C5%BA"
    assert service.calls[0].headers["Gridlingua-Requester"] == "https://aggregator.example.org/%E6%97%A5%E6%9C%AC"


def test_a_path_parameter_is_a_property_of_the_request(
    embedded: Any, http: requests.Session, extended: Catalogue
) -> None:
    service = embedded.service(lambda heard: {**example(extended[HEMS], "reply"), "hemsId": heard.path.split("/")[3]})
    embedded.adapter("service_provider", AGGREGATOR, service=service, catalogue=extended)
    url = embedded.app("dso", DSO, AGGREGATOR, catalogue=extended)
    response = http.get(f"{url}/GridObservability/HEMS/A:1/Voltage", timeout=10)
    assert response.json()["hemsId"] == "A:1"
    refused = http.get(f"{url}/GridObservability/HEMS/a%20b/Voltage", timeout=10)
    assert (refused.status_code, refused.json()["faults"][0]["pointer"]) == (422, "/hemsId")


def test_two_exchanges_at_one_path_are_told_apart_by_a_constant(
    embedded: Any, http: requests.Session, extended: Catalogue
) -> None:
    metering = extended["data_sharing/metering"]
    service = embedded.service(example(metering, "reply"))
    embedded.adapter("dso", DSO, service=service, catalogue=extended)
    url = embedded.app("service_provider", AGGREGATOR, DSO, catalogue=extended)
    for kind in ("User", "Injection"):
        response = http.get(f"{url}/Data/Metering", params={"type": kind, **example(metering)}, timeout=10)
        assert response.json() == simplejson.loads(write_json(example(metering, "reply")))
        assert dict(service.calls[-1].query)["type"] == kind
    unclear = http.get(f"{url}/Data/Metering", params=example(metering), timeout=10)
    assert unclear.status_code == 422
    assert "the query must hold type=Anonymized or type=Injection or type=User" in unclear.json()["detail"]


@pytest.mark.parametrize("party", ["dso", "service_provider"])
def test_openapi_has_every_operation_of_the_party_with_examples(
    party: str, embedded: Any, http: requests.Session, extended: Catalogue
) -> None:
    document = http.get(f"{embedded.app(party, DSO, AGGREGATOR, catalogue=extended)}/openapi.json", timeout=10).json()
    assert document["openapi"].startswith("3.1")
    hosted = {
        (one.operation.path, one.operation.method.lower()) for one in extended.of_party(party) if one.initiator == party
    }
    assert hosted | {("/ping", "get")} == {
        (path, method) for path, item in document["paths"].items() for method in item
    }
    identities = [one["operationId"] for item in document["paths"].values() for one in item.values()]
    assert len(set(identities)) == len(identities)
    for exchange in extended.of_party(party):
        if exchange.initiator == party:
            described = document["paths"][exchange.operation.path][exchange.operation.method.lower()]
            check_operation(exchange, described)


def check_operation(exchange: Exchange, described: dict[str, Any]) -> None:
    """What OpenAPI 3.1 demands of an operation, and that it says what the exchange says."""
    parameters = {one["name"]: one for one in described.get("parameters", [])}
    assert all(one["in"] in ("path", "query", "header") and "schema" in one for one in parameters.values())
    assert [name for name, one in parameters.items() if one["in"] == "header"] == ["Gridlingua-Responder"]
    assert {name for name, one in parameters.items() if one["in"] == "path"} == set(exchange.operation.parameters)
    assert all(one["required"] for one in parameters.values() if one["in"] == "path")
    assert set(exchange.operation.constants) <= parameters.keys()
    if exchange.operation.method in ("GET", "DELETE"):
        names = exchange.request_schema.get("properties", {})
        assert set(names) <= parameters.keys()
        assert all("example" in parameters[name] for name in names)
    else:
        check_content(exchange, described["requestBody"]["content"], "request")
    assert all("description" in response for response in described["responses"].values())
    check_content(exchange, described["responses"]["200"]["content"], "reply")
    for status in ("403", "404", "422", "502", "503", "504"):
        assert "application/problem+json" in described["responses"][status]["content"]


def check_content(exchange: Exchange, content: dict[str, Any], part: str) -> None:
    media = content["application/json"]
    Draft202012Validator.check_schema(media["schema"])
    examples = media["examples"]
    for case in (one for one in exchange.examples if part in one.messages):
        said = simplejson.loads(write_json(case.messages[part]))
        if part == "request" and exchange.operation.parameters:
            said = {name: one for name, one in said.items() if name not in exchange.operation.parameters}
        assert examples.get(case.name, examples.get(f"{exchange.id}: {case.name}"))["value"] == said


def test_ping_tells_how_the_engine_is(meeting: Any, http: requests.Session) -> None:
    state = http.get(f"{meeting.app('dso', DSO)}/ping", timeout=10).json()
    assert (state["party"], state["knowledgeBase"], state["engine"]["status"]) == ("dso", DSO, "connected")


def test_an_app_that_stops_leaves_the_network(embedded: Any, catalogue: Catalogue) -> None:
    network = Network()
    adapter = Adapter(catalogue, EmbeddedEngine(network), embedded.settings("dso", DSO))

    async def live() -> None:
        app = create_app(adapter)
        async with app.router.lifespan_context(app):
            assert [one.id for one in network.knowledge_bases()] == [DSO]

    asyncio.run(live())
    assert network.knowledge_bases() == ()
    network.close()
