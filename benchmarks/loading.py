"""A catalogue is loaded and checked.

The baseline is parsing its files and doing nothing with them: YAML, JSON and Turtle by the same libraries.
A check of the catalogue carries every example there and back, refuses every reject, and reasons over the ontologies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import yaml
from rdflib import Graph

from benchmarks.timing import Group, Plan
from gridlingua.catalogue import Content, load, shipped
from gridlingua.catalogue.checking import run


def measure(plan: Plan) -> Iterator[Group]:
    content = shipped()

    def check() -> None:
        if problems := [one for one in run(content) if one.severity == "error"]:
            raise RuntimeError("\n".join(map(str, problems)))

    yield plan.compare(
        f"A catalogue of {len(content.folders())} exchanges",
        {
            "its files parsed": lambda: _parsed(content),
            "loaded": lambda: load(content),
            "loaded, with its shapes": lambda: [one.shapes for one in load(content).exchanges.values()],
            "loaded and checked": check,
        },
    )


def _parsed(content: Content) -> None:
    for path in (*content.patterns.rglob("*.yaml"),):
        yaml.safe_load(path.read_text("utf-8"))
    for path in (*content.patterns.rglob("*.json"), *content.ontologies.glob("*.json")):
        json.loads(path.read_text("utf-8"))
    for path in content.ontologies.glob("*.ttl"):
        Graph().parse(path, format="turtle")
