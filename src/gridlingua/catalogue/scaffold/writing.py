"""Write an exchange's folder and shape file: into a temporary catalogue, and where they belong once they pass."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gridlingua.catalogue.checking import run
from gridlingua.catalogue.content import Content
from gridlingua.catalogue.exchange import Exchange
from gridlingua.catalogue.load import read
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.scaffold import wording
from gridlingua.catalogue.scaffold.blocks import library
from gridlingua.catalogue.scaffold.breaking import rejects
from gridlingua.catalogue.scaffold.brief import Brief, ScaffoldError
from gridlingua.catalogue.scaffold.composing import compose
from gridlingua.catalogue.scaffold.constraining import shapes
from gridlingua.catalogue.scaffold.proposal import Proposal
from gridlingua.catalogue.scaffold.samples import case
from gridlingua.catalogue.scaffold.telling_apart import tell_apart, tell_from_others
from gridlingua.errors import CatalogueError, Problem
from gridlingua.semantics.schema import write_json

_SCHEMA: Final = "exchange.schema.json"
"""What editors complete exchange.yaml by, where the owner of a catalogue has put it: docs/editors.md."""


@dataclass(frozen=True)
class Written:
    """What was written, and what the checks say of it: warnings and notes."""

    files: tuple[Path, ...]
    problems: tuple[Problem, ...]


def write(brief: Brief, content: Content) -> Written:
    """Write the exchange of a brief into a catalogue.

    Raises ScaffoldError, and leaves the catalogue as it was, when the folder is there already, when rows cannot say a
    message, or when no proposal passes the checks.
    """
    refuse_existing(brief.id, content)
    vocabulary = Vocabulary.load(content.ontologies, content.extension_base)
    others = list(_others(content, vocabulary))
    with tempfile.TemporaryDirectory(prefix="gridlingua-new-") as folder:
        beside = _beside(Path(folder), content)
        found: list[Problem] = []
        for plain in (False, True):
            try:
                proposal = compose(brief, vocabulary, library(), plain=plain)
                tell_apart(proposal, vocabulary)
                tell_from_others(proposal, brief, vocabulary, others)
            except ScaffoldError:
                if plain and found:
                    break
                raise
            _write(brief, proposal, beside, vocabulary)
            problems = run(beside, [brief.id])
            errors = [one for one in problems if one.severity == "error"]
            if not errors:
                return Written(_move(brief, beside, content), tuple(problems))
            found = found or errors
    told = "\n".join(f"  {one}" for one in found)
    raise ScaffoldError(f"no pattern that was proposed passes the checks, so nothing was written:\n{told}")


def refuse_existing(exchange_id: str, content: Content) -> None:
    """Raise ScaffoldError when the catalogue has the exchange, or its shape file."""
    for path in (content.patterns / exchange_id, content.shapes / f"{exchange_id}.ttl"):
        if path.exists():
            raise ScaffoldError(
                f"{path}: is there already, and is not overwritten: take it away, or choose another name"
            )


def _others(content: Content, vocabulary: Vocabulary) -> Iterator[Exchange]:
    folders = content.folders() if content.patterns.is_dir() else []
    for folder in folders:
        if (exchange := read(content, folder, vocabulary.prefixes).exchange) is not None:
            yield exchange


def _beside(root: Path, content: Content) -> Content:
    """A catalogue that holds what the real one does, without touching it."""
    for real in (content.patterns, content.shapes):
        (root / real.name).mkdir()
        for path in real.iterdir() if real.is_dir() else ():
            (root / real.name / path.name).symlink_to(path.resolve())
    for name in ("ontologies", _SCHEMA):
        if (content.root / name).exists():
            (root / name).symlink_to((content.root / name).resolve())
    return Content(root, content.extension_base)


def _own(folder: Path, name: str) -> Path:
    """A folder of the temporary catalogue that may be written to: one of the same entries, not the real one."""
    path = folder / name
    if path.is_symlink():
        real = path.resolve()
        path.unlink()
        path.mkdir()
        for one in real.iterdir():
            (path / one.name).symlink_to(one)
    path.mkdir(exist_ok=True)
    return path


def _write(brief: Brief, proposal: Proposal, content: Content, vocabulary: Vocabulary) -> None:
    folder = _own(content.patterns, brief.service) / brief.name
    shape_file = _own(content.shapes, brief.service) / f"{brief.name}.ttl"
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("request", "reply"):
        _put(folder / f"{part}.schema.json", wording.schema(brief.messages.schema(part)))
    for side in proposal.sides:
        name = "saref4.rq" if side == "pattern" else f"saref4.{side}.rq"
        _put(folder / name, wording.pattern(proposal, side, vocabulary))
    schema = f"../../../{_SCHEMA}" if (content.root / _SCHEMA).is_file() else ""
    _put(folder / "exchange.yaml", wording.declaration(brief, proposal, schema))
    _put(shape_file, shapes(proposal, vocabulary))
    draft = read(content, folder, vocabulary.prefixes)
    if draft.exchange is None:
        raise CatalogueError(draft.problems)
    good = case(proposal, draft.exchange, brief.messages.examples)
    _put(folder / "examples" / "example.json", write_json(good, indent=2) + "\n")
    for one in rejects(proposal, draft.exchange, good):
        _put(folder / "rejects" / f"{one.name}.json", write_json(one.messages, indent=2) + "\n")
        _put(folder / "rejects" / f"{one.name}.txt", f"{one.told}\n")


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _move(brief: Brief, beside: Content, content: Content) -> tuple[Path, ...]:
    """Move folder and shape file to where they belong; the folder comes last, so that no half exchange is ever seen."""
    made: list[Path] = []
    pairs: Sequence[tuple[Path, Path]] = (
        (beside.shapes / f"{brief.id}.ttl", content.shapes / f"{brief.id}.ttl"),
        (beside.patterns / brief.id, content.patterns / brief.id),
    )
    try:
        for source, target in pairs:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(source, target)
            made.append(target)
    except BaseException as error:
        for path in made:
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise ScaffoldError(f"{error.filename or content.root}: cannot be written: {error.strerror}") from None
        raise
    folder = content.patterns / brief.id
    return (*sorted(one for one in folder.rglob("*") if one.is_file()), content.shapes / f"{brief.id}.ttl")
