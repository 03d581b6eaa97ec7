"""An exchange: a REST operation with a meaning, ready to be translated for either party (DESIGN.md 1 and 4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

from gridlingua.catalogue.pruning import Pruning
from gridlingua.semantics.conversion import Quantity, quantities
from gridlingua.semantics.mapping import Mapping as MessageMapping
from gridlingua.semantics.mapping import Pointer
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.schema import Schema, leaf
from gridlingua.semantics.shacl import Shapes

JUDGED_PROFILE: Final = "saref4"
"""The profile whose graph SHACL judges (DESIGN.md 6)."""

Part = Literal["request", "reply"]
Access = Literal["open", "own", "granted", "aggregated"]
"""On what data the responder lets the initiator in."""


@dataclass(frozen=True)
class Operation:
    """The REST operation: method, path with ``{parameters}``, and query parameters that never vary."""

    method: str
    path: str
    constants: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Operation:
        """Read ``GET /Data/Metering?type=User``."""
        method, _, target = text.partition(" ")
        path, _, query = target.partition("?")
        return cls(method, path, dict(pair.split("=", 1) for pair in query.split("&") if pair))

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters in the path."""
        return tuple(re.findall(r"\{(\w+)\}", self.path))

    def __str__(self) -> str:
        query = "&".join(f"{name}={value}" for name, value in self.constants.items())
        return f"{self.method} {self.path}" + (f"?{query}" if query else "")


@dataclass(frozen=True)
class Profile:
    """The exchange in one generation of vocabulary: ``request`` is the pattern of an ask or the argument of a post,
    ``result`` the result pattern of a post, None for an ask."""

    name: str
    request: Pattern
    result: Pattern | None = None

    @property
    def reply(self) -> Pattern:
        """The pattern that a reply instantiates."""
        return self.result or self.request


@dataclass(frozen=True)
class Case:
    """An example or a reject: messages, and for a reject what the sender is told."""

    name: str
    path: Path
    messages: Mapping[str, Any]
    told: str | None = None


@dataclass(frozen=True)
class Exchange:
    """One folder of ``graph_patterns/`` and its shapes. ``id`` is the folder's path: ``flexibility/needs``."""

    id: str
    title: str
    source: str
    note: str
    kind: Literal["ask", "post"]
    initiator: str
    responder: str
    operation: Operation
    access: Access
    request: MessageMapping
    reply: MessageMapping
    request_schema: Schema
    reply_schema: Schema
    profiles: Mapping[str, Profile]
    examples: tuple[Case, ...]
    rejects: tuple[Case, ...]
    folder: Path
    shapes_path: Path
    read_shapes: Callable[[], Shapes] = field(repr=False, compare=False)
    written: Mapping[tuple[str, Part], MessageMapping] = field(default_factory=dict, repr=False)
    """The mappings of the profiles that write some field in another way."""
    ignored: Mapping[Part, tuple[Pointer, ...]] = field(default_factory=dict)
    """What the own service or client may send, and what is never carried."""
    _quantities: dict[tuple[Part, str], dict[str, Quantity]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def service(self) -> str:
        """The service that the exchange belongs to: the folder above its own."""
        return self.id.partition("/")[0]

    @cached_property
    def shapes(self) -> Shapes:
        """Its shapes graph, parsed when first asked for."""
        return self.read_shapes()

    @cached_property
    def request_variables(self) -> frozenset[str]:
        """Variables that the request binds: fields and nodes."""
        return frozenset(self.request.fields) | frozenset(self.request.nodes)

    @cached_property
    def prunings(self) -> dict[Part, Pruning]:
        """What is taken from messages of the own service or client before their schema judges them."""
        return {
            "request": Pruning.of(self.ignored.get("request", ()), self.request.fields.values()),
            "reply": Pruning.of(self.ignored.get("reply", ()), self.reply.fields.values()),
        }

    @cached_property
    def unfilled(self) -> tuple[tuple[Path, str], ...]:
        """The variables of patterns that are neither a field nor a node, each with the file of its pattern."""
        whole = self.request_variables | set(self.reply.fields) | set(self.reply.nodes)
        found = []
        for one in self.profiles.values():
            patterns = [(".rq", one.request, whole)]
            if one.result is not None:
                patterns = [(".argument.rq", one.request, self.request_variables), (".result.rq", one.result, whole)]
            for suffix, pattern, known in patterns:
                path = self.folder / f"{one.name}{suffix}"
                found += [(path, variable) for variable in pattern.variables if variable not in known]
        return tuple(found)

    @cached_property
    def judged(self) -> dict[Part, Pattern]:
        """The pattern whose instance SHACL judges, by part: an ask's request is what its variables bind."""
        profile = self.profiles[JUDGED_PROFILE]
        if self.kind == "post":
            return {"request": profile.request, "reply": profile.reply}
        return {"request": profile.request.bound_by(self.request_variables), "reply": profile.request}

    def interaction_name(self, profile: str) -> str:
        """A name that a knowledge engine accepts: letters, digits and hyphens (contract 1.7)."""
        return re.sub(r"[^A-Za-z0-9-]", "-", f"{self.id.replace('/', '--')}--{profile}")

    def mapping(self, part: Part, profile: str = JUDGED_PROFILE) -> MessageMapping:
        """How a part's messages become rows of a profile: the variables are the same in all, some terms are not."""
        return self.written.get((profile, part)) or (self.request if part == "request" else self.reply)

    def quantities(self, part: Part, profile: str) -> dict[str, Quantity]:
        """The units that messages of a part carry, by variable."""
        known = self._quantities.get((part, profile))
        if known is None:
            known = self._quantities[part, profile] = dict(self._find_quantities(part, profile))
        return known

    def _find_quantities(self, part: Part, profile: str) -> Iterator[tuple[str, Quantity]]:
        found = self.profiles[profile]
        fields = self.mapping(part, profile).fields
        schema = self.request_schema if part == "request" else self.reply_schema
        for unit, names in quantities(found.request if part == "request" else found.reply).items():
            if unit in fields:
                numbers = tuple(name for name in names if name in fields)
                allowed = leaf(schema, fields[unit].pointer).get("enum")
                codes = fields[unit].converter.codes
                yield (
                    unit,
                    Quantity(numbers, {code: codes[code] for code in codes if allowed is None or code in allowed}),
                )

    def mappings(self, part: Part) -> Sequence[MessageMapping]:
        """The mappings whose fields may be at fault in a part: a reply repeats the request's variables."""
        return (self.request,) if part == "request" else (self.reply, self.request)
