"""JSON values as terms and back, exactly."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridlingua.errors import MessageError
from gridlingua.semantics.datatypes import CONVERTERS, DATATYPES, Converter, coded, typed
from gridlingua.semantics.schema import conform, python_pattern, read_json, write_json
from gridlingua.semantics.terms import XSD
from gridlingua.semantics.units import UNITS


def converter(name: str) -> Converter:
    return typed(DATATYPES[name])


@pytest.mark.parametrize(
    ("datatype", "value", "lexical"),
    [
        ("decimal", 12, "12"),
        ("decimal", Decimal("12.50"), "12.5"),
        ("decimal", Decimal("-0.0"), "0"),
        ("decimal", Decimal("1E+3"), "1000"),
        ("decimal", Decimal("1E-3"), "0.001"),
        ("decimal", Decimal("0.1234567890123456789012345678901234567890"), "0.123456789012345678901234567890123456789"),
        ("integer", 7, "7"),
        ("integer", Decimal("7.0"), "7"),
        ("boolean", True, "true"),
        ("dateTimeStamp", "2026-11-21T10:00:00+01:00", "2026-11-21T10:00:00+01:00"),
        ("dateTime", "2026-11-21T10:00:00", "2026-11-21T10:00:00"),
        ("date", "2026-02-28", "2026-02-28"),
        ("duration", "PT15M", "PT15M"),
        ("anyURI", "https://a", "https://a"),
    ],
)
def test_a_value_is_written_as_its_datatype_and_read_again(datatype: str, value: Any, lexical: str) -> None:
    found = converter(datatype)
    assert found.write(value) == f'"{lexical}"^^<{XSD}{datatype}>'
    assert found.read(found.write(value)) == value


@pytest.mark.parametrize(
    ("datatype", "value", "meaning"),
    [
        ("string", 5, "a text"),
        ("string", "\ud800", "a text of Unicode characters"),
        ("decimal", "5", "a number"),
        ("decimal", True, "a number"),
        ("decimal", None, "a number"),
        ("decimal", Decimal("NaN"), "a finite number"),
        ("decimal", Decimal("1E+999999999"), "at most 100 digits"),
        ("decimal", Decimal("1E-999999999"), "at most 100 digits"),
        ("integer", Decimal("1.5"), "a whole number"),
        ("integer", Decimal("1E+999999999"), "at most 100 digits"),
        ("boolean", 1, "true or false"),
        ("dateTimeStamp", "2026-11-21T10:00:00", "a time with a zone"),
        ("dateTimeStamp", "2026-11-21", "a time with a zone"),
        ("dateTimeStamp", "2026-13-21T10:00:00Z", "a time with a zone"),
        ("dateTimeStamp", "2026-11-21T10:00:00+25:00", "a time with a zone"),
        ("dateTimeStamp", "2026-11-21T10:00:00+14:01", "a time with a zone"),
        ("dateTime", "2026-11-21T10:00:00-15:00", "a time such as"),
        ("dateTimeStamp", "0001-01-01T00:00:00+01:00", "a time with a zone"),
        ("dateTimeStamp", "9999-12-31T23:59:59-01:00", "a time with a zone"),
        ("dateTimeStamp", "2026-11-21T10:00:00Z\n", "a time with a zone"),
        ("date", "2026-02-30", "a date such as"),
        ("duration", "P", "a duration"),
        ("duration", "PT", "a duration"),
        ("anyURI", "a b", "an IRI"),
    ],
)
def test_a_value_of_another_kind_is_refused_with_what_is_allowed(datatype: str, value: Any, meaning: str) -> None:
    with pytest.raises(ValueError, match=meaning):
        converter(datatype).write(value)


@pytest.mark.parametrize(
    ("datatype", "term"),
    [
        ("decimal", f'"abc"^^<{XSD}decimal>'),
        ("decimal", f'"1e5"^^<{XSD}decimal>'),
        ("decimal", f'"{"1" * 500}"^^<{XSD}decimal>'),
        ("decimal", f'"\u0661"^^<{XSD}decimal>'),
        ("decimal", f'"5"^^<{XSD}integer>'),
        ("decimal", f'"5"^^<{XSD}double>'),
        ("decimal", '"5"'),
        ("decimal", "<http://a>"),
        ("integer", f'"5.0"^^<{XSD}integer>'),
        ("boolean", f'"yes"^^<{XSD}boolean>'),
        ("string", '"a"@en'),
        ("string", f'"a"^^<{XSD}decimal>'),
        ("dateTimeStamp", f'"2026-11-21T10:00:00"^^<{XSD}dateTimeStamp>'),
        ("dateTimeStamp", f'"2026-11-21T10:00:00Z"^^<{XSD}dateTime>'),
    ],
)
def test_a_term_of_another_kind_is_refused(datatype: str, term: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        converter(datatype).read(term)


@pytest.mark.parametrize(
    ("lexical", "value"), [("+5", 5), ("05.50", Decimal("5.5")), (".5", Decimal("0.5")), ("5.", 5)]
)
def test_a_peers_spelling_of_a_number_is_read(lexical: str, value: Any) -> None:
    assert converter("decimal").read(f'"{lexical}"^^<{XSD}decimal>') == value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**60), max_value=10**60, places=30))
def test_no_digit_of_a_decimal_is_lost(value: Decimal) -> None:
    found = converter("decimal")
    assert found.read(found.write(value)) == value


@given(st.integers(-(10**40), 10**40))
def test_whole_numbers_come_back_whole(value: int) -> None:
    for name in ("decimal", "integer"):
        read = converter(name).read(converter(name).write(value))
        assert read == value
        assert isinstance(read, int)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(value: str) -> None:
    assert converter("string").read(converter("string").write(value)) == value


def test_a_time_is_the_instant_it_means() -> None:
    stamp = converter("dateTimeStamp")
    texts = ("2026-11-21T10:00:00Z", "2026-11-21T11:00:00+01:00", "2026-11-21T10:00:00.000Z")
    assert {stamp.identity(stamp.write(text)) for text in texts} == {"2026-11-21T10:00:00Z"}


@pytest.mark.parametrize(
    ("datatype", "one", "other"), [("decimal", "20.0", "20"), ("integer", "+07", "7"), ("boolean", "1", "true")]
)
def test_a_key_is_what_it_means_however_a_peer_spells_it(datatype: str, one: str, other: str) -> None:
    identity = converter(datatype).identity
    assert identity(f'"{one}"^^<{XSD}{datatype}>') == identity(f'"{other}"^^<{XSD}{datatype}>')


def test_codes_are_one_to_one_and_keep_their_order() -> None:
    codes = coded({"Yes": '"true"', "No": '"false"', 3: "<http://e/3>"})
    assert [codes.read(codes.write(value)) for value in ("Yes", "No", 3)] == ["Yes", "No", 3]
    assert sorted(["No", 3, "Yes"], key=codes.order) == ["Yes", "No", 3]
    for value in ("Maybe", True, None, [], Decimal(3)):
        with pytest.raises(ValueError, match="one of Yes, No, 3"):
            codes.write(value)
    with pytest.raises(ValueError, match='that is one of "true", "false", <http://e/3>'):
        codes.read('"maybe"')


def test_units_are_told_by_their_symbol() -> None:
    unit = CONVERTERS["unit"]
    assert all(unit.read(unit.write(symbol)) == symbol for symbol in UNITS)
    with pytest.raises(ValueError, match="one of W, kW, MW"):
        unit.write("horsepower")


def test_an_iri_is_carried_as_a_resource() -> None:
    found = CONVERTERS["iri"]
    assert found.write("https://e/1") == "<https://e/1>"
    assert found.read("<https://e/1>") == "https://e/1"
    for refused in (lambda: found.write("a b"), lambda: found.read('"https://e/1"')):
        with pytest.raises(ValueError, match="an IRI"):
            refused()


def test_json_is_read_without_floats_and_written_as_it_was() -> None:
    text = '{"a": [0.1, 1.10, 100000000000000000000.5, 7, "é"]}'
    message = read_json(text)
    assert message["a"][:2] == [Decimal("0.1"), Decimal("1.10")]
    assert write_json(message) == text


@pytest.mark.parametrize("text", ["", "{", "[NaN]", "[Infinity]", "[1,]", b"\xff\xfe", "[" * 100_000, "1" * 5000])
def test_what_is_not_json_is_a_message_error(text: str | bytes) -> None:
    with pytest.raises(MessageError, match="not JSON: "):
        read_json(text)


def test_a_schemas_pattern_ends_at_the_end() -> None:
    schema = {"type": "string", "pattern": "^[a$]{1,3}$"}
    assert conform(schema, "a$") == []
    assert [str(fault) for fault in conform(schema, "a\n")] == [r'/: "a\n" does not match ^[a$]{1,3}$']
    assert python_pattern(r"\$[$]$") == r"\$[$]\Z"


def test_a_schemas_faults_name_the_place_and_do_not_print_a_book() -> None:
    schema = {"type": "array", "items": {"type": "string", "maxLength": 3}}
    faults = conform(schema, ["ok", "x" * 10_000] + ["long"] * 50)
    assert [fault.pointer for fault in faults[:2]] == ["/1", "/2"]
    assert len(faults) == 20
    assert all(len(fault.message) <= 200 for fault in faults)


@pytest.mark.parametrize(
    ("schema", "value", "told"),
    [
        ({"minimum": Decimal("0.1")}, Decimal("0.05"), "/: 0.05 is not allowed, it must be at least 0.1"),
        ({"maximum": Decimal("0.1")}, Decimal("0.2"), "/: 0.2 is not allowed, it must be at most 0.1"),
        ({"exclusiveMinimum": 0}, 0, "/: 0 is not allowed, it must be above 0"),
        ({"exclusiveMaximum": 0}, 0, "/: 0 is not allowed, it must be below 0"),
        ({"multipleOf": Decimal("0.25")}, Decimal("0.3"), "/: 0.3 is not allowed, it must be a multiple of 0.25"),
    ],
)
def test_bounds_are_told_in_the_numbers_of_the_message(schema: dict[str, Any], value: Any, told: str) -> None:
    assert [str(fault) for fault in conform({"type": "number", **schema}, value)] == [told]
