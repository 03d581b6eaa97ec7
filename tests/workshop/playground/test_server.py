"""What the page asks its server: answers that agree with the catalogue, sentences for everything else."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic
from starlette.testclient import TestClient
from typer.testing import CliRunner

from gridlingua.catalogue import Catalogue, Content, Exchange, shipped
from gridlingua.catalogue.checking import MINTER
from gridlingua.catalogue.exchange import Case
from gridlingua.cli import app
from gridlingua.errors import RemoteError
from gridlingua.semantics.lift import lift
from gridlingua.semantics.patterns import instantiate
from gridlingua.semantics.schema import write_json
from gridlingua.web.playground import create_app
from gridlingua.web.playground.turns import Turns


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(shipped()), base_url="http://localhost") as one:
        yield one


def body(exchange: Exchange, case: Case, part: str, **more: Any) -> dict[str, Any]:
    texts = {name: write_json(message) for name, message in case.messages.items()}
    return {"exchange": exchange.id, "part": part, **texts, **more}


def asked(client: TestClient, what: str, sent: dict[str, Any]) -> Any:
    answer = client.post(f"/api/{what}", json=sent)
    assert answer.status_code == 200, answer.text
    return answer.json()


def smallest(exchange: Exchange) -> Case:
    return min(exchange.examples, key=lambda one: len(write_json(one.messages)))


def cell(reading: dict[str, Any], row: int, variable: str) -> str:
    """A term of a row, in full."""
    return str(reading["terms"][reading["rows"][row]["terms"][reading["columns"].index(variable)]][1])


def test_every_exchange_is_there_with_words_patterns_and_cases(client: TestClient, catalogue: Catalogue) -> None:
    listed = client.get("/api/exchanges").json()
    assert [one["id"] for one in listed] == list(catalogue.exchanges)
    for one in listed:
        told = client.get(f"/api/exchanges/{one['id']}").json()
        exchange = catalogue[one["id"]]
        assert told["title"] == exchange.title
        assert set(told["files"].values()) == set(told["patterns"])
        assert len(told["cases"]) == len(exchange.examples) + len(exchange.rejects)


def test_the_turtle_is_the_graph_that_is_judged_in_every_exchange(client: TestClient, catalogue: Catalogue) -> None:
    for exchange in catalogue.exchanges.values():
        case = smallest(exchange)
        reading = asked(client, "reading", body(exchange, case, "request"))
        shown = "".join(piece[0] for piece in reading["turtle"])
        rows = lift(exchange.request, case.messages["request"], MINTER)
        judged = Graph().parse(data=instantiate(exchange.judged["request"], rows).serialize(format="nt"), format="nt")
        graph = Graph().parse(data=shown)
        if "more triples" in shown:
            assert set(graph) < set(judged), exchange.id
        else:
            assert isomorphic(graph, judged), exchange.id


def test_every_example_passes_every_step_in_every_profile(client: TestClient, catalogue: Catalogue) -> None:
    for exchange in catalogue.exchanges.values():
        case = smallest(exchange)
        for profile in exchange.profiles:
            for part in case.messages:
                sent = body(exchange, case, part, profile=profile)
                steps = [*asked(client, "reading", sent)["steps"], asked(client, "verdict", sent)]
                assert {one["state"] for one in steps} == {"passed"}, (exchange.id, profile, part, steps)


def test_a_reject_is_told_as_its_file_says_with_places_in_the_message(client: TestClient, catalogue: Catalogue) -> None:
    for exchange in catalogue.exchanges.values():
        for case in exchange.rejects[::3]:
            assert case.told
            part = "reply" if case.told.startswith(f"{exchange.id} reply") else "request"
            sent = body(exchange, case, part)
            steps = [*asked(client, "reading", sent)["steps"], asked(client, "verdict", sent)]
            faults = next(one for one in steps if one["state"] == "refused")["faults"]
            said = "; ".join(f"{one['pointer'] or '/'}: {one['message']}" for one in faults)
            assert f"{exchange.id} {part}: {said}" == case.told
            assert all(one["places"] for one in faults if one["pointer"]), (exchange.id, case.name, faults)


def test_rows_say_which_element_of_the_message_they_come_from(client: TestClient, catalogue: Catalogue) -> None:
    exchange = catalogue["flexibility/needs"]
    case = next(one for one in exchange.examples if one.name == "day_ahead")
    reading = asked(client, "reading", body(exchange, case, "reply"))
    for number, row in enumerate(reading["rows"]):
        need, meter = row["at"]["reply"]
        assert row["at"]["request"] == []
        message = case.messages["reply"][need]
        assert cell(reading, number, "requestId") == f'"{message["requestId"]}"'
        assert cell(reading, number, "meterId") == f'"{message["eligibleClients"][meter]}"'


def test_the_violated_element_is_named_not_all(client: TestClient, catalogue: Catalogue) -> None:
    exchange = catalogue["flexibility/needs"]
    case = next(one for one in exchange.examples if one.name == "day_ahead")
    reply = json.loads(write_json(case.messages["reply"]))
    reply[1]["needs"] = -1
    step = asked(client, "verdict", body(exchange, case, "reply") | {"reply": json.dumps(reply)})
    assert [one["places"] for one in step["faults"]] == [["/1/needs"]]


def test_what_filled_what_is_told_by_pointer_and_converter(client: TestClient, catalogue: Catalogue) -> None:
    exchange = catalogue["flexibility/needs"]
    reading = asked(client, "reading", body(exchange, smallest(exchange), "reply"))
    told = {one["variable"]: one for one in reading["fillings"]}
    assert (told["quantity"]["pointer"], told["quantity"]["by"]) == ("/*/needs", "decimal")
    assert (told["from"]["part"], told["from"]["pointer"]) == ("request", "/startTime")
    assert told["need"]["isNode"]
    assert told["need"]["by"] == "minted by requestId"


WRONG: list[Any] = [[], {}, [[]], [{}], "x", 3, None, True, {"a": {"b": []}}, [None, 1]]


def test_no_message_makes_the_server_fail(client: TestClient, catalogue: Catalogue) -> None:
    chance = random.Random(6)
    for exchange in catalogue.exchanges.values():
        case = smallest(exchange)
        for part in case.messages:
            broken = json.loads(write_json(case.messages[part]))
            for wrong in [*chance.sample(WRONG, 3), spoilt(broken, chance), spoilt(broken, chance)]:
                sent = body(exchange, case, part) | {part: json.dumps(wrong)}
                asked(client, "reading", sent)
                asked(client, "verdict", sent)


def spoilt(message: Any, chance: random.Random) -> Any:
    """The message with one thing in it that is something else."""
    if isinstance(message, list) and message:
        at = chance.randrange(len(message))
        return [*message[:at], spoilt(message[at], chance), *message[at + 1 :]]
    if isinstance(message, dict) and message:
        name = chance.choice(list(message))
        return {**message, name: spoilt(message[name], chance)}
    return chance.choice(WRONG)


def test_no_pattern_makes_the_server_fail(client: TestClient, catalogue: Catalogue) -> None:
    chance = random.Random(7)
    exchange = catalogue["flexibility/offers"]
    text = (exchange.folder / "saref4.argument.rq").read_text("utf-8")
    for _ in range(12):
        start = chance.randrange(len(text))
        edited = text[:start] + chance.choice(["", "}", "?x", "<", '"', " . ?a ?b ?c . "]) + text[start + 9 :]
        sent = body(exchange, smallest(exchange), "request", patterns={"saref4.argument.rq": edited})
        asked(client, "reading", sent)
        asked(client, "verdict", sent)


def test_an_edited_pattern_decides_what_is_lifted_and_judged(client: TestClient, catalogue: Catalogue) -> None:
    exchange = catalogue["flexibility/offers"]
    text = (exchange.folder / "saref4.argument.rq").read_text("utf-8")
    edited = text.replace("saref:hasValue ?quantity", "saref:hasIdentifier ?quantity")
    sent = body(exchange, smallest(exchange), "request", patterns={"saref4.argument.rq": edited})
    shown = "".join(piece[0] for piece in asked(client, "reading", sent)["turtle"])
    assert 'saref:hasIdentifier "38.4"^^xsd:decimal' in shown
    assert asked(client, "verdict", sent)["state"] == "refused"
    assert asked(client, "verdict", sent | {"patterns": {}})["state"] == "passed"


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"exchange": "no/thing"}, 422, "there is no exchange 'no/thing'; there are data_sharing/"),
        ({"exchange": "flexibility/needs", "profile": "x"}, 422, "no profile 'x'; there are saref4"),
        ({"exchange": "flexibility/needs", "part": "answer"}, 422, "Input should be 'request' or 'reply'"),
        (
            {"exchange": "flexibility/needs", "patterns": {"../x.rq": ""}},
            422,
            "no pattern file ../x.rq; there are saref4.rq",
        ),
        ({"exchange": "flexibility/needs", "request": "x" * 300_000}, 422, "at most 262144 characters"),
        ({"exchange": "flexibility/needs", "request": "x" * 1_100_000}, 413, "longer than this operation takes"),
    ],
)
def test_what_cannot_be_tried_is_told(client: TestClient, sent: dict[str, Any], status: int, said: str) -> None:
    answer = client.post("/api/reading", json=sent)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_a_folder_that_cannot_be_read_is_told_and_the_others_are_there(own: Content) -> None:
    broken = own.patterns / "flexibility" / "broken"
    broken.mkdir()
    (broken / "exchange.yaml").write_text("kind: [", "utf-8")
    with TestClient(create_app(own), base_url="http://localhost") as client:
        listed = {one["id"]: one["problems"] for one in client.get("/api/exchanges").json()}
        assert listed["flexibility/offers"] == []
        assert listed["flexibility/broken"][0].startswith("graph_patterns/flexibility/broken/exchange.yaml:1: [")
        answer = client.get("/api/exchanges/flexibility/broken")
        assert answer.status_code == 422
        assert set(answer.json()["problems"]) == set(listed["flexibility/broken"])


def test_the_policy_of_the_catalogue_weighs_what_checks_find(own: Content) -> None:
    with TestClient(create_app(own), base_url="http://localhost") as client:
        text = (own.patterns / "flexibility" / "offers" / "saref4.argument.rq").read_text("utf-8")
        sent = {
            "exchange": "flexibility/offers",
            "patterns": {"saref4.argument.rq": text.replace("saref:hasValue", "saref:hasValeu")},
        }
        assert "terms" in {one["check"] for one in asked(client, "reading", sent)["findings"]}
        policy = '[checks]\nterms = { severity = "off", reason = "a test" }\n'
        (own.root / "gridlingua.toml").write_text(policy, "utf-8")
        assert "terms" not in {one["check"] for one in asked(client, "reading", sent)["findings"]}


def test_only_its_own_names_are_answered_to(client: TestClient) -> None:
    answer = client.get("/api/exchanges", headers={"Host": "evil.example:8090"})
    assert answer.status_code == 421
    assert "not called 'evil.example'" in answer.json()["detail"]
    for name in ("127.0.0.1:8090", "localhost", "[::1]:8090"):
        assert client.get("/", headers={"Host": name}).status_code == 200


def test_the_policy_forbids_foreign_hosts_and_inline_code(client: TestClient) -> None:
    for path in ("/", "/main.js", "/api/exchanges", "/nothing"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy


def test_no_file_of_the_page_names_another_host() -> None:
    from gridlingua.web.playground import app as module

    files = [one for one in (module.STATIC).iterdir() if one.suffix in {".html", ".js", ".css"}]
    assert len(files) > 15
    for file in files:
        text = file.read_text("utf-8")
        assert "//" not in text.replace("// ", "").replace("http://www.w3.org", ""), file.name
        assert "style=" not in text, file.name


def test_few_wait_and_none_for_long() -> None:
    turns = Turns(waiting=1, patience=0.2)
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with turns.taken():
            held.set()
            release.wait(10)

    def refused() -> str:
        with pytest.raises(RemoteError) as told, turns.taken():
            pass
        assert (told.value.status, told.value.retry) == (503, True)
        return str(told.value)

    with ThreadPoolExecutor(3) as pool:
        pool.submit(hold)
        assert held.wait(10)
        waiting = [pool.submit(refused) for _ in range(2)]
        assert {one.result(10) for one in waiting} == {
            "the playground is busy with other messages; try again in a second"
        }
        release.set()
    with turns.taken():
        pass


def test_the_command_says_what_it_cannot_serve(own: Content, tmp_path: Any) -> None:
    empty = CliRunner().invoke(app, ["playground", "--port", "0", "--catalogue", str(tmp_path)])
    assert empty.exit_code == 1
    assert "there is no folder graph_patterns here" in empty.output
    assert "Traceback" not in empty.output
