"""A catalogue that ``gridlingua new`` writes into, and what its checks and its adapters say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result
from typer.testing import CliRunner

from gridlingua.catalogue import Content, load
from gridlingua.catalogue.checking import run
from gridlingua.cli import app
from gridlingua.errors import Problem
from gridlingua.semantics.schema import read_json
from gridlingua.testing import loopback


@dataclass(frozen=True)
class Workshop:
    """A folder for documents and a catalogue."""

    root: Path

    @property
    def catalogue(self) -> Path:
        return self.root / "catalogue"

    def file(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def new(self, *arguments: str | Path, status: int = 0) -> Result:
        """Run the command, ask nothing."""
        result = CliRunner().invoke(app, ["new", *map(str, arguments), "--catalogue", str(self.catalogue)])
        assert result.exit_code == status, result.output
        assert "Traceback" not in result.output
        return result

    def read(self, path: str) -> str:
        return (self.catalogue / path).read_text()

    def declared(self, exchange: str) -> Any:
        return yaml.safe_load(self.read(f"graph_patterns/{exchange}/exchange.yaml"))

    def schema(self, exchange: str, part: str) -> Any:
        return read_json(self.read(f"graph_patterns/{exchange}/{part}.schema.json"))

    def pattern(self, exchange: str, side: str = "") -> str:
        """The text of a pattern on one line."""
        return " ".join(self.read(f"graph_patterns/{exchange}/saref4{side}.rq").split())

    def told(self, exchange: str) -> dict[str, str]:
        """What the sender of each reject is told."""
        folder = self.catalogue / "graph_patterns" / exchange / "rejects"
        return {path.stem: path.read_text().strip() for path in sorted(folder.glob("*.txt"))}

    def problems(self, exchange: str) -> list[Problem]:
        return run(Content(self.catalogue), [exchange])

    def passes(self, exchange: str) -> list[Problem]:
        """The whole check finds no error, and the example goes round through both parties' adapters; the warnings."""
        problems = self.problems(exchange)
        assert [one for one in problems if one.severity == "error"] == []
        found = load(Content(self.catalogue))
        (case,) = found[exchange].examples
        with loopback(found[exchange], found, case.messages["reply"]) as call:
            assert call(case.messages["request"]).only().message == case.messages["reply"]
            assert len(call.service.calls) == 1
        return problems

    def is_untouched(self) -> bool:
        return not any(self.catalogue.iterdir())


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    made = Workshop(tmp_path)
    made.catalogue.mkdir()
    return made
