"""Which terms exist: the official term lists, our extension, and what an author may have meant by any other IRI."""

from gridlingua.catalogue.ontology.axioms import axiom_graph
from gridlingua.catalogue.ontology.extract import extract_list, extract_terms
from gridlingua.catalogue.ontology.terms import Kind, TermInfo, TermList, read_list, write_list
from gridlingua.catalogue.ontology.vocabulary import EXTENSION, Vocabulary

__all__ = [
    "EXTENSION",
    "Kind",
    "TermInfo",
    "TermList",
    "Vocabulary",
    "axiom_graph",
    "extract_list",
    "extract_terms",
    "read_list",
    "write_list",
]
