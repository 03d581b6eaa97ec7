"""What the ontologies and our extension say together."""

import owlrl
from rdflib import OWL, RDF, Graph, URIRef

from gridlingua.catalogue import shipped
from gridlingua.catalogue.ontology import Vocabulary

CORE, ENER = "https://saref.etsi.org/core/", "https://saref.etsi.org/saref4ener/"


def contradictions(graph: Graph) -> set[str]:
    """The resources of two disjoint classes, under OWL RL."""
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, improved_datatypes=False).expand(graph)
    return {
        str(node)
        for left, right in graph.subject_objects(OWL.disjointWith)
        for node in set(graph.subjects(RDF.type, left)) & set(graph.subjects(RDF.type, right))
    }


def test_term_lists_and_extension_contradict_each_other_nowhere() -> None:
    assert contradictions(Vocabulary.load(shipped().ontologies).graph()) == set()


def test_a_need_that_is_a_time_series_too_is_a_contradiction() -> None:
    graph = Vocabulary.load(shipped().ontologies).graph()
    node = URIRef("https://party.example.org/need/1")
    graph.add((node, RDF.type, URIRef(f"{ENER}FlexRequest")))
    graph.add((URIRef("https://party.example.org/dp/1"), URIRef(f"{ENER}belongsToTimeSeries"), node))
    assert contradictions(graph) == {str(node)}
