"""JSON in and out without a float on the way, and the types that messages are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any

import simplejson
from fastapi import Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic.alias_generators import to_camel

from gridlingua.services.instants import Instant


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"must be a number, not {value!r}")
    return value


# 36 digits hold every unit of power side by side; a limit keeps "1e999999" from becoming a megabyte of zeros
_DIGITS = Field(max_digits=36, decimal_places=18)
_POSITIVE = {"type": "number", "exclusiveMinimum": 0}
_NON_NEGATIVE = {"type": "number", "minimum": 0}

Signed = Annotated[Decimal, BeforeValidator(_number), _DIGITS, WithJsonSchema({"type": "number"})]
Number = Annotated[
    Decimal, BeforeValidator(_number), Field(max_digits=60, decimal_places=30), WithJsonSchema({"type": "number"})
]
"""A number that was worked out of ``Signed`` ones, with all its digits: a sum in another unit, an energy."""
Positive = Annotated[Decimal, BeforeValidator(_number), _DIGITS, Field(gt=0), WithJsonSchema(_POSITIVE)]
NonNegative = Annotated[Decimal, BeforeValidator(_number), _DIGITS, Field(ge=0), WithJsonSchema(_NON_NEGATIVE)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
Name = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]+$")]
Text = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")]
Time = Annotated[
    Instant,
    PlainValidator(lambda value: value if isinstance(value, Instant) else Instant.parse(value)),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-21T10:00:00Z"]}),
]


class Message(BaseModel):
    """Base of every message: camelCase outside, snake_case inside, nothing unknown, never changed."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, frozen=True, extra="forbid")

    def plain(self) -> dict[str, Any]:
        """The message as JSON would have it, with decimals as ``Decimal``."""
        return self.model_dump(by_alias=True)


def example(*messages: Any) -> ConfigDict:
    """The configuration of a message whose OpenAPI schema shows these examples."""
    return ConfigDict(json_schema_extra={"examples": list(messages)})


def reply(content: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON of messages, mappings and sequences of them; decimals are written with all their digits."""
    text = simplejson.dumps(_plain(content), use_decimal=True, ensure_ascii=False, allow_nan=False)
    return Response(text, status_code=status, headers=dict(headers or {}), media_type="application/json")


def _plain(content: object) -> object:
    if isinstance(content, Message):
        return content.plain()
    if isinstance(content, Mapping):
        return {key: _plain(value) for key, value in content.items()}
    if isinstance(content, Sequence) and not isinstance(content, str):
        return [_plain(value) for value in content]
    return content.text if isinstance(content, Instant) else content
