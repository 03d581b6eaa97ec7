"""What JSON and YAML have in common: mappings, lists, and texts that know where they stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from gridlingua.catalogue.passages.likeness import reads_like_triples
from gridlingua.catalogue.passages.passage import Passage, Place, Role, Spot

_EXACT: Final = ("graphpattern", "argumentgraphpattern", "resultgraphpattern")
_KEY: Final = re.compile(r"graph_?-?pattern\W{1,3}")
_NAMES: Final = ("knowledgeInteractionName", "knowledge_interaction_name", "name")


@dataclass(frozen=True)
class Text:
    """A text and where its pieces stand in the file."""

    value: str
    spots: tuple[Spot, ...]

    @property
    def place(self) -> Place:
        return self.spots[0].line, self.spots[0].column


Tree = Mapping[str, "Tree"] | list["Tree"] | Text | None
"""A value of a document; None for one that is no text."""


@dataclass(frozen=True)
class Scope:
    """What holds in a part of a document: the prefixes declared there or around it, where, and the name of the
    interaction; ``lends`` when prefixes may come from another file."""

    prefixes: Mapping[str, str]
    declared: Mapping[str, Place]
    name: str = ""
    lends: bool = False
    patterns: bool = False


def may_hold_patterns(text: str) -> bool:
    """Whether a document is worth reading: it has a key of the Knowledge Engine's REST API, or one with the word
    pattern and something that reads like triples. What has neither is none of ours, whole or broken."""
    found = text.lower()
    return "pattern" in found and (bool(_KEY.search(found)) or reads_like_triples(text))


def passages_of(tree: Tree, scope: Scope) -> Iterator[Passage]:
    """Every pattern of a document, whatever is around it.

    Patterns are what the keys of the Knowledge Engine's REST API (``graphPattern``, …) hold, and whatever a key with
    the word pattern holds and reads like triples: a text, or a list of lines.
    """
    if isinstance(tree, Mapping):
        inner = _within(tree, scope)
        for key, value in tree.items():
            yield from _of_key(key, value, inner)
    elif isinstance(tree, list):
        for value in tree:
            yield from passages_of(value, scope)


def _of_key(key: str, value: Tree, scope: Scope) -> Iterator[Passage]:
    plain = "".join(char for char in key.lower() if char.isalpha())
    text = _joined(value)
    named = "pattern" in plain or scope.patterns
    if text and named and (plain in _EXACT or reads_like_triples(text.value)):
        yield Passage(
            text=text.value,
            line=text.spots[0].line,
            role=_role(plain),
            name=scope.name or key,
            prefixes=scope.prefixes,
            declared=scope.declared,
            borrows=scope.lends,
            spots=text.spots,
        )
    elif not text:
        several = plain.endswith("patterns") and not isinstance(value, list)
        yield from passages_of(value, replace(scope, patterns=several, name=key if scope.patterns else scope.name))


def _role(key: str) -> Role:
    return "argument" if "argument" in key else "result" if "result" in key else "pattern"


def _within(tree: Mapping[str, Tree], scope: Scope) -> Scope:
    """What holds inside of a mapping."""
    name = next((one.value for key in _NAMES if isinstance(one := tree.get(key), Text)), scope.name)
    told = tree.get("prefixes", tree.get("PREFIXES"))
    texts = {prefix.rstrip(":"): one for prefix, one in _prefixes(told).items() if isinstance(one, Text)}
    return replace(
        scope,
        name=name,
        prefixes={**scope.prefixes, **{prefix: one.value for prefix, one in texts.items()}},
        declared={**scope.declared, **{prefix: one.place for prefix, one in texts.items()}},
    )


def _prefixes(told: Tree) -> Mapping[str, Tree]:
    """Prefixes with their namespaces: a mapping, or, as in the environment of a container, a text of JSON."""
    if isinstance(told, Mapping):
        return told
    if not isinstance(told, Text):
        return {}
    try:
        read = json.loads(told.value)
    except (ValueError, RecursionError):
        return {}
    pairs = read.items() if isinstance(read, dict) else ()
    return {key: Text(value, told.spots) for key, value in pairs if isinstance(value, str)}


def _joined(value: Tree) -> Text | None:
    """A text, or the lines of a list of texts as one."""
    if isinstance(value, Text):
        return value
    if not isinstance(value, list) or not value or not all(isinstance(one, Text) for one in value):
        return None
    text, spots = "", []
    for one in value:
        assert isinstance(one, Text)
        spots += [spot._replace(offset=spot.offset + len(text)) for spot in one.spots]
        text += f"{one.value}\n"
    return Text(text, tuple(spots))
