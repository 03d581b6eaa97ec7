"""What somebody typed who had a REST API, no RDF, and the tutorial: a charge-point operator's stations for a DSO."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from gridlingua.demo.processes import Processes, free_ports

HERE = Path(__file__).parent / "charge_points"
EXCHANGE = Path("graph_patterns/charging/stations")
SHAPES = Path("shapes/charging/stations.ttl")
EXAMPLE = str(EXCHANGE / "examples/example.json")
NEW = (
    *("new", "charging/stations", "--openapi", "charging.yaml", "--operation", "listStations"),
    *("--initiator", "dso", "--responder", "charge_point_operator", "--access", "open"),
)
DROPPED = (
    *("--drop", "/stations/*/commissionedOn", "--drop", "/stations/*/connectors/*/meterReading"),
    *("--drop", "/stations/*/connectors/*/stateOfCharge", "--drop", "/stations/*/connectors/*/sessions"),
)
STATION: dict[str, Any] = {
    "stationId": "VS-0042",
    "vendor": "Voltwerk",
    "connectors": [
        {"connectorId": 1, "plug": "CCS", "status": "CHARGING", "maxPower": 150, "updatedAt": "2026-12-02T08:10:00Z"},
        {"connectorId": 2, "plug": "TYPE2", "status": "RESERVED", "maxPower": 22, "updatedAt": "2026-12-02T08:11:00Z"},
    ],
}


class Shell:
    """The newcomer's terminal, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def type(self, *arguments: str, status: int = 0) -> str:
        """What ``gridlingua <arguments>`` says, without the breaks of its lines."""
        said = self.run(*arguments, status=status)
        return " ".join((said.stdout + said.stderr).split())

    def run(self, *arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        said = subprocess.run(
            [sys.executable, "-m", "gridlingua", *arguments],
            cwd=self.folder,
            env={**os.environ, "NO_COLOR": "1", "GRIDLINGUA_CACHE": str(self.folder / "cache")},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert said.returncode == status, said.stdout + said.stderr
        return said


def decide(folder: Path) -> None:
    """The decisions, written down: other words in the pattern, its shapes, and a vendor that may be absent."""
    for name in ("exchange.yaml", "saref4.rq"):
        shutil.copy(HERE / name, folder / EXCHANGE / name)
    shutil.copy(HERE / "stations.ttl", folder / SHAPES)
    path = folder / EXCHANGE / "reply.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    station = schema["properties"]["stations"]["items"]
    station.pop("$comment", None)
    station["required"] = ["stationId", "connectors"]
    path.write_text(json.dumps(schema, indent=2) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The terminal when the exchange is finished."""
    here = Shell(tmp_path_factory.mktemp("charging"))
    shutil.copy(HERE / "charging.yaml", here.folder)

    mistyped = here.type(*(one.replace("listStations", "listStation") for one in NEW), status=1)
    assert "there is no operation 'listStation'" in mistyped
    assert "listStations" in mistyped

    first = here.type(*NEW)
    assert "charging/stations: ask, GET /sites/{siteId}/stations" in first
    assert "the optional query parameters status, limit are left out; --keep NAME carries one" in first
    assert "Left to decide:" in first
    assert "drop it" in first

    assert "is there already, and is not overwritten" in here.type(*NEW, *DROPPED, status=1)
    shutil.rmtree(here.folder / EXCHANGE)
    (here.folder / SHAPES).unlink()
    assert "Left to decide:" in here.type(*NEW, *DROPPED)
    assert "[undecided]" in here.type("check", "--strict", status=1)

    decide(here.folder)
    return here


def test_what_is_decided_passes_every_check_and_every_test(shell: Shell) -> None:
    assert "0 failed" in shell.type("test", "--accept")
    assert "1 exchange," in (said := shell.type("check", "--strict"))
    assert "no problem" in said


def test_the_example_maps_to_triples_and_back(shell: Shell) -> None:
    assert "conforms" in shell.type("map", "charging/stations", EXAMPLE, "--explain")
    rows = shell.run("map", "charging/stations", EXAMPLE, "--format", "rows").stdout
    (shell.folder / "rows.json").write_text(rows, encoding="utf-8")
    back = shell.run("unmap", "charging/stations", "rows.json", "--given", EXAMPLE, "--case").stdout
    assert json.loads(back) == json.loads((shell.folder / EXAMPLE).read_text(encoding="utf-8"))


class Chargers(BaseHTTPRequestHandler):
    """The operator's service, which sends what was dropped too: its exchange ignores that.

    At NL-AMS-2 it has a status of its own, and there is no site NL-AMS-9.
    """

    def do_GET(self) -> None:
        site = self.path.split("/")[2]
        status = 200
        more = {"meterReading": 7.5, "stateOfCharge": None, "sessions": 3}
        connectors = [{**one, **more} for one in STATION["connectors"]]
        sent = {**STATION, "connectors": connectors, "commissionedOn": "2021-05-01"}
        reply: dict[str, Any] = {"siteId": site, "stations": [sent]}
        if site == "NL-AMS-2":
            connectors = [{**one, "status": "FAULTED"} for one in STATION["connectors"]]
            reply["stations"] = [{**STATION, "connectors": connectors}]
        elif site == "NL-AMS-9":
            status, reply = 404, {"title": "No such site", "status": 404, "detail": "NL-AMS-9 is not known"}
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(reply).encode())

    def log_message(self, *_: Any) -> None:
        pass


def call(url: str) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(url, timeout=10) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.fixture
def stations(shell: Shell) -> Iterator[str]:
    """The URL of the DSO's own adapter, with ``{}`` for the site, when the operator's is on the network too."""
    service = ThreadingHTTPServer(("127.0.0.1", 0), Chargers)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    engine, operator, dso = free_ports(3)
    both = ("--catalogue", str(shell.folder), "--engine", f"http://127.0.0.1:{engine}/rest")
    url = f"http://127.0.0.1:{dso}/sites/{{}}/stations?from=2026-12-02T00:00:00Z&to=2026-12-03T00:00:00Z"
    with Processes(shell.folder) as processes:
        processes.start("engine", "engine", "--port", str(engine))
        processes.ready("engine")
        processes.start(
            "operator",
            *("adapter", "--party", "charge_point_operator", "--knowledge-base", "https://cpo.example.org/kb", *both),
            *("--service", f"http://127.0.0.1:{service.server_port}", "--port", str(operator)),
        )
        processes.start(
            "dso",
            *("adapter", "--party", "dso", "--knowledge-base", "https://dso.example.org/kb", *both),
            *("--responder", "https://cpo.example.org/kb", "--port", str(dso)),
        )
        for name in ("operator", "dso"):
            processes.ready(name)
        deadline = time.monotonic() + 10
        while call(url.format("NL-AMS-1"))[0] != 200 and time.monotonic() < deadline:
            time.sleep(0.2)
        yield url
    service.shutdown()
    service.server_close()


def test_the_dso_reads_the_stations_from_its_own_adapter(stations: str) -> None:
    assert call(stations.format("NL-AMS-1")) == (200, {"siteId": "NL-AMS-1", "stations": [STATION]})

    status, refusal = call(stations.format("NL-AMS-2"))
    assert status == 502
    assert "it must be one of AVAILABLE, CHARGING, RESERVED, OUT_OF_ORDER" in refusal["detail"]

    status, missing = call(stations.format("NL-AMS-9"))
    assert status == 404
    assert "NL-AMS-9 is not known" in missing["detail"]

    status, question = call(stations.format("somewhere"))
    assert status == 422
    assert "/siteId" in question["detail"]
