"""Declarations, and what lift and lower make of them and of messages that do not fit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import yaml

from gridlingua.catalogue.declaration import declaration
from gridlingua.errors import Fault, MessageError
from gridlingua.semantics.lift import lift
from gridlingua.semantics.lower import lower
from gridlingua.semantics.mapping import Mapping, MappingError, Minter, build, parse_pointer, write_pointer
from gridlingua.semantics.rows import Row
from gridlingua.semantics.terms import XSD

OWN = "https://party.example.org/"
SHARED = "https://w3id.org/gridlingua/id/"

NEEDS = """
fields:
  id: {at: /*/id}
  size: {at: /*/size, as: decimal}
  meter: {at: /*/meters/*}
nodes:
  /*: [need]
  /*/meters/*: [{point: "meter/{meter}"}]
keys: {/*: id, /*/meters/*: meter}
"""

COLUMNS = """
fields:
  zone: {at: /zone}
  date: {at: /data/dates/*, as: date}
  size: {at: /data/sizes/*/value, as: decimal}
keys: {/: zone, /data/dates/*: date}
nodes: {/: [report], /data/dates/*: [point]}
columns: [[/data/dates/*, /data/sizes/*]]
"""


def mapping(text: str) -> Mapping:
    return build("service/exchange", "request", declaration(yaml.safe_load(text), {"ex": "http://e/"}))


def lifted(text: str, message: Any, given: Row | None = None) -> list[Row]:
    return lift(mapping(text), message, Minter(OWN), given)


def faults(text: str, message: Any) -> list[str]:
    with pytest.raises(MessageError) as refusal:
        lifted(text, message)
    assert (refusal.value.exchange, refusal.value.part) == ("service/exchange", "request")
    return [str(fault) for fault in refusal.value.faults]


def need(name: str = "1", size: Any = 5, meters: Any = ("M1",)) -> dict[str, Any]:
    return {"id": name, "size": size, "meters": list(meters)}


class TestDeclarations:
    def test_pointers_come_apart_and_together(self) -> None:
        for text in ("/*/a", "/a~1b/~0c", "/*/*"):
            assert write_pointer(parse_pointer(text)) == text
        assert parse_pointer("/a~1b") == ("a/b",)
        assert parse_pointer("/") == parse_pointer("") == ()

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("fields: {a: {at: /*/a}, b: {at: /x/*}}\nkeys: {/*: a, /x/*: b}", "independent arrays"),
            ("fields: {a: {at: /x/*}, b: {at: /y/*}}\nkeys: {/x/*: a, /y/*: b}", "independent arrays"),
            ("fields: {a: {at: /*/a}}", r"the array /\* has no key: name it under keys"),
            ("fields: {a: {at: /a}}\nnodes: {/*: [n]}", r"/\* is no array of this message"),
            ("fields: {a: {at: /a}}\nkeys: {/*: a}", r"/\* is no array of this message"),
            ("fields: {a: {at: /a, as: float}}", "there is no datatype 'float'; there are string, decimal"),
            ("fields: {a: {at: /a, with: rot13}}", "there is no converter 'rot13'; there are iri, unit"),
            ("fields: {a: {at: /a, codes: {x: ex:a, y: ex:a}}}", "two codes stand for one term"),
            ("fields: {a: {at: /a, codes: {x: nonsense}}}", "'nonsense' is not an RDF term"),
            ("nodes: {/: [query]}", "a node at / needs a field at / to be named by, or a template"),
            (
                "fields: {a: {at: /a}, b: {at: /b/*}}\nkeys: {/b/*: b}\nnodes: {/: [query]}",
                "a node at / beside an array needs keys at /, or a template",
            ),
            ("fields: {a: {at: a}}", "'a' is not a JSON Pointer: it starts with /"),
        ],
    )
    def test_what_cannot_be_lifted_and_lowered_is_refused(self, text: str, message: str) -> None:
        with pytest.raises(MappingError, match=message):
            mapping(text)

    def test_levels_are_the_chain_of_arrays(self) -> None:
        found = mapping(NEEDS)
        assert [write_pointer(level.pointer) for level in found.levels] == ["", "/*", "/*/meters/*"]
        assert {name: found.level_of(name) for name in ("id", "need", "meter", "point")} == {
            "id": 1,
            "need": 1,
            "meter": 2,
            "point": 2,
        }


class TestLift:
    def test_rows_come_from_the_innermost_array_with_parents_repeated(self) -> None:
        rows = lifted(NEEDS, [need("1", Decimal("2.50"), ["M1", "M2"]), need("2", 3, ["M1"])])
        size = f'"2.5"^^<{XSD}decimal>'
        assert rows[0] == {
            "id": '"1"',
            "size": size,
            "need": f"<{OWN}service/exchange/need/1>",
            "meter": '"M1"',
            "point": f"<{SHARED}meter/M1>",
        }
        assert [(row["id"], row["meter"]) for row in rows] == [('"1"', '"M1"'), ('"1"', '"M2"'), ('"2"', '"M1"')]

    def test_nodes_are_named_by_the_keys_of_their_level_and_templates_across_exchanges(self) -> None:
        (row,) = lifted(NEEDS, [need("a/b c", 1, ["M/é"])])
        assert row["need"] == f"<{OWN}service/exchange/need/a%2Fb%20c>"
        assert row["point"] == f"<{SHARED}meter/M%2F%C3%A9>"

    def test_a_message_without_keys_names_its_nodes_by_what_it_says(self) -> None:
        text = "fields: {a: {at: /a}}\nnodes: {/: [query]}"
        one, same, other = (lifted(text, {"a": value})[0]["query"] for value in ("x", "x", "y"))
        assert one == same != other

    def test_keys_and_templates_may_come_from_the_request(self) -> None:
        text = 'fields: {t: {at: /*/t}}\nnodes: {/*: [p, {m: "meter/{user}"}]}\nkeys: {/*: [user, t]}'
        (row,) = lifted(text, [{"t": "1"}], {"user": '"U1"'})
        assert row == {"t": '"1"', "p": f"<{OWN}service/exchange/p/U1/1>", "m": f"<{SHARED}meter/U1>"}

    def test_a_node_that_the_request_binds_keeps_its_name(self) -> None:
        (row,) = lifted(NEEDS, [need()], {"need": "<https://other.example.org/need>"})
        assert row["need"] == "<https://other.example.org/need>"

    def test_absence_means_the_default(self) -> None:
        text = "fields: {a: {at: /a}, b: {at: /b, as: boolean, default: false}}"
        assert lifted(text, {"a": "x"}) == lifted(text, {"a": "x", "b": False})
        assert lower(mapping(text), lifted(text, {"a": "x", "b": False})) == {"a": "x"}
        assert lower(mapping(text), lifted(text, {"a": "x", "b": True})) == {"a": "x", "b": True}

    def test_a_key_at_the_root_names_what_stands_beside_an_array(self) -> None:
        data = {"dates": ["2026-01-01"], "sizes": [{"value": 1}]}
        names = {lifted(COLUMNS, {"zone": zone, "data": data})[0]["report"] for zone in ("Z1", "Z2")}
        assert names == {f"<{OWN}service/exchange/report/{zone}>" for zone in ("Z1", "Z2")}

    def test_a_template_of_the_party_is_the_same_in_all_its_exchanges(self) -> None:
        text = "fields: {a: {at: /a}}\nnodes: {/: [{need: './need/{a}'}]}"
        assert lifted(text, {"a": "1"})[0]["need"] == f"<{OWN}need/1>"

    @pytest.mark.parametrize(("value", "segment"), [(".", "%2E"), ("..", "%2E%2E"), ("...", "...")])
    def test_dots_alone_name_no_other_path(self, value: str, segment: str) -> None:
        text = "fields: {a: {at: /a}}\nnodes: {/: [{meter: 'meter/{a}'}]}"
        assert lifted(text, {"a": value})[0]["meter"].endswith(f"/meter/{segment}>")

    def test_columns_advance_together(self) -> None:
        message = {"zone": "Z", "data": {"dates": ["2026-01-02", "2026-01-01"], "sizes": [{"value": 2}, {"value": 1}]}}
        rows = lifted(COLUMNS, message)
        assert [(row["date"][:11], row["size"][:3]) for row in rows] == [('"2026-01-02', '"2"'), ('"2026-01-01', '"1"')]
        assert lower(mapping(COLUMNS), rows) == {
            "zone": "Z",
            "data": {"dates": ["2026-01-01", "2026-01-02"], "sizes": [{"value": 1}, {"value": 2}]},
        }

    @pytest.mark.parametrize(
        ("message", "told"),
        [
            ([need(size="5")], ['/0/size: "5" is not allowed, it must be a number']),
            ([need(), {"id": "2"}], ["/1/size: is missing", "/1/meters: is missing"]),
            ([need(meters=[]), need("2")], ["/0/meters: is an empty array, which rows cannot say"]),
            ([{**need(), "meters": "M1"}], ["/0/meters: is not an array"]),
            ([need(), need("2"), need()], ['/2: a second element with the same id "1"']),
            ([need(meters=["M1", "M1"])], ['/0/meters/1: a second element with the same meters "M1"']),
            ({}, ["/: is not an array"]),
            ([5], ["/0/id: is missing", "/0/size: is missing", "/0/meters: is missing"]),
        ],
    )
    def test_every_fault_is_told_at_its_pointer(self, message: Any, told: list[str]) -> None:
        assert faults(NEEDS, message) == told

    def test_unequal_columns_are_refused(self) -> None:
        message = {"zone": "Z", "data": {"dates": ["2026-01-01"], "sizes": []}}
        assert faults(COLUMNS, message) == ["/data/dates: arrays that run in parallel differ in length: 1, 0"]

    def test_the_first_twenty_faults_are_enough(self) -> None:
        assert len(faults(NEEDS, [need(str(number), size="x") for number in range(1000)])) == 20

    def test_one_instant_in_two_zones_is_one_key(self) -> None:
        text = "fields: {t: {at: /*/t, as: dateTimeStamp}}\nkeys: {/*: t}"
        told = faults(text, [{"t": "2026-11-19T10:00:00Z"}, {"t": "2026-11-19T11:00:00+01:00"}])
        assert told == ['/1: a second element with the same t "2026-11-19T11:00:00+01:00"']


class TestLower:
    def test_elements_come_out_in_the_order_of_their_keys_whatever_the_order_of_rows(self) -> None:
        rows = lifted(NEEDS, [need("2", 1, ["B", "A"]), need("1")])
        wanted = [need("1"), need("2", 1, ["A", "B"])]
        assert lower(mapping(NEEDS), rows) == lower(mapping(NEEDS), rows[::-1]) == wanted

    def test_a_declared_order_goes_before_the_keys_which_break_its_ties(self) -> None:
        text = "fields: {id: {at: /*/id}, rank: {at: /*/rank, as: integer}}\nkeys: {/*: id}\norder: {/*: rank}"
        rows = lifted(text, [{"id": "c", "rank": 1}, {"id": "a", "rank": 2}, {"id": "b", "rank": 1}])
        for one in (rows, rows[::-1]):
            assert [element["id"] for element in lower(mapping(text), one)] == ["b", "c", "a"]

    def test_no_rows_say_an_empty_array_and_nothing_else(self) -> None:
        assert lower(mapping(NEEDS), []) == []
        assert lower(mapping("{}"), []) == {}
        with pytest.raises(MessageError, match="no rows, so there is nothing to say"):
            lower(mapping(COLUMNS), [])

    def test_nodes_and_other_variables_are_ignored(self) -> None:
        rows = [{**row, "need": "<https://other>", "more": '"x"'} for row in lifted(NEEDS, [need()])]
        assert lower(mapping(NEEDS), rows) == [need()]

    def test_two_rows_that_agree_on_a_key_and_differ_in_a_field_are_refused(self) -> None:
        rows = [*lifted(NEEDS, [need(size=5)]), *lifted(NEEDS, [need(size=6)])]
        with pytest.raises(MessageError) as refusal:
            lower(mapping(NEEDS), rows)
        decimal = f"^^<{XSD}decimal>"
        assert refusal.value.faults == (Fault("/*/size", f'two values for id 1: "5"{decimal} and "6"{decimal}'),)

    def test_a_row_without_a_field_is_refused(self) -> None:
        (row,) = lifted(NEEDS, [need()])
        del row["size"]
        with pytest.raises(MessageError, match=r"/\*/size: no term for \?size"):
            lower(mapping(NEEDS), [row])

    def test_a_row_without_a_key_is_refused(self) -> None:
        (row,) = lifted(NEEDS, [need()])
        del row["id"]
        with pytest.raises(MessageError, match=r"/\*/id: no term for \?id"):
            lower(mapping(NEEDS), [row])

    def test_a_term_of_another_kind_is_refused_with_what_is_allowed(self) -> None:
        (row,) = lifted(NEEDS, [need()])
        row["size"] = "<http://e/five>"
        with pytest.raises(MessageError, match=r"/\*/size: <http://e/five> is not allowed for \?size, it must be"):
            lower(mapping(NEEDS), [row])


def test_two_values_at_a_root_that_has_keys_are_refused() -> None:
    text = "fields: {id: {at: /id}, size: {at: /size}}\nkeys: {/: id}"
    with pytest.raises(MessageError, match="two values for one message"):
        lower(mapping(text), [{"id": '"1"', "size": '"a"'}, {"id": '"1"', "size": '"b"'}])
