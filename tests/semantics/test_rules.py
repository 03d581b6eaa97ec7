"""SHACL refuses every message that its schema admits and that breaks a rule, and no other.

A rule belongs to the variables of a mapping. Messages are drawn for the exchanges whose every rule is stated here; what
the others refuse, their rejects show, and all of them refuse a unit of another kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gridlingua.catalogue import Exchange, load, shipped
from gridlingua.catalogue.exchange import Part
from gridlingua.semantics.lift import lift
from gridlingua.semantics.lower import lower
from gridlingua.semantics.mapping import Mapping, Minter
from gridlingua.semantics.rows import Row, Rows, join, project
from gridlingua.semantics.schema import conform, leaf, subschemas
from gridlingua.semantics.shacl import judge
from gridlingua.semantics.units import BY_TERM, UNITS, Unit
from gridlingua.testing import messages

MINTER = Minter("https://party.example.org/")
CATALOGUE = load(shipped())
STATED = (
    "data_sharing/metering",
    "flexibility/activation_plan",
    "flexibility/needs",
    "flexibility/needs_publication",
    "flexibility/offers",
)
EXCHANGES = {name: CATALOGUE[name] for name in STATED}

ACTIVE, REACTIVE = ("W", "kW", "MW"), ("var", "kvar", "Mvar")
STEPS = {1: timedelta(minutes=15), 2: timedelta(hours=1), 3: timedelta(days=1)}

Values = dict[str, Any]
"""The JSON values of one element, by variable."""


@dataclass(frozen=True)
class Rule:
    """What SHACL must see. ``mend`` makes the n-th element keep it, ``break_`` draws values that break it."""

    name: str
    variables: frozenset[str]
    told: str
    mend: Callable[[Values, int], Values]
    break_: Callable[[Values, Sequence[str]], st.SearchStrategy[Values]]

    def applies(self, exchange: Exchange, part: Part) -> bool:
        """Whether a part has the variables of the rule; a reply may be held against what was asked."""
        mine = mapping_of(exchange, part).fields.keys()
        asked = exchange.request.fields.keys() if part == "reply" else set()
        return self.variables <= mine | asked and bool(self.variables & mine - asked)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def text(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")


def period(start: str, end: str) -> Rule:
    def mend(values: Values, _: int) -> Values:
        first = moment(values[start])
        return {end: values[end] if moment(values[end]) > first else text(first + timedelta(minutes=15))}

    def break_(values: Values, _: Sequence[str]) -> st.SearchStrategy[Values]:
        first = moment(values[start])
        zones = st.sampled_from([first.tzinfo, moment("2026-01-01T00:00:00-05:00").tzinfo])
        back = st.one_of(st.just(timedelta(0)), st.timedeltas(timedelta(microseconds=1), timedelta(days=400)))
        return st.builds(lambda by, zone: {end: text((first - by).astimezone(zone))}, back, zones)

    return Rule(f"{end} after {start}", frozenset({start, end}), "after the start", mend, break_)


def at_least_zero(variable: str, told: str, *, or_equal: bool) -> Rule:
    def mend(values: Values, _: int) -> Values:
        return {variable: abs(values[variable]) or (0 if or_equal else 1)}

    def break_(_: Values, __: Sequence[str]) -> st.SearchStrategy[Values]:
        below = st.integers(1, 10**8).map(lambda number: {variable: -(Decimal(number) / 1000)})
        return below if or_equal else st.one_of(st.just({variable: 0}), below)

    return Rule(f"{variable} {'not below' if or_equal else 'above'} zero", frozenset({variable}), told, mend, break_)


def price(variable: str, told: str) -> Rule:
    """Not below zero, and in EUR/kWh: above 9.999 it is in EUR/MWh."""
    below = at_least_zero(variable, told, or_equal=True)
    most = Decimal("9.999")
    return replace(below, mend=lambda values, n: {variable: min(below.mend(values, n)[variable], most)})


def unit(of: str, allowed: Sequence[str]) -> Rule:
    def mend(values: Values, _: int) -> Values:
        return {"unit": values["unit"] if values["unit"] in allowed else "kW"}

    def break_(_: Values, admitted: Sequence[str]) -> st.SearchStrategy[Values]:
        return st.sampled_from([{"unit": one} for one in admitted if one not in allowed])

    return Rule(f"unit of {of}", frozenset({of, "unit"}), "unit must be one of", mend, break_)


def _mend_kind(values: Values, _: int) -> Values:
    of_kind = ACTIVE if values["typePower"] == "Active" else REACTIVE
    return {"unit": values["unit"] if values["unit"] in of_kind else of_kind[1]}


def _break_kind(values: Values, _: Sequence[str]) -> st.SearchStrategy[Values]:
    return st.sampled_from([{"unit": one} for one in (REACTIVE if values["typePower"] == "Active" else ACTIVE)])


def _mend_plan(values: Values, _: int) -> Values:
    return {"offeredQuantity": max(values["quantity"], values["offeredQuantity"])}


def _break_plan(values: Values, _: Sequence[str]) -> st.SearchStrategy[Values]:
    less = st.integers(1, 10**6).map(lambda number: Decimal(values["quantity"]) - Decimal(number) / 1000)
    return less.map(lambda offered: {"offeredQuantity": offered})


def _mend_grid(values: Values, position: int) -> Values:
    midnight = moment("2026-11-19T00:00:00+01:00")
    return {"time": text(midnight + position * STEPS[values["granularity"]])}


def _break_grid(values: Values, _: Sequence[str]) -> st.SearchStrategy[Values]:
    seconds = STEPS[values["granularity"]].total_seconds()
    off = st.integers(1, int(seconds) - 1) if seconds < 86400 else st.integers(3, 21).map(lambda hours: hours * 3600)
    return off.map(lambda by: {"time": text(moment(values["time"]) + timedelta(seconds=by))})


def _break_overlap(values: Values, _: Sequence[str]) -> st.SearchStrategy[Values]:
    late = st.integers(0, 10).map(lambda days: moment(values["to"]) + timedelta(days=days))
    return late.map(lambda start: {"start": text(start), "end": text(start + timedelta(hours=1))})


def _break_within(values: Values, _: Sequence[str]) -> st.SearchStrategy[Values]:
    return st.integers(0, 10).map(lambda days: {"time": text(moment(values["to"]) + timedelta(days=days))})


def _nothing(_: Values, __: int) -> Values:
    return {}  # replies are drawn for a window that holds every time (ALWAYS)


ALWAYS = {"from": "1900-01-01T00:00:00Z", "to": "2199-12-31T00:00:00Z"}

RULES = [
    period("from", "to"),
    period("start", "end"),
    at_least_zero("quantity", "above zero", or_equal=False),
    price("pricePerUnit", "below zero"),
    at_least_zero("measurement", "below zero", or_equal=True),
    unit("quantity", ACTIVE + REACTIVE),
    unit("measurement", ACTIVE),
    Rule("unit of the kind of power", frozenset({"typePower", "unit"}), "Active power is", _mend_kind, _break_kind),
    Rule("no more than offered", frozenset({"quantity", "offeredQuantity"}), "offered", _mend_plan, _break_plan),
    Rule("overlaps the window", frozenset({"from", "to", "start", "end"}), "overlap", _nothing, _break_overlap),
    Rule("within the period", frozenset({"from", "to", "time"}), "within the period", _nothing, _break_within),
    Rule("on the grid", frozenset({"granularity", "time"}), "off the grid", _mend_grid, _break_grid),
]


def mapping_of(exchange: Exchange, part: Part) -> Mapping:
    return exchange.request if part == "request" else exchange.reply


def schema_of(exchange: Exchange, part: Part) -> Any:
    return exchange.request_schema if part == "request" else exchange.reply_schema


@dataclass(frozen=True)
class Speaker:
    """Makes messages of one part that break no rule, or one, and the rows that SHACL judges."""

    exchange: Exchange
    part: Part

    @property
    def mapping(self) -> Mapping:
        return mapping_of(self.exchange, self.part)

    @cached_property
    def messages(self) -> st.SearchStrategy[Any]:
        return messages(self.exchange, self.part)

    @cached_property
    def asker(self) -> Speaker:
        return Speaker(self.exchange, "request")

    def legal(self, draw: Callable[[Any], Any], request: Rows) -> Rows:
        """The rows of a generated message in which every rule is mended; what a request fixes is taken from it."""
        rows = self._tied(self.rows(draw(self.messages), request), request)
        for rule in RULES:
            if rule.applies(self.exchange, self.part):
                for position, element in enumerate(self.elements(rows, rule)):
                    self.change(element, rule.mend(self.values(element[0], request), position))
        return self.said(rows, request)

    def said(self, rows: Rows, request: Rows) -> Rows:
        """The rows again, by way of the message they say, which must pass its schema."""
        message = lower(self.mapping, rows)
        assert conform(schema_of(self.exchange, self.part), message) == []
        return self.rows(message, request)

    def rows(self, message: Any, request: Rows) -> Rows:
        known = request[0] if self.part == "reply" and self.exchange.kind == "ask" else {}
        return lift(self.mapping, message, MINTER, known)

    def elements(self, rows: Rows, rule: Rule) -> list[Rows]:
        """Rows by the element of the message that a rule is about."""
        depth = max(self.mapping.level_of(name) for name in rule.variables if name in self.mapping.fields)
        names = [field.variable for level in self.mapping.levels[: depth + 1] for field, _ in level.fields]
        found: dict[tuple[str, ...], Rows] = {}
        for row in rows:
            found.setdefault(tuple(row[name] for name in names), []).append(row)
        return list(found.values())

    def values(self, row: Row, request: Rows) -> Values:
        fields = self.exchange.request.fields | self.mapping.fields
        whole = (request[0] if request else {}) | row
        return {name: field.converter.read(whole[name]) for name, field in fields.items() if name in whole}

    def change(self, rows: Rows, values: Values) -> None:
        for row in rows:
            row |= {name: self.mapping.fields[name].converter.write(value) for name, value in values.items()}

    def units(self) -> list[str]:
        """The units that the schema admits."""
        if "unit" not in self.mapping.fields:
            return []
        way = subschemas(schema_of(self.exchange, self.part), self.mapping.fields["unit"].pointer)
        assert way
        return list(way[-1][0]["enum"])

    def _tied(self, rows: Rows, request: Rows) -> Rows:
        shared = [name for name in self.mapping.fields if request and name in request[0]]
        if not shared:
            return rows
        subjects = iter(project(request, shared))
        about: dict[tuple[str, ...], Row] = {}
        kept = []
        for row in rows:
            element = tuple(row[name] for name in self.mapping.fields if self.mapping.level_of(name) <= 1)
            if element not in about and (subject := next(subjects, None)):
                about[element] = subject
            if element in about:
                kept.append(row | about[element])
        return kept

    def verdict(self, rows: Rows, request: Rows) -> Any:
        whole = rows if self.part == "request" else join(rows, request)
        return judge(self.exchange.judged[self.part], whole, self.exchange.shapes)


@st.composite
def legal(draw: Any, speaker: Speaker) -> tuple[Rows, Rows]:
    """Rows of a message that breaks no rule, and of the request it replies to (none for a request)."""
    request: Rows = []
    if speaker.part == "reply":
        request = speaker.asker.legal(draw, [])
        if ALWAYS.keys() <= speaker.exchange.request.fields.keys():
            speaker.asker.change(request, ALWAYS)
            request = speaker.asker.said(request, [])
    rows = speaker.legal(draw, request)
    assume(rows)
    return rows, request


@st.composite
def broken(draw: Any, speaker: Speaker, rule: Rule) -> tuple[Rows, Rows]:
    """The same with one rule broken in one element."""
    rows, request = draw(legal(speaker))
    element = draw(st.sampled_from(speaker.elements(rows, rule)))
    speaker.change(element, draw(rule.break_(speaker.values(element[0], request), speaker.units())))
    return speaker.said(rows, request), request


def speakers() -> Iterator[Any]:
    for exchange in EXCHANGES.values():
        for part in ("request", "reply"):
            yield pytest.param(Speaker(exchange, part), id=f"{exchange.id} {part}")


def breaches() -> Iterator[Any]:
    for exchange in EXCHANGES.values():
        for part in ("request", "reply"):
            for rule in RULES:
                if rule.applies(exchange, part):
                    yield pytest.param(Speaker(exchange, part), rule, id=f"{exchange.id} {part}: {rule.name}")


@pytest.mark.parametrize("speaker", list(speakers()))
def test_a_message_that_breaks_no_rule_conforms(speaker: Speaker) -> None:
    @settings(max_examples=10)
    @given(legal(speaker))
    def check(said: tuple[Rows, Rows]) -> None:
        assert speaker.verdict(*said).violations == ()

    check()


@pytest.mark.parametrize(("speaker", "rule"), list(breaches()))
def test_a_message_that_breaks_a_rule_is_refused(speaker: Speaker, rule: Rule) -> None:
    @settings(max_examples=6)
    @given(broken(speaker, rule))
    def check(said: tuple[Rows, Rows]) -> None:
        violations = speaker.verdict(*said).violations
        assert any(rule.told in one.message for one in violations), violations

    check()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_no_rule_is_without_an_exchange_that_it_applies_to(rule: Rule) -> None:
    assert any(rule.applies(exchange, part) for exchange in EXCHANGES.values() for part in ("request", "reply"))


SERIES = [exchange for exchange in EXCHANGES.values() if {"time", "measurement"} <= exchange.reply.fields.keys()]


@pytest.mark.parametrize("exchange", SERIES, ids=lambda exchange: exchange.id)
@pytest.mark.parametrize("same_value", [True, False], ids=["with the same value", "with another value"])
def test_two_readings_for_one_instant_are_refused(exchange: Exchange, same_value: bool) -> None:
    """As a foreign peer could send them: rows with nodes of their own. Our lift never makes such rows."""
    speaker = Speaker(exchange, "reply")
    depth = speaker.mapping.level_of("time")
    nodes = [node.variable for node in speaker.mapping.levels[depth].nodes]

    @settings(max_examples=10)
    @given(legal(speaker), st.data())
    def check(said: tuple[Rows, Rows], data: Any) -> None:
        rows, request = said
        twin = dict(data.draw(st.sampled_from(rows)))
        twin |= {name: f"<https://foreign.example.org/{name}>" for name in nodes}
        if not same_value:
            speaker.change([twin], {"measurement": speaker.values(twin, request)["measurement"] + 1})
        assert any(
            "one value for an instant" in one.message for one in speaker.verdict([*rows, twin], request).violations
        )

    check()


def test_some_exchange_has_readings() -> None:
    assert SERIES


def units_of(exchange: Exchange) -> Iterator[tuple[Part, str, Any]]:
    """Every field of a unit, with an example that has it."""
    case = min((one for one in exchange.examples if "reply" in one.messages), key=lambda one: len(str(one.messages)))
    for part in ("request", "reply"):
        for name, field in mapping_of(exchange, part).fields.items():
            if field.converter.name == "unit" and case.messages[part]:
                yield part, name, case.messages


@pytest.mark.parametrize("exchange", CATALOGUE.exchanges.values(), ids=lambda one: one.id)
def test_a_unit_of_another_kind_is_refused_by_every_exchange(exchange: Exchange) -> None:
    for part, name, said in units_of(exchange):
        mapping = mapping_of(exchange, part)
        asked = lift(exchange.request, said["request"], MINTER)
        given = asked[0] if part == "reply" and exchange.kind == "ask" else {}
        rows = lift(mapping, said[part], MINTER, given)
        kinds = {family(BY_TERM[row[name]]) for row in rows}
        schema = exchange.request_schema if part == "request" else exchange.reply_schema
        for symbol in leaf(schema, mapping.fields[name].pointer)["enum"]:
            if family(UNITS[symbol]) not in kinds:
                wrong = [{**row, name: UNITS[symbol].term} for row in rows]
                assert judged(exchange, part, asked, wrong), f"{part} {name}: {symbol} passes where {kinds} is meant"


def family(unit: Unit) -> str:
    """What a unit must not be mixed up with: the kinds of power are one, an offer says which by its unit."""
    return "power" if unit.kind.endswith(" power") else unit.kind


def judged(exchange: Exchange, part: Part, asked: Rows, rows: Rows) -> bool:
    """Whether SHACL refuses the rows of a part."""
    whole = rows if part == "request" else join(rows, asked) if asked else rows
    return not judge(exchange.judged[part], whole, exchange.shapes).conforms
