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

    Reasoning:
    ``key`` says which terms are equal where constants match, rows join and an ask filters: by value, or term by term.
    ``merges_incoming``: an answerer is also sent what rows of one ask mean together, ``{x:1}, {y:b}`` as well as
    ``{x:1, y:b}`` (contract 4.4).
    ``posts_ask_with_empty_row``: who answers what a post lacks is asked with ``[{}]`` even when the post has a result
    pattern, not with ``[]`` then; without a result pattern it is ``[{}]`` always (contract 4.5).
    ``answers_complete_posts``: what a react's result lacks of a post's result pattern may come from answers too, not
    from reacts alone.

    Answers (contract 1.12, 2.3, 2.4):
    ``compares_answers_as_sent``: an answer must spell what it was asked with as it was sent, not only mean it.
    ``shows_answers_as_sent``: exchanges list the rows of an answer in its own spelling, not in canonical terms.
    ``answers_in_full_terms``: prefixed names and blank nodes are no terms of an answer.
    ``takes_error_messages``: an answer may be a reason why there is none.
    ``marks_variables``: refusals write variables with their question mark.

    Registration and bodies (contract 1.2, 1.7):
    ``ids_are_urls``: the id of a knowledge base is a URL with a host, not any absolute IRI.
    ``limits_leases``: a lease has a least and a greatest length.
    ``checks_constraints``: what is missing, or no name, is refused as a ConstraintViolationException.
    ``explains_bad_json``: a body that cannot be read is refused in the API's own form, not in a line of plain text.
    ``refuses_empty_ids``: an empty id is no IRI where a knowledge base is deleted; it is that of nobody otherwise.
    ``suspends_after``: seconds after which a knowledge base that others could contact is taken off the network when
    it does not poll (contract 1.6); None: never.
    """

    version: str
    key: Key
    merges_incoming: bool
    posts_ask_with_empty_row: bool
    answers_complete_posts: bool
    compares_answers_as_sent: bool
    shows_answers_as_sent: bool
    answers_in_full_terms: bool
    takes_error_messages: bool
    marks_variables: bool
    ids_are_urls: bool
    limits_leases: bool
    checks_constraints: bool
    explains_bad_json: bool
    refuses_empty_ids: bool
    suspends_after: float | None


V1_4: Final = Compat(
    version="1.4.0",
    key=str,
    merges_incoming=True,
    posts_ask_with_empty_row=True,
    answers_complete_posts=False,
    compares_answers_as_sent=True,
    shows_answers_as_sent=True,
    answers_in_full_terms=True,
    takes_error_messages=False,
    marks_variables=False,
    ids_are_urls=True,
    limits_leases=False,
    checks_constraints=False,
    explains_bad_json=False,
    refuses_empty_ids=False,
    suspends_after=60.0,
)
V1_5: Final = Compat(
    version="1.5.0",
    key=value_key,
    merges_incoming=False,
    posts_ask_with_empty_row=False,
    answers_complete_posts=True,
    compares_answers_as_sent=False,
    shows_answers_as_sent=False,
    answers_in_full_terms=False,
    takes_error_messages=True,
    marks_variables=True,
    ids_are_urls=False,
    limits_leases=True,
    checks_constraints=True,
    explains_bad_json=True,
    refuses_empty_ids=True,
    suspends_after=None,
)
VERSIONS: Final = {"1.4": V1_4, "1.5": V1_5}
"""By the name that ``gridlingua engine --compat`` takes."""
