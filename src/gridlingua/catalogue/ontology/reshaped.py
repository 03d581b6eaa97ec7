"""Terms that moved to another node in the second generation, where a pattern has them on the old one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from gridlingua.catalogue.ontology.generations import Generations, Reshaping
from gridlingua.catalogue.ontology.reasoning import Closure
from gridlingua.catalogue.ontology.vocabulary import Vocabulary
from gridlingua.semantics.patterns import Triple
from gridlingua.semantics.terms import RDF_TYPE, is_iri, split_iri


@dataclass(frozen=True)
class Flattened:
    """A node that has what is said of the one behind it: ``triples``, all by the same kind of ``reshaping``.

    ``behind`` is the node that is there already, empty where it must be added.
    """

    node: str
    reshaping: Reshaping
    triples: tuple[Triple, ...]
    behind: str = ""


def flattened(triples: Sequence[Triple], vocabulary: Vocabulary) -> Iterator[Flattened]:
    """Every such node, where the vocabulary has the second generation: a saref:Observation with a saref:hasValue."""
    moved = {f"<{one.term}>": one for one in Generations.known().reshapings if one.source and vocabulary.find(one.new)}
    found: dict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        if triple[1] in moved:
            found[triple[0]].append(triple)
    kinds = _Kinds(triples, vocabulary)
    for node, said in found.items():
        reshaping = moved[said[0][1]]
        if kinds.are(node, reshaping.target, written=True) or not kinds.are(node, reshaping.source):
            continue
        behind = next((o for s, p, o in triples if s == node and p == f"<{reshaping.new}>"), "")
        yield Flattened(node, reshaping, tuple(said), behind)


@dataclass(frozen=True)
class _Kinds:
    """The classes of nodes: those that are written, and those that follow, which are worked out only when asked for."""

    triples: Sequence[Triple]
    vocabulary: Vocabulary

    def are(self, node: str, class_: str, *, written: bool = False) -> bool:
        """Whether a node is of a class, or of one below it."""
        said = {split_iri(o) for s, p, o in self.triples if s == node and p == RDF_TYPE and is_iri(o)}
        if class_ in said.union(*map(self.vocabulary.tbox.above, said)):
            return True
        return not written and class_ in self._closure.types.get(node, {})

    @cached_property
    def _closure(self) -> Closure:
        return Closure(self.vocabulary.tbox, self.triples)
