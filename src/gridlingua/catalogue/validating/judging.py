"""Data judged by shapes, and the shapes that found nothing to judge."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import pyshacl
from pyshacl.errors import ShapeRecursionWarning
from pyshacl.shapes_graph import ShapesGraph
from rdflib import RDF, RDFS, Graph
from rdflib.term import Node

from gridlingua.catalogue.validating.data import Data
from gridlingua.catalogue.validating.sentences import Words, findings
from gridlingua.catalogue.validating.shapes import ShapesFile, union
from gridlingua.errors import GridlinguaError, Problem
from gridlingua.semantics.grammar import PARSING

_SHACL = "shacl"
_FOCUS = "focus"


def judge_data(files: Sequence[Data], shapes: Graph, ontology: Graph | None = None) -> list[Problem]:
    """What the shapes find in files that are judged as one graph: errors, warnings and notes, by their sh:severity.

    ``ontology`` says what is a class of what, and an instance of what; it is not judged itself. Raises GridlinguaError
    when SHACL cannot be decided.
    """
    data = files[0].graph if len(files) == 1 else union(files)
    problems = []
    for one in findings(_report(data, shapes, ontology), shapes, data):
        file = _holder(files, one.focus)
        if file is not None:
            line, column = file.places.of_node(one.focus)
            problems.append(Problem(file.place, line, _SHACL, one.sentence, one.severity, column))
    return sorted(set(problems))


def _holder(files: Sequence[Data], node: Node) -> Data | None:
    """The file that says something of a node, or else names it; a node that a shape itself names is of the first."""
    for file in files:
        if (node, None, None) in file.graph:
            return file
    for file in files:
        if (None, None, node) in file.graph:
            return file
    return None


def unfocused(files: Sequence[ShapesFile], shapes: Graph, data: Sequence[Graph], where: str) -> Iterator[Problem]:
    """A problem for each shape that looks for nodes itself and finds none in any of the data; ``where``: the data, in
    words. And one when no shape looks for any."""
    targeting = list(_targeting(shapes))
    if not targeting and files:
        yield Problem(files[0].place, 1, _FOCUS, "no shape has a target, so nothing would be judged")
    for shape in targeting:
        if any(shape.focus_nodes(graph) for graph in data):
            continue
        file = next((one for one in files if (shape.node, None, None) in one.graph), files[0])
        line, column = file.places.of_node(shape.node)
        message = f"{_targets(shape, shapes)}, and there is none in {where}: it judges nothing"
        yield Problem(file.place, line, _FOCUS, message, column=column)


def _report(graph: Graph, shapes: Graph, ontology: Graph | None) -> Graph:
    try:
        with PARSING, warnings.catch_warnings():
            warnings.simplefilter("error", ShapeRecursionWarning)
            _, report, text = pyshacl.validate(
                with_classes(graph, ontology), shacl_graph=shapes, inference="none", advanced=True
            )
    except ShapeRecursionWarning:
        raise GridlinguaError("SHACL could not be decided: shapes that name one another, without end") from None
    except Exception as error:  # pySHACL raises whatever a query or an expression of the shapes makes Python raise
        said = str(error).strip().splitlines()
        raise GridlinguaError(f"SHACL could not be decided: {said[0] if said else type(error).__name__}") from None
    if not isinstance(report, Graph):
        raise GridlinguaError(f"SHACL could not be decided: {text}")
    return report


def with_classes(graph: Graph, ontology: Graph | None) -> Graph:
    """The graph, and of an ontology what SHACL asks of one: who is an instance of what, and what a class of what."""
    if ontology is None:
        return graph
    found = Graph()
    for prefix, namespace in graph.namespaces():
        found.bind(prefix, namespace)
    found += graph
    for predicate in (RDF.type, RDFS.subClassOf):
        for triple in ontology.triples((None, predicate, None)):
            found.add(triple)
    return found


def _targeting(shapes: Graph) -> Iterator[Any]:
    """The shapes of a graph, as pySHACL sees them, that look for nodes themselves and are not deactivated."""
    for shape in ShapesGraph(shapes, logger=logging.getLogger("pyshacl")).shapes:
        shape.set_advanced(True)
        if not shape.deactivated and (any(map(list, shape.target())) or shape.advanced_target()):
            yield shape


def _targets(shape: Any, shapes: Graph) -> str:
    """``shape:Load targets instances of saref:Observation``."""
    nodes, classes, implicit, objects_of, subjects_of = (sorted(one, key=str) for one in shape.target())
    wanted = [f"instances of {_named(one, shapes)}" for one in (*classes, *implicit)]
    wanted += [f"objects of {_named(one, shapes)}" for one in objects_of]
    wanted += [f"subjects of {_named(one, shapes)}" for one in subjects_of]
    wanted += [_named(one, shapes) for one in nodes]
    return f"{_named(shape.node, shapes)} targets {' and '.join(wanted) or 'what a query finds'}"


def _named(node: Node, shapes: Graph) -> str:
    return Words(shapes, shapes, shapes).named(node, shapes)
