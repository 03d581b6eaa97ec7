"""Say fields of things in triples."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from gridlingua.catalogue.exchange import Part
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.scaffold import doubts
from gridlingua.catalogue.scaffold.blocks import LINK, SUBJECT, Library, Slot, Statement, Thing
from gridlingua.catalogue.scaffold.fitting import Fitting
from gridlingua.catalogue.scaffold.leaves import Leaf
from gridlingua.catalogue.scaffold.proposal import Mark, Order, Placed, Proposal, Side
from gridlingua.catalogue.scaffold.quantities import Quantity, Units
from gridlingua.catalogue.scaffold.suggestions import Suggestions
from gridlingua.catalogue.scaffold.words import camel, fresh, spoken
from gridlingua.semantics.mapping import Pointer
from gridlingua.semantics.patterns import Triple, parse_body
from gridlingua.semantics.terms import RDF_TYPE

_IDENTIFIER: Final = "saref:hasIdentifier"
_ABOUT: Final = "gl:concerns"
_INSIDE: Final = "s4ener:includes"


class Saying:
    """Adds to a proposal what things and their fields say."""

    def __init__(
        self, proposal: Proposal, vocabulary: Vocabulary, library: Library, plain: bool, source: str = ""
    ) -> None:
        self.proposal = proposal
        self.vocabulary = vocabulary
        self.library = library
        self.plain = plain
        self.source = source
        self.fitting = Fitting(vocabulary)
        self.suggestions = Suggestions(vocabulary)
        self.units: Units | None = None
        self.quantities: Mapping[Leaf, Quantity] = {}
        self._types: dict[str, tuple[str, ...]] = {}

    def place(self, thing: Thing, part: Part, level: Pointer, wanted: str, noun: str) -> Placed:
        """A new thing with its classes, and what its block always says of it."""
        variable = fresh(wanted, self.proposal.taken() | set(self._types))
        types = tuple(map(self.fitting.iri, thing.types))
        placed = Placed(variable, thing, part, level, types, noun)
        self._types[variable] = types
        self.proposal.things.append(placed)
        self.proposal.words[variable] = noun
        for one in types:
            self._add(placed, (f"?{variable}", RDF_TYPE, f"<{one}>"))
        if thing.says and not self.plain:
            for triple in self._triples(thing.says):
                self._add(placed, _renamed(triple, {SUBJECT: f"?{variable}"}))
        return placed

    def identify(self, placed: Placed, leaf: Leaf) -> None:
        """The thing has the identifier that a field carries."""
        self._add(placed, (f"?{placed.variable}", self._term(_IDENTIFIER), f"?{self.proposal.variables[leaf]}"))

    def template(self, placed: Placed, leaf: Leaf) -> str:
        """The template of an entity: its block's, or of the party's own for a kind that no block knows."""
        name = self.proposal.variables[leaf]
        made = placed.thing.template or f"./{placed.noun.replace(' ', '-')}/{{}}"
        return made.format("{" + name + "}")

    def link(self, subject: Placed, curie: str, target: Placed) -> None:
        """A triple between two things, in the file of the one whose part comes later."""
        later = target if target.part == "reply" else subject
        self._add(later, (f"?{subject.variable}", self._term(curie), f"?{target.variable}"))

    def refer(self, subject: Placed, target: Placed) -> None:
        """Tie a thing to one that it mentions by the first property of the latter's block that may stand there."""
        triples = self.proposal.triples[self.proposal.side(subject.part)]
        if any(one[0] == f"?{subject.variable}" and one[2] == f"?{target.variable}" for one in triples):
            return
        links = () if subject.thing.role == "query" else target.thing.links
        for curie in (*links, _ABOUT):
            if self.fitting.fits(self.fitting.iri(curie), subject.types, target.types):
                used = (f"?{subject.variable}", self._term(curie))
                if curie != _ABOUT and any(one[:2] == used for one in triples):
                    continue
                self.link(subject, curie, target)
                return

    def hang(self, child: Placed, parent: Placed) -> None:
        """Tie an element to the thing around it."""
        for side, curie in (*child.thing.inside, ("parent", _INSIDE)):
            subject, target = (child, parent) if side == "child" else (parent, child)
            if self.fitting.fits(self.fitting.iri(curie), subject.types, target.types):
                self.link(subject, curie, target)
                return

    def quantities_of(self, subject: Placed, leaves: Sequence[Leaf]) -> list[Leaf]:
        """Say the numbers whose unit is known; the leaves that are left."""
        block, said = self.library.quantities, set[Leaf]()
        for leaf in leaves:
            found = self.quantities.get(leaf)
            if found is None:
                continue
            kind = block.kinds.get(found.kind, {})
            unit = found.unit if isinstance(found.unit, str) else f"?{self.proposal.variables[found.unit]}"
            text = block.says + (block.property_says if "property" in kind else "")
            triples = self._triples(text)
            slots = {"?number": f"?{self.proposal.variables[leaf]}", "?unit": unit}
            if "property" in kind:
                slots["?property"] = self._term(kind["property"])
            links = (*kind.get("links", ()), *block.links)
            carrier = self._apply(subject, leaf, triples, links, slots, {})
            if carrier is None:
                continue
            said.add(leaf)
            if leaf.datatype == "integer":
                self.proposal.converters[leaf] = {"as": "decimal"}
            if isinstance(found.unit, Leaf):
                said.add(found.unit)
                self._unit(found.unit)
            if question := doubts.of_quantity(block, found.kind, leaf, leaves, self.proposal):
                self._mark(leaf, question, None if kind.keys() & {"property", "links"} else ("individual",))
        paired = {one.unit for one in self.quantities.values() if isinstance(one.unit, Leaf)}
        return [one for one in leaves if one not in said and one not in paired]

    def _unit(self, leaf: Leaf) -> None:
        codes = self.units.codes.get(leaf) if self.units else None
        known = {code: self.vocabulary.curie(term[1:-1]) for code, term in codes.items()} if codes else None
        self.proposal.converters[leaf] = {"codes": known} if known else {"with": "unit"}

    def statements(self, subject: Placed, leaves: Sequence[Leaf]) -> list[Leaf]:
        """Say what the blocks know; the leaves that are left."""
        left = list(leaves)
        for block in self.library.statements:
            wanted = set(map(self.fitting.iri, block.of))
            if block.takes[0].words and (not wanted or self.fitting.is_one_of(subject.types, wanted)):
                while taken := self._take(block, left):
                    if not self.state(subject, block, taken):
                        break
                    left = [one for one in left if one not in taken.values()]
        return left

    def neutral(self, subject: Placed, leaf: Leaf) -> None:
        """Say a field of which nothing is known: a value, under the name that the message gives it."""
        block = next(one for one in self.library.statements if not one.takes[0].words)
        self.state(subject, block, {block.takes[0].name: leaf})

    def state(self, subject: Placed, block: Statement, taken: Mapping[str, Leaf]) -> bool:
        """Say a statement of a thing; False when its properties may not stand there."""
        variables = {f"?{slot}": f"?{self.proposal.variables[leaf]}" for slot, leaf in taken.items()}
        literals = {slot: leaf.datatype for slot, leaf in taken.items() if not self._slot(block, slot).codes}
        first = next(iter(taken.values()))
        known = replace(subject, types=()) if block.of else subject  # its author says that it fits
        if self._apply(known, first, self._triples(block.says), block.links, variables, literals) is None:
            return False
        for slot, leaf in taken.items():
            if codes := self._slot(block, slot).codes:
                terms = {one: codes[_key(one)] for one in leaf.schema["enum"]}
                self.proposal.converters[leaf] = {"codes": terms}
                if question := doubts.of_codes(block, leaf, terms.values(), self.source):
                    self._mark(leaf, question, None)
        if block.rule:
            later, than = (self.proposal.variables[taken[one]] for one in (block.rule.later, block.rule.than))
            self.proposal.orders.append(Order(first.part, later, than, block.rule.message))
        if block.undecided:
            needs_unit = first.is_number and not first.is_count and not block.takes[0].words
            self._mark(first, block.undecided + (" And in which unit (saref:isMeasuredIn)?" if needs_unit else ""))
        return True

    def _take(self, block: Statement, leaves: Sequence[Leaf]) -> dict[str, Leaf]:
        """The leaves that fit a block's slots, the best for the first and those most like it for the others."""
        taken: dict[str, Leaf] = {}
        for slot in block.takes:
            fitting = [one for one in leaves if one not in taken.values() and self._fits(slot, one)]
            first = next(iter(taken.values()), None)
            if first is not None:
                fitting = [one for one in fitting if one.around == first.around and one.level == first.level]
            if not fitting:
                return {}
            kin = set(first.said) if first else set[str]()
            taken[slot.name] = max(fitting, key=lambda one: (len(kin & set(one.said)), slot.score(one.said)))
        return taken

    def _fits(self, slot: Slot, leaf: Leaf) -> bool:
        if leaf.is_identifier and leaf.datatype != "anyURI":
            return False
        if slot.datatypes and leaf.datatype not in slot.datatypes:
            return False
        allowed = leaf.schema.get("enum", ())
        if slot.codes:
            known = [slot.codes.get(_key(one)) for one in allowed]
            if not known or not all(known) or len(set(known)) < len(known):
                return False
        return slot.score(leaf.said) > 0

    def _slot(self, block: Statement, name: str) -> Slot:
        return next(one for one in block.takes if one.name == name)

    def _apply(
        self,
        subject: Placed,
        leaf: Leaf,
        triples: Sequence[Triple],
        links: Sequence[str],
        slots: Mapping[str, str],
        literals: Mapping[str, str],
    ) -> str | None:
        """Say a block's triples with the first link that fits; the node that carries the field, None when none does."""
        known = {**slots, SUBJECT: f"?{subject.variable}"}
        triples = _kept_apart(triples, {*known, LINK})
        side = self.proposal.side(leaf.part)
        types: dict[str, Collection[str]] = {**self._types, subject.variable: subject.types}
        for link in links or ("",):
            bound = {**known, LINK: self._term(link)} if link else known
            probe = [_renamed(one, bound) for one in triples]
            datatypes = {slots[f"?{slot}"][1:]: one for slot, one in literals.items()}
            if not self.fitting.all_fit(probe, types, datatypes) or self._repeats(side, probe, subject, datatypes):
                continue
            fresh_nodes = dict.fromkeys(node for one in probe for node in one if node.startswith("?_"))
            names = {node: f"?{self._new(node[2:], leaf)}" for node in fresh_nodes}
            for triple in probe:
                self._add_to(leaf.part, _renamed(triple, names))
            return next(iter(names.values()), f"?{subject.variable}")
        return None

    def _repeats(self, side: Side, triples: Sequence[Triple], subject: Placed, literals: Mapping[str, str]) -> bool:
        """Whether the thing has a literal of this property already: two could not be told apart."""
        said = {
            one[:2] for one in self.proposal.pattern(side).triples if one[2][1:] in self.proposal.variables.values()
        }
        return any(one[:2] in said and one[0] == f"?{subject.variable}" and one[2][1:] in literals for one in triples)

    def _new(self, wanted: str, leaf: Leaf) -> str:
        """A new node at the level of a field."""
        found = self.proposal.nodes[leaf.part][leaf.level]
        taken = self.proposal.taken() | set(self._types)
        name = wanted if wanted not in taken else camel((*leaf.words, wanted))
        name = fresh(name, taken)
        self._types[name] = ()
        found[name] = ""
        self.proposal.words[name] = " ".join((*leaf.around, spoken(leaf.name)))
        return name

    def _add(self, placed: Placed, triple: Triple) -> None:
        self._add_to(placed.part, triple)

    def _add_to(self, part: Part, triple: Triple) -> None:
        self.proposal.add(self.proposal.side(part), triple)

    def _term(self, curie: str) -> str:
        return f"<{self.fitting.iri(curie)}>"

    def _triples(self, text: str) -> tuple[Triple, ...]:
        return parse_body(text, self.vocabulary.prefixes).triples

    def _mark(self, leaf: Leaf, question: str, kinds: Sequence[str] | None = ()) -> None:
        near = self.suggestions.nearest(leaf.said, leaf.description, kinds) if kinds is not None else []
        hint = f" Nearest terms: {', '.join(near)}" if near else ""
        side = self.proposal.side(leaf.part)
        self.proposal.marks.append(Mark(side, self.proposal.variables[leaf], question + hint))

    def mark_thing(self, placed: Placed) -> None:
        """The author has to say what kind of thing it is."""
        near = self.suggestions.nearest(tuple(placed.noun.split()), "", ("class",))
        hint = f" Nearest terms: {', '.join(near)}" if near else ""
        self.proposal.marks.append(
            Mark(self.proposal.side(placed.part), placed.variable, placed.thing.undecided + hint)
        )

    def way(self, triples: Sequence[Triple], start: str, end: str) -> list[Triple]:
        """The shortest chain of triples from one variable to another, in either direction; empty when there is none."""
        reached: dict[str, list[Triple]] = {f"?{start}": []}
        pending = [f"?{start}"]
        while pending:
            node = pending.pop(0)
            if node == f"?{end}":
                return reached[node]
            for triple in triples:
                ends = (triple[0], triple[2])
                for here, there in (ends, ends[::-1]):
                    if here == node and there.startswith("?") and there not in reached:
                        reached[there] = [*reached[node], triple]
                        pending.append(there)
        return []


def _renamed(triple: Triple, names: Mapping[str, str]) -> Triple:
    subject, predicate, target = (names.get(node, node) for node in triple)
    return subject, predicate, target


def _kept_apart(triples: Sequence[Triple], known: Collection[str]) -> list[Triple]:
    """A block's triples with its own nodes as ``?_node``, which no field is called."""
    nodes = {node for triple in triples for node in triple if node.startswith("?") and node not in known}
    return [_renamed(one, {node: f"?_{node[1:]}" for node in nodes}) for one in triples]


def _key(code: object) -> str:
    return str(code).casefold().replace("_", "").replace("-", "")
