"""Messages kept whole: the JSON text of what was said, with every digit and every time as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import simplejson

from gridlingua.services.wire import Message

M = TypeVar("M", bound=Message)


def written(message: Message | Mapping[str, Any]) -> str:
    """The JSON text of a message."""
    said = message.plain() if isinstance(message, Message) else dict(message)
    return simplejson.dumps(said, use_decimal=True, ensure_ascii=False, allow_nan=False)


def opened(text: str) -> Any:
    """What was written, with fractions as ``Decimal``."""
    return simplejson.loads(text, use_decimal=True)


def read(model: type[M], text: str) -> M:
    """The message that was written."""
    return model.model_validate(opened(text))
