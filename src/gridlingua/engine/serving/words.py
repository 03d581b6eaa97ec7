"""What every operation says of the header that names its knowledge base (contract 1.3 to 1.13)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from gridlingua.engine.compat import Compat
from gridlingua.engine.errors import EngineError, UnknownKnowledgeBaseError
from gridlingua.engine.serving.fields import ConstraintError

KNOWLEDGE_BASE: Final = "Knowledge-Base-Id"
NO_URI: Final = re.compile(r"[\x00-\x20<>\"{}|\\^`]")
"""Finds what no URI holds."""

_INVALID: Final = "Knowledge base not found, because its knowledge base ID must be a valid URI."
_UNKNOWN: Final = "Knowledge base not found, because its knowledge base ID is unknown."
_EXPIRED: Final = "Knowledge base not found. (Has its lease already expired?)"
_NOBODY: Final = "A Knowledge Base for the given Knowledge-Base-Id cannot be found."


@dataclass(frozen=True)
class Words:
    """What an operation says of its Knowledge-Base-Id header when it is not there, no IRI, or of nobody.

    ``constraint`` is the argument that must not be null, where the version imitated has such constraints; without
    ``invalid`` what is no IRI is the id of nobody.
    """

    missing: str = "Missing valid Knowledge-Base-Id header."
    invalid: str = "Knowledge base not found, because its ID must be a valid URI."
    unknown: str = "Knowledge base not found."
    constraint: str = ""
    takes_empty: bool = True

    def read(self, request: Request, compat: Compat) -> str:
        """The id in the header; EngineError 400 if it cannot be one."""
        value = request.headers.get(KNOWLEDGE_BASE)
        if value is None:
            demand(self.constraint, compat)
            raise EngineError(self.missing)
        is_refused = not value and not self.takes_empty and compat.refuses_empty_ids
        if self.invalid and (is_refused or NO_URI.search(value)):
            raise EngineError(self.invalid.format(id=value))
        return value


def demand(argument: str, compat: Compat) -> None:
    """An argument is not there: ConstraintError where the version imitated has constraints."""
    if argument and compat.checks_constraints:
        raise ConstraintError(argument)


WORDS: Final = {
    ("GET", "/sc"): Words(),
    ("DELETE", "/sc"): Words(
        missing="Knowledge-Base-Id header should not be null.",
        unknown="Deletion of knowledge base failed, because it could not be found.",
        takes_empty=False,
    ),
    ("PUT", "/sc/lease/renew"): Words(invalid=_INVALID, unknown=_EXPIRED),
    ("POST", "/sc/knowledge"): Words(invalid=_INVALID, unknown=_EXPIRED),
    ("POST", "/sc/ki"): Words(
        invalid=_INVALID,
        unknown="Could not add knowledge interaction, because the given knowledge base ID ({id}) is unknown.",
    ),
    ("GET", "/sc/ki"): Words(invalid="", unknown=_UNKNOWN),
    ("DELETE", "/sc/ki"): Words(invalid="", unknown=_UNKNOWN),
    ("POST", "/sc/ask"): Words(invalid="", unknown=UnknownKnowledgeBaseError.message),
    ("POST", "/sc/post"): Words(invalid="", unknown=UnknownKnowledgeBaseError.message),
    ("GET", "/sc/handle"): Words(
        invalid="Smart Connector not found, because its ID must be a valid URI.",
        unknown=_NOBODY,
        constraint="scHandleGet.arg0",
    ),
    ("POST", "/sc/handle"): Words(
        missing="Smart Connector not found, because its ID must be a valid URI and not null",
        invalid="Smart Connector not found, because its ID must be a valid URI and not {id}",
        unknown=_NOBODY,
        constraint="scHandlePost.arg0",
    ),
}
"""By method and path below the root."""
