"""A message becomes rows, is judged, and becomes a message again.

The reply of `data_sharing/metering` for a day and for a year of quarter-hours. The baseline of the first tables is what
one would write by hand: the same graph built with rdflib from the JSON, and validated by pySHACL with the same shapes;
that the graphs are the same is checked first. The last tables leave SHACL out, and compare with parsing the text.
*The whole path* is what an adapter does: the responder's JSON Schema, lift, join with the request and SHACL, then the
initiator's lower, JSON Schema and SHACL.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pyshacl
from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef

from benchmarks.readings import DAY, YEAR, reply, request
from benchmarks.timing import Group, Plan
from gridlingua.catalogue import JUDGED_PROFILE, Exchange, load, reply_message, reply_rows, request_rows, shipped
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.lift import lift
from gridlingua.semantics.lower import lower
from gridlingua.semantics.mapping import Minter
from gridlingua.semantics.patterns import instantiate
from gridlingua.semantics.rows import Row, Rows
from gridlingua.semantics.schema import write_json
from gridlingua.semantics.shacl import judge

GL = Namespace("https://w3id.org/gridlingua#")
S4ENER = Namespace("https://saref.etsi.org/saref4ener/")
S4GRID = Namespace("https://saref.etsi.org/saref4grid/")
SAREF = Namespace("https://saref.etsi.org/core/")
TIME = Namespace("http://www.w3.org/2006/time#")
OM = Namespace("http://www.ontology-of-units-of-measure.org/resource/om-2/")

DSO = Minter("https://dso.example.org/kb/")


def measure(plan: Plan) -> Iterator[Group]:
    exchange = load(shipped())["data_sharing/metering"]
    for count, name, runs in ((DAY, "A day, 96 readings", 0), (YEAR, "A year, 35,040 readings", 1)):
        if not plan.quick or count == DAY:
            yield from Case(exchange, count).measured(plan, name, runs)


class Case:
    """One length of message, ready to be measured."""

    def __init__(self, exchange: Exchange, count: int) -> None:
        self.exchange = exchange
        self.message = reply(count)
        self.text = write_json(self.message)
        self.asked = request_rows(exchange, request(count), DSO).rows
        self.rows = self.lifted()
        if set(self.by_hand()) != set(instantiate(exchange.judged["reply"], self.rows)):
            raise RuntimeError("what is compared does not build the same graph")

    def measured(self, plan: Plan, name: str, runs: int) -> Iterator[Group]:
        """``runs`` for what takes long."""
        graph = self.instantiated()
        both = {"by hand: rdflib and pySHACL": self.built_and_validated, "lift + validate + lower": self.there_and_back}
        shares = {"pySHACL alone": lambda: self.validated(graph), "the whole path of both parties": self.whole_path}
        yield plan.compare(f"{name}: there and back", {**both, **shares}, runs)
        parts = {
            "by hand: build the graph": self.by_hand,
            "lift": self.lifted,
            "instantiate the pattern": self.instantiated,
            "lower": self.lowered,
        }
        yield plan.compare(f"{name}: the parts without SHACL", parts, 3 if runs else 0)
        light = {
            "json.loads of the message": lambda: json.loads(self.text, parse_float=Decimal),
            "lift + lower": self.lifted_and_lowered,
        }
        yield plan.compare(f"{name}: translation alone", light)

    def lifted(self) -> Rows:
        """The rows of the reply, each with what the request said."""
        given: Row = self.asked[0]
        return [{**given, **row} for row in lift(self.exchange.reply, self.message, DSO, given)]

    def instantiated(self) -> Graph:
        return instantiate(self.exchange.judged["reply"], self.rows)

    def lowered(self) -> Json:
        return lower(self.exchange.reply, self.rows)

    def lifted_and_lowered(self) -> Json:
        return lower(self.exchange.reply, lift(self.exchange.reply, self.message, DSO, self.asked[0]))

    def there_and_back(self) -> Json:
        rows = self.lifted()
        if not judge(self.exchange.judged["reply"], rows, self.exchange.shapes).conforms:
            raise RuntimeError("the readings are refused")
        return lower(self.exchange.reply, rows)

    def whole_path(self) -> Json:
        rows = reply_rows(self.exchange, self.message, self.asked, JUDGED_PROFILE, DSO).rows
        return reply_message(self.exchange, rows, self.asked, JUDGED_PROFILE, DSO).message

    def built_and_validated(self) -> None:
        self.validated(self.by_hand())

    def validated(self, graph: Graph) -> None:
        conforms, _, text = pyshacl.validate(graph, shacl_graph=self.exchange.shapes.graph, inference="none")
        if not conforms:
            raise RuntimeError(text)

    def by_hand(self) -> Graph:
        """The graph of request and reply, as one would write it for this exchange alone."""
        graph = Graph()
        asked: dict[str, URIRef | Literal] = {name: _node(term) for name, term in self.asked[0].items()}
        _add_query(graph, asked)
        for series in self.message:
            user = URIRef(f"https://dso.example.org/kb/data_sharing/metering/series/{series['user']}/PT15M")
            graph.add((asked["query"], GL.answeredBy, user))
            graph.add((user, RDF.type, S4ENER.TimeSeries))
            graph.add((user, S4ENER.producedBy, asked["meter"]))
            graph.add((user, S4ENER.hasUsage, S4ENER.Consumption))
            graph.add((user, S4ENER.hasTemporalResolution, asked["granularity"]))
            for reading in series["metering"]:
                _add_reading(graph, user, asked["granularity"], reading, f"{series['user']}/PT15M")
        return graph


def _node(term: str) -> URIRef | Literal:
    if term.startswith("<"):
        return URIRef(term[1:-1])
    text, _, datatype = term.partition("^^")
    return Literal(text[1:-1], datatype=URIRef(datatype[1:-1]), normalize=False) if datatype else Literal(text[1:-1])


def _add_query(graph: Graph, asked: dict[str, URIRef | Literal]) -> None:
    query, window, meter = asked["query"], asked["window"], asked["meter"]
    graph.add((query, RDF.type, GL.MeteringQuery))
    graph.add((query, GL.concerns, meter))
    graph.add((query, GL.grantReference, asked["grant"]))
    graph.add((query, S4ENER.hasTemporalResolution, asked["granularity"]))
    graph.add((query, S4ENER.hasEffectivePeriod, window))
    graph.add((window, RDF.type, TIME.Interval))
    for property_, node, value in ((TIME.hasBeginning, "windowBegin", "from"), (TIME.hasEnd, "windowEnd", "to")):
        graph.add((window, property_, asked[node]))
        graph.add((asked[node], RDF.type, TIME.Instant))
        graph.add((asked[node], TIME.inXSDDateTimeStamp, asked[value]))
    graph.add((meter, RDF.type, S4GRID.GridMeter))
    graph.add((meter, SAREF.hasIdentifier, asked["user"]))


def _add_reading(graph: Graph, series: URIRef, granularity: Any, reading: Json, path: str) -> None:
    name = f"{path}/{reading['time'].replace(':', '%3A')}"
    point, period, begin, value = (
        URIRef(f"https://dso.example.org/kb/data_sharing/metering/{kind}/{name}")
        for kind in ("point", "period", "begin", "value")
    )
    graph.add((point, RDF.type, S4ENER.DataPoint))
    graph.add((point, S4ENER.belongsToTimeSeries, series))
    graph.add((point, S4ENER.hasEffectivePeriod, period))
    graph.add((point, SAREF.hasResult, value))
    graph.add((period, RDF.type, TIME.Interval))
    graph.add((period, TIME.hasBeginning, begin))
    graph.add((period, TIME.hasXSDDuration, granularity))
    graph.add((begin, RDF.type, TIME.Instant))
    graph.add((begin, TIME.inXSDDateTimeStamp, Literal(reading["time"], datatype=XSD.dateTimeStamp, normalize=False)))
    graph.add((value, RDF.type, SAREF.PropertyValue))
    graph.add((value, SAREF.isValueOfProperty, S4GRID.ActivePower))
    graph.add((value, SAREF.hasValue, Literal(str(reading["measurement"]), datatype=XSD.decimal, normalize=False)))
    graph.add((value, SAREF.isMeasuredIn, OM.kilowatt))
