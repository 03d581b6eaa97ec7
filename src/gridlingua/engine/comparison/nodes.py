"""Hints about nodes: what stands for what, and what hangs on it."""

from __future__ import annotations

from collections.abc import Iterator

from gridlingua.catalogue.ontology.kinship import Kinship
from gridlingua.engine.comparison.comparison import Comparison, Part
from gridlingua.engine.comparison.hint import Hint, Write, said
from gridlingua.semantics.patterns import Pattern, Triple
from gridlingua.semantics.search import is_variable, links_of
from gridlingua.semantics.terms import is_iri, split_iri


def one_to_one_hints(part: Part, write: Write) -> Iterator[Hint]:
    """A node that would have to stand for two."""
    alignment = part.alignment
    there, back = alignment.nodes, {b: a for a, b in alignment.nodes.items()}
    for t, s in alignment.apart:
        for ours, theirs in links_of(alignment.left.triples[t], alignment.said.triples[s]):
            if (known := there.get(ours, theirs)) != theirs:
                yield _clash("A", ours, "B", known, theirs, write)
            elif (known := back.get(theirs, ours)) != ours:
                yield _clash("B", theirs, "A", known, ours, write)


def _clash(label: str, node: str, other: str, first: str, second: str, write: Write) -> Hint:
    head = f"{label} says {write(node)} where {other} has both {write(first)} and {write(second)}"
    if is_variable(node) and not is_variable(first) and not is_variable(second):
        return Hint("one-to-one", f"{head}: no variable has two values at once. Give it two variables.")
    tail = "up to level 2 a node stands for one node only. Give it two variables, or the other side one"
    return Hint("one-to-one", f"{head}: {tail}.")


def never_hints(part: Part, write: Write) -> Iterator[Hint]:
    """A node that meets two constants inside one triple: engines take the triple, and no row ever fits it."""
    for t, s in part.alignment.together:
        links = links_of(part.alignment.left.triples[t], part.alignment.said.triples[s])
        for label, other, pairs in (("A", "B", links), ("B", "A", [(b, a) for a, b in links])):
            for node in dict.fromkeys(a for a, _ in pairs):
                constants = dict.fromkeys(b for a, b in pairs if a == node and not is_variable(b))
                if is_variable(node) and len(constants) > 1:
                    two = " and ".join(map(write, constants))
                    text = f"{label} says {node} twice in one triple where {other} has {two}"
                    yield Hint("never", f"{text}: engines match them, and no row ever fits.")


def constant_for_variable_hints(comparison: Comparison, part: Part, write: Write) -> Iterator[Hint]:
    """A constant here and a variable there match, both ways; what it means differs."""
    for left, right in part.alignment.nodes.items():
        if is_variable(left) == is_variable(right):
            continue
        label, constant, variable = ("A", left, right) if is_variable(right) else ("B", right, left)
        side = comparison.a if label == "A" else comparison.b
        other = "B" if label == "A" else "A"
        yield Hint("constant-variable", _meaning(part, side.is_initiator, label, other, write(constant), variable))


def _meaning(part: Part, initiates: bool, label: str, other: str, constant: str, variable: str) -> str:
    head = f"{label} says {constant} where {other} has {variable}, and that matches"
    if part.name == "argument":
        tail = f"{other} is given it in every row" if initiates else "only rows with that value arrive"
    else:
        tail = f"{other} is asked for that value only" if initiates else "every row has that value"
    return f"{head}: {tail}."


def structure_hints(part: Part, kinship: Kinship, write: Write) -> Iterator[Hint]:
    """A node that is a mere value on one side, and says more of itself on the other: a literal at time:hasBeginning
    matches the instant of OWL-Time, and means something else."""
    alignment = part.alignment
    sides = {"A": (alignment.left, alignment.left), "B": (alignment.said, alignment.right)}
    for t, s in alignment.together:
        values = {"A": alignment.left.triples[t][2], "B": alignment.said.triples[s][2]}
        more = {label: _said_of(values[label], *sides[label]) for label in sides}
        plain, rich = ("B", "A") if more["A"] else ("A", "B")
        if bool(more["A"]) == bool(more["B"]) or is_iri(values[plain]):
            continue
        triple = alignment.left.triples[t]
        yield Hint(
            "structure",
            f"Behind {write(triple[1])}, {plain} has {write(values[plain])} and says nothing of it, as of a value; "
            f"{rich} has a node there that says more: {said(more[rich], write)}.{_axiom(triple, kinship, write)}",
        )


def _said_of(node: str, pattern: Pattern, written: Pattern) -> list[Triple]:
    """The triples whose subject a node is, as they are ``written``."""
    return [there for here, there in zip(pattern.triples, written.triples, strict=True) if here[0] == node]


def _axiom(triple: Triple, kinship: Kinship, write: Write) -> str:
    """What the ontology says that a property leads to."""
    if is_variable(triple[1]):
        return ""
    known = kinship.terms(split_iri(triple[1]))
    if not any(term.kind == "object property" for term in known):
        return ""
    ranges = dict.fromkeys(iri for term in known for expression in term.range for iri in expression)
    leads = f" to {' or '.join(write(f'<{iri}>') for iri in ranges)}" if ranges else " to a resource"
    return f" {write(triple[1])} leads{leads}, not to a literal: where they match, values meet nodes."


def fixed_subject_hints(comparison: Comparison, write: Write) -> Iterator[Hint]:
    """A constant of which several triples say variables: the rows of all bindings are about that one resource."""
    for label, patterns in (
        ("A", [part.alignment.left for part in comparison.parts]),
        ("B", [part.alignment.right for part in comparison.parts]),
    ):
        for pattern in patterns:
            fixed = [one[0] for one in pattern.triples if not is_variable(one[0]) and is_variable(one[2])]
            for node in dict.fromkeys(one for one in fixed if fixed.count(one) > 1):
                yield Hint(
                    "fixed-subject",
                    f"{label} says several things of the constant {write(node)}: every row is about it, and their "
                    "values mix when rows are joined. Use a variable.",
                )
