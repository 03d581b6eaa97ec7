"""The vocabulary of both generations, and what one check tells of a text."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path, PurePath

import pytest

from gridlingua.catalogue import Content, shipped
from gridlingua.catalogue.checking import Written, run, run_written
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.passages import passages
from gridlingua.errors import Problem

Telling = Callable[..., list[Problem]]


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary.load(shipped().ontologies)


@pytest.fixture(scope="session")
def told(vocabulary: Vocabulary) -> Telling:
    """The problems of a check in a text, which is that of a bare file of a profile."""

    def tell(check: str, text: str, profile: str = "saref4", file: str = "pattern.gp") -> list[Problem]:
        found = passages(PurePath(file), text)
        return run_written([Written.of(file, one, vocabulary, profile) for one in found], [check])

    return tell


@pytest.fixture
def broken(tmp_path: Path) -> Callable[..., list[str]]:
    """What a check says of a copy of a shipped exchange in which some texts are replaced: (file, old, new) each."""

    def judge(check: str, exchange: str, *edits: tuple[str, str, str]) -> list[str]:
        source, folder = shipped().root, f"graph_patterns/{exchange}"
        shutil.copytree(source / "shapes", tmp_path / "shapes")
        shutil.copytree(source / folder, tmp_path / folder)
        for file, old, new in edits:
            path = tmp_path / folder / file
            text = path.read_text()
            assert old in text, f"{old!r} is not in {file}"
            path.write_text(text.replace(old, new, 1))
        return [one.message for one in run(Content(tmp_path), only=[check])]

    return judge
