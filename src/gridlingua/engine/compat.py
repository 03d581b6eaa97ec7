"""Which runtime an engine behaves like: every difference between 1.4.0 and 1.5.0 is one field here (contract 0)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gridlingua.engine.bindings import value_key
from gridlingua.semantics.matching import Key


@dataclass(frozen=True)
class Compat:
    """What depends on the version that is imitated. Ask for a field by its name, never for ``version``.

    ``version`` is what ``GET /version`` says.
    ``key`` says which terms are equal where constants match, rows join and an ask filters: by value, or term by term.
    ``merges_incoming``: an answerer is also sent what rows of one ask mean together, ``{x:1}, {y:b}`` as well as
    ``{x:1, y:b}`` (contract 4.4).
    ``posts_ask_with_empty_row``: who answers what a post lacks is asked with ``[{}]`` even when the post has a result
    pattern, not with ``[]`` then; without a result pattern it is ``[{}]`` always (contract 4.5).
    ``answers_complete_posts``: what a react's result lacks of a post's result pattern may come from answers too, not
    from reacts alone.
    """

    version: str
    key: Key
    merges_incoming: bool
    posts_ask_with_empty_row: bool
    answers_complete_posts: bool


V1_4: Final = Compat(
    version="1.4.0",
    key=str,
    merges_incoming=True,
    posts_ask_with_empty_row=True,
    answers_complete_posts=False,
)
V1_5: Final = Compat(
    version="1.5.0",
    key=value_key,
    merges_incoming=False,
    posts_ask_with_empty_row=False,
    answers_complete_posts=True,
)
VERSIONS: Final = {"1.4": V1_4, "1.5": V1_5}
"""By the name that ``gridlingua engine --compat`` takes."""
