"""What became of the terms of the first generation of vocabulary in the second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from gridlingua.catalogue.ontology.terms import STANDARD_PREFIXES, expand


@dataclass(frozen=True)
class Succession:
    """A term of the first generation, the terms that stand for it in the second, and what else changed; IRIs.

    Without successors it has none: an extension must say it.
    """

    old: str
    new: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Reshaping:
    """A term with the same IRI in both generations, said of something else; ``old`` and ``new`` are terms by which a
    pattern of either is told.

    Where it moved to another node, ``source`` is the class of the node that has it no more, ``target`` that of the node
    that has it now, and ``new`` leads from one to the other.
    """

    term: str
    old: str
    new: str
    note: str
    source: str = ""
    target: str = ""


@dataclass(frozen=True)
class Replacement:
    """A namespace that was everyone's, the one of the ontology that took its place, and which ontology it was."""

    old: str
    new: str
    note: str


@dataclass(frozen=True)
class Generations:
    """Everything that is known of the two; ``moved`` are namespaces whose terms all moved to another one,
    ``replaced`` those of older ontologies, whose terms did not all survive."""

    successions: Mapping[str, Succession]
    reshapings: tuple[Reshaping, ...]
    moved: Mapping[str, str]
    prefixes: Mapping[str, str]
    replaced: tuple[Replacement, ...] = ()

    @classmethod
    @cache
    def known(cls) -> Generations:
        """What ``generations.yaml`` says."""
        file = resources.files("gridlingua.catalogue.ontology").joinpath("generations.yaml")
        return cls.of(yaml.safe_load(file.read_text(encoding="utf-8")))

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Generations:
        """Read what the file holds. Raises KeyError with a prefix that it does not declare."""
        prefixes = {**STANDARD_PREFIXES, **told["prefixes"]}
        successions = [
            Succession(
                expand(one["old"], prefixes), tuple(expand(new, prefixes) for new in one["new"]), one.get("note", "")
            )
            for one in told["terms"]
        ]
        reshapings = [
            Reshaping(
                term=expand(one["term"], prefixes),
                old=expand(one["old"], prefixes),
                new=expand(one["new"], prefixes),
                note=one["note"],
                source=expand(one["from"], prefixes) if "from" in one else "",
                target=expand(one["to"], prefixes) if "to" in one else "",
            )
            for one in told["reshaped"]
        ]
        replaced = tuple(Replacement(**one) for one in told["replaced"])
        return cls({one.old: one for one in successions}, tuple(reshapings), told["moved"], prefixes, replaced)
