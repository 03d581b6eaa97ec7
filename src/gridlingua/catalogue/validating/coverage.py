"""What shapes leave unjudged: shapes that find nothing, that nothing leads to, and classes that no shape names."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import chain
from typing import Any, Final

from pyshacl.shapes_graph import ShapesGraph
from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from gridlingua.catalogue.validating.data import Data
from gridlingua.catalogue.validating.sentences import CONSTRAINING, Words
from gridlingua.catalogue.validating.shapes import ShapesFile
from gridlingua.errors import Problem
from gridlingua.semantics.patience import limited
from gridlingua.semantics.seclusion import secluded

_FOCUS: Final = "focus"
_NEAR: Final = 0.85
_KINDS: Final = (SH.NodeShape, SH.PropertyShape)


def unfocused(files: Sequence[ShapesFile], shapes: Graph, data: Sequence[Graph], where: str) -> Iterator[Problem]:
    """A problem for each shape that looks for nodes itself and finds none in any of the data, or not one that it names;
    ``where``: the data, in words. And one when no shape looks for any."""
    targeting, wanted = list(_targeting(shapes)), sought(shapes)
    if not targeting and files:
        yield Problem(files[0].place, 1, _FOCUS, "no shape has a target, so nothing would be judged")
    for shape in targeting:
        absent = {one for one in wanted.get(shape.node, ()) if not any(stands_in(one, graph) for graph in data)}
        if not any(_focus_nodes(shape, graph) - absent for graph in data):
            message = f"{_targets(shape, shapes)}, and there is none in {where}: it judges nothing"
        elif absent:
            names = " and ".join(sorted(_named(one, shapes) for one in absent))
            message = f"{_named(shape.node, shapes)} targets {names}, which is not in {where}"
        else:
            continue
        yield _at(files, shape.node, message)


def untargeted(files: Sequence[ShapesFile], shapes: Graph) -> Iterator[Problem]:
    """A problem for each shape that has no target and that no other shape names, beside some that have one. What is
    imported may hold more than is used."""
    targeting = {shape.node for shape in _targeting(shapes)}
    imported = {str(one) for one in shapes.objects(None, OWL.imports)}
    for file in files if targeting else ():
        graph = file.graph
        found = set(chain(*(graph.subjects(RDF.type, kind) for kind in _KINDS)))
        found |= set(chain(*(graph.subjects(one, None) for one in CONSTRAINING)))
        for node in sorted(found - targeting, key=str) if file.base not in imported else ():
            if (node, SH.deactivated, None) in shapes or _is_named(node, shapes):
                continue
            message = f"{_named(node, shapes)} has no target, and no other shape names it: it judges nothing"
            yield _at([file], node, message)


def sought(shapes: Graph) -> Mapping[Node, set[Node]]:
    """The nodes that shapes name as their targets, by shape.

    Not those of a shape with a query: its target may be no more than an occasion to ask it.
    """
    found: dict[Node, set[Node]] = defaultdict(set)
    for shape, node in shapes.subject_objects(SH.targetNode):
        asks = any((one, SH.sparql, None) in shapes for one in (shape, *shapes.objects(shape, SH.property)))
        if isinstance(node, URIRef) and not asks:
            found[shape].add(node)
    return found


def unjudged(shapes: Graph, data: Sequence[Data], ontology: Graph) -> Iterator[Problem]:
    """A warning for a class of the data that no shape names and that is written almost as one that a shape targets; a
    note for another one of a vocabulary of which a shape targets a class."""
    targeted = {one for one in (*shapes.objects(None, SH.targetClass), *_implicit(shapes)) if isinstance(one, URIRef)}
    for kind, (file, node, count) in sorted(_unnamed(shapes, data, ontology, targeted).items()):
        near = get_close_matches(_local(kind), sorted(map(_local, targeted)), 1, _NEAR)
        meant = sorted(one for one in targeted if near and _local(one) == near[0])
        home = kind.removesuffix(_local(kind))
        if not meant and not any(one.removesuffix(_local(one)) == home for one in targeted):
            continue
        names = Words(shapes, file.graph, shapes)
        message = f"{names.named(kind, file.graph)}: no shape judges its {count} instance{'s' * (count > 1)}"
        message += f": did you mean {names.named(meant[0], shapes)}?" if meant else ""
        misspelt = bool(meant) and meant[0].removesuffix(_local(meant[0])) == home
        line, column = file.places.of_triple(node, RDF.type, kind)
        yield Problem(file.place, line, _FOCUS, message, "warning" if misspelt else "note", column)


def stands_in(node: Node, graph: Graph) -> bool:
    """Whether a graph says something of a node, or names it."""
    return (node, None, None) in graph or (None, None, node) in graph


def _unnamed(
    shapes: Graph, data: Sequence[Data], ontology: Graph, targeted: Collection[Node]
) -> dict[URIRef, tuple[Data, Node, int]]:
    """The classes of what no shape can be meant to judge: where an instance first stands, and how many there are."""
    named = {one for triple in shapes for one in triple}
    judged: dict[int, set[Node]] = {}
    found: dict[URIRef, tuple[Data, Node, int]] = {}
    for number, file in enumerate(data if targeted else ()):
        for node, kind in sorted(file.graph.subject_objects(RDF.type), key=str):
            kinds = set(file.graph.objects(node, RDF.type))
            above = {up for one in kinds for graph in (file.graph, ontology) for up in _above(one, graph)}
            if not isinstance(kind, URIRef) or above & named:
                continue
            if number not in judged:
                judged[number] = {one for shape in _targeting(shapes) for one in _focus_nodes(shape, file.graph)}
            if node not in judged[number]:
                first, instance, count = found.get(kind, (file, node, 0))
                found[kind] = (first, instance, count + 1)
    return found


def _above(kind: Node, graph: Graph) -> Iterator[Node]:
    yield from (one for one in graph.transitive_objects(kind, RDFS.subClassOf) if one is not None)


def _implicit(shapes: Graph) -> Iterator[Node]:
    """Shapes that are classes target their own instances."""
    for kind in (RDFS.Class, OWL.Class):
        yield from (one for one in shapes.subjects(RDF.type, kind) if (one, RDF.type, SH.NodeShape) in shapes)


def _is_named(node: Node, shapes: Graph) -> bool:
    """Whether something of SHACL leads to a node: a parameter of its own, a list of one, or one that shapes declare."""
    return any(
        p == RDF.first or str(p).startswith(str(SH)) or (None, SH.path, p) in shapes
        for s, p in shapes.subject_predicates(node)
        if s != node
    )


def _focus_nodes(shape: Any, graph: Graph) -> set[Node]:
    """What a shape judges; nothing where its query fails, of which SHACL tells."""
    try:
        with secluded(), limited():
            return set(shape.focus_nodes(graph))
    except Exception:  # whatever a query of the shapes makes Python raise
        return set()


def _targeting(shapes: Graph) -> Iterator[Any]:
    """The shapes of a graph, as pySHACL sees them, that look for nodes themselves and are not deactivated."""
    for shape in ShapesGraph(shapes, logger=logging.getLogger("pyshacl")).shapes:
        shape.set_advanced(True)
        if not shape.deactivated and (any(map(list, shape.target())) or shape.advanced_target()):
            yield shape


def _found(shape: Any, graph: Graph) -> set[Node]:
    """The nodes that a shape looks for and finds; itself where nobody can say, of which SHACL's own run tells."""
    try:
        with secluded(), limited():
            return set(shape.focus_nodes(graph))
    except Exception:  # whatever a query of a target makes Python raise
        return {shape.node}


def _targets(shape: Any, shapes: Graph) -> str:
    """``shape:Load targets instances of saref:Observation``."""
    nodes, classes, implicit, objects_of, subjects_of = (sorted(one, key=str) for one in shape.target())
    wanted = [f"instances of {_named(one, shapes)}" for one in (*classes, *implicit)]
    wanted += [f"objects of {_named(one, shapes)}" for one in objects_of]
    wanted += [f"subjects of {_named(one, shapes)}" for one in subjects_of]
    wanted += [_named(one, shapes) for one in nodes]
    return f"{_named(shape.node, shapes)} targets {' and '.join(wanted) or 'what a query finds'}"


def _at(files: Sequence[ShapesFile], node: Node, message: str) -> Problem:
    file = next((one for one in files if (node, None, None) in one.graph), files[0])
    line, column = file.places.of_node(node)
    return Problem(file.place, line, _FOCUS, message, column=column)


def _local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]


def _named(node: Node, shapes: Graph) -> str:
    return Words(shapes, shapes, shapes).named(node, shapes)
