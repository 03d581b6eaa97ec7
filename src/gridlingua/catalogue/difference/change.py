"""One change, and whom it breaks.

Four may go on with the old while others have the new: peers that initiate, who then meet new responders; peers that
respond, who meet new initiators; and where JSON is spoken, the callers of the operation and the service behind it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

Role = Literal["initiators", "responders", "callers", "services"]
"""Who breaks: initiators and responders are peers on the network; callers and services speak the operation's JSON."""

Area = Literal[
    "exchange", "operation", "access", "pattern", "fields", "keys", "nodes", "schema", "shapes", "cases", "words"
]
Part = Literal["request", "reply"]
Way = Literal["narrower", "wider", "other"]
"""What a message may say now: less than before, more, or neither of both."""

BOTH: Final[frozenset[Role]] = frozenset(("initiators", "responders"))
JSON: Final[frozenset[Role]] = frozenset(("callers", "services"))
NOBODY: Final[frozenset[Role]] = frozenset()


@dataclass(frozen=True)
class Change:
    """``what`` changed and ``why`` that matters, in sentences. ``breaks``: who does not get on with the other side when
    only that has the new. ``gone``: there is nothing that both sides could change to."""

    area: Area
    what: str
    why: str
    breaks: frozenset[Role] = NOBODY
    gone: bool = False

    @property
    def verdict(self) -> str:
        return verdict(self.breaks, gone=self.gone)


def verdict(breaks: Collection[Role], *, gone: bool = False) -> str:
    """``compatible``, ``needs both sides``, or ``breaks`` and whom."""
    if not breaks:
        return "compatible"
    if not gone and (set(breaks) >= BOTH or set(breaks) == JSON):
        return "needs both sides"
    return "breaks " + " and ".join(sorted(breaks))


def broken_by(part: Part, way: Way) -> frozenset[Role]:
    """Whom it breaks that a part's messages may say less or more: the initiator sends requests and the responder takes
    them, the responder sends replies and the initiator takes them."""
    sender: Role = "initiators" if part == "request" else "responders"
    receiver: Role = "responders" if part == "request" else "initiators"
    return {"narrower": frozenset((sender,)), "wider": frozenset((receiver,)), "other": BOTH}[way]


def why(part: Part, way: Way) -> str:
    """The reason for ``broken_by``."""
    sender, receiver = ("initiators", "responders") if part == "request" else ("responders", "initiators")
    narrower = f"old {sender} send what new {receiver} refuse"
    wider = f"new {sender} send what old {receiver} refuse"
    return {"narrower": narrower, "wider": wider, "other": f"{narrower}, and {wider}"}[way]
