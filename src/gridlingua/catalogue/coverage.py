"""Which operations of the sources the exchanges of a catalogue cover: a page, written from both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from gridlingua.catalogue.exchange import Exchange
from gridlingua.catalogue.load import Catalogue
from gridlingua.catalogue.ontology import EXTENSION
from gridlingua.errors import CatalogueError, Problem

Document = Mapping[str, Any]
"""``document``, ``title`` and ``operations``, each with ``passage``, ``operation``, and maybe ``rest`` or ``left``."""


def read_sources(path: Path) -> Sequence[Document]:
    """The operations that the sources describe. Raises CatalogueError when the file cannot be read."""
    try:
        found: Sequence[Document] = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise CatalogueError([Problem(str(path), 1, "docs", f"not a list of sources: {error}")]) from None
    return found


def covering(catalogue: Catalogue, document: str, operation: Mapping[str, str]) -> list[Exchange]:
    """The exchanges that name an operation's passage; where it says a REST operation, those that begin like it."""
    rest = operation.get("rest", "")
    return [
        one
        for one in catalogue.exchanges.values()
        if _names(one.source, document, operation["passage"]) and str(one.operation).startswith(rest)
    ]


def _names(source: str, document: str, passage: str) -> bool:
    """Whether ``InterConnect D4.2, 3.2.1.1.1.2; D4.3, 4.1.5`` names a passage of a document, and none below it."""
    wanted = re.compile(rf"(?<![\d.]){re.escape(passage)}(?!\.\d)")
    return any(
        document in part and not part.strip().startswith("names of") and wanted.search(part)
        for part in source.split(";")
    )


def coverage_page(catalogue: Catalogue, sources: Sequence[Document]) -> str:
    """The page: figures of the catalogue, and a table of operations a source."""
    lines = ["<!-- Written by `gridlingua docs` from docs/sources.yaml and the catalogue. -->", "# Coverage", ""]
    tables, told, met = [], 0, 0
    for source in sources:
        tables += ["", f"## {source['title']}", "", "| passage | operation | exchange |", "|---|---|---|"]
        for operation in source["operations"]:
            found = covering(catalogue, source["document"], operation)
            told += "left" not in operation
            met += "left" not in operation and bool(found)
            cell = ", ".join(f"[{one.id}](exchanges/{one.id}.md)" for one in found) or "**none**"
            cell = f"left out: {operation['left']}" if "left" in operation else cell
            passage = operation["passage"] + ")" * (operation["passage"].count("(") - operation["passage"].count(")"))
            tables.append(f"| {passage} | {operation['operation']} | {cell} |")
    lines += [f"{met} of the {told} operations that the sources give a DSO's interface have an exchange.", ""]
    lines += ["| the catalogue | |", "|---|---|", *(f"| {name} | {value} |" for name, value in _figures(catalogue))]
    return "\n".join([*lines, *tables]) + "\n"


def _figures(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    exchanges = list(catalogue.exchanges.values())
    own = next((one for one in catalogue.vocabulary.all_lists if one.source_file == EXTENSION), None)
    profiles = sorted({name for one in exchanges for name in one.profiles})
    both = [one for one in exchanges if len(one.profiles) == len(profiles)]
    asks = sum(one.kind == "ask" for one in exchanges)
    yield "exchanges", f"{len(exchanges)} ({asks} asks, {len(exchanges) - asks} posts)"
    for name in profiles:
        having = [one.profiles[name] for one in exchanges if name in one.profiles]
        patterns = sum(2 if profile.result else 1 for profile in having)
        yield f"in the profile `{name}`", f"{len(having)} exchanges, {patterns} patterns"
    yield "in every profile", str(len(both))
    yield "examples", str(sum(len(one.examples) for one in exchanges))
    yield "rejects", str(sum(len(one.rejects) for one in exchanges))
    if own:
        yield "own terms", str(sum(iri.startswith(own.namespace) for iri in own.terms))
