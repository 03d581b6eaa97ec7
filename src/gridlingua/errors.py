"""One root and three branches, by who must act."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

_OBEYED: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

Severity = Literal["error", "warning", "note"]
"""What a problem stops: an error the build, a warning a strict one, a note nothing."""


def legible(text: str, most: int = 2000) -> str:
    """A text that a file may have chosen, for a line of a log: without what a terminal or a build server would obey.

    Control characters, line ends, marks that turn the direction of writing and halves of characters are written as
    escapes, and what is longer than ``most`` characters ends with an ellipsis.
    """
    text = text if len(text) <= most else f"{text[: most - 1]}…"
    return _OBEYED.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


class GridlinguaError(Exception):
    """Root of every error that gridlingua raises on purpose."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that an author must mend, or should; prints as ``path:line: [check] message``.

    ``line`` and ``column`` are counted from 1; column 0: only the line is known.
    """

    path: str
    line: int
    check: str
    message: str
    severity: Severity = "error"
    column: int = 0

    def __str__(self) -> str:
        said = "" if self.severity == "error" else f"{self.severity}: "
        return f"{legible(self.path)}:{self.line}: [{self.check}] {said}{legible(' '.join(self.message.splitlines()))}"


class CatalogueError(GridlinguaError):
    """The author must act: every problem that was found, sorted by place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a message.

    ``pointer`` is the JSON Pointer of the field (``*`` for any element, ``""`` for the whole message),
    ``message`` a sentence with the value and what is allowed.
    """

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.message}"


class MessageError(GridlinguaError):
    """The sender must act: the message of an exchange says something it may not."""

    def __init__(self, faults: Sequence[Fault] | str, *, exchange: str = "", part: str = "") -> None:
        self.faults = (Fault("", faults),) if isinstance(faults, str) else tuple(faults)
        self.exchange = exchange
        self.part = part
        super().__init__(faults)

    def __str__(self) -> str:
        place = " ".join(filter(None, (self.exchange, self.part)))
        return (f"{place}: " if place else "") + "; ".join(map(str, self.faults))


class RemoteError(GridlinguaError):
    """The operator must act: a party, an engine or a service failed.

    ``party`` names who failed, ``status`` is the HTTP status that says it best (502 when the peer's answer is
    worthless, 503 when it cannot be reached, 504 when it was too late, a 4xx when the peer refused),
    ``retry`` tells whether the same call may help later.
    """

    def __init__(self, message: str, *, party: str = "", status: int = 502, retry: bool = False) -> None:
        self.party = party
        self.status = status
        self.retry = retry
        super().__init__(message)
