"""The REST operation fits its messages, and no two exchanges of a party stand at one operation.

The adapter serves the operation as it stands: what the path names must be in the message, and a call must lead to one
exchange only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.outline import Outline
from gridlingua.catalogue.checking.subject import Subject
from gridlingua.errors import Problem

EXAMPLE: Final = Example(
    language="yaml",
    wrong="""
        rest: GET /Transformers/{transformerId}/Load   # where the request's schema has a property "transformer"
    """,
    right="""
        rest: GET /Transformers/{transformer}/Load
    """,
)


def check(subject: Subject) -> Iterator[Problem]:
    exchange, operation = subject.exchange, subject.exchange.operation
    properties = exchange.request_schema.get("properties", {})
    for name in operation.parameters:
        if name not in properties:
            yield subject.declared("operation", f"the path parameter {{{name}}} is no property of the request", "rest")
    for name in operation.constants:
        if name in properties:
            yield subject.declared("operation", f"{name} is both a constant and a property of the request", "rest")
    if operation.method in ("GET", "DELETE") and exchange.request_schema.get("type") != "object":
        yield subject.declared("operation", f"a {operation.method} request is an object of parameters", "rest")


def check_beside(one: Outline, other: Outline) -> Iterator[Problem]:
    """Whether two exchanges of one initiator stand at one operation."""
    ours, theirs = one.operation, other.operation
    same = (ours.method, ours.path, one.initiator) == (theirs.method, theirs.path, other.initiator)
    if same and theirs.constants.items() >= ours.constants.items():
        message = f"{other.id} stands at the same operation: tell them apart by a constant"
        yield one.problem("operation", message)
