"""Data of anybody against shapes of anybody: what a SHACL gate in CI needs beside SHACL itself."""

from gridlingua.catalogue.validating.coverage import sought, unfocused, unjudged, untargeted
from gridlingua.catalogue.validating.data import Data, parse_graph, rdf_suffixes
from gridlingua.catalogue.validating.judging import judge_data, with_classes
from gridlingua.catalogue.validating.shapes import ShapesFile, not_shacl, read_shapes_files, union

__all__ = [
    "Data",
    "ShapesFile",
    "judge_data",
    "not_shacl",
    "parse_graph",
    "rdf_suffixes",
    "read_shapes_files",
    "sought",
    "unfocused",
    "union",
    "unjudged",
    "untargeted",
    "with_classes",
]
