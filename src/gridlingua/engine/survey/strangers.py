"""Texts of strangers: who is on a network chooses its own names, ids and messages, also to do harm with them."""

from __future__ import annotations

import json
import re
from typing import Any, Final

_UNFIT: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_UNFIT_IN_JSON: Final = re.compile("[\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # json escapes the others itself


def legible(text: str) -> str:
    """A text of a stranger, to show on one line of a terminal or in XML.

    Characters that command a terminal (C0, C1), or that XML 1.0 or UTF-8 cannot hold (2.2 Char; lone surrogates), are
    each replaced by U+FFFD.
    """
    return _UNFIT.sub("\ufffd", text)


def json_text(told: Any) -> str:
    """The same for machines, with nothing lost: as JSON, whose own escapes stand for such characters."""
    return _UNFIT_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(told, ensure_ascii=False, indent=2))
