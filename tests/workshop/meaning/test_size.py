"""Patterns that a stock engine at reasoner level 2 does not get through.

What 1.4.0 and 1.5.0 did was measured with one party on the other side: a post of 16 triples in a row took them 1 s,
of 18 5 to 14 s, of 20 more than 20 s, and a result of 20 too; an ask of 30 in a row, or of 62 as ours is, 0.1 s; of
four look-alike series 38 triples (two) took 0.4 s, and 56 (three) more than 20 s.
"""

from __future__ import annotations

from typing import Any

import pytest

from gridlingua.catalogue import Catalogue
from gridlingua.semantics.combinations import combinations
from gridlingua.semantics.patterns import Pattern

SERIES = """?offer s4ener:includes ?series{n} .
?series{n} a s4ener:TimeSeries ; s4ener:hasUsage ?usage{n} .
?point{n} a s4ener:DataPoint ; s4ener:belongsToTimeSeries ?series{n} ; s4ener:hasEffectivePeriod ?slot{n} ;
  saref:hasResult ?value{n} .
?slot{n} a time:Interval ; time:hasBeginning ?begin{n} ; time:hasEnd ?end{n} .
?begin{n} a time:Instant ; time:inXSDDateTimeStamp ?from{n} .
?end{n} a time:Instant ; time:inXSDDateTimeStamp ?to{n} .
?value{n} a saref:PropertyValue ; saref:isValueOfProperty ?what{n} ; saref:hasValue ?much{n} ;
  saref:isMeasuredIn ?unit{n} .
"""


def offer(series: int) -> str:
    return "?offer a s4ener:FlexOffer ; saref:hasIdentifier ?offerId .\n" + "".join(
        SERIES.replace("{n}", str(n)) for n in range(series)
    )


def in_a_row(triples: int) -> Pattern:
    return Pattern(tuple((f"?v{n}", f"<http://example.org/p{n}>", f"?v{n + 1}") for n in range(triples)))


@pytest.mark.parametrize(("series", "problems"), [(1, 0), (2, 0), (3, 1), (4, 1)])
def test_look_alikes_are_counted_where_a_pattern_asks(told: Any, series: int, problems: int) -> None:
    assert len(told("size", offer(series))) == problems


def test_the_finding_names_number_look_alikes_and_remedy(told: Any) -> None:
    (problem,) = told("size", offer(4))
    assert (problem.line, problem.severity) == (1, "warning")
    assert problem.message.startswith(
        "74 triples to ask for: at reasoner level 2 a stock engine compares more than 10^"
    )
    assert "use level 1 (reasonerLevel of the knowledge base, or ke.reasoner.level of its runtime)" in problem.message
    assert problem.message.endswith(
        "a time:Instant (8 times), time:inXSDDateTimeStamp (8 times), s4ener:includes (4 times)"
    )


@pytest.mark.parametrize(("triples", "ends"), [(10, True), (16, True), (18, False), (20, False), (40, False)])
def test_what_is_posted_doubles_with_every_triple(triples: int, ends: bool) -> None:
    assert (combinations(in_a_row(triples), parts=True, enough=200_000) <= 200_000) is ends
    assert combinations(in_a_row(triples), parts=False, enough=3_000) == 1


def test_an_argument_or_a_result_of_many_triples_is_told_and_its_ask_is_not(told: Any) -> None:
    text = offer(1)
    assert told("size", text) == []
    for part, what in (("argument", "20 triples to post"), ("result", "20 triples in the result of a post")):
        (problem,) = told("size", text, file=f"offer.{part}.gp")
        assert problem.message.startswith(what)


def test_of_our_catalogue_the_posts_that_never_ended_are_told_and_the_asks_that_did_are_not(
    catalogue: Catalogue,
) -> None:
    offers = catalogue["flexibility/offers"].profiles["saref4"].request
    assert combinations(offers, parts=True, enough=200_000) > 10**8
    for ask in ("flexibility/needs", "tariff/grid_tariff_query", "forecast/load_forecast", "limits/capability"):
        assert combinations(catalogue[ask].profiles["saref4"].request, parts=False, enough=3_000) <= 3_000


def test_estimates_come_near_to_what_can_be_counted() -> None:
    """Of look-alikes that nothing ties together every order is a way."""
    alike = Pattern(tuple((f"?a{n}", "<http://example.org/p>", f"?b{n}") for n in range(6)))
    assert combinations(alike, parts=False, enough=10) == pytest.approx(720, rel=0.01)


def test_the_same_pattern_has_the_same_number_every_time() -> None:
    alike = Pattern(tuple((f"?a{n % 3}", f"<http://example.org/p{n % 4}>", f"?b{n}") for n in range(12)))
    assert combinations(alike, parts=False, enough=10) == combinations(alike, parts=False, enough=10)


def test_small_patterns_of_different_triples_and_data_are_never_told(told: Any) -> None:
    assert combinations(in_a_row(10), parts=True, enough=200_000) == 2**10
    triples = "".join(
        f"<https://d.example.org/{n}> <https://saref.etsi.org/core/madeBy> <https://d.example.org/m> .\n"
        for n in range(80)
    )
    assert told("size", triples, file="data.ttl") == []
