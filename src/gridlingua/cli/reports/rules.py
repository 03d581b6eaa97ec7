"""The rules that a report explains: the checks, and what is told by who reads the files before any check runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gridlingua.catalogue.checking import checks
from gridlingua.catalogue.checking.policy import CHECK as POLICY
from gridlingua.cli.reports.report import Rule

_INDEX: Final = "docs/checks/README.md"
_GUIDE: Final = "docs/ci.md"

_READING: Final = {
    "structure": "An exchange's folder has its YAML and JSON Schemas, and they say what an exchange needs.",
    "mapping": "What exchange.yaml declares can be lifted into rows and lowered again.",
    "pattern": "A graph pattern can be read: triples over terms and variables.",
    "folder": "A catalogue has a folder graph_patterns.",
    "vocabulary": "The ontologies of a catalogue can be read.",
    "term-list": "A term list holds what a term list holds.",
}
_JUDGING: Final = {
    "data": "A file of data can be read.",
    "focus": "Every shape finds something to judge: data without a target conforms to any shape.",
    "message": "A message of an exchange is what its JSON Schema and its mapping allow.",
    "shacl": "Data conforms to its shapes.",
    "shapes": "Shapes can be read, and are SHACL.",
}
_POLICY: Final = {POLICY: "gridlingua.toml names checks that exist, and exceptions that are needed, with reasons."}


def check_rules() -> Mapping[str, Rule]:
    """Those of ``gridlingua check``, in order of their names."""
    told = {
        one.name: Rule(one.name, one.demand, one.reason, f"docs/checks/{one.name}.md", one.severity)
        for one in checks().values()
    }
    reading = {name: Rule(name, demand, "", _INDEX) for name, demand in _READING.items()}
    return dict(sorted({**reading, **_policy_rules(), **told}.items()))


def validate_rules() -> Mapping[str, Rule]:
    """Those of ``gridlingua validate``, in order of their names."""
    judging = {name: Rule(name, demand, "", _GUIDE) for name, demand in _JUDGING.items()}
    return dict(sorted({**judging, **_policy_rules()}.items()))


def _policy_rules() -> Mapping[str, Rule]:
    return {name: Rule(name, demand, "", _GUIDE, "warning") for name, demand in _POLICY.items()}
