"""Compose a pattern of building blocks: things for the levels, statements for fields, neutral triples for the rest."""

from __future__ import annotations

from collections.abc import Sequence

from gridlingua.catalogue.exchange import Operation, Part
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.scaffold.blocks import Library, Thing
from gridlingua.catalogue.scaffold.brief import PARTS, Brief
from gridlingua.catalogue.scaffold.choosing import Nouns, choose, of_identifier
from gridlingua.catalogue.scaffold.leaves import Leaf, Level, levels
from gridlingua.catalogue.scaffold.naming import name_leaves
from gridlingua.catalogue.scaffold.proposal import Placed, Proposal
from gridlingua.catalogue.scaffold.quantities import Units
from gridlingua.catalogue.scaffold.saying import Saying
from gridlingua.catalogue.scaffold.words import Words, camel, sentence


def compose(brief: Brief, vocabulary: Vocabulary, library: Library, *, plain: bool = False) -> Proposal:
    """Propose a pattern for an exchange; ``plain`` uses no statement but the neutral one.

    Raises ScaffoldError when rows cannot say a message.
    """
    chains = {part: levels(part, brief.messages.schema(part)) for part in PARTS}
    proposal = Proposal(brief.kind, chains)
    operation = Operation.parse(brief.rest)
    name_leaves(proposal, operation)
    composing = _Composing(
        brief,
        proposal,
        Nouns(brief, operation),
        Saying(proposal, vocabulary, library, plain, f"{brief.source} {brief.title}"),
        library,
    )
    composing.compose()
    return proposal


class _Composing:
    def __init__(self, brief: Brief, proposal: Proposal, nouns: Nouns, saying: Saying, library: Library) -> None:
        self.brief = brief
        self.proposal = proposal
        self.nouns = nouns
        self.saying = saying
        self.library = library
        self.plain = saying.plain
        self.entities: dict[str, Placed] = {}
        self.known_as = self._known_as()
        self.main: Placed | None = None
        self.query: Placed | None = None

    def compose(self) -> None:
        for part in PARTS:
            self._part(part)
        self._keys()
        if self.brief.kind == "post":
            self._repeat_what_is_echoed()

    def _known_as(self) -> dict[str, tuple[Thing, Words]]:
        """What a request's identifiers are of, where the reply tells it."""
        found = {}
        asked = {self.proposal.variables[one] for one in self.proposal.leaves("request")}
        for level in self.proposal.levels["reply"] if self.brief.kind == "ask" else ():
            own = self._own(level)
            if own is not None and self.proposal.variables[own] in asked:
                thing, noun = choose(self.library, level, self.nouns.of(level), self.proposal, None)
                found[self.proposal.variables[own]] = (thing, noun)
        return found

    def _part(self, part: Part) -> None:
        units = Units(self.library.quantities, list(self.proposal.leaves(part)))
        self.saying.units = units
        self.saying.quantities = {one.number: one for one in units.quantities()}
        parent: Placed | None = None
        for level in self.proposal.levels[part]:
            parent = self._level(part, level, parent)

    def _level(self, part: Part, level: Level, parent: Placed | None) -> Placed | None:
        if part == "request" and self.brief.kind == "ask" and not level.pointer:
            self.query = parent = self._place(self.library.thing("query"), part, level, ("query",), parent=None)
            template = "" if level.leaves else "./" + self.brief.name.replace("_", "-")
            self._node(parent, template)
            self._fields(parent, level.leaves)
            return parent
        if not level.leaves and not self._must_say_something(level):
            return parent
        if level.is_of_values:
            return self._value(part, level, parent)
        thing, noun = choose(self.library, level, self.nouns.of(level), self.proposal, parent)
        if self.query and part == "reply" and self._is_wrapping(level, thing):
            self._fields(self.query, level.leaves)
            return self.query
        if part == "reply" and self.brief.kind == "post" and (parent is None or parent.part == "request"):
            thing, noun = self._receipt(thing, noun, level)
        return self._thing(part, level, parent, thing, noun)

    def _is_wrapping(self, level: Level, thing: Thing) -> bool:
        """Whether the root of a reply is nothing of its own: what it says beside its array is said of the query."""
        return not level.pointer and level.has_more_below and thing.role == "anything" and self._own(level) is None

    def _must_say_something(self, level: Level) -> bool:
        """Whether the only level of a message has no field: there must be a thing all the same."""
        return not level.pointer and not level.has_more_below and not level.leaves

    def _receipt(self, thing: Thing, noun: Words, level: Level) -> tuple[Thing, Words]:
        if thing.role == "receipt":
            return thing, noun
        verdict = any(one.datatype == "boolean" and "accept" in " ".join(one.said) for one in level.leaves)
        name = "decision" if verdict else "acknowledgement"
        return self.library.thing(name), (name,)

    def _thing(self, part: Part, level: Level, parent: Placed | None, thing: Thing, noun: Words) -> Placed:
        own = self._own(level) if thing.role != "receipt" else None
        known = self.entities.get(self.proposal.variables[own]) if own else None
        placed = known or self._place(thing, part, level, noun, parent)
        if known is None:
            template = ""
            if own is not None and (parent is None or parent is self.query):
                template = (thing.template or f"./{'-'.join(noun)}/{{}}").format(
                    "{" + self.proposal.variables[own] + "}"
                )
            elif not level.leaves and not level.pointer:
                template = f"./{'-'.join(noun)}"
            self._node(placed, template)
            self._tie(placed, parent)
            if own is not None:
                self.saying.identify(placed, own)
                self.entities[self.proposal.variables[own]] = placed
        elif self.query:
            self.saying.link(self.query, "gl:answeredBy", placed)
        if self.main is None and part == "request":
            self.main = placed
        number = self._number_of(thing, level)
        if number is not None:
            self.saying.identify(placed, number)
        self._fields(placed, [one for one in level.leaves if one not in (own, number)])
        return placed

    def _number_of(self, receipt: Thing, level: Level) -> Leaf | None:
        """What identifies a receipt, which is minted all the same from what it acknowledges: ``ackId``."""
        if receipt.role != "receipt":
            return None
        named = (one for one in level.leaves if one.is_identifier and not one.around and not one.is_own_identifier)
        return next((one for one in named if of_identifier(self.library, one, self.nouns)[0] is receipt), None)

    def _value(self, part: Part, level: Level, parent: Placed | None) -> Placed:
        """An element that is a bare value: what it identifies, or a thing that has nothing but it."""
        (leaf,) = level.leaves
        thing, noun = of_identifier(self.library, leaf, self.nouns)
        known = self.entities.get(self.proposal.variables[leaf])
        placed = known or self._place(thing, part, level, noun, parent)
        if known is None:
            self._node(placed, self.saying.template(placed, leaf))
            self.saying.identify(placed, leaf)
            self.entities[self.proposal.variables[leaf]] = placed
        if (parent is self.query and part == "reply") or parent is None:
            self._tie(placed, parent)
        else:
            self.saying.refer(parent, placed)
        self.main = self.main or (placed if part == "request" else None)
        return placed

    def _place(self, thing: Thing, part: Part, level: Level, noun: Words, parent: Placed | None) -> Placed:
        wanted = camel(noun) if noun else thing.name
        placed = self.saying.place(thing, part, level.pointer, wanted, sentence(noun or (thing.name,)))
        if thing.undecided:
            self.saying.mark_thing(placed)
        if parent is None and thing.role == "receipt" and self.main:
            self.saying.link(placed, "gl:acknowledges", self.main)
        return placed

    def _node(self, placed: Placed, template: str) -> None:
        self.proposal.nodes[placed.part][placed.level][placed.variable] = template

    def _tie(self, placed: Placed, parent: Placed | None) -> None:
        """Tie a thing to the one around it, or to the query that it answers."""
        if (
            placed.part == "reply"
            and self.brief.kind == "ask"
            and (parent is None or parent is self.query)
            and self.query
        ):
            self.saying.link(self.query, "gl:answeredBy", placed)
        elif parent is not None:
            self.saying.hang(placed, parent)

    def _fields(self, subject: Placed, leaves: Sequence[Leaf]) -> None:
        """Say the fields of a level: what else is identified first, then statements, then the rest."""
        left = [one for one in leaves if not self._is_said(one)]
        for leaf in [one for one in left if one.is_own_identifier and one.around]:
            inside = [one for one in left if one.around == leaf.around]
            entity = self._entity(subject, leaf)
            left = [one for one in left if one not in inside]
            self._say(entity, [one for one in inside if one is not leaf])
        self._say(subject, left)

    def _say(self, subject: Placed, leaves: Sequence[Leaf]) -> None:
        left = self.saying.quantities_of(subject, leaves)
        if not self.plain:
            left = self.saying.statements(subject, left)
        for leaf in left:
            if leaf.is_identifier or (not self.plain and self.nouns.names_a_thing(self.library, leaf)):
                self._entity(subject, leaf)
            else:
                self.saying.neutral(subject, leaf)

    def _entity(self, subject: Placed, leaf: Leaf) -> Placed:
        """What an identifier is of, tied to the thing whose level it stands at."""
        variable = self.proposal.variables[leaf]
        placed = self.entities.get(variable)
        if placed is None:
            thing, noun = self.known_as.get(variable) or of_identifier(self.library, leaf, self.nouns)
            placed = self.saying.place(thing, leaf.part, leaf.level, camel(noun), sentence(noun))
            if thing.undecided:
                self.saying.mark_thing(placed)
            self._node(placed, self.saying.template(placed, leaf))
            self.saying.identify(placed, leaf)
            self.entities[variable] = placed
        if placed is not subject:
            self.saying.refer(subject, placed)
        return placed

    def _is_said(self, leaf: Leaf) -> bool:
        """Whether the pattern file of the part has the field already: a reply repeats what was asked."""
        variable = self.proposal.variables[leaf]
        if leaf.part == "request" or variable not in self.entities:
            return False
        return any(one == f"?{variable}" for triple in self.proposal.triples["pattern"] for one in triple) and (
            leaf.level == () or self.entities[variable].level == leaf.level
        )

    def _own(self, level: Level) -> Leaf | None:
        """The identifier of a level's element itself."""
        nouns = [level.noun, *self.nouns.of(level)]
        for leaf in () if level.is_of_values else level.leaves:
            named = any(noun and leaf.words[:-1] in (noun, noun[-1:]) for noun in nouns)
            if leaf.is_identifier and not leaf.around and (leaf.is_own_identifier or named):
                return leaf
        return None

    def _keys(self) -> None:
        for part, chain in self.proposal.levels.items():
            for level in chain:
                if level.pointer:
                    own = self._own(level)
                    found, sure = ((own,), True) if own is not None else level.keys()
                    self.proposal.keys[part][level.pointer] = tuple(self.proposal.variables[one] for one in found)
                    if not sure:
                        self.proposal.unsure_keys.append((part, level.pointer))
                elif level.has_more_below and not all(self.proposal.nodes[part][()].values()):
                    self.proposal.keys[part][()] = self._root_keys(part, level)

    def _root_keys(self, part: Part, level: Level) -> tuple[str, ...]:
        """What names the nodes of a message that has arrays: its identifier, what was asked, or all that it says."""
        own = self._own(level)
        if own is not None:
            return (self.proposal.variables[own],)
        asked = self.proposal.levels["request"][0].leaves if part == "reply" and self.brief.kind == "ask" else ()
        return tuple(dict.fromkeys(self.proposal.variables[one] for one in asked or level.leaves))

    def _repeat_what_is_echoed(self) -> None:
        """A post's result says what the reply repeats of the request as the argument does."""
        argument, result = self.proposal.triples["argument"], self.proposal.triples["result"]
        asked = {self.proposal.variables[one] for one in self.proposal.leaves("request")}
        for variable in (self.proposal.variables[one] for one in self.proposal.leaves("reply")):
            if variable in asked and not any(f"?{variable}" in triple for triple in result):
                for triple in self.saying.way(argument, self.main.variable if self.main else "", variable):
                    self.proposal.add("result", triple)
