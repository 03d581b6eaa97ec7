"""What is said of two patterns is what the engine does with them: both are registered, and asked or posted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from gridlingua.engine import EmbeddedEngine, Interaction, KnowledgeBase, Network, Request
from gridlingua.engine.comparison.verdict import argument_level, result_level, serving_level
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Row, Rows

A, B = "http://example.org/a", "http://example.org/b"
LEVELS = (1, 2, 3)

predicates = st.sampled_from(["<http://e/p>", "<http://e/q>", "<http://e/r>"])


def patterns_over(*nodes: str) -> st.SearchStrategy[Pattern]:
    triples = st.tuples(st.sampled_from(nodes), predicates, st.sampled_from(nodes))
    return st.lists(triples, min_size=1, max_size=4, unique=True).map(lambda found: Pattern(tuple(found)))


patterns = patterns_over("?a", "?b", "?c", "<http://e/1>", "<http://e/2>")
fitting = patterns_over("?a", "?b", "?c", "<http://e/1>")
"""Where there is one constant, a row fits wherever the structure does."""
few = settings(max_examples=60)


def every_row(pattern: Pattern) -> Iterator[Row]:
    """Whatever rows could be posted, so that some fit the constants of the other side."""
    terms = ("<http://e/1>", "<http://e/2>")
    for values in product(terms, repeat=len(pattern.variables)):
        yield dict(zip(pattern.variables, values, strict=True))


def contacted(first: Interaction, second: Interaction, level: int) -> bool:
    """Whether an engine at that level turns to the second for the first."""
    network = Network(wait_timeout=0.01)
    network.join(KnowledgeBase(B, "b", "b"))
    network.add(B, second)
    network.join(KnowledgeBase(A, "a", "a", level))
    network.add(A, first)
    start = network.ask if first.kind == "ask" else network.post
    rows: Rows = [{}] if first.kind == "ask" else list(every_row(first.pattern))
    result = start(A, f"{A}/interaction/{first.name}", rows, timeout=0.01).result(10)
    network.close()
    return bool(result.exchanges)


@few
@given(patterns, patterns)
def test_an_answer_is_contacted_from_the_level_that_is_told(ours: Pattern, theirs: Pattern) -> None:
    first, second = Interaction("q", "ask", ours), Interaction("q", "answer", theirs)
    told = serving_level(first, second)
    assert argument_level(first, second) == told
    for level in LEVELS:
        assert contacted(first, second, level) == (told is not None and told <= level), level


@few
@given(fitting, fitting)
def test_a_react_is_triggered_from_the_level_that_is_told(ours: Pattern, theirs: Pattern) -> None:
    first, second = Interaction("q", "post", ours), Interaction("q", "react", theirs)
    told = serving_level(first, second)
    for level in LEVELS:
        assert contacted(first, second, level) == (told is not None and told <= level), level


@settings(max_examples=25)
@given(fitting, fitting)
def test_a_result_comes_back_from_the_level_that_is_told(ours: Pattern, theirs: Pattern) -> None:
    argument = Pattern((("?s", "<http://e/is>", "?o"),))
    first = Interaction("q", "post", argument, ours)
    second = Interaction("q", "react", argument, theirs)

    def react(request: Request) -> Rows:
        return list(every_row(theirs)) or [{}]

    told = result_level(first, second)
    assert serving_level(first, second) == told
    for level in LEVELS:
        with ExitStack() as stack:
            network = stack.enter_context(closing(Network(wait_timeout=5)))
            engine, other = (stack.enter_context(EmbeddedEngine(network)) for _ in range(2))
            other.register(KnowledgeBase(B, "b", "b"), [second])
            other.handle(B, react)
            engine.register(KnowledgeBase(A, "a", "a", level), [first])
            result = engine.post(A, "q", [{"s": "<http://e/1>", "o": "<http://e/2>"}])
        assert result.exchanges[0].succeeded
        assert bool(result.rows) == (told is not None and told <= level), level
