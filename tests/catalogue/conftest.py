"""Copies of shipped exchanges, to be broken."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from gridlingua.catalogue import Content, shipped
from gridlingua.catalogue.checking import run
from gridlingua.errors import Problem


@dataclass(frozen=True)
class Copy:
    """A catalogue of our own: some exchanges, all shapes, the ontologies that come with gridlingua."""

    root: Path

    @property
    def content(self) -> Content:
        return Content(self.root)

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text()
        assert old in text, f"{old!r} is not in {path}"
        (self.root / path).write_text(text.replace(old, new, 1))

    def write(self, path: str, text: str | bytes) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_bytes(text if isinstance(text, bytes) else text.encode())

    def line(self, path: str, text: str) -> int:
        """The line where a text first stands."""
        lines = (self.root / path).read_text().splitlines()
        return next(number for number, one in enumerate(lines, 1) if text in one)

    def problems(self, *only: str) -> list[Problem]:
        return run(self.content, only=only)


@pytest.fixture
def copy(tmp_path: Path) -> Callable[..., Copy]:
    def make(*folders: str) -> Copy:
        source = shipped().root
        shutil.copytree(source / "shapes", tmp_path / "shapes")
        for folder in folders:
            shutil.copytree(source / folder, tmp_path / folder)
        return Copy(tmp_path)

    return make
