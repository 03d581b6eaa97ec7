"""Whether a text reads like triples."""

from __future__ import annotations

import re
from typing import Final

_NODE: Final = r"(?:[?$]\w+|<[^<>\s]+>|_:\w+|\[\]|[A-Za-z][\w.-]*:[\w.-]+)"
_VERB: Final = r"(?:a|[?$]\w+|[\^(!]?<[^<>\s]+>\S*|[\^(!]?[A-Za-z][\w.-]*:[\w.-]+\S*)"
_TRIPLE: Final = re.compile(rf"(?:^|[\s.;{{]){_NODE}\s+{_VERB}\s+[^\s=]")
_VARIABLE: Final = re.compile(r"[?$]\w|<\w+:")


def reads_like_triples(text: str) -> bool:
    """Whether somewhere a subject, a predicate and the beginning of an object follow each other."""
    return bool(_VARIABLE.search(text) and _TRIPLE.search(text))
