"""Postal codes as the post writes them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

_WRITTEN = "^[0-9A-Z]{2,5}([ -][0-9A-Z]{2,4})?$"
_PORTUGUESE = re.compile(r"[0-9]{4}-[0-9]{3}")


def written(code: str) -> str:
    """The code; raises ``ValueError`` with a sentence when the post does not write it so."""
    if not re.fullmatch(_WRITTEN, code):
        raise ValueError(f"{code!r} is not written as the post writes it, such as 4405-123 or 75011")
    if re.match("[0-9]{4}-", code) and not _PORTUGUESE.fullmatch(code):
        raise ValueError(f"{code!r} is no Portuguese postal code: four digits, a hyphen and three digits, as 4405-123")
    return code


PostalCode = Annotated[
    str,
    AfterValidator(written),
    WithJsonSchema({"type": "string", "pattern": _WRITTEN, "examples": ["4405-123"]}),
]
