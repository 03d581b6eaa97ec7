"""Which terms exist: the official term lists, our extension, and what an author may have meant by any other IRI."""

from gridlingua.catalogue.ontology.extract import extract_list, extract_terms
from gridlingua.catalogue.ontology.terms import Kind, TermInfo, TermList, read_list, write_list
from gridlingua.catalogue.ontology.vocabulary import DEFAULT_BASE, EXTENSION, Vocabulary

__all__ = [
    "DEFAULT_BASE",
    "EXTENSION",
    "Kind",
    "TermInfo",
    "TermList",
    "Vocabulary",
    "extract_list",
    "extract_terms",
    "read_list",
    "write_list",
]
