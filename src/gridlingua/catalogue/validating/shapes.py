"""Shapes in files: theirs, those that they import, and whether they are SHACL at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlparse

from pyparsing import ParseBaseException
from pyshacl.entrypoints import meta_validate
from rdflib import OWL, SH, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import Node

from gridlingua.catalogue.validating.data import Data, parse_graph, rdf_suffixes
from gridlingua.catalogue.validating.sentences import findings
from gridlingua.errors import CatalogueError, Problem
from gridlingua.semantics.grammar import PARSING
from gridlingua.semantics.patience import limited
from gridlingua.semantics.seclusion import secluded

ShapesFile = Data
"""A file of shapes: its graph, and where in its text a shape stands."""

_CHECK: Final = "shapes"
_KNOWN_ELSEWHERE: Final = ("http://www.w3.org/ns/shacl", "http://datashapes.org/dash", "https://datashapes.org/dash")
_SHACL: Final = str(SH)
_PATH: Final = re.compile(r"\$PATH\b")


def read_shapes_files(paths: Sequence[Path], named: Callable[[Path], str]) -> tuple[list[ShapesFile], list[Problem]]:
    """Read files of shapes, every RDF file of a folder, and all that they import from files; and what is wrong.

    ``named``: how problems name a path.
    """
    files: list[ShapesFile] = []
    problems: list[Problem] = []
    seen: set[Path] = set()
    pending: list[tuple[Path, ShapesFile | None]] = [(file, None) for path in paths for file in _files(path)]
    while pending:
        path, importer = pending.pop(0)
        if path.resolve() in seen:
            continue
        seen.add(path.resolve())
        try:
            graph, text = parse_graph(path, named(path), _CHECK)
        except CatalogueError as error:
            problems += [_imported(one, path, importer) for one in error.problems]
            continue
        file = ShapesFile(named(path), graph, text, path.resolve().as_uri())
        files.append(file)
        for target in sorted(map(str, graph.objects(None, OWL.imports))):
            if urlparse(target).scheme == "file":
                pending.append((Path(unquote(urlparse(target).path)), file))
            elif not target.startswith(_KNOWN_ELSEWHERE):
                message = f"imports {target}, which is not fetched: name a file instead"
                problems.append(replace(_at(file, URIRef(target), message), severity="warning"))
    return files, problems


def union(files: Sequence[ShapesFile]) -> Graph:
    """The one graph of all shapes."""
    graph = Graph()
    for file in files:
        for prefix, namespace in file.graph.namespaces():
            graph.bind(prefix, namespace)
        graph += file.graph
    return graph


def not_shacl(files: Sequence[ShapesFile]) -> Iterator[Problem]:
    """Where shapes say what SHACL does not know, which a validator passes over in silence, or say it wrongly."""
    for file in files:
        yield from _unknown_terms(file)
        yield from _broken_patterns(file)
    shapes = union(files)
    for file in files:
        yield from _broken_queries(file, shapes)
    try:
        with secluded(), limited():
            _, report, _ = meta_validate(shapes, inference="none")
    except Exception as error:  # such as a list without end, of which rdflib tells
        said = str(error).strip().splitlines()
        message = f"whether this is SHACL could not be found out: {said[0] if said else type(error).__name__}"
        yield Problem(files[0].place, 1, _CHECK, message)
        return
    if isinstance(report, Graph):
        for one in findings(report, meta_validate.graph_cache, shapes):
            file = next((file for file in files if (one.focus, None, None) in file.graph), files[0])
            yield _at(file, one.focus, f"this is not SHACL: {one.sentence}")


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(one for one in path.rglob("*") if one.suffix.lower() in rdf_suffixes() and one.is_file())


def _imported(problem: Problem, path: Path, importer: ShapesFile | None) -> Problem:
    """A file that is missing is told where it is imported."""
    if importer is None or path.exists():
        return problem
    return _at(importer, URIRef(path.as_uri()), f"imports {path.name}, and there is no such file")


def _unknown_terms(file: ShapesFile) -> Iterator[Problem]:
    used = {str(node) for triple in file.graph for node in triple if isinstance(node, URIRef)}
    for iri in sorted(one for one in used if one.startswith(_SHACL)):
        name = iri.removeprefix(_SHACL)
        if not name or iri in SH:
            continue
        known = [str(one).removeprefix(_SHACL) for one in dir(SH)]
        near = get_close_matches(name, known, 1)
        hint = f": did you mean sh:{near[0]}?" if near else ""
        line = next((n for n, text in enumerate(file.text.split("\n"), 1) if re.search(rf"\b{name}\b", text)), 1)
        message = f"sh:{name} is no term of SHACL, and nobody would heed it{hint}"
        yield Problem(file.place, line, _CHECK, message, "error" if near else "warning")


def _broken_patterns(file: ShapesFile) -> Iterator[Problem]:
    for shape, pattern in sorted(file.graph.subject_objects(SH.pattern), key=str):
        try:
            re.compile(str(pattern))
        except re.error as error:
            yield _at(file, shape, f"sh:pattern {pattern}: {error}")


def _broken_queries(file: ShapesFile, shapes: Graph) -> Iterator[Problem]:
    """The queries of constraints and targets that are no SPARQL, or use a prefix that no sh:declare gives them."""
    declared = {
        str(shapes.value(one, SH.prefix)): str(shapes.value(one, SH.namespace))
        for one in shapes.objects(None, SH.declare)
    }
    for predicate in (SH.select, SH.ask, SH.construct):
        for constraint, query in sorted(file.graph.subject_objects(predicate), key=str):
            try:
                with PARSING:
                    prepareQuery(_PATH.sub("<urn:path>", str(query)), initNs=declared)
            except ParseBaseException as error:
                place = f"line {error.lineno}, column {error.column}"
                yield _at(file, constraint, f"a query that is no SPARQL, at its {place}: {error.line.strip()}")
            except Exception as error:  # rdflib raises bare Exception for a prefix nobody declared
                message = f"{error}: a query knows the prefixes of its sh:prefixes, not those of the file"
                yield replace(_at(file, constraint, message), severity="warning")


def _at(file: ShapesFile, node: Node, message: str) -> Problem:
    line, column = file.places.of_node(node) if not isinstance(node, Literal) else (1, 0)
    return Problem(file.place, line, _CHECK, message, column=column)
