"""Data judged by shapes."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Sequence
from itertools import chain

import pyshacl
from pyshacl.errors import ShapeRecursionWarning
from rdflib import RDF, RDFS, SH, Graph
from rdflib.term import Node

from gridlingua.catalogue.validating.coverage import stands_in
from gridlingua.catalogue.validating.data import Data
from gridlingua.catalogue.validating.sentences import Finding, findings
from gridlingua.catalogue.validating.shapes import union
from gridlingua.errors import GridlinguaError, Problem
from gridlingua.semantics.patience import SECONDS, TooLongError, limited
from gridlingua.semantics.seclusion import secluded

_SHACL = "shacl"


def judge_data(
    files: Sequence[Data],
    shapes: Graph,
    ontology: Graph | None = None,
    beside: Sequence[Data] = (),
    missed: Collection[Node] = (),
    *,
    seconds: float = SECONDS,
) -> list[Problem]:
    """What the shapes find in files that are judged as one graph: errors, warnings and notes, by their sh:severity.

    ``ontology`` says what is a class of what, and an instance of what; it is not judged itself. ``beside`` are all the
    files of the run, and ``missed`` the nodes of which somebody else tells that no file has them. Raises
    GridlinguaError when SHACL cannot be decided, within ``seconds``.
    """
    data = files[0].graph if len(files) == 1 else union(files)
    others = [one for one in beside if one not in files]
    apart = [*(one.graph for one in others), *([ontology] if ontology else [])]
    problems = []
    for one in findings(_report(data, shapes, ontology, seconds), shapes, data):
        file = _holder(files, one.focus)
        if file is not None:
            line, column = file.places.of_triple(one.focus, one.path, one.value)
            sentence = _as_written(one, file) + _elsewhere(one, shapes, others, ontology)
            problems.append(Problem(file.place, line, _SHACL, sentence, one.severity, column))
        elif one.focus not in missed and not any(stands_in(one.focus, graph) for graph in apart):
            problems.append(Problem(files[0].place, 1, _SHACL, one.sentence, one.severity))
    return sorted(set(problems))


def _as_written(finding: Finding, file: Data) -> str:
    """Its sentence with a time as the file has it: rdflib reads Z as +00:00."""
    said = str(finding.value)
    written = said.removesuffix("+00:00") + "Z"
    if said.endswith("+00:00") and said not in file.text and written in file.text:
        return finding.sentence.replace(said, written)
    return finding.sentence


def _elsewhere(finding: Finding, shapes: Graph, others: Sequence[Data], ontology: Graph | None) -> str:
    """What another file says of a value that is no instance of a class in its own."""
    wanted = shapes.value(finding.shape, SH["class"])
    if finding.component != "Class" or wanted is None:
        return ""
    for file in others:
        for kind in file.graph.objects(finding.value, RDF.type):
            above = (graph.transitive_objects(kind, RDFS.subClassOf) for graph in (file.graph, ontology or Graph()))
            if wanted in chain(*above):
                return f"; it is one in {file.place}: --together judges all files as one graph"
    return ""


def _holder(files: Sequence[Data], node: Node) -> Data | None:
    """The file that says something of a node, or else names it."""
    for file in files:
        if (node, None, None) in file.graph:
            return file
    for file in files:
        if (None, None, node) in file.graph:
            return file
    return None


def _report(graph: Graph, shapes: Graph, ontology: Graph | None, seconds: float) -> Graph:
    try:
        with secluded(), limited(seconds), warnings.catch_warnings():
            warnings.simplefilter("error", ShapeRecursionWarning)
            _, report, text = pyshacl.validate(
                with_classes(graph, ontology), shacl_graph=shapes, inference="none", advanced=True
            )
    except ShapeRecursionWarning:
        raise GridlinguaError("SHACL could not be decided: shapes that name one another, without end") from None
    except TooLongError as error:
        raise GridlinguaError(f"SHACL could not be decided: it {error}") from None
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
