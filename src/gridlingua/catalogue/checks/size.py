"""A pattern is small enough for a stock knowledge engine at reasoner level 2, which is a runtime's default.

From that level on an engine compares combinations of triples. Of what is posted, and of its result, these are twice as
many with every triple: on runtimes 1.4.0 and 1.5.0 a post of 16 triples took a second, one of 18 ten, one of 20 did not
end. Of an ask only look-alikes count (several points, several instants) as long as one party answers; where two do, 12
triples take ten seconds. At level 1 the pattern is compared as a whole, and size costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.written import Written
from gridlingua.errors import Problem, Severity
from gridlingua.semantics.combinations import combinations, look_alikes
from gridlingua.semantics.patterns import Triple
from gridlingua.semantics.terms import RDF_TYPE, is_iri, split_iri

SEVERITY: Final[Severity] = "warning"

_SERIES: Final = """
          ?offer s4ener:includes ?series{n} .
          ?series{n} a s4ener:TimeSeries ; s4ener:hasUsage {usage} ; s4ener:hasDataPoint ?point{n} .
          ?point{n} a s4ener:DataPoint ; s4ener:hasEffectivePeriod ?slot{n} ; saref:hasResult ?value{n} .
          ?slot{n} a time:Interval ; time:hasBeginning ?begin{n} ; time:hasEnd ?finish{n} .
          ?begin{n} a time:Instant ; time:inXSDDateTimeStamp ?start{n} .
          ?finish{n} a time:Instant ; time:inXSDDateTimeStamp ?end{n} .
          ?value{n} a saref:PropertyValue ; saref:hasValue ?amount{n} ; saref:isMeasuredIn ?unit{n} .
"""
_HEAD: Final = """
        PREFIX s4ener: <https://saref.etsi.org/saref4ener/>
        PREFIX saref:  <https://saref.etsi.org/core/>
        PREFIX time:   <http://www.w3.org/2006/time#>

        CONSTRUCT WHERE {
          ?offer a s4ener:FlexOffer ; saref:hasIdentifier ?offerId .
"""


def _offer(*usages: str) -> str:
    """A pattern of an offer with a series for each usage."""
    many = len(usages) > 1
    series = (_SERIES.replace("{n}", str(n) if many else "").replace("{usage}", one) for n, one in enumerate(usages, 1))
    return f"{_HEAD}{''.join(series)}        }}\n"


EXAMPLE: Final = Example(
    wrong=_offer("s4ener:BaseLine", "s4ener:Upflex", "s4ener:Downflex", "s4ener:SetPoint"),
    right=_offer("?usage"),
)

_MOST_WAYS: Final = 3_000
_MOST_PARTS: Final = 200_000
_WORST: Final = 3


def check_pattern(written: Written) -> Iterator[Problem]:
    if written.role == "graph":
        return
    parts = written.role != "pattern"
    most = _MOST_PARTS if parts else _MOST_WAYS
    found = combinations(written.pattern, parts=parts, enough=most)
    if found > most:
        yield written.problem("size", f"{_cost(written, found)}: {_remedy(written)}")


def _cost(written: Written, found: float) -> str:
    triples = len(written.pattern.triples)
    power = math.floor(math.log10(found))
    what = {"argument": "to post", "result": "in the result of a post"}.get(written.role, "to ask for")
    return (
        f"{triples} triples {what}: at reasoner level 2 a stock engine compares more than "
        f"10^{power} combinations of them, which takes it ten seconds or for ever"
    )


def _remedy(written: Written) -> str:
    """What to do: the look-alikes are worst where a pattern asks."""
    level = "use level 1 (reasonerLevel of the knowledge base, or ke.reasoner.level of its runtime)"
    alike = look_alikes(written.pattern)[:_WORST]
    if written.role != "pattern" or not alike:
        return f"{level}, or split the exchange"
    worst = ", ".join(f"{_named(triple, written)} ({number} times)" for triple, number in alike)
    return f"{level}, or say what is said often in several rows, not in several triples: {worst}"


def _named(triple: Triple, written: Written) -> str:
    curie = written.vocabulary.curie
    _, p, o = (curie(split_iri(node)) if is_iri(node) else node for node in triple)
    return f"a {o}" if triple[1] == RDF_TYPE else p
