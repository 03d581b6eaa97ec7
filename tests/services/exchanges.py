"""The shipped exchanges as tests of the services use them: examples to send, and the judge of what comes back."""

from __future__ import annotations

from typing import Any

from gridlingua.catalogue import JUDGED_PROFILE, Catalogue, reply_rows, request_rows
from gridlingua.semantics.mapping import Minter

MINTER = Minter("https://party.example.org/")


def examples(catalogue: Catalogue, exchange: str) -> dict[str, Any]:
    """The examples of an exchange by name: request and reply."""
    return {case.name: case.messages for case in catalogue.exchanges[exchange].examples}


def refused(catalogue: Catalogue, exchange: str, part: str) -> dict[str, Any]:
    """The messages of a part that the exchange refuses, by the name of the reject."""
    cases = catalogue.exchanges[exchange].rejects
    return {case.name: case.messages[part] for case in cases if (case.told or "").startswith(f"{exchange} {part}:")}


def judge(catalogue: Catalogue, exchange: str, request: Any, reply: Any) -> None:
    """Raises MessageError unless the adapter could carry this reply to that request: schema, echo and SHACL."""
    found = catalogue.exchanges[exchange]
    asked = request_rows(found, request, MINTER)
    reply_rows(found, reply, asked.rows, JUDGED_PROFILE, MINTER)
