"""Every variable of a pattern is a field or a node, and every field and node is a variable of a pattern.

A field that no triple uses would be lost on the way, a variable that nothing fills would leave every row incomplete.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.subject import Subject
from gridlingua.errors import Problem
from gridlingua.semantics.mapping import write_pointer

EXAMPLE: Final = Example(
    language="yaml",
    wrong="""
        reply:
          fields:
            load: {at: /load, as: decimal}     # the pattern says ?value saref:hasValue ?power
    """,
    right="""
        reply:
          fields:
            power: {at: /load, as: decimal}
    """,
)


def check(subject: Subject) -> Iterator[Problem]:
    yield from _unfilled(subject)
    yield from _unused_fields(subject)
    yield from _unused_nodes(subject)
    yield from _unknown_names(subject)


def _unfilled(subject: Subject) -> Iterator[Problem]:
    for path, variable in subject.exchange.unfilled:
        yield subject.written("variables", f"?{variable} is neither a field nor a node", path, f"?{variable}")


def _unused_fields(subject: Subject) -> Iterator[Problem]:
    for profile in subject.exchange.profiles.values():
        for part, mapping, _ in subject.parts():
            pattern = profile.request if part == "request" else profile.reply
            for name in mapping.fields:
                if name not in pattern.variables:
                    message = f"the {part} field ?{name} is in no triple of the {profile.name} pattern"
                    yield subject.declared("variables", message, part, "fields", name)


def _unused_nodes(subject: Subject) -> Iterator[Problem]:
    used = {name for _, _, pattern in subject.patterns() for name in pattern.variables}
    for part, mapping, _ in subject.parts():
        for name in mapping.nodes:
            at = write_pointer(mapping.levels[mapping.level_of(name)].pointer) or "/"
            if name not in used:
                yield subject.declared("variables", f"the {part} node ?{name} is in no pattern", part, "nodes", at)
            elif name in mapping.fields:
                yield subject.declared("variables", f"?{name} is both a field and a node", part, "nodes", at)


def _unknown_names(subject: Subject) -> Iterator[Problem]:
    """Keys, orders and templates name fields of their own level or above, or of the request."""
    for part, mapping, _ in subject.parts():
        known = set(subject.exchange.request.fields) if part == "reply" else set()
        for level in mapping.levels:
            known |= {field.variable for field, _ in level.fields}
            at = write_pointer(level.pointer) or "/"
            slots = [slot for node in level.nodes for slot in node.slots]
            for section, names in (
                ("keys", level.keys),
                ("order", [name for name in level.order if name not in level.keys]),
                ("nodes", slots),
            ):
                for name in names:
                    if name not in known:
                        message = f"?{name} is no field at {at} or above"
                        yield subject.declared("variables", message, part, section, at)
