"""The life of a delivery report, from its computation to its settlement (D4.3 3.2.4, figure 10); pure rules.

====================  =======================================================================================
state                 what it means
====================  =======================================================================================
draft                 computed; the provider has not got it
sent                  the provider has it; it has not answered
confirmed             the provider says that it is right, or the operator has settled its dispute with a reason
disputed              the provider says that it is wrong; nothing is settled until the operator resolves that
settled               the amount goes to the payment system; it never changes
superseded            a later version takes its place
====================  =======================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from gridlingua.services.refusals import ConflictError

State = Literal["draft", "sent", "confirmed", "disputed", "settled", "superseded"]

TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        "draft": frozenset({"sent", "superseded"}),
        "sent": frozenset({"confirmed", "disputed", "superseded"}),
        "confirmed": frozenset({"disputed", "settled", "superseded"}),  # a provider may find a mistake until it is paid
        "disputed": frozenset({"confirmed", "superseded"}),
        "settled": frozenset({"superseded"}),  # only when a later version has been settled in its place
        "superseded": frozenset(),
    }
)


def require(report: str, now: State, then: State) -> None:
    """Raises ``ConflictError`` when a report cannot pass from one state to the other; ``report`` names it."""
    allowed = TRANSITIONS[now]
    if then not in allowed:
        further = f"it can become {', '.join(sorted(allowed))}" if allowed else "it changes no more"
        raise ConflictError(f"{report} is {now} and cannot become {then}; {further}")
