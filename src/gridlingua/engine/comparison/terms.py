"""Hints about constants: terms that are kin, terms that differ, terms that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gridlingua.catalogue.ontology.kinship import Kinship, Step
from gridlingua.engine.bindings import value_key
from gridlingua.engine.comparison.comparison import Comparison, Part
from gridlingua.engine.comparison.hint import Hint, Write, and_
from gridlingua.errors import MessageError
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.search import is_variable
from gridlingua.semantics.terms import Term, is_iri, split_iri, split_literal


def kin_hints(comparison: Comparison, write: Write) -> Iterator[Hint]:
    """Why terms of B stand for terms of A; of a namespace that is wrong, all terms at once."""
    steps = [
        (label, step)
        for kin in comparison.kin
        for label, steps in (("A", kin.from_left), ("B", kin.from_right))
        for step in steps
    ]
    yield from _namespace_hints(steps, write)
    yield from _generation_hints(steps, write)
    for label, step in dict.fromkeys(steps):
        if step.relation in ("moved", "spelling"):
            yield Hint(step.relation, _stepped(label, step, write))
    for kin in comparison.kin:
        if kin.either:
            names = f"A writes {write(f'<{kin.left}>')} and B {write(f'<{kin.right}>')}"
            yield Hint("spelling", f"{names}: they differ in a letter, and no ontology here says which is right.")
        if kin.inverse:
            yield Hint("inverse", _inverse(kin.inverse, write))


def _namespace_hints(steps: Sequence[tuple[str, Step]], write: Write) -> Iterator[Hint]:
    slips: dict[tuple[str, str], list[Step]] = {}
    for label, step in dict.fromkeys(steps):
        if step.relation == "namespace":
            slips.setdefault((label, _slip_of(step)), []).append(step)
    for (label, slip), found in slips.items():
        written = and_([f"<{step.found}>" for step in found])
        meant = and_([write(f"<{step.meant}>") for step in found])
        yield Hint("namespace", f"{label} writes {written}, {slip}: {meant} {'are' if len(found) > 1 else 'is'} meant.")


def _generation_hints(steps: Sequence[tuple[str, Step]], write: Write) -> Iterator[Hint]:
    for label, other in (("A", "B"), ("B", "A")):
        found = [one for side, one in dict.fromkeys(steps) if side == label and one.relation == "generation"]
        if found:
            terms = and_([f"{write(f'<{step.found}>')} for {write(f'<{step.meant}>')}" for step in found])
            text = f"{label} writes the first generation of vocabulary where {other} writes the second: {terms}."
            notes = {step.note: step for step in reversed(found) if step.note}
            told = [f" {write(f'<{step.found}>')}: {note}." for note, step in reversed(notes.items())]
            yield Hint("generation", text + "".join(told))


def _stepped(label: str, step: Step, write: Write) -> str:
    name, meant = write(f"<{step.found}>"), write(f"<{step.meant}>")
    if step.relation == "moved":
        return f"{label} writes {name}, whose namespace has moved: {meant} now."
    return f"{label} writes {name}, a slip of the pen: {meant} is meant. Mend it, or write it so on both sides."


def _slip_of(step: Step) -> str:
    """What is wrong with a namespace."""
    found, meant = step.found.partition(":"), step.meant.partition(":")
    if "/" not in found[2]:
        return "a prefix that was not expanded"
    if found[0] != meant[0] and found[2] == meant[2]:
        return f"{found[0]} instead of {meant[0]}"
    if len(step.found) + 1 == len(step.meant) and any(
        step.meant.replace(end, "") == step.found.replace(end, "") for end in "/#"
    ):
        return "a namespace without the character at its end"
    return "a namespace that is almost a known one"


def _inverse(pair: tuple[str, str], write: Write) -> str:
    left, right = (write(f"<{iri}>") for iri in pair)
    return (
        f"A says {left} and B says its inverse, {right}: no engine turns a triple round. One side must exchange "
        "subject and object, and write the property of the other."
    )


def constant_hints(part: Part, kinship: Kinship, write: Write) -> Iterator[Hint]:
    """Constants that stand beside each other and differ."""
    alignment = part.alignment
    for t, s in alignment.differing:
        triples = (alignment.left.triples[t], alignment.said.triples[s], alignment.beside(s))
        for ours, said, theirs in zip(*triples, strict=True):
            if not is_variable(ours) and not is_variable(said) and value_key(ours) != value_key(said):
                text = f"A says {write(ours)} where B says {write(theirs)}{_why(ours, said, kinship)}."
                yield Hint("constant", text)
    for t, s in alignment.together:
        for ours, theirs in zip(alignment.left.triples[t], alignment.said.triples[s], strict=True):
            if ours != theirs and not is_variable(ours) and not is_variable(theirs):
                text = f"{write(ours)} and {write(theirs)} are one value in two spellings"
                yield Hint("value", f"{text}: runtimes from 1.5 on compare values, 1.4 does not match them.")


def _why(ours: Term, theirs: Term, kinship: Kinship) -> str:
    if is_iri(ours) and is_iri(theirs):
        dimensions = [
            {term.dimension for term in kinship.terms(split_iri(one)) if term.dimension} for one in (ours, theirs)
        ]
        if all(dimensions):
            same = dimensions[0] & dimensions[1]
            return (
                ", the same quantity in another unit: one side must convert" if same else ", a unit of another quantity"
            )
        first, second = split_iri(ours), split_iri(theirs)
        if kinship.is_above(first, second) or kinship.is_above(second, first):
            return ", one a subclass of the other, which engines know only from domain knowledge"
        return ": two constants match at no level"
    if is_iri(ours) or is_iri(theirs):
        return ": one is a resource and the other a literal"
    try:
        one, other = split_literal(ours), split_literal(theirs)
    except MessageError:
        return ""
    return ", the same text with another datatype or language" if one.lexical == other.lexical else ""


def reshaped_hints(part: Part, kinship: Kinship, write: Write) -> Iterator[Hint]:
    """Terms with one IRI that the two generations say of something else: they match, or not, without a word."""
    sides = {"A": part.alignment.left, "B": part.alignment.right}
    for one in kinship.generations.reshapings:
        said = {label: _has(pattern, one.term) for label, pattern in sides.items()}
        older = [label for label, pattern in sides.items() if _has(pattern, one.old) and not _has(pattern, one.new)]
        newer = [label for label, pattern in sides.items() if _has(pattern, one.new)]
        if all(said.values()) and len(older) == len(newer) == 1 and older != newer:
            text = f"{write(f'<{one.term}>')} has the same IRI in both generations and another place: {one.note}"
            yield Hint("reshaped", f"{text}. {older[0]} speaks the first, {newer[0]} the second.")


def unsucceeded_hints(part: Part, kinship: Kinship, write: Write) -> Iterator[Hint]:
    """Terms of the first generation that nothing of the other side can stand for."""
    alignment = part.alignment
    for label, pattern, alone in (
        ("A", alignment.left, alignment.left_alone),
        ("B", alignment.right, alignment.right_alone),
    ):
        for iri in dict.fromkeys(split_iri(one) for at in alone for one in pattern.triples[at] if is_iri(one)):
            known = kinship.generations.successions.get(_meant(iri, kinship))
            if known and not known.new:
                text = f"{label} writes {write(f'<{iri}>')}, which has no successor in the second generation"
                yield Hint("unsucceeded", f"{text}: whoever speaks that needs an extension for it, or leaves it out.")


def _meant(iri: str, kinship: Kinship) -> str:
    steps = kinship.meant(iri)
    return steps[-1].meant if steps else iri


def _has(pattern: Pattern, iri: str) -> bool:
    return f"<{iri}>" in pattern.constants


def unknown_hints(comparison: Comparison, kinship: Kinship, write: Write) -> Iterator[Hint]:
    """Terms that no ontology defines and that have not been spoken of; both sides may have agreed on one."""
    told = {iri for kin in comparison.kin for iri in (kin.left, kin.right)}
    left = _unknown([part.alignment.left for part in comparison.parts], kinship)
    right = _unknown([part.alignment.right for part in comparison.parts], kinship)
    for iri in dict.fromkeys((*left, *right)):
        if iri in told:
            continue
        who = and_([label for label, found in (("A", left), ("B", right)) if iri in found])
        meant = kinship.meant(iri)
        hint = f"; {write(f'<{meant[-1].meant}>')} is meant" if meant else ""
        both = " They match because both do: mend it on both sides at once, or leave it." if "and" in who else ""
        verb = "write" if both else "writes"
        yield Hint("unknown", f"{who} {verb} {write(f'<{iri}>')}, which no ontology in use has{hint}.{both}")


def _unknown(patterns: list[Pattern], kinship: Kinship) -> list[str]:
    iris = (split_iri(one) for pattern in patterns for one in pattern.constants if is_iri(one))
    return [iri for iri in iris if kinship.is_misspelt(iri)]
