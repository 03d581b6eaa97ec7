"""YAML: the same keys as in JSON, and the configurations of knowledge-mapper and its like.

What names no engine is a part of a configuration, and another part may declare the prefixes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import yaml

from gridlingua.catalogue.passages.error import PassageError
from gridlingua.catalogue.passages.escapes import spots_of_escapes
from gridlingua.catalogue.passages.passage import Passage, Spot
from gridlingua.catalogue.passages.tree import Scope, Text, Tree, may_hold_patterns, passages_of

SUFFIXES: Final = (".yaml", ".yml")

_ESCAPES: Final = {'"': re.compile(r"\\x\w\w|\\u\w{4}|\\U\w{8}|\\."), "'": re.compile("''")}
_NONE: Final = re.compile("(?!)")
_ENGINE: Final = re.compile(r"^\s*(?:- )?(?:knowledge_engine_endpoint|knowledgeInteractionType)\s*:", re.MULTILINE)
_MERGE: Final = "<<"
_MOST_VALUES: Final = 200_000


def read(text: str) -> Iterator[Passage]:
    """Every pattern of every document of a YAML file."""
    if not may_hold_patterns(text):
        return
    try:
        documents = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or "it cannot be read"
        raise PassageError(f"not YAML: {said}", mark.line + 1 if mark else 1) from None
    lines = text.split("\n")
    for document in documents:
        _refuse_unfolding(document)
        tree = _tree(document, text, lines, ())
        yield from passages_of(tree, Scope({}, {}, lends=not _ENGINE.search(text)))


def _refuse_unfolding(root: yaml.Node) -> None:
    """Refuse a few lines whose anchors within anchors stand for millions of values."""
    sizes: dict[int, int] = {}

    def size(node: yaml.Node, around: frozenset[int]) -> int:
        if id(node) in around or not isinstance(node, yaml.CollectionNode):
            return 1
        if id(node) not in sizes:
            inner = (one for pair in node.value for one in (pair if isinstance(pair, tuple) else (pair,)))
            sizes[id(node)] = 1 + sum(size(one, around | {id(node)}) for one in inner)
        return sizes[id(node)]

    try:
        count = size(root, frozenset())
    except RecursionError:
        raise PassageError("not YAML that can be read: it is nested too deeply") from None
    if count > _MOST_VALUES:
        raise PassageError(f"its anchors stand for {count:,} values, more than {_MOST_VALUES:,}: write fewer aliases")


def _tree(node: yaml.Node, text: str, lines: list[str], around: tuple[yaml.Node, ...]) -> Tree:
    if node in around:
        return None  # an anchor within itself
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Tree] = {}
        for key, value in node.value:
            inner = _tree(value, text, lines, (*around, node))
            if key.value != _MERGE:
                found[str(key.value)] = inner
            elif isinstance(inner, dict):
                found = {**inner, **found}
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_tree(one, text, lines, (*around, node)) for one in node.value]
    if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":str"):
        return Text(node.value, _spots(node, text, lines))
    return None


def _spots(node: yaml.ScalarNode, text: str, lines: list[str]) -> tuple[Spot, ...]:
    begin, end = node.start_mark, node.end_mark
    if begin.line == end.line:
        quoted = node.style in ('"', "'")
        return spots_of_escapes(text, begin.index + quoted, len(node.value), _ESCAPES.get(node.style or "", _NONE))
    first = begin.line + 1 if node.style in ("|", ">") else begin.line
    spots, offset = [], 0
    for number in range(first, min(end.line + 1, len(lines))):
        line = lines[number]
        margin = begin.column if number == begin.line else 0
        piece = line[margin:].strip().strip(node.style if node.style in ('"', "'") else "")
        piece = re.split(r"\\|''", piece)[0].strip()
        at = node.value.find(piece, offset) if piece else -1
        if at >= 0:
            spots.append(Spot(at, number + 1, line.index(piece, margin) + 1))
            offset = at + len(piece)
    return tuple(spots) or (Spot(0, first + 1, 1),)
