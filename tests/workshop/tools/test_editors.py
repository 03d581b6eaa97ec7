"""The schema by which editors complete exchange.yaml, and a real language server that does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from gridlingua.catalogue import shipped
from gridlingua.catalogue.load import exchange_schema
from gridlingua.cli import app
from gridlingua.semantics.datatypes import CONVERTERS, DATATYPES
from gridlingua.semantics.schema import resolve

SCHEMA = exchange_schema()
SERVER = os.environ.get("YAML_LANGUAGE_SERVER") or shutil.which("yaml-language-server")


def keys(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key that exchange.yaml may have, with its schema and what a reference adds."""
    whole = {**resolve(SCHEMA, schema), **schema}
    yield path, whole
    for name, one in whole.get("properties", {}).items():
        yield from keys(one, f"{path}/{name}")
    for name in ("additionalProperties", "items"):
        inner = whole.get(name)
        if isinstance(inner, dict) and {**resolve(SCHEMA, inner), **inner}.get("properties"):
            yield from keys(inner, f"{path}/*")


def text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): text_keys(inner) for key, inner in value.items()}
    return [text_keys(inner) for inner in value] if isinstance(value, list) else value


def test_every_key_has_a_title_a_description_and_an_example() -> None:
    found = dict(keys(SCHEMA))
    assert {"/rest", "/request/fields/*/at", "/request/fields/*/profiles", "/reply/columns", "/access"} <= found.keys()
    for path, one in found.items():
        assert one.get("title"), path
        assert one.get("description"), path
        if path.rpartition("/")[2] not in ("", "*", "request", "reply"):
            assert one.get("examples"), path
            for example in one["examples"]:
                bare = {key: value for key, value in one.items() if key != "$ref"}
                Draft202012Validator({"$defs": SCHEMA["$defs"], **bare}).validate(text_keys(example))


def test_editors_offer_the_datatypes_and_converters_that_there_are() -> None:
    assert SCHEMA["$defs"]["as"]["enum"] == list(DATATYPES)
    assert SCHEMA["$defs"]["with"]["enum"] == list(CONVERTERS)
    for one in (
        SCHEMA["$defs"]["as"],
        SCHEMA["$defs"]["with"],
        *(SCHEMA["properties"][key] for key in ("kind", "access")),
    ):
        assert len(one["enumDescriptions"]) == len(one["enum"])


def test_every_exchange_of_ours_follows_the_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    files = sorted(shipped().patterns.glob("*/*/exchange.yaml"))
    assert len(files) >= 39
    for file in files:
        assert list(Draft202012Validator(SCHEMA).iter_errors(text_keys(yaml.safe_load(file.read_text())))) == [], file


@pytest.mark.parametrize(
    "field", [{"at": "x"}, {"at": "/x", "as": "text"}, {"at": "/x", "as": "string", "with": "iri"}]
)
def test_a_field_that_is_wrong_is_seen_by_the_editor(field: dict[str, str]) -> None:
    alone = Draft202012Validator({"$defs": SCHEMA["$defs"], "$ref": "#/$defs/field"})
    assert alone.is_valid({"at": "/x", "as": "date"})
    assert not alone.is_valid(field)


@pytest.mark.parametrize("name", ["exchange", "settings"])
def test_the_schemas_are_printed(name: str) -> None:
    done = CliRunner().invoke(app, ["schema", name])
    assert done.exit_code == 0, done.output
    schema = json.loads(done.stdout)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"].startswith("https://")
    assert name != "exchange" or schema == SCHEMA


class LanguageServer:
    """Speaks the Language Server Protocol over the standard streams of a process."""

    def __init__(self, command: list[str], root: Path) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        self._watchdog = threading.Timer(60, self.process.kill)  # a server that says nothing must not hold up the tests
        self._watchdog.start()
        assert self.process.stdin
        assert self.process.stdout
        self._in: IO[bytes] = self.process.stdin
        self._out: IO[bytes] = self.process.stdout
        self._asked = 0
        self.ask("initialize", {"processId": os.getpid(), "rootUri": root.as_uri(), "capabilities": {}})
        self.tell("initialized", {})
        # as an editor without the network is set: no catalogue of schemas in the web
        settings = {"schemaStore": {"enable": False}, "validate": True, "completion": True, "hover": True}
        self.tell("workspace/didChangeConfiguration", {"settings": {"yaml": settings}})

    def ask(self, method: str, parameters: dict[str, Any]) -> Any:
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": parameters})
        return self._until(lambda one: one.get("id") == self._asked and "method" not in one)["result"]

    def tell(self, method: str, parameters: dict[str, Any]) -> None:
        self._send({"method": method, "params": parameters})

    def diagnostics(self, uri: str) -> list[dict[str, Any]]:
        """What it says of a file, the next time it says anything."""
        is_about = lambda one: one.get("method") == "textDocument/publishDiagnostics"  # noqa: E731
        while (found := self._until(is_about)["params"])["uri"] != uri:
            pass
        return list(found["diagnostics"])

    def open(self, file: Path) -> str:
        document = {"uri": file.as_uri(), "languageId": "yaml", "version": 1, "text": file.read_text("utf-8")}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return file.as_uri()

    def close(self) -> None:
        self._watchdog.cancel()
        self.process.kill()
        self.process.wait()
        self._in.close()
        self._out.close()

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._in.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._in.flush()

    def _until(self, wanted: Any) -> dict[str, Any]:
        while True:
            size = 0
            while line := self._out.readline().strip():
                name, _, value = line.partition(b":")
                size = int(value) if name.lower() == b"content-length" else size
            assert size, "the language server ended"
            message: dict[str, Any] = json.loads(self._out.read(size))
            if "id" in message and "method" in message:  # it asks for settings: it has been told
                count = (
                    len(message.get("params", {}).get("items", [])) if message["method"].endswith("iguration") else 0
                )
                self._send({"id": message["id"], "result": [None] * count or None})
            elif wanted(message):
                return message


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LanguageServer]:
    if not SERVER:
        pytest.skip("NOT TRIED: there is no yaml-language-server on the PATH or in YAML_LANGUAGE_SERVER")
    made = LanguageServer([SERVER, "--stdio"], tmp_path)
    yield made
    made.close()


def write(folder: Path, text: str) -> Path:
    """A catalogue whose exchange.yaml names the schema beside it, by a relative path."""
    (folder / "exchange.schema.json").write_text(CliRunner().invoke(app, ["schema", "exchange"]).stdout, "utf-8")
    file = folder / "graph_patterns" / "flexibility" / "offers" / "exchange.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(f"# yaml-language-server: $schema=../../../exchange.schema.json\n{text}", "utf-8")
    return file


def test_a_language_server_completes_and_checks_exchange_yaml_without_the_network(
    server: LanguageServer, tmp_path: Path
) -> None:
    text = (shipped().patterns / "flexibility" / "offers" / "exchange.yaml").read_text("utf-8")
    file = write(tmp_path, text.replace("kind: post", "kind: pots").replace("as: decimal}", "as: }", 1))
    uri = server.open(file)
    said = [one["message"] for one in server.diagnostics(uri)]
    assert any('"ask"' in one and '"post"' in one for one in said), said
    lines = file.read_text("utf-8").splitlines()
    line = next(number for number, one in enumerate(lines) if "as: }" in one)
    at = {"textDocument": {"uri": uri}, "position": {"line": line, "character": lines[line].index("as: }") + 4}}
    offered = {one["label"] for one in server.ask("textDocument/completion", at)["items"]}
    assert set(DATATYPES) <= offered
    line = next(number for number, one in enumerate(lines) if one.startswith("access:"))
    hover = server.ask("textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": line, "character": 2}})
    assert "On what data the responder lets the initiator in" in json.dumps(hover["contents"])


def test_a_language_server_finds_nothing_wrong_with_our_own(server: LanguageServer, tmp_path: Path) -> None:
    file = write(tmp_path, (shipped().patterns / "flexibility" / "needs" / "exchange.yaml").read_text("utf-8"))
    assert server.diagnostics(server.open(file)) == []
