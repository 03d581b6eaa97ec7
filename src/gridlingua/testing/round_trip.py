"""What must hold for every message of an exchange, tried on generated ones. Needs hypothesis."""

from __future__ import annotations

from typing import Final

from hypothesis import HealthCheck, Phase, given, settings

from gridlingua.catalogue import Exchange
from gridlingua.catalogue.exchange import Part
from gridlingua.errors import GridlinguaError
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.lift import lift
from gridlingua.semantics.lower import lower
from gridlingua.semantics.mapping import Minter
from gridlingua.semantics.rows import Row, Rows
from gridlingua.semantics.schema import conform, write_json
from gridlingua.testing.strategies import messages

_MINTER: Final = Minter("https://party.example.org/")


class RoundTripError(GridlinguaError):
    """A message that its rows do not say again; the smallest that was found."""

    def __init__(self, exchange: Exchange, part: Part, message: Json, what: str) -> None:
        super().__init__(f"{exchange.id} {part}: {what}: {write_json(message)}")


def try_messages(exchange: Exchange, part: Part, count: int) -> None:
    """Lift and lower ``count`` generated messages of a part. Raises RoundTripError with the smallest that fails.

    The rows of a message say a message that conforms to the schema, that means the same rows, and that stays as it is.
    """
    asked = _asked(exchange, part)

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(messages(exchange, part))
    def tried(message: Json) -> None:
        if what := _trouble(exchange, part, message, asked):
            raise RoundTripError(exchange, part, message, what)

    tried()


def _trouble(exchange: Exchange, part: Part, message: Json, asked: Row) -> str:
    mapping = exchange.request if part == "request" else exchange.reply
    schema = exchange.request_schema if part == "request" else exchange.reply_schema
    try:
        rows = lift(mapping, message, _MINTER, asked)
        again = lower(mapping, rows)
        if faults := conform(schema, again):
            return f"its rows say a message that does not conform to the schema, {faults[0]}"
        if _as_set(lift(mapping, again, _MINTER, asked)) != _as_set(rows):
            return f"its rows say another message, {write_json(again)}"
    except GridlinguaError as error:
        return f"it conforms to the schema and does not go through: {error}"
    return ""


def _asked(exchange: Exchange, part: Part) -> Row:
    """Terms of a request, for replies that take keys or names of nodes from it."""
    if part == "request" or exchange.kind == "post" or not exchange.examples:
        return {}
    return lift(exchange.request, exchange.examples[0].messages["request"], _MINTER)[0]


def _as_set(rows: Rows) -> set[frozenset[tuple[str, str]]]:
    return {frozenset(row.items()) for row in rows}
