"""What the engine would do with two interactions: it is asked, with nobody else on the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from gridlingua.engine.entries import Entry
from gridlingua.engine.protocol import INFORM, Interaction, KnowledgeBase
from gridlingua.engine.survey.overview import LEVELS, Overview, Participant
from gridlingua.semantics.patterns import Pattern

ANYTHING: Final = Pattern((("?anything", "<urn:gridlingua:is>", "?it"),))
"""Stands for both arguments where only results are compared."""


@dataclass(frozen=True)
class Side:
    """One of the two: ``name`` as it was typed, and its interaction, as it is registered or would be.

    ``knowledge_base`` is whose it is, where it is on a network, and ``level`` what that reasons at. ``part`` says that
    only the argument or only the result of a post or react is meant. ``profiles`` are the other profiles that the
    exchange has.
    """

    name: str
    interaction: Interaction
    knowledge_base: str = ""
    part: str = ""
    profiles: tuple[str, ...] = ()
    level: int | None = None

    @property
    def is_initiator(self) -> bool:
        return not self.interaction.is_reactive


def serving_level(initiator: Interaction, responder: Interaction, helpers: Sequence[Interaction] = ()) -> int | None:
    """The lowest reasoner level at which the responder serves an ask or a post, with ``helpers`` if there are any; None
    when it does at none. What a post wants back must come, too."""
    if initiator.is_reactive:
        return None
    entry, server = _entry("initiator", initiator), _entry("responder", responder)
    others = [server, *(_entry(f"helper{number}", one) for number, one in enumerate(helpers))]
    overview = Overview(Participant(KnowledgeBase(one.knowledge_base, "", ""), (one,)) for one in others)
    for level in LEVELS:
        if server in overview.who_serves(entry, level) and (
            initiator.result is None or overview.brings_result(entry, level)
        ):
            return level
    return None


def argument_level(initiator: Interaction, responder: Interaction, helpers: Sequence[Interaction] = ()) -> int | None:
    """The same for what is asked or posted alone, whatever the communicative acts and the results."""
    return serving_level(_open(replace(initiator, result=None)), _open(responder), [_open(one) for one in helpers])


def result_level(initiator: Interaction, responder: Interaction) -> int | None:
    """The same for what a react brings back alone, as if it had been triggered."""
    first, second = (replace(_open(one), pattern=ANYTHING) for one in (initiator, responder))
    return serving_level(first, second)


def _open(interaction: Interaction) -> Interaction:
    return replace(interaction, required=(INFORM,), satisfied=(INFORM,))


def _entry(name: str, interaction: Interaction) -> Entry:
    return Entry(f"urn:gridlingua:{name}/interaction/{interaction.name}", f"urn:gridlingua:{name}", interaction)
