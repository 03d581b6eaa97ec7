"""The shape file of an exchange: what its schemas allow, said of the graph that its messages mean."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.scaffold.facets import Facets
from gridlingua.catalogue.scaffold.leaves import Leaf
from gridlingua.catalogue.scaffold.proposal import Order, Placed, Proposal, constant
from gridlingua.catalogue.scaffold.selecting import Selecting
from gridlingua.catalogue.scaffold.wording import term
from gridlingua.catalogue.scaffold.words import article
from gridlingua.semantics.patterns import Triple
from gridlingua.semantics.terms import RDF_TYPE

_PREFIXES: Final = "https://w3id.org/gridlingua/shapes"


def shapes(proposal: Proposal, vocabulary: Vocabulary) -> str:
    """The Turtle of the shape file."""
    writing = _Writing(proposal, vocabulary)
    blocks = [writing.node_shape(placed) for placed in writing.targets()]
    body = "\n".join(blocks)
    known = {"sh": "http://www.w3.org/ns/shacl#", "shape": "https://w3id.org/gridlingua/shapes#", **vocabulary.prefixes}
    used = sorted(one for one in known if re.search(rf"\b{one}:[A-Za-z]", body))
    if "sh:select" in body:
        queries = " ".join(re.findall(r'sh:select """(.*?)"""', body, re.DOTALL))
        asked = [one for one in used if re.search(rf"\b{one}:[A-Za-z]", queries)]
        declared = " ,\n        ".join(
            f'[ sh:prefix "{one}" ; sh:namespace "{known[one]}"^^xsd:anyURI ]' for one in asked
        )
        body = f"<{_PREFIXES}> sh:declare\n        {declared} .\n\n{body}"
        used = sorted({*used, "xsd"})
    head = [f"@prefix {one}: <{known[one]}> ." for one in used]
    return "\n".join([*head, "", body])


class _Writing:
    def __init__(self, proposal: Proposal, vocabulary: Vocabulary) -> None:
        self.proposal = proposal
        self.vocabulary = vocabulary
        self.facets = Facets(proposal, vocabulary)
        self.selecting = Selecting(proposal)
        self.triples = [one for side in proposal.sides for one in proposal.triples[side]]
        self.of_class: dict[str, set[str]] = defaultdict(set)
        for subject, predicate, target in self.triples:
            if predicate == RDF_TYPE:
                self.of_class[target[1:-1]].add(subject[1:])

    def targets(self) -> list[Placed]:
        """One thing for every class that a shape targets: the first of the class."""
        found: dict[str, Placed] = {}
        for placed in self.proposal.things:
            found.setdefault(placed.types[0], placed)
        return list(found.values())

    def node_shape(self, first: Placed) -> str:
        curie = self.vocabulary.curie(first.types[0])
        name = first.variable[:1].upper() + first.variable[1:]
        lines = [f"shape:{name} a sh:NodeShape ;", f"    sh:targetClass {curie}"]
        properties, queries = [], []
        for placed in (one for one in self.proposal.things if one.types[0] == first.types[0]):
            for leaf in self._fields(placed):
                properties += list(self._properties(placed, leaf))
                queries += list(self._queries(placed, leaf))
            queries += [query for one in self._orders(placed) for query in self._order(placed, one)]
        if not properties and not queries:
            lines[-1] += " ;"
            lines.append("    sh:nodeKind sh:IRI")
        if properties:
            lines[-1] += " ;"
            lines.append("    sh:property " + " , ".join(properties))
        if queries:
            lines[-1] += " ;"
            lines.append("    sh:sparql " + " , ".join(queries))
        return "\n".join([*lines[:-1], lines[-1] + " ."]) + "\n"

    def _fields(self, placed: Placed) -> Iterator[Leaf]:
        """The fields that are judged from a thing: those that it is the nearest to."""
        for leaf, variable in self.proposal.variables.items():
            if leaf.part == "reply" and self._is_asked(variable):
                continue
            ways = [
                (len(way), number, one)
                for number, one in enumerate(self.proposal.things)
                if (way := self._way(one, variable))
            ]
            if ways and min(ways, key=lambda one: one[:2])[2] is placed:
                yield leaf

    def _is_asked(self, variable: str) -> bool:
        return any(one.part == "request" and name == variable for one, name in self.proposal.variables.items())

    def _way(self, placed: Placed, variable: str) -> list[Triple]:
        """The triples from a thing to a variable, forwards."""
        reached: dict[str, list[Triple]] = {f"?{placed.variable}": []}
        pending = [f"?{placed.variable}"]
        others = {f"?{one.variable}" for one in self.proposal.things} - set(pending)
        while pending:
            node = pending.pop(0)
            for triple in self.triples:
                target = triple[2]
                if triple[0] == node and target.startswith("?") and target not in reached and target not in others:
                    reached[target] = [*reached[node], triple]
                    pending.append(target)
        return reached.get(f"?{variable}", [])

    def _is_alone(self, placed: Placed, way: Sequence[Triple]) -> bool:
        """Whether the properties of a way lead from things of the class to nothing else."""
        ends = {f"?{one}" for one in self.of_class[placed.types[0]]}
        for _, predicate, _ in way:
            ends = {one[2] for one in self.triples if one[0] in ends and one[1] == predicate}
        return ends == {way[-1][2]}

    def _properties(self, placed: Placed, leaf: Leaf) -> Iterator[str]:
        way = self._way(placed, self.proposal.variables[leaf])
        if not self._is_alone(placed, way):
            return
        path = " ".join(term(one[1], self.vocabulary) for one in way)
        path = f"( {path} )" if len(way) > 1 else path
        facets = list(self.facets.of(placed, leaf))
        if self.of_class[placed.types[0]] == {placed.variable} and self._is_once(placed, leaf):
            said = f"{article(placed.noun).capitalize()} must have exactly one {leaf.name}"
            core = ["sh:minCount 1", "sh:maxCount 1"]
            if facets and facets[0].core.startswith("sh:datatype"):
                datatype = facets.pop(0)
                core, said = [datatype.core, *core], f"{said}, {datatype.message.rpartition(' must be ')[2]}"
            yield _property(path, " ;\n        ".join(core), f"{said.removesuffix('.')}.")
        for one in facets:
            yield _property(path, one.core, one.message)

    def _is_once(self, placed: Placed, leaf: Leaf) -> bool:
        """Whether every thing of its class has the field, once, in whatever graph is judged."""
        return leaf.part == placed.part and leaf.level == placed.level

    def _queries(self, placed: Placed, leaf: Leaf) -> Iterator[str]:
        """What no path can say, as it leads to other fields too: the triples of the way, with what tells it apart."""
        name = self.proposal.variables[leaf]
        way = self._way(placed, name)
        if self._is_alone(placed, way) or (told := self._told(placed, [way], leaf)) is None:
            return
        where = self._where(told, {placed.variable: "$this", name: "?value"})
        for one in self.facets.of(placed, leaf):
            yield _query(one.message, where, one.wrong)

    def _told(self, placed: Placed, ways: Sequence[Sequence[Triple]], leaf: Leaf) -> list[Triple] | None:
        """Ways, and what tells their ends from other fields."""
        steps = list(dict.fromkeys(triple for way in ways for triple in way))
        ends = [way[-1][2][1:] for way in ways]
        in_request = leaf.part == "request" and self.proposal.kind == "ask"
        return self.selecting.telling(steps, [placed.variable, *ends], in_request)

    def _orders(self, placed: Placed) -> list[Order]:
        found = []
        for one in self.proposal.orders:
            nearest = [
                (len(way), number, thing)
                for number, thing in enumerate(self.proposal.things)
                if (way := self._way(thing, one.later)) and self._way(thing, one.than)
            ]
            if nearest and min(nearest, key=lambda found: found[:2])[2] is placed:
                found.append(one)
        return found

    def _order(self, placed: Placed, order: Order) -> Iterator[str]:
        later = self.proposal.leaf_of(order.later, order.part)
        ways = [self._way(placed, one) for one in (order.than, order.later)]
        if later is not None and (told := self._told(placed, ways, later)) is not None:
            where = self._where(told, {placed.variable: "$this", order.later: "?value", order.than: "?start"})
            moment = "xsd:dateTime(STR(%s))"
            yield _query(order.message, where, f"{moment % '?value'} <= {moment % '?start'}")

    def _where(self, triples: Sequence[Triple], names: dict[str, str]) -> str:
        """Triples of the pattern as a query says them."""
        known = {f"?{one}": name for one, name in names.items()}
        said = [" ".join(self._short(known.get(node, node)) for node in one) for one in triples if one[1] != RDF_TYPE]
        types = [" ".join(self._short(known.get(node, node)) for node in one) for one in triples if one[1] == RDF_TYPE]
        lines = [f"{one} ." for one in said] + [f"FILTER EXISTS {{ {one} }}" for one in types]
        return "\n                ".join(lines)

    def _short(self, node: str) -> str:
        return "a" if node == RDF_TYPE else term(node, self.vocabulary)


def _property(path: str, core: str, message: str) -> str:
    return f"[\n        sh:path {path} ;\n        {core} ;\n        sh:message {constant(message)}\n    ]"


def _query(message: str, where: str, wrong: str) -> str:
    select = f"""
            SELECT $this ?value WHERE {{
                {where}
                FILTER ({wrong})
            }}"""
    text = select.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return (
        f"[\n        sh:message {constant(message)} ;\n        sh:prefixes <{_PREFIXES}> ;"
        f'\n        sh:select """{text}"""\n    ]'
    )
