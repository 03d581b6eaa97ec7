"""What is told besides the checks, by who reads files, judges data, or reads the policy; by name what it demands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

READING: Final[Mapping[str, str]] = {
    "structure": "An exchange's folder has its YAML and JSON Schemas, and they say what an exchange needs.",
    "mapping": "What exchange.yaml declares can be lifted into rows and lowered again.",
    "pattern": "A graph pattern can be read: triples over terms and variables.",
    "folder": "A catalogue has a folder graph_patterns.",
    "vocabulary": "The ontologies of a catalogue can be read.",
    "term-list": "A term list holds what a term list holds.",
}
"""Told when a catalogue, or a file with patterns, is read."""

JUDGING: Final[Mapping[str, str]] = {
    "data": "A file of data can be read.",
    "focus": "Every shape finds something to judge: data without a target conforms to any shape.",
    "message": "A message of an exchange is what its JSON Schema and its mapping allow.",
    "shacl": "Data conforms to its shapes.",
    "shapes": "Shapes can be read, and are SHACL.",
}
"""Told by ``gridlingua validate``."""

POLICY: Final = "policy"
"""Told when gridlingua.toml is wrong, or excepts in vain."""

BESIDES: Final = frozenset({*READING, *JUDGING, POLICY})
"""All of them: what a policy may name besides the checks."""
