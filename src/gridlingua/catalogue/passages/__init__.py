"""Graph patterns and triples in the files of projects that do not use gridlingua: one module per format."""

from gridlingua.catalogue.passages.passage import Passage

__all__ = ["Passage"]
