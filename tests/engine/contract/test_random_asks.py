"""Networks made at random: an ask brings the same rows, from the same knowledge bases, whatever the engine.

Our engine in process is held against each target; with ``KE_URL`` that is somebody else's reasoner. The rows that a
knowledge base is asked with are not compared: in a loop of reacts the original gives each one all rows again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from gridlingua.engine import EmbeddedEngine, Engine, Interaction, KnowledgeBase, Network, Request
from gridlingua.engine.compat import VERSIONS
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Row, Rows

TERMS = ("<http://v1>", "<http://v2>", "<http://v3>")


@dataclass(frozen=True)
class Scene:
    """Who is there, each with interactions and the rows of those that answer; and what is asked at which level."""

    parties: tuple[tuple[tuple[Interaction, Rows], ...], ...]
    asked: Pattern
    rows: Rows
    level: int


def scene(seed: int) -> Scene:
    dice = random.Random(seed)
    parties = tuple(
        tuple(_interaction(dice, f"i{number}") for number in range(dice.randint(1, 2)))
        for _ in range(dice.randint(1, 3))
    )
    asked = _pattern(dice, "abcd", 3)
    bound = [{name: dice.choice(TERMS) for name in asked.variables if dice.random() < 0.4}] * dice.randint(0, 1)
    return Scene(parties, asked, bound, dice.choice((1, 2, 2, 3)))


def _interaction(dice: random.Random, name: str) -> tuple[Interaction, Rows]:
    pattern = _pattern(dice, "xyzw", 3)
    if dice.random() < 0.75:
        rows = [{one: dice.choice(TERMS) for one in pattern.variables} for _ in range(dice.randint(0, 3))]
        return Interaction(name, "answer", pattern), rows
    return Interaction(name, "react", pattern, _pattern(dice, "xynm", 2) if dice.random() < 0.8 else None), []


def _pattern(dice: random.Random, names: str, longest: int) -> Pattern:
    """Triples of few predicates; none has one node twice (contract 4.2 leaves open what else that node may meet)."""
    triples = {}
    for _ in range(dice.randint(1, longest)):
        subject = dice.choice(names[:2])
        value = dice.choice(TERMS[:2]) if dice.random() < 0.1 else f"?{dice.choice(names.replace(subject, ''))}"
        triples[f"?{subject}", f"<http://example.org/{dice.choice('pqr')}>", value] = None
    return Pattern(tuple(triples))


def play(scene: Scene, engine: Callable[[], Engine]) -> tuple[set[frozenset[tuple[str, str]]], set[str]]:
    """The rows that came, and who was contacted."""
    contacted: set[str] = set()
    with ExitStack() as stack:
        for number, party in enumerate(scene.parties):
            known = {interaction.name: rows for interaction, rows in party}
            _join(stack.enter_context(engine()), f"K{number}", [one for one, _ in party], 2, known, contacted)
        asker = stack.enter_context(engine())
        _join(asker, "A", [Interaction("q", "ask", scene.asked)], scene.level, {}, contacted)
        result = asker.ask("http://ex.org/A", "q", scene.rows, timeout=60)
    return {frozenset(row.items()) for row in result.rows}, contacted


def _join(
    engine: Engine, name: str, interactions: list[Interaction], level: int, known: dict[str, Rows], contacted: set[str]
) -> None:
    def handle(request: Request) -> Rows:
        contacted.add(f"{name}/{request.interaction.name}")
        if request.interaction.kind == "answer":
            return [row for row in known[request.interaction.name] if _is_asked(row, request.rows)]
        return list(_reactions(request))

    engine.register(KnowledgeBase(f"http://ex.org/{name}", name, "at random", level), interactions)
    engine.handle(f"http://ex.org/{name}", handle)


def _is_asked(row: Row, asked: Rows) -> bool:
    return not asked or any(one.items() <= row.items() for one in asked)


def _reactions(request: Request) -> Iterator[Row]:
    result = request.interaction.result
    for row in request.rows if result else ():
        yield {name: row.get(name, f"<http://new/{name}>") for name in (result.variables if result else ())}


@pytest.mark.parametrize("seed", range(40))
def test_random_networks_answer_alike(target: Any, other_way: Callable[[], Engine], seed: int) -> None:
    made = scene(seed)
    with ExitStack() as stack:
        network = Network(wait_timeout=5.0, compat=VERSIONS[target.version])
        stack.callback(network.close)
        ours = play(made, lambda: EmbeddedEngine(network))
    assert play(made, other_way) == ours
