"""docs/add-an-exchange.md: one folder and one shape file make one exchange more."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from gridlingua.catalogue import Content, load, shipped
from gridlingua.catalogue.checking import run
from gridlingua.errors import MessageError, RemoteError
from gridlingua.testing import loopback

PAGE = Path(__file__).parents[2] / "docs" / "add-an-exchange.md"
BLOCK = re.compile(r"^`([^`\n]+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXCHANGE = "observability/transformer_load"


def files() -> dict[str, str]:
    """The files that the page gives, by path."""
    return dict(BLOCK.findall(PAGE.read_text()))


@pytest.fixture
def extended(tmp_path: Path) -> Content:
    """The shipped catalogue and what the page adds."""
    root = shipped().root
    for folder in ("graph_patterns", "shapes", "ontologies"):
        shutil.copytree(root / folder, tmp_path / folder)
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    for name, text in files().items():
        path = tmp_path / name
        assert path not in before, f"{name} is there already"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Content(tmp_path)


def test_the_page_adds_one_folder_and_one_shape_file_only() -> None:
    outside = [name for name in files() if not name.startswith(f"graph_patterns/{EXCHANGE}/")]
    assert outside == [f"shapes/{EXCHANGE}.ttl"]


def test_what_the_page_adds_has_no_problem(extended: Content) -> None:
    assert run(extended, [EXCHANGE]) == []


def test_both_parties_speak_the_new_exchange(extended: Content) -> None:
    catalogue = load(extended)
    exchange = catalogue[EXCHANGE]
    (case,) = exchange.examples
    with loopback(exchange, catalogue, case.messages["reply"]) as call:
        assert call(case.messages["request"]).only().message == case.messages["reply"]
        assert [(heard.method, heard.path) for heard in call.service.calls] == [
            ("GET", "/Observability/Transformers/T-4405-07/Load")
        ]


def test_a_bad_reading_is_refused(extended: Content) -> None:
    catalogue = load(extended)
    exchange = catalogue[EXCHANGE]
    (case,) = exchange.rejects
    with loopback(exchange, catalogue, case.messages["reply"]) as call:
        outcome = call(case.messages["request"])
        with pytest.raises(RemoteError, match="not below zero"):
            outcome.only()


@pytest.mark.parametrize("transformer", [".", ".."])
def test_a_path_parameter_cannot_lead_to_another_operation(transformer: str, extended: Content) -> None:
    catalogue = load(extended)
    with loopback(catalogue[EXCHANGE], catalogue, {}) as call:
        with pytest.raises((MessageError, RemoteError), match=r"/transformerId: .* cannot stand in a path"):
            call({"transformerId": transformer}).only()
        assert call.service.calls == []
