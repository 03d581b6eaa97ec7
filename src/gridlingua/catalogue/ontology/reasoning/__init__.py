"""What follows of triples by the ontologies' axioms: OWL RL as far as it types nodes, over variables as over IRIs."""

from gridlingua.catalogue.ontology.reasoning.clashes import Clash, clashes
from gridlingua.catalogue.ontology.reasoning.declared import with_declared
from gridlingua.catalogue.ontology.reasoning.inference import Closure, Fact
from gridlingua.catalogue.ontology.reasoning.reasons import place, reason, roots
from gridlingua.catalogue.ontology.reasoning.strangers import Stranger, strangers
from gridlingua.catalogue.ontology.reasoning.tbox import TBox

__all__ = [
    "Clash",
    "Closure",
    "Fact",
    "Stranger",
    "TBox",
    "clashes",
    "place",
    "reason",
    "roots",
    "strangers",
    "with_declared",
]
