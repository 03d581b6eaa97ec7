"""What ``gridlingua match`` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from gridlingua.engine.comparison.comparison import Comparison, Part
from gridlingua.engine.comparison.hint import Hint, Write, said, triple_text
from gridlingua.engine.survey.strangers import legible
from gridlingua.semantics.alignment import Alignment

_DOES: Final = {"ask": "asks", "answer": "answers", "post": "posts", "react": "reacts"}


def show(console: Console, comparison: Comparison, hints: Sequence[Hint], limit: int, write: Write) -> None:
    """The verdict, then what differs side by side, then the variables, then what to do."""
    for label, side in (("A", comparison.a), ("B", comparison.b)):
        console.print(f"{label} {_DOES[side.interaction.kind]}: {_shown(side.name)}", highlight=False)
    style = "green" if comparison.level and comparison.level <= limit else "red"
    console.print(f"[bold {style}]{verdict(comparison, limit)}[/bold {style}]", highlight=False)
    for sentence in prospects(comparison, write):
        console.print(_shown(sentence), highlight=False)
    for part in comparison.parts:
        _show_part(console, part, write)
    if hints:
        console.print()
    for hint in hints:
        console.print(f"- {_shown(hint.text)}", highlight=False)


def verdict(comparison: Comparison, limit: int) -> str:
    """One sentence; ``limit`` is the highest level that counts."""
    level = comparison.level
    if level is None:
        reasons = {
            "they are of one knowledge base": comparison.is_same_party,
            "their kinds never meet": not comparison.kinds_meet,
            "their communicative acts exclude each other": not comparison.purposes_fit,
        }
        why = next((reason for reason, holds in reasons.items() if holds), "")
        return "They do not match at any reasoner level" + (f": {why}." if why else ".")
    if level > limit:
        return f"They do not match at reasoner level {limit}, but at {level} and above."
    return f"They match at reasoner level {level}" + (
        " and above." if level == 1 else f" and above, not at {level - 1}."
    )


def prospects(comparison: Comparison, write: Write) -> Iterator[str]:
    """What could still come of two that do not match, or not at level 1."""
    if comparison.level == 1:
        return
    if comparison.level == 3:
        yield "At level 3 a triple of one side may stand for several of the other: the values decide whether rows come."
    if comparison.level is None:
        yield from (
            f"By itself, the {part.name} matches at level {part.level} and above."
            for part in comparison.parts
            if part.level
        )
    if comparison.mended and comparison.mended != comparison.level:
        yield f"With the same terms on both sides they would match at level {comparison.mended} and above."
    if comparison.helped and not comparison.mended:
        many = len(comparison.open_)
        yield (
            f"From level {comparison.helped} on, {'B' if comparison.a_initiates else 'A'} takes part if others bring "
            f"{many} triple{'s' if many != 1 else ''}: {said(comparison.open_, write)}."
        )


def _show_part(console: Console, part: Part, write: Write) -> None:
    alignment = part.alignment
    alike = len(alignment.together) - len(_reworded(alignment))
    counts = f"{len(alignment.left.triples)} triples in A, {len(alignment.right.triples)} in B, {alike} the same"
    console.print(f"\n[bold]{part.name}[/bold]: {counts}", highlight=False)
    if rows := list(_lines(alignment)):
        table = Table(*(Column(name, overflow="fold") for name in ("", "A", "B")), box=box.SIMPLE_HEAD)
        for what, left, right in rows:
            table.add_row(what, *(_shown(triple_text(one, write)) if one else "" for one in (left, right)))
        console.print(table)
    if renamed := [(a, b) for a, b in alignment.nodes.items() if a != b]:
        table = Table(*(Column(name, overflow="fold") for name in ("in A", "in B")), box=box.SIMPLE_HEAD)
        for a, b in renamed:
            table.add_row(_shown(write(a)), _shown(write(b)))
        console.print(table)
    elif alignment.nodes:
        console.print("The variables have the same names.", highlight=False)


def _lines(alignment: Alignment) -> Iterator[tuple[str, Any, Any]]:
    """Every triple that is not the same on both sides, with what is beside it."""
    left, right = alignment.left.triples, alignment.right.triples
    rows = [(t, "other words", s) for t, s in _reworded(alignment)]
    rows += [(t, "differs", s) for t, s in alignment.differing]
    rows += [(t, "does not fit", s) for t, s in alignment.apart]
    yield from ((what, left[t], right[s]) for t, what, s in sorted(rows))
    yield from (("only in A", left[t], None) for t in alignment.left_alone)
    yield from (("only in B", None, right[s]) for s in alignment.right_alone)


def _reworded(alignment: Alignment) -> list[tuple[int, int]]:
    return [(t, s) for t, s in alignment.together if alignment.said.triples[s] != alignment.right.triples[s]]


def in_json(comparison: Comparison, hints: Sequence[Hint], limit: int) -> dict[str, Any]:
    """The same for machines; triples as arrays of full terms."""
    return {
        "match": comparison.level is not None and comparison.level <= limit,
        "level": comparison.level,
        "highestLevel": limit,
        "levelWithSameTerms": comparison.mended,
        "levelWithHelp": comparison.helped,
        "initiator": "A" if comparison.a_initiates else "B",
        "a": {"name": comparison.a.name, "kind": comparison.a.interaction.kind},
        "b": {"name": comparison.b.name, "kind": comparison.b.interaction.kind},
        "purposesFit": comparison.purposes_fit,
        "patterns": [_part_in_json(part) for part in comparison.parts],
        "hints": [{"about": hint.about, "text": hint.text} for hint in hints],
    }


def _part_in_json(part: Part) -> dict[str, Any]:
    alignment = part.alignment
    return {
        "pattern": part.name,
        "level": part.level,
        "levelWithSameTerms": part.mended,
        "nodes": alignment.nodes,
        "same": len(alignment.together) - len(_reworded(alignment)),
        "differences": [{"what": what, "a": left, "b": right} for what, left, right in _lines(alignment)],
    }


def _shown(text: str) -> str:
    return escape(legible(text))
