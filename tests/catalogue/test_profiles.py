"""A second generation of vocabulary: its own ontologies, its own codes, and the spellings that peers deployed."""

from __future__ import annotations

from typing import Any

import pytest

from gridlingua.catalogue import load, request_message, request_rows
from gridlingua.catalogue.checking.subject import MINTER

OFFERS = "graph_patterns/flexibility/offers"
ARGUMENT = f"{OFFERS}/interconnect.argument.rq"
METERS = "?meter a saref:Meter ; s4ener:deviceCode ?meterId ."


@pytest.fixture
def offers(copy: Any) -> Any:
    found = copy(OFFERS)
    assert METERS in (found.root / ARGUMENT).read_text()
    return found


def told(copy: Any) -> list[str]:
    """The errors; what is a warning, such as the size of a pattern, the catalogue's policy excepts."""
    return [one.message for one in copy.problems() if one.severity == "error"]


def test_a_term_of_the_other_generation_is_refused_by_name(offers: Any) -> None:
    offers.edit(ARGUMENT, "?meter a saref:Meter", "?meter a saref:Observation")
    (problem,) = offers.problems("terms")
    assert problem.message.startswith("saref:Observation is of saref 4.1.1, which interconnect does not use")
    assert problem.line == offers.line(ARGUMENT, "saref:Observation")


def test_a_misspelt_term_is_refused_with_what_was_meant(offers: Any) -> None:
    offers.edit(ARGUMENT, "s4ener:deviceCode", "s4ener:devicecode")
    assert told(offers) == ["s4ener:devicecode is in no ontology in use: did you mean s4ener:deviceCode?"]


def test_a_deployed_spelling_is_accepted_where_it_is_marked(offers: Any) -> None:
    mark = "# deployed: s4ener:devicecode for s4ener:deviceCode"
    offers.edit(ARGUMENT, METERS, f"{mark}\n  {METERS.replace('deviceCode', 'devicecode')}")
    assert told(offers) == []


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("s4ener:deviceCode for s4ener:deviceCode", "s4ener:deviceCode exists, so it needs no mark"),
        ("s4ener:devicecode for s4ener:deviceCode", "no pattern and no code of interconnect uses s4ener:devicecode"),
    ],
)
def test_a_mark_that_marks_nothing_is_refused(mark: str, said: str, offers: Any) -> None:
    offers.edit(ARGUMENT, METERS, f"# deployed: {mark}\n  {METERS}")
    (problem,) = offers.problems("terms")
    assert said in problem.message
    assert problem.line == offers.line(ARGUMENT, "# deployed")


def test_a_mark_names_a_term_that_exists(offers: Any) -> None:
    mark = "# deployed: s4ener:devicecode for s4ener:codeOfDevice"
    offers.edit(ARGUMENT, METERS, f"{mark}\n  {METERS.replace('deviceCode', 'devicecode')}")
    assert told(offers) == [
        "s4ener:devicecode is marked as deployed for s4ener:codeOfDevice, which is in no ontology in use"
    ]


def test_a_deployed_spelling_has_no_place_in_the_judged_profile(offers: Any) -> None:
    path = f"{OFFERS}/saref4.argument.rq"
    offers.edit(path, "saref:hasIdentifier ?meterId", "saref:hasIdentifer ?meterId")
    offers.edit(path, "CONSTRUCT WHERE {", "# deployed: saref:hasIdentifer for saref:hasIdentifier\nCONSTRUCT WHERE {")
    assert told(offers) == [
        "a deployed spelling has no place in saref4, which is ours to write: use saref:hasIdentifier",
        "saref:hasIdentifer is in no ontology in use: did you mean saref:hasIdentifier or s4ener:hasTaskIdentifier?",
    ]


def test_a_deployed_spelling_of_one_profile_is_no_term_of_another_exchange(copy: Any) -> None:
    both = copy(OFFERS, "graph_patterns/flexibility/activation_plan")
    mark = "# deployed: s4ener:devicecode for s4ener:deviceCode"
    both.edit(ARGUMENT, METERS, f"{mark}\n  {METERS.replace('deviceCode', 'devicecode')}")
    other = "graph_patterns/flexibility/activation_plan/interconnect.argument.rq"
    text = (both.root / other).read_text()
    both.write(other, text.replace("dcterms:identifier", "s4ener:devicecode", 1))
    assert [one.path for one in both.problems("terms") if one.check == "terms"] == [other]


def test_a_profile_may_write_a_code_with_another_term(offers: Any) -> None:
    path = f"{OFFERS}/exchange.yaml"
    unit = "unit: {at: /*/measurementUnit, with: unit}"
    codes = "{codes: {kW: om:kiloWatt, MW: om:megawatt}}"
    offers.edit(path, unit, f"unit: {{at: /*/measurementUnit, with: unit, profiles: {{interconnect: {codes}}}}}")
    (problem, *_) = offers.problems("terms")
    assert problem.message.startswith("?unit: om:kiloWatt is in no ontology in use: did you mean om:kilowatt")
    offers.edit(ARGUMENT, METERS, f"# deployed: om:kiloWatt for om:kilowatt\n  {METERS}")
    assert not offers.problems("terms")
    exchange = load(offers.content)["flexibility/offers"]
    message = exchange.examples[0].messages["request"]
    om = "<http://www.ontology-of-units-of-measure.org/resource/om-2/"
    sent = {name: request_rows(exchange, message, MINTER, name).rows for name in exchange.profiles}
    assert {name: rows[0]["unit"] for name, rows in sent.items()} == {
        "saref4": f"{om}kilowatt>",
        "interconnect": f"{om}kiloWatt>",
    }
    assert all(request_message(exchange, rows, name, MINTER).message == message for name, rows in sent.items())


def test_how_a_profile_writes_a_field_needs_patterns_of_that_profile(offers: Any) -> None:
    path = f"{OFFERS}/exchange.yaml"
    unit = "unit: {at: /*/measurementUnit, with: unit}"
    other = "profiles: {cim: {codes: {kW: om:kilowatt}}}"
    offers.edit(path, unit, f"unit: {{at: /*/measurementUnit, with: unit, {other}}}")
    assert told(offers) == ["request: the folder has no pattern of the profile cim"]
