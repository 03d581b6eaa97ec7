"""The rows that ``gridlingua unmap`` is given: as JSON or as a graph, and what is wrong with them, row by row."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from functools import partial
from typing import Any, Final

from rdflib import Graph

from gridlingua.catalogue import Exchange
from gridlingua.catalogue.exchange import Part
from gridlingua.catalogue.lettering import written
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.cli.map_page import variables_of
from gridlingua.errors import Fault, MessageError
from gridlingua.semantics.conversion import convert
from gridlingua.semantics.mapping import Level, Mapping
from gridlingua.semantics.patterns import Pattern, Triple
from gridlingua.semantics.rows import Row, Rows
from gridlingua.semantics.solutions import candidates, solutions, unsaid
from gridlingua.semantics.terms import RDF_TYPE, from_rdflib, parse

PARTS: Final[tuple[Part, Part]] = ("request", "reply")
BINDING_SETS: Final = ("bindingSet", "resultBindingSet", "rows")
"""Where a KE runtime's answers, and ``map --format json``'s parts, hold their rows."""

_MOST: Final = 20
_MOST_SHOWN: Final = 3


def rows_of_json(text: str, prefixes: dict[str, str]) -> Rows:
    """``[{variable: term}, …]``, or an object that holds it as a KE runtime answers. Raises MessageError with every
    place that is no term."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise MessageError(f"not JSON: {error}") from None
    if isinstance(value, dict):
        value = next((value[name] for name in BINDING_SETS if name in value), value)
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise MessageError('not rows: [{"variable": "<https://…>"}, …], or a Turtle file (.ttl) of what they mean')
    faults: list[Fault] = []
    rows = [dict(_terms(row, number, prefixes, faults)) for number, row in enumerate(value, 1)]
    _refuse(faults)
    return rows


def _terms(
    row: dict[str, Any], number: int, prefixes: dict[str, str], faults: list[Fault]
) -> Iterator[tuple[str, str]]:
    for name, text in row.items():
        try:
            if not isinstance(text, str):
                raise MessageError(f'{json.dumps(text)} is not an RDF term: a term is a text, such as "\\"a\\""')
            yield name.removeprefix("?"), parse(text, prefixes)
        except MessageError as error:
            faults.append(Fault("", f"row {number}, ?{name}: {error.faults[0].message}"))


def graph_of(text: str) -> list[Triple]:
    """The triples of a Turtle text. Raises MessageError with the line where it is none."""
    logging.getLogger("rdflib").setLevel(logging.ERROR)  # it warns of every literal that is not of its type
    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=text, format="turtle")
    except Exception as error:  # rdflib's parser raises what it likes
        line = getattr(error, "lines", None)
        said = getattr(error, "message", None) or (str(error).strip().splitlines() or [""])[0]
        raise MessageError(f"{f'line {line + 1}: ' if line is not None else ''}not Turtle: {said}") from None
    return [(from_rdflib(s), from_rdflib(p), from_rdflib(o)) for s, p, o in graph]  # type: ignore[arg-type]


def rows_of_graph(graph: Sequence[Triple], pattern: Pattern, mapping: Mapping, vocabulary: Vocabulary) -> Rows:
    """The rows that a graph says under a pattern.

    Raises MessageError when it says none, or when triples in words of the pattern stand in no row: what they say would
    be lost.
    """

    def shown(triples: Sequence[Triple]) -> str:
        texts = [" ".join(_written(node, vocabulary) for node in triple) for triple in triples[:_MOST_SHOWN]]
        return "; ".join(texts) + (f" and {len(triples) - _MOST_SHOWN} more" if len(triples) > _MOST_SHOWN else "")

    rows = solutions(pattern, graph, partial(_fits, mapping)) or solutions(pattern, graph)
    if not rows:
        missing = [one for one, found in zip(pattern.triples, candidates(pattern, graph), strict=True) if not found]
        if missing:
            raise MessageError(f"the graph has nothing for {shown(missing)} of the pattern, so it says no row")
        raise MessageError("every triple of the pattern is somewhere in the graph, but no node has all that it needs")
    words = {triple[1] for triple in pattern.triples} - {RDF_TYPE}
    classes = {triple[2] for triple in pattern.triples if triple[1] == RDF_TYPE}
    lost = [
        triple
        for triple in sorted(unsaid(pattern, rows, graph))
        if triple[1] in words or (triple[1] == RDF_TYPE and triple[2] in classes)
    ]
    if lost:
        raise MessageError(f"{shown(lost)}: stands in no row, because something around it is missing")
    return rows


def _fits(mapping: Mapping, name: str, term: str) -> bool:
    """Whether a field can have a term: where one predicate serves two variables, that tells them apart."""
    try:
        return name not in mapping.fields or mapping.fields[name].converter.read(term) is not None
    except (ValueError, MessageError):
        return False


def _written(node: str, vocabulary: Vocabulary) -> str:
    return "a" if node == RDF_TYPE else node if node.startswith("?") else written(node, vocabulary.curie)


def part_of(exchange: Exchange, profile: str, variables: frozenset[str]) -> Part:
    """The part of whose variables rows consist. Raises MessageError when it could be both or is neither."""
    fits = {part: _fit(exchange, profile, part, variables) for part in PARTS}
    best = max(fits.values())
    found = [part for part in PARTS if fits[part] == best]
    if len(found) == 1 and variables:
        return found[0]
    raise MessageError("these rows could be of the request and of the reply: say which with --part")


def _fit(exchange: Exchange, profile: str, part: Part, variables: frozenset[str]) -> tuple[bool, bool, int]:
    known = frozenset(variables_of(exchange, profile, part))
    needed = frozenset(exchange.mapping(part, profile).fields)
    return (needed <= variables and variables <= known, needed <= variables, len(variables & known) - len(variables))


def inspect(exchange: Exchange, profile: str, part: Part, rows: Sequence[Row]) -> None:
    """Raise MessageError with every variable that a row lacks or that the pattern has not, every term that its field
    cannot have, and every two rows that agree on a key and differ. Peers' units count as what they are converted to."""
    mapping = exchange.mapping(part, profile)
    rows = convert(rows, exchange.quantities(part, profile))
    known = exchange.profiles[profile].request.variables if part == "request" else variables_of(exchange, profile, part)
    faults = [Fault("", text) for number, row in enumerate(rows, 1) for text in _of_row(number, row, mapping, known)]
    if not faults:
        faults = [Fault("", text) for text in _disagreements(mapping, rows)]
    _refuse(faults)


def _refuse(faults: Sequence[Fault]) -> None:
    if len(faults) > _MOST:
        faults = [*faults[:_MOST], Fault("", f"and {len(faults) - _MOST} more of this kind")]
    if faults:
        raise MessageError(faults)


def _of_row(number: int, row: Row, mapping: Mapping, known: Sequence[str]) -> Iterator[str]:
    for name in row.keys() - {*known, *mapping.fields}:
        meant = get_close_matches(name, known, 1)
        yield f"row {number} binds ?{name}, which the pattern has not" + (f": is ?{meant[0]} meant?" if meant else "")
    for name, field in mapping.fields.items():
        if name not in row:
            yield f"row {number} does not bind ?{name}"
            continue
        try:
            field.converter.read(row[name])
        except ValueError as error:
            yield f"row {number}, ?{name}: {row[name]} is not allowed, it must be {error}"


def _disagreements(mapping: Mapping, rows: Sequence[Row]) -> Iterator[str]:
    """Rows that say the same element twice, and differently."""
    keys: list[Callable[[Row], tuple[str, ...]]] = []
    for level in mapping.levels:
        keys.append(_key(mapping, level))
        first: dict[tuple[tuple[str, ...], ...], tuple[int, Row]] = {}
        for number, row in enumerate(rows, 1):
            seen, other = first.setdefault(tuple(key(row) for key in keys), (number, row))
            for field, _ in level.fields:
                if row[field.variable] != other[field.variable]:
                    about = " and ".join(f"?{key} {row[key]}" for key in level.keys if key in row) or "one message"
                    yield (
                        f"rows {seen} and {number} are both about {about}, and have different ?{field.variable}: "
                        f"{other[field.variable]} and {row[field.variable]}"
                    )


def _key(mapping: Mapping, level: Level) -> Callable[[Row], tuple[str, ...]]:
    identities = [
        (name, mapping.fields[name].converter.identity if name in mapping.fields else str)
        for name in (level.keys if level.pointer else ())
    ]
    return lambda row: tuple(identity(row.get(name, "")) for name, identity in identities)
