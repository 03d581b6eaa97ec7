"""Graph patterns and triples in the files of projects that do not use gridlingua: one module per format.

A module says in ``SUFFIXES`` which files it reads, in ``read(text) -> Iterator[Passage]`` what stands there, and raises
PassageError for a text that is not of its format at all.
"""

from gridlingua.catalogue.passages.error import PassageError
from gridlingua.catalogue.passages.finding import passages, suffixes
from gridlingua.catalogue.passages.passage import Passage, Place, Role

__all__ = ["Passage", "PassageError", "Place", "Role", "passages", "suffixes"]
