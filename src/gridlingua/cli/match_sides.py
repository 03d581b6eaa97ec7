"""What ``gridlingua match`` compares: files, exchanges and interactions on a network, as people type them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from gridlingua.adapter.interactions import interaction
from gridlingua.catalogue import JUDGED_PROFILE, Content, Exchange
from gridlingua.catalogue.load import read
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.cli.match_files import Found, file_named, patterns_of
from gridlingua.engine.comparison.verdict import ANYTHING, Side
from gridlingua.engine.entries import Entry
from gridlingua.engine.protocol import Interaction, Kind
from gridlingua.engine.survey.overview import Participant
from gridlingua.errors import CatalogueError, MessageError
from gridlingua.semantics.patterns import Pattern

_EXCHANGE: Final = re.compile(
    r"(?P<id>[\w-]+/[\w-]+)(?::(?P<profile>[\w-]+))?(?:\.(?P<part>argument|result))?", re.ASCII
)
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://|[^/]).*")
_OPPOSITE: Final[dict[Kind, Kind]] = {"ask": "answer", "answer": "ask", "post": "react", "react": "post"}
_POSTS: Final = ("post", "react")


@dataclass(frozen=True)
class Typed:
    """One side before it is known what the other is: ``kind`` None where nothing says what is done with the pattern,
    ``fixed`` where it is registered so and cannot change."""

    name: str
    pattern: Pattern
    result: Pattern | None = None
    kind: Kind | None = None
    part: str = ""
    profiles: tuple[str, ...] = ()
    entry: Entry | None = None
    level: int | None = None

    @property
    def fixed(self) -> bool:
        return self.entry is not None


class Reader:
    """Reads what was typed; ``participants`` looks at the network, when it must be looked at."""

    def __init__(
        self, content: Content, vocabulary: Vocabulary, participants: Callable[[], Sequence[Participant]]
    ) -> None:
        self._content = content
        self._vocabulary = vocabulary
        self._participants = participants

    def read(self, text: str) -> Typed:
        """Raises MessageError, CatalogueError or RemoteError."""
        if named := file_named(text):
            return _of_patterns(text, patterns_of(*named, self._vocabulary.prefixes))
        if found := _EXCHANGE.fullmatch(text):
            return self._exchange(text, found["id"], found["profile"] or "", found["part"] or "")
        if _IRI.fullmatch(text) and not text.endswith((".rq", ".gp")):
            return self._registered(text)
        raise MessageError(
            f"{text!r} is no file that is there, no exchange such as flexibility/needs:saref4, and no interaction "
            "such as http://example.org/kb#name"
        )

    def _exchange(self, text: str, exchange_id: str, profile: str, part: str) -> Typed:
        exchange = self._read_exchange(exchange_id)
        profile = profile or (JUDGED_PROFILE if JUDGED_PROFILE in exchange.profiles else next(iter(exchange.profiles)))
        if profile not in exchange.profiles:
            raise MessageError(f"{exchange_id} has no profile {profile!r}; it has {', '.join(exchange.profiles)}")
        if part and exchange.kind == "ask":
            raise MessageError(f"{exchange_id} is an ask, which has one pattern and no {part}")
        others = tuple(one for one in exchange.profiles if one != profile)
        found = interaction(exchange, profile, answering=False)
        if part:
            return _of_part(text, found.result or found.pattern if part == "result" else found.pattern, part, others)
        return Typed(text, found.pattern, found.result, found.kind, profiles=others)

    def _read_exchange(self, exchange_id: str) -> Exchange:
        folder = self._content.patterns / exchange_id
        if not folder.is_dir():
            known = ", ".join(one.relative_to(self._content.patterns).as_posix() for one in self._content.folders())
            raise MessageError(f"there is no exchange {exchange_id!r}; there are {known}")
        draft = read(self._content, folder, self._vocabulary.prefixes)
        if draft.exchange is None:
            raise CatalogueError(draft.problems)
        return draft.exchange

    def _registered(self, text: str) -> Typed:
        participants = self._participants()
        levels = {one.knowledge_base.id: one.knowledge_base.reasoner_level for one in participants}
        entries = [entry for one in participants for entry in one.entries]
        owner, _, name = text.rpartition("#")
        found = [
            one for one in entries if text == one.id or (owner, name) == (one.knowledge_base, one.interaction.name)
        ]
        if found:
            one = found[0].interaction
            level = levels[found[0].knowledge_base]
            return Typed(text, one.pattern, one.result, one.kind, entry=found[0], level=level)
        trouble = next(
            (one.trouble for one in participants if one.trouble and text.startswith(one.knowledge_base.id)), ""
        )
        there = ", ".join(f"{one.knowledge_base}#{one.interaction.name}" for one in entries) or "nobody"
        raise MessageError(f"no interaction {text} on the network; {trouble or f'there is {there}'}")


def _of_patterns(name: str, found: Found) -> Typed:
    if "argument" in found and "result" in found:
        return Typed(name, found["argument"], found["result"], "post")
    ((part, pattern),) = found.items()
    return _of_part(name, pattern, "" if part == "pattern" else part)


def _of_part(name: str, pattern: Pattern, part: str, profiles: tuple[str, ...] = ()) -> Typed:
    if part == "result":
        return Typed(name, ANYTHING, pattern, "post", part, profiles)
    return Typed(name, pattern, None, "post" if part else None, part, profiles)


def sides(a: Typed, b: Typed) -> tuple[Side, Side]:
    """The two, with what each does: A asks or posts and B answers or reacts, unless the network says otherwise. Raises
    MessageError for an argument against a result."""
    a, b = _like(a, b), _like(b, a)
    if {a.part, b.part} == {"argument", "result"}:
        raise MessageError(f"{a.name} is the {a.part} of a post and {b.name} the {b.part}: compare like with like")
    first, second = _kind(a), _kind(b)
    if a.fixed and not b.fixed:
        second = _facing(first, second)
    elif b.fixed and not a.fixed:
        first = _facing(second, first)
    elif not a.fixed:
        second = _OPPOSITE[second]
    parts = {a.part, b.part} - {""}
    return _side(a, first, parts), _side(b, second, parts)


def _like(one: Typed, other: Typed) -> Typed:
    """A pattern of which nothing is known does what the other side does; beside a result it is one."""
    if one.kind is not None or other.kind is None:
        return one
    if other.part == "result":
        return replace(one, pattern=ANYTHING, result=one.pattern, kind="post", part="result")
    return replace(one, kind=other.kind, part="argument" if other.kind in _POSTS else "")


def _kind(one: Typed) -> Kind:
    return one.kind or "ask"


def _facing(fixed: Kind, free: Kind) -> Kind:
    """What the free side does: the opposite, if it is of the same sort."""
    if (fixed in _POSTS) == (free in _POSTS):
        return _OPPOSITE[fixed]
    return free if fixed in ("answer", "react") else _OPPOSITE[free]


def _side(one: Typed, kind: Kind, parts: set[str]) -> Side:
    """A part of a post is held against the same part of the other side only."""
    if "result" in parts and kind in _POSTS and one.result is None:
        raise MessageError(f"{one.name} has no result pattern")
    part = next(iter(parts), "") if kind in _POSTS else ""
    made = one.entry.interaction if one.entry else Interaction("match", kind, one.pattern, one.result)
    if part:
        made = replace(
            made,
            pattern=ANYTHING if part == "result" else made.pattern,
            result=None if part == "argument" else made.result,
        )
    owner = one.entry.knowledge_base if one.entry else ""
    return Side(one.name, made, owner, part, one.profiles, one.level)
