"""Files of data at a gate: judged by shapes, or by an exchange of a catalogue."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from rdflib import RDF, Graph, URIRef

from gridlingua.catalogue import Exchange
from gridlingua.catalogue.validating import (
    Data,
    ShapesFile,
    judge_data,
    not_shacl,
    parse_graph,
    rdf_suffixes,
    read_shapes_files,
    sought,
    unfocused,
    union,
    unjudged,
    untargeted,
    with_classes,
)
from gridlingua.cli.message_gate import MessageFile
from gridlingua.cli.one_exchange import UsageError
from gridlingua.errors import CatalogueError, GridlinguaError, Problem
from gridlingua.semantics.terms import split_iri

_MESSAGE: Final = ".json"
_TOO_GENERAL: Final = frozenset({".xml", ".owl"})
"""What such a file holds must be said by naming it: a folder has others of the kind."""


@dataclass(frozen=True)
class Outcome:
    """What a gate found, and the files that were judged: none where there was nothing to judge them by."""

    problems: Sequence[Problem]
    files: Sequence[Path] = ()


@dataclass(frozen=True)
class ShapesGate:
    """Files judged by shapes. Each file is a graph of its own, unless ``together``; ``each``: every shape must find
    something to judge in each of them, not only in one."""

    shapes: Sequence[Path]
    ontology: Sequence[Path] = ()
    each: bool = False
    together: bool = False

    def judge(self, files: Sequence[Path]) -> Outcome:
        """What is wrong with the shapes; where nothing is, with the data. Raises CatalogueError for the ontology,
        UsageError when there are no shapes."""
        shapes, problems = read_shapes_files(self.shapes, str)
        if not shapes and not problems:
            raise UsageError(
                f"no shapes in {', '.join(map(str, self.shapes))}: they end in {', '.join(rdf_suffixes())}"
            )
        if not any(one.severity == "error" for one in problems):
            problems += not_shacl(shapes)
        if any(one.severity == "error" for one in problems):
            return Outcome(problems)
        ontology = Graph()
        for path in self.ontology:
            ontology += parse_graph(path, str(path), "data")[0]
        data, unreadable = _read(files)
        whole = union(shapes)
        missed = set().union(*sought(whole).values())
        for some in [data] if self.together and data else [[one] for one in data]:
            problems += _decided(partial(judge_data, some, whole, ontology, data, missed), some[0].place)
        problems += [*untargeted(shapes, whole), *unjudged(whole, data, ontology)]
        if not unreadable:  # what a shape looks for may stand in the file that cannot be read
            problems += self._unfocused(shapes, whole, data, ontology)
        return Outcome(problems + unreadable, files)

    def _unfocused(
        self, shapes: Sequence[ShapesFile], whole: Graph, data: Sequence[Data], ontology: Graph
    ) -> Iterator[Problem]:
        for group in [[one] for one in data] if self.each else [data]:
            where = group[0].place if len(group) == 1 else f"{len(group)} files"
            yield from unfocused(shapes, whole, [with_classes(one.graph, ontology) for one in group], where)


@dataclass(frozen=True)
class ExchangeGate:
    """Files judged by an exchange: messages in JSON as its adapters judge them, and graphs of its patterns in RDF."""

    exchange: Exchange

    def judge(self, files: Sequence[Path]) -> Outcome:
        """What is wrong with the files. Raises CatalogueError when the shapes of the exchange cannot be read."""
        shapes = self.exchange.shapes
        found: list[Problem] = []
        for path in files:
            try:
                if path.suffix.lower() == _MESSAGE:
                    found += MessageFile.read(path, self.exchange).problems(self.exchange)
                else:
                    data = Data.read(path)
                    found += _decided(partial(judge_data, [data], shapes.graph), data.place)
                    found += self._unfocused(data)
            except CatalogueError as error:
                found += error.problems
        return Outcome(found, files)

    def _unfocused(self, data: Data) -> Iterator[Problem]:
        """What a graph lacks to be a whole request or a whole reply, the nearer of the two."""
        wanted = {part: self.exchange.shapes.expected(pattern) for part, pattern in self.exchange.judged.items()}
        lacking = {
            part: [one for one in sorted(targets) if (None, RDF.type, URIRef(split_iri(one))) not in data.graph]
            for part, targets in wanted.items()
            if targets
        }
        if lacking and all(lacking.values()):
            part = min(lacking, key=lambda one: (len(lacking[one]) / len(wanted[one]), one == "request"))
            names = " and no ".join(URIRef(split_iri(one)).n3(data.graph.namespace_manager) for one in lacking[part])
            message = f"there is no {names}, and a {part} of {self.exchange.id} has one: its shapes judge nothing here"
            yield Problem(data.place, 1, "focus", message)


def data_files(named: Sequence[Path], *, messages: bool) -> list[Path]:
    """The files that paths mean, those of a folder by their suffixes; ``messages``: JSON too.

    Raises UsageError for a path that does not exist, a file of another kind, and when there is none at all.
    """
    known = (*rdf_suffixes(), *((_MESSAGE,) if messages else ()))
    found: list[Path] = []
    for path in named:
        if not path.exists():
            raise UsageError(f"there is no {path}")
        if path.is_dir():
            found += _walk(path, [one for one in known if one not in _TOO_GENERAL])
        elif path.suffix.lower() in known:
            found.append(path)
        else:
            hint = "; messages in JSON are judged by an exchange: --exchange ID" if path.suffix == _MESSAGE else ""
            raise UsageError(f"{path} is no file of data: those end in {', '.join(known)}{hint}")
    if not found:
        raise UsageError(f"no data in {', '.join(map(str, named))}: a gate that judges nothing lets everything pass")
    return list(dict.fromkeys(found))


def _walk(folder: Path, suffixes: Sequence[str]) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if one[0] != "." and one != "node_modules")
        yield from (Path(here, one) for one in sorted(files) if one[0] != "." and Path(one).suffix.lower() in suffixes)


def _read(files: Sequence[Path]) -> tuple[list[Data], list[Problem]]:
    data: list[Data] = []
    problems: list[Problem] = []
    for path in files:
        try:
            data.append(Data.read(path))
        except CatalogueError as error:
            problems += error.problems
    return data, problems


def _decided(judge: Callable[[], list[Problem]], place: str) -> list[Problem]:
    """What SHACL says; that it could not be decided is a finding, and no end of the run."""
    try:
        return judge()
    except CatalogueError as error:
        return list(error.problems)
    except GridlinguaError as error:
        return [Problem(place, 1, "shacl", str(error))]
