"""Which place of a message filled which variable of its pattern, and by what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.semantics.mapping import Mapping, write_pointer
from gridlingua.semantics.terms import Term, is_iri, split_iri


@dataclass(frozen=True)
class Filling:
    """A variable, the JSON Pointer (``*`` = every element) of the field or element it stands for, and what filled it.

    ``by`` is the converter of a field, or says what a node is named by.
    """

    variable: str
    pointer: str
    by: str
    is_node: bool = False


def fillings(mapping: Mapping) -> list[Filling]:
    """What fills the variables of a message: its fields, then the nodes it does not name, outermost first."""
    found = [Filling(name, write_pointer(one.pointer), one.converter.name) for name, one in mapping.fields.items()]
    for level in mapping.levels:
        for node in level.nodes:
            keys: Sequence[str] = node.slots or level.keys
            by = f"minted by {', '.join(keys)}" if keys else "minted by what the message says"
            found.append(Filling(node.variable, write_pointer(level.pointer) or "/", by, is_node=True))
    return found


def short(term: Term, vocabulary: Vocabulary) -> str:
    """A term with the prefixes of the vocabulary: ``om:kilowatt``, ``"40"^^xsd:decimal``."""
    if is_iri(term):
        return vocabulary.curie(split_iri(term))
    value, caret, datatype = term.rpartition("^^")
    return f"{value}^^{vocabulary.curie(split_iri(datatype))}" if caret else term
