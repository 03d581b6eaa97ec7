"""A graph pattern, or a graph, as somebody wrote it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from gridlingua.catalogue.deployed import Spelling, spellings
from gridlingua.catalogue.exchange import JUDGED_PROFILE
from gridlingua.catalogue.legibility import remarks
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.ontology.namespaces import Stray, strays
from gridlingua.catalogue.ontology.profiles import iris, likely_profile
from gridlingua.catalogue.passages.passage import Passage, Place, Role
from gridlingua.errors import Problem, Severity
from gridlingua.semantics.patterns import Pattern, Triple
from gridlingua.semantics.reading import Script, Slip, read
from gridlingua.semantics.terms import OWL, RDF, RDF_TYPE, RDFS, split_iri

__all__ = ["Role", "Written"]

_OWL_KINDS: Final = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual")
_DECLARING: Final = frozenset(
    f"<{space}{name}>"
    for space, names in ((OWL, _OWL_KINDS), (RDFS, ("Class", "Datatype")), (RDF, ("Property",)))
    for name in names
)


@dataclass(frozen=True)
class Written:
    """Triples, the text that says them, and the vocabulary that judges them.

    ``place`` is how problems name the file, ``first_line`` the line of the file at which the text begins. ``bare``:
    it belongs to no exchange, so its author may use other ontologies than those of the vocabulary. ``pinned``: the
    profile of the vocabulary is known, not guessed from the terms. ``known`` is the text as it was read, if it was.
    """

    place: str
    text: str = field(repr=False)
    role: Role
    pattern: Pattern
    vocabulary: Vocabulary = field(repr=False)
    first_line: int = 1
    passage: Passage | None = field(default=None, repr=False)
    bare: bool = False
    pinned: bool = True
    known: Script | None = field(default=None, repr=False, compare=False)

    @classmethod
    def read(
        cls, place: str, text: str, vocabulary: Vocabulary, role: Role = "pattern", first_line: int = 1
    ) -> Written:
        """Read a pattern file, or PREFIX lines and a bare body, of an exchange in the vocabulary's profile."""
        script = read(text, vocabulary.prefixes, graph=role == "graph")
        return cls(place, text, role, script.pattern, vocabulary, first_line, known=script)

    @classmethod
    def of(cls, place: str, passage: Passage, vocabulary: Vocabulary, profile: str = "") -> Written:
        """Read a passage of anybody's file; without a profile, in the generation that most of its terms are of."""
        graph = passage.role == "graph"
        script = read(passage.text, vocabulary.prefixes, passage.prefixes, graph=graph, template=True)
        view = vocabulary.of(profile or likely_profile(script.pattern, vocabulary))
        return cls(
            place,
            passage.text,
            passage.role,
            script.pattern,
            view,
            passage.line,
            passage=passage,
            bare=True,
            pinned=bool(profile),
            known=script,
        )

    @cached_property
    def script(self) -> Script:
        """The text as far as it can be read, with the place of everything."""
        return self.known or read(self.text, self.vocabulary.prefixes, graph=self.role == "graph")

    @property
    def slips(self) -> tuple[Slip, ...]:
        """What stands there and is no triple."""
        return self.script.slips

    @property
    def borrows_prefixes(self) -> bool:
        """Whether another file, or code, may declare prefixes."""
        return self.passage is not None and self.passage.borrows

    @cached_property
    def strays(self) -> tuple[Stray, ...]:
        """The namespaces that are almost those of everyone."""
        elsewhere = self.passage.prefixes if self.passage else {}
        return tuple(strays(self.script, self.vocabulary, elsewhere))

    @cached_property
    def astray(self) -> frozenset[str]:
        """The IRIs of those namespaces."""
        return frozenset(iri for stray in self.strays for iri in stray.iris)

    @cached_property
    def iris(self) -> tuple[str, ...]:
        """The IRIs of the pattern whose meaning is to be looked up: not those of a namespace that is astray, nor what
        a graph itself declares, nor, but in the judged profile, spellings that are marked as deployed."""
        passed = set(self.astray)
        if self.bare or self.vocabulary.profile != JUDGED_PROFILE:
            passed |= {mark.deployed for mark in self.marks}
        if self.role == "graph":
            passed |= {split_iri(s) for s, p, o in self.pattern.triples if p == RDF_TYPE and o in _DECLARING}
        return tuple(iri for iri in iris(self.pattern) if iri not in passed)

    @cached_property
    def marks(self) -> list[Spelling]:
        """The spellings that a comment marks as deployed by peers."""
        return spellings(self.text, {**self.vocabulary.prefixes, **self.pattern.prefixes})

    def problem(
        self,
        check: str,
        message: str,
        about: str = "",
        severity: Severity = "error",
        triple: Triple | None = None,
    ) -> Problem:
        """A problem at the place where ``about`` (an IRI, ``?variable``, literal, or any text) first stands, or where
        it stands in a triple of the pattern."""
        if not about:
            return Problem(self.place, self.first_line, check, message, severity)
        return self.problem_at(check, message, self._offset(about, triple), severity)

    def of_slips(self, check: str, passed: Collection[int] = ()) -> Iterator[Problem]:
        """What a check says of what is no triple, but for what stands at the offsets that are ``passed``."""
        for remark in remarks(self.script, self.vocabulary.prefixes):
            if remark.check == check and remark.start not in passed:
                yield self.problem_at(check, remark.message, remark.start)

    def problem_at(self, check: str, message: str, offset: int, severity: Severity = "error") -> Problem:
        """A problem at an offset of the text, counted from 0."""
        line, column = self._place(offset)
        return Problem(self.place, line, check, message, severity, column)

    def problem_of_prefix(self, check: str, message: str, prefix: str, severity: Severity = "error") -> Problem:
        """A problem where a prefix is declared, in the text or outside of it."""
        if self.passage and prefix not in self.script.declared and prefix in self.passage.declared:
            line, column = self.passage.declared[prefix]
            return Problem(self.place, line, check, message, severity, column)
        return self.problem_at(check, message, self.script.declared.get(prefix, 0), severity)

    def _place(self, offset: int) -> Place:
        if self.passage:
            return self.passage.place(offset)
        line, column = self.script.position(offset)
        return line + self.first_line - 1, column

    def _offset(self, about: str, triple: Triple | None) -> int:
        """Where something first stands; the beginning where it does not."""
        forms = (about, f"<{about}>")
        places = self.script.places.get(triple) if triple else None
        if triple and places:
            return next((at for node, at in zip(triple, places, strict=True) if node in forms), places[0])
        for form in forms:
            if form in self.script.offsets:
                return self.script.offsets[form]
        return max(self.text.find(about), 0)
