"""A small catalogue of our own, to be changed, and its findings between runs."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gridlingua.catalogue import Content, shipped

IDS = ("flexibility/needs", "flexibility/subscription", "limits/capability")
MARK = "it was found before"


@dataclass(frozen=True)
class Copy:
    """Some exchanges and all shapes in a folder, and a folder for what is found in them."""

    root: Path
    kept: Path

    @property
    def content(self) -> Content:
        return Content(self.root)

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text("utf-8")
        assert old in text, f"{old!r} is not in {path}"
        (self.root / path).write_text(text.replace(old, new, 1), "utf-8")

    @property
    def file(self) -> Path:
        """Where the findings are kept."""
        (file,) = self.kept.glob("*.json")
        return file

    def mark(self) -> None:
        """Add to what was found in each exchange something that only a run which does not look will tell."""
        found = json.loads(self.file.read_text("utf-8"))
        for name, record in found["records"].items():
            record["found"]["paths"].append(self.finding(name))
        self.file.write_text(json.dumps(found), "utf-8")

    @staticmethod
    def finding(name: str) -> dict[str, Any]:
        return {"path": name, "line": 1, "check": "paths", "message": MARK, "severity": "error", "column": 0}


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    made = Copy(tmp_path / "catalogue", tmp_path / "kept")
    for name in IDS:
        shutil.copytree(shipped().patterns / name, made.root / "graph_patterns" / name)
        (made.root / "shapes" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(shipped().shapes / f"{name}.ttl", made.root / "shapes" / f"{name}.ttl")
        for kind in ("examples", "rejects"):  # one message of each kind says as much of what is kept as all of them
            for spare in sorted((made.root / "graph_patterns" / name / kind).glob("*.json"), key=_size)[1:]:
                spare.unlink()
                spare.with_suffix(".txt").unlink(missing_ok=True)
    shutil.copytree(shipped().shapes / "concepts", made.root / "shapes" / "concepts")
    return made


def _size(file: Path) -> int:
    return file.stat().st_size
