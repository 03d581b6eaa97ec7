"""The page of the two generations of vocabulary: what to write for each term of the first."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from gridlingua.catalogue.ontology.generations import Generations
from gridlingua.catalogue.ontology.terms import shrink

_HEAD: Final = """
<!-- Written by `gridlingua docs` from gridlingua/catalogue/ontology/generations.yaml. -->
# Two generations of vocabulary

Pilots of InterConnect wrote SAREF core 3.1.1, SAREF4ENER 1.1.2 and `ic-*`; new patterns are written in SAREF core
4.1.1, SAREF4ENER 2.1.1 and SAREF4GRID 2.1.1. Both share their namespaces, so an old pattern looks new, and matches
nobody who writes the new. Why there are two: [decision 3](decisions/0003-catalogue.md).

To lift a pattern: `gridlingua check --profile saref4 pattern.rq` names each old term and what to write (`--profile
interconnect`, the other way, that nothing new slipped in); `gridlingua match old.rq new.rq` tells what the two still
say differently; `gridlingua ontology show TERM` has the rest. A repository of one generation says so once, with
`profile = "saref4"` in `gridlingua.toml` ([ci.md](ci.md)).

A measurement, for example, was one node and is two:

```sparql
?reading a saref:Measurement ; saref:hasTimestamp ?at ; saref:hasValue ?power ; saref:isMeasuredIn om:kilowatt .
```

```sparql
?reading a saref:Observation ; saref:hasTimestamp ?at ; saref:hasResult ?value .
?value a saref:PropertyValue ; saref:hasValue ?power ; saref:isMeasuredIn om:kilowatt .
```
"""


def generations_page(told: Generations) -> str:
    """The page, from the table."""
    return "\n".join([_HEAD.strip(), *_tables(told), ""])


def _tables(told: Generations) -> Iterator[str]:
    curie = partial(shrink, prefixes=told.prefixes)
    yield from ("", "## Terms", "", "| first generation | second | what changes |", "|---|---|---|")
    for one in told.successions.values():
        new = " and ".join(f"`{curie(iri)}`" for iri in one.new) or "nothing"
        yield f"| `{curie(one.old)}` | {new} | {one.note} |"
    yield from ("", "## The same IRI, another place", "", "| term | what changes |", "|---|---|")
    yield from (f"| `{curie(one.term)}` | {one.note} |" for one in told.reshapings)
    yield from ("", "## Namespaces", "", "| namespace | now | what it was |", "|---|---|---|")
    yield from (f"| `{one.old}` | `{one.new}` | {one.note} |" for one in told.replaced)
    yield from (f"| `{old}` | `{new}` | it moved with all its terms |" for old, new in told.moved.items())
