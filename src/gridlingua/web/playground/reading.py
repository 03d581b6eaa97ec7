"""What an attempt means, as the page shows it: steps, rows, Turtle, drawing, findings, and what filled what."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any, Final

from gridlingua.catalogue.checking import MINTER, checks
from gridlingua.catalogue.drawing import draw, style
from gridlingua.catalogue.exchange import Exchange, Part
from gridlingua.catalogue.explanation import fillings, short
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.errors import Problem
from gridlingua.semantics.rows import Rows
from gridlingua.semantics.schema import write_json
from gridlingua.semantics.terms import Term
from gridlingua.web.playground.attempt import Attempt, Tried, attempted
from gridlingua.web.playground.findings import file_of, findings
from gridlingua.web.playground.shelf import Shelf, Volume
from gridlingua.web.playground.turtle import turtle

Document = dict[str, Any]

_MOST_ROWS: Final = 120
_MOST_TRIPLES: Final = 800


def tried(shelf: Shelf, attempt: Attempt) -> tuple[Volume, Tried]:
    """The attempt as far as it goes; a pattern that cannot be read leaves the catalogue's in its place."""
    volume = shelf.edited(attempt.exchange, attempt.patterns)
    exchange = volume.draft.exchange or shelf.volume(attempt.exchange).exchange
    return volume, attempted(exchange, attempt)


def reading(shelf: Shelf, attempt: Attempt) -> Document:
    """What the page shows of an attempt beside SHACL's verdict."""
    volume, found = tried(shelf, attempt)
    file = file_of(found.exchange, found.profile, found.part)
    problems = findings(volume, file)
    is_read = volume.draft.exchange is not None
    document = {
        "edition": volume.edition,
        "steps": [step.as_json() for step in found.steps],
        "file": file,
        "isRead": is_read,
        "findings": [_finding(one) for one in problems],
        "drawing": volume.once(("drawing", file), lambda: _drawing(found, volume.vocabulary)) if is_read else None,
        "fillings": _fillings(found, volume.vocabulary),
    }
    return document | (_rows(found, found.said, volume.vocabulary) if found.said is not None else {})


def _finding(problem: Problem) -> Document:
    check = checks().get(problem.check)
    example = check.example if check else None
    return {
        "why": f"{check.demand} {check.reason}".replace("``", "").strip() if check else "",
        "wrong": inspect.cleandoc(example.wrong) if example else "",
        "right": inspect.cleandoc(example.right) if example else "",
        "line": problem.line,
        "column": problem.column,
        "check": problem.check,
        "severity": problem.severity,
        "message": problem.message,
    }


def _drawing(found: Tried, vocabulary: Vocabulary) -> str:
    exchange = found.exchange
    fields = {*exchange.request.fields, *exchange.reply.fields}
    drawn = draw(found.pattern, vocabulary.of(found.profile).curie, fields)
    return drawn.replace(f"<style>{style()}</style>", "")  # the page's policy allows no inline style


def _fillings(found: Tried, vocabulary: Vocabulary) -> list[Document]:
    """What fills the variables of the part; a reply's pattern says what the request said too."""
    first = found.said[0] if found.said else {}
    parts: list[Part] = ["reply", "request"] if found.part == "reply" else ["request"]
    told: dict[str, Document] = {}
    for part in parts:
        for one in fillings(found.mapping(part)):
            is_said = one.variable in found.pattern.variables
            if is_said or (part == found.part and not one.is_node):
                told.setdefault(
                    one.variable,
                    {
                        "variable": one.variable,
                        "pointer": one.pointer,
                        "by": one.by,
                        "isNode": one.is_node,
                        "part": part,
                        "first": _shown(first[one.variable], vocabulary) if one.variable in first else None,
                    },
                )
    return sorted(told.values(), key=lambda one: bool(one["isNode"]))


def _shown(term: Term, vocabulary: Vocabulary) -> str:
    """A term as people read it: minted names without the base that all have."""
    return f"<{term[1 + len(MINTER.own) :]}" if term.startswith(f"<{MINTER.own}") else short(term, vocabulary)


def _rows(found: Tried, said: Rows, vocabulary: Vocabulary) -> Document:
    """The rows over a table of terms, each with the elements it comes from; and the triples."""
    columns = [name for name in found.pattern.variables if any(name in row for row in said[:1])]
    numbers: dict[Term, int] = {}
    places = found.places()
    rows = [
        {
            "terms": [numbers.setdefault(row[name], len(numbers)) if name in row else None for name in columns],
            "at": {part: one.at(row) for part, one in places.items()},
        }
        for row in said[:_MOST_ROWS]
    ]
    pieces = turtle(found.pattern, said, vocabulary.prefixes, MINTER.own, _MOST_TRIPLES)
    return {
        "columns": columns,
        "rows": rows,
        "count": len(said),
        "turtle": [
            [one.text, one.variable, numbers.setdefault(one.term, len(numbers))] if one.variable else [one.text]
            for one in pieces
        ],
        "terms": _terms(list(numbers), vocabulary),
    }


def _terms(terms: Sequence[Term], vocabulary: Vocabulary) -> list[list[str]]:
    """Each term in short and in full."""
    return [[_shown(one, vocabulary), one] for one in terms]


def description(volume: Volume) -> Document:
    """What the page must know of an exchange: its words, pattern files and cases."""
    exchange = volume.exchange
    content = volume.draft.content
    return {
        "edition": volume.edition,
        "id": exchange.id,
        "title": exchange.title,
        "note": exchange.note,
        "source": exchange.source,
        "kind": exchange.kind,
        "initiator": exchange.initiator,
        "responder": exchange.responder,
        "operation": str(exchange.operation),
        "profiles": list(exchange.profiles),
        "patterns": {path.name: content.read(path) for path in volume.draft.patterns},
        "files": {
            f"{profile}/{part}": file_of(exchange, profile, part)
            for profile in exchange.profiles
            for part in ("request", "reply")
        },
        "cases": _cases(exchange),
    }


def _cases(exchange: Exchange) -> list[Document]:
    return [
        {
            "kind": kind,
            "name": case.name,
            "told": case.told,
            **{part: write_json(message, indent=2) for part, message in case.messages.items()},
        }
        for kind, cases in (("example", exchange.examples), ("reject", exchange.rejects))
        for case in cases
    ]
