"""The programs of docs/peers.md run as they stand, with the patterns saved from the pages of the exchanges."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

DOCS = Path(__file__).parents[2] / "docs"
PROGRAM = re.compile(r"^```python\n# (\w+\.py)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PATTERN = re.compile(r"^### `saref4(\.\w+)?\.rq`\n.*?^```sparql\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEED = {
    "requestId": "N-1",
    "needs": 40,
    "measurementUnit": "kW",
    "direction": "Down",
    "typePower": "Active",
    "startTime": "2026-12-01T18:00:00Z",
    "endTime": "2026-12-01T20:00:00Z",
    "eligibleClients": ["M000001", "M000002"],
}
DAY = {"startTime": "2026-12-01T00:00:00Z", "endTime": "2026-12-02T00:00:00Z"}
NEXT_DAY = {"startTime": "2026-12-02T00:00:00Z", "endTime": "2026-12-03T00:00:00Z"}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the programs of the page and the patterns that it says to save."""
    for name, text in PROGRAM.findall((DOCS / "peers.md").read_text("utf-8")):
        (tmp_path / name).write_text(text, "utf-8")
    for exchange in ("needs", "offers"):
        page = (DOCS / "exchanges" / "flexibility" / f"{exchange}.md").read_text("utf-8")
        for part, text in PATTERN.findall(page):
            (tmp_path / f"{exchange}{part}.rq").write_text(text, "utf-8")
    return tmp_path


def surroundings(parties: Any) -> dict[str, str]:
    return {**os.environ, "KE_ENDPOINT": parties.engine, "NO_PROXY": "127.0.0.1"}


@pytest.fixture
def dso(knowledge_mapper: Path, parties: Any, desk: Path, end: Any) -> Iterator[None]:
    """The DSO of the page, until it is told to end."""
    with subprocess.Popen(
        [knowledge_mapper, "dso.py"], cwd=desk, env=surroundings(parties), stdout=subprocess.PIPE, text=True
    ) as process:
        watch = threading.Timer(30, process.kill)
        watch.start()
        assert process.stdout
        assert process.stdout.readline() == "serving\n"
        yield
        end(process)
        watch.cancel()
    assert parties.left_over() == set()


def aggregator(knowledge_mapper: Path, parties: Any, desk: Path) -> str:
    """What the aggregator of the page prints."""
    done = subprocess.run(
        [knowledge_mapper, "aggregator.py"],
        cwd=desk,
        env=surroundings(parties),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_aggregator_of_the_page_offers_to_our_dso(knowledge_mapper: Path, parties: Any, desk: Path) -> None:
    parties.dso_service.call("POST", "/needs", json=[NEED]).raise_for_status()
    assert aggregator(knowledge_mapper, parties, desk) == '"N-1-1" acknowledged by "DSO North"\n'
    (kept,) = parties.dso_service.call("GET", "/offers", params={"requestId": "N-1"}).json()
    assert (kept["offer"], kept["price"], kept["meterIds"]) == (40, 0.12, NEED["eligibleClients"])
    assert kept["provider"] == "other-aggregator"


def test_the_dso_of_the_page_answers_our_aggregator_and_acknowledges_its_offers(parties: Any, dso: None) -> None:
    url = f"{parties.aggregator_adapter}/Flexibility"
    assert requests.get(f"{url}/Needs", DAY, timeout=20).json() == [NEED]
    assert requests.get(f"{url}/Needs", NEXT_DAY, timeout=20).json() == []
    offer = {name: NEED[name] for name in ("requestId", "measurementUnit", "startTime", "endTime")}
    offer |= {"offerId": "O-1", "offer": 40, "price": 0.12, "meterIds": NEED["eligibleClients"]}
    (told,) = requests.post(f"{url}/Offers", json=[offer], timeout=20).json()
    assert (told["requestId"], told["offerId"], told["acknowledgedBy"]) == ("N-1", "O-1", "Other DSO")
