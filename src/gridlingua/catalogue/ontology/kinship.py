"""Whether two terms mean the same though they are two: a slip of the pen, a namespace, another generation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from gridlingua.catalogue.ontology import spelling
from gridlingua.catalogue.ontology.generations import Generations
from gridlingua.catalogue.ontology.terms import STANDARD_PREFIXES, TermInfo
from gridlingua.catalogue.ontology.vocabulary import Vocabulary

Relation = Literal["namespace", "moved", "spelling", "generation"]

_LONG_ENOUGH: Final = 5


@dataclass(frozen=True)
class Step:
    """``found`` stands where ``meant`` is meant, or is an older term for it; IRIs."""

    relation: Relation
    found: str
    meant: str
    note: str = ""


@dataclass(frozen=True)
class Kin:
    """Two terms, as IRIs, and what leads from each to the term that both mean.

    ``inverse``: of a pair of inverse properties, the one that the left means and the one that the right means.
    ``either``: they are a letter apart, and nobody knows which is right.
    """

    left: str
    right: str
    from_left: tuple[Step, ...] = ()
    from_right: tuple[Step, ...] = ()
    inverse: tuple[str, str] | None = None
    either: bool = False

    @property
    def length(self) -> int:
        return len(self.from_left) + len(self.from_right) + (self.inverse is not None)


class Kinship:
    """Knows the terms of every list, whatever the profile, and what became of them."""

    def __init__(self, vocabulary: Vocabulary, generations: Generations | None = None) -> None:
        self.generations = generations or Generations.known()
        self.prefixes: Mapping[str, str] = {**self.generations.prefixes, **vocabulary.prefixes}
        self._known: dict[str, list[TermInfo]] = defaultdict(list)
        self._repairs: dict[str, tuple[str, tuple[Step, ...]]] = {}
        self._whole = {one.namespace for one in vocabulary.all_lists if not one.selection and not one.transcribed_from}
        for one in vocabulary.all_lists:
            for iri, term in one.terms.items():
                if not term.borrowed:
                    self._known[iri].append(term)

    def between(self, left: str, right: str) -> Kin | None:
        """How two IRIs are kin, if they are."""
        if left == right:
            return None
        for ours, first in self._meanings(left):
            for theirs, second in self._meanings(right):
                if ours == theirs and not (_is_old(first) and _is_old(second)):
                    return Kin(left, right, first, second)
        return Kin(left, right, either=True) if self._is_one_letter(left, right) else None

    def rank(self, kin: Kin) -> int:
        """Which of several successors of an old term a term is, from 0; the first is what mostly stands for it."""
        steps = [step for step in (*kin.from_left, *kin.from_right) if step.relation == "generation"]
        return sum(self.generations.successions[step.found].new.index(step.meant) for step in steps)

    def inverse(self, left: str, right: str) -> Kin | None:
        """How two properties say one thing the two ways round, if they do."""
        for theirs, second in self._meanings(right):
            turned = {one for term in self._known.get(theirs, ()) for one in term.inverse} | self._inverse_of(theirs)
            for ours, first in self._meanings(left):
                if ours in turned:
                    return Kin(left, right, first, second, (ours, theirs))
        return None

    def is_known(self, iri: str) -> bool:
        """Whether some list, or the table of generations, has the term."""
        return iri in self._known or iri in self._of_generations or iri.startswith(tuple(STANDARD_PREFIXES.values()))

    def is_misspelt(self, iri: str) -> bool:
        """Whether nobody defines a term: its namespace is known as a whole, or another term is what was meant."""
        if self.is_known(iri):
            return False
        return spelling.split(iri, self._spaces)[0] in self._whole or bool(self.meant(iri))

    def meant(self, iri: str) -> tuple[Step, ...]:
        """What leads from an IRI to the term that was meant; nothing where it is a term, or like none."""
        return self._repaired(iri)[1]

    def is_above(self, upper: str, lower: str) -> bool:
        """Whether a class is above another one, in any version."""
        seen, pending = {lower}, [lower]
        while pending:
            above = {iri for term in self._known.get(pending.pop(), ()) for iri in term.superclasses} - seen
            seen |= above
            pending += above
        return upper in seen - {lower}

    def terms(self, iri: str) -> list[TermInfo]:
        """What each version says of a term."""
        return list(self._known.get(iri, ()))

    def _meanings(self, iri: str) -> Iterator[tuple[str, tuple[Step, ...]]]:
        """What an IRI may stand for, and the steps to there: itself, the term that was meant, its successors."""
        meant, steps = self._repaired(iri)
        yield meant, steps
        if known := self.generations.successions.get(meant):
            for new in known.new:
                yield new, (*steps, Step("generation", meant, new, known.note))

    def _repaired(self, iri: str) -> tuple[str, tuple[Step, ...]]:
        if iri not in self._repairs:
            self._repairs[iri] = self._repair(iri)
        return self._repairs[iri]

    def _repair(self, iri: str) -> tuple[str, tuple[Step, ...]]:
        steps: tuple[Step, ...] = ()
        if self.is_known(iri):
            return iri, steps
        if moved := self._moved(iri):
            return moved, (Step("moved", iri, moved),)
        if near := spelling.near_namespace(iri, self.prefixes):
            steps = (Step("namespace", iri, near),)
            iri = near
        if not self.is_known(iri) and (slip := self._slip(iri)):
            steps = (*steps, Step("spelling", iri, slip))
            iri = slip
        return iri, steps

    def _moved(self, iri: str) -> str:
        return next((new + iri[len(old) :] for old, new in self.generations.moved.items() if iri.startswith(old)), "")

    def _slip(self, iri: str) -> str:
        """The only term of the same namespace that is one letter away, or differs in capitals only."""
        space, local = spelling.split(iri, self._spaces)
        near = [one for one in self._by_space.get(space, ()) if _alike(spelling.split(one, self._spaces)[1], local)]
        return near[0] if len(near) == 1 else ""

    def _is_one_letter(self, left: str, right: str) -> bool:
        """Of namespaces that nobody knows: which of the two is right, nobody can say."""
        (one, ours), (other, theirs) = spelling.split(left, self._spaces), spelling.split(right, self._spaces)
        return one == other and not (self.is_known(left) and self.is_known(right)) and _alike(ours, theirs)

    def _inverse_of(self, iri: str) -> set[str]:
        """Properties that name this one as their inverse."""
        return self._inverses.get(iri, set())

    @cached_property
    def _inverses(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for iri, terms in self._known.items():
            for one in terms:
                for other in one.inverse:
                    found[other].add(iri)
        return found

    @cached_property
    def _of_generations(self) -> frozenset[str]:
        told = self.generations.successions.values()
        return frozenset(iri for one in told for iri in (one.old, *one.new))

    @cached_property
    def _spaces(self) -> frozenset[str]:
        return frozenset(self.prefixes.values())

    @cached_property
    def _by_space(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for iri in dict.fromkeys([*self._known, *sorted(self._of_generations)]):
            found[spelling.split(iri, self._spaces)[0]].append(iri)
        return found


def _is_old(steps: tuple[Step, ...]) -> bool:
    """Whether they lead from the first generation to the second: several old terms may have one successor."""
    return any(step.relation == "generation" for step in steps)


def _alike(one: str, other: str) -> bool:
    """One letter apart, capitals aside; short names are often that and mean something else."""
    if one.lower() == other.lower():
        return True
    return min(len(one), len(other)) >= _LONG_ENOUGH and spelling.within_one_edit(one.lower(), other.lower())
