"""TNO's command-line program ``python -m knowledge_mapper``, unchanged, with a data source of its user's."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from gridlingua.catalogue import Catalogue, Exchange, reply_rows, request_rows
from gridlingua.semantics.mapping import Minter

OTHER_DSO = "https://other-dso.example.org/kb"
MINTER = Minter("https://peer.example.org/things/")


@pytest.fixture
def needs(catalogue: Catalogue) -> Exchange:
    return catalogue["flexibility/needs"]


@pytest.fixture
def rows_file(needs: Exchange, tmp_path: Path) -> Path:
    """What the foreign DSO knows: the needs of the example, without the request's variables."""
    case = needs.examples[0].messages
    asked = request_rows(needs, case["request"], MINTER).rows
    rows = reply_rows(needs, case["reply"], asked, "saref4", MINTER).rows
    own = [{name: term for name, term in row.items() if name not in needs.request_variables} for row in rows]
    path = tmp_path / "rows.json"
    path.write_text(json.dumps(own))
    return path


@pytest.fixture
def program(
    knowledge_mapper: Path, parties: Any, needs: Exchange, rows_file: Path, end: Any
) -> Iterator[subprocess.Popen[str]]:
    """The program, once it polls."""
    folder = rows_file.parent
    shutil.copy(Path(__file__).with_name("rows_of_a_file.py"), folder)
    pattern = str(needs.profiles["saref4"].request)
    config = {
        "knowledge_engine_endpoint": parties.engine,
        "knowledge_base": {"id": OTHER_DSO, "name": "Other DSO", "description": "Needs flexibility"},
        "plugin": {"class": "rows_of_a_file.RowsOfAFile", "args": [str(rows_file)]},
        "knowledge_interactions": [{"name": "needs", "type": "answer", "pattern": pattern}],
    }
    (folder / "config.json").write_text(json.dumps(config))
    with subprocess.Popen(
        [knowledge_mapper, "-m", "knowledge_mapper", "config.json"],
        cwd=folder,
        env={**os.environ, "NO_PROXY": "127.0.0.1"},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        watch = threading.Timer(30, process.kill)
        watch.start()
        assert process.stderr
        said = []
        while not said or "Waiting for response to long poll" not in said[-1]:
            said.append(process.stderr.readline())
            assert said[-1], "".join(said)
        yield process
        end(process)
        watch.cancel()
    assert process.returncode == 0
    assert parties.left_over() == set()


def asked_by_us(parties: Any, needs: Exchange) -> requests.Response:
    request = needs.examples[0].messages["request"]
    return requests.get(f"{parties.aggregator_adapter}/Flexibility/Needs", params=request, timeout=20)


def test_it_answers_our_aggregator(needs: Exchange, parties: Any, program: Any) -> None:
    response = asked_by_us(parties, needs)
    assert response.status_code == 200, response.text
    assert response.json() == needs.examples[0].messages["reply"]


def test_its_broken_data_source_reads_as_no_needs(needs: Exchange, parties: Any, program: Any, rows_file: Path) -> None:
    """It turns every exception into an empty answer (contract 10.1), which nobody can tell from a true one."""
    rows_file.unlink()
    response = asked_by_us(parties, needs)
    assert (response.status_code, response.json()) == (200, [])
