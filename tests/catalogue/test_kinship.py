"""Which terms mean the same though they are two."""

import pytest

from gridlingua.catalogue import shipped
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.ontology.generations import Generations
from gridlingua.catalogue.ontology.kinship import Kinship
from gridlingua.catalogue.ontology.terms import expand

KE = "https://w3id.org/knowledge-engine/"


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary.load(shipped().ontologies)


@pytest.fixture(scope="module")
def kinship(vocabulary):
    return Kinship(vocabulary)


@pytest.fixture(scope="module")
def iri(kinship):
    return lambda curie: curie if "://" in curie else expand(curie, kinship.prefixes)


@pytest.mark.parametrize(
    ("left", "right", "relations"),
    [
        ("saref:Observation", "saref:Measurement", ["generation"]),
        ("saref:PropertyValue", "saref:Measurement", ["generation"]),
        ("om:kilowatt", "om:kiloWatt", ["spelling"]),
        ("s4ener:hasDataPoint", "ic-data:hasDatapoint", ["spelling", "generation"]),
        ("s4ener:TimeSeries", "https://saref.etsi.org/saref4enerTimeSeries", ["namespace"]),
        ("s4ener:TimeSeries", "http://saref.etsi.org/saref4ener/TimeSeris", ["namespace", "spelling"]),
        (f"{KE}InformPurpose", "https://www.tno.nl/energy/ontology/interconnect#InformPurpose", ["moved"]),
    ],
)
def test_kin_are_found_with_the_steps_between_them_whichever_stands_left(kinship, iri, left, right, relations):
    found = kinship.between(iri(left), iri(right))
    assert [step.relation for step in found.from_right] == relations
    assert found.from_left == ()
    turned = kinship.between(iri(right), iri(left))
    assert [step.relation for step in turned.from_left] == relations


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("saref:hasValue", "saref:hasResult"),
        ("om:kilowatt", "om:megawatt"),
        ("om:watt", "om:volt"),
        ("s4ener:Upflex", "s4ener:Downflex"),
        ("http://example.org/p", "http://example.org/q"),
        ("http://example.org/query", "http://example.com/query"),
        ("saref:isMeasuredByDevice", "saref:hasMeasurement"),
    ],
)
def test_strangers_are_not_kin(kinship, iri, left, right):
    assert kinship.between(iri(left), iri(right)) is None


def test_inverses_are_found_behind_a_slip_and_a_generation(kinship, iri):
    assert kinship.inverse(iri("s4ener:hasDataPoint"), iri("s4ener:belongsToTimeSeries")).length == 1
    found = kinship.inverse(iri("s4ener:belongsToTimeSeries"), iri("ic-data:hasDatapoint"))
    assert found.inverse == (iri("s4ener:belongsToTimeSeries"), iri("s4ener:hasDataPoint"))
    assert kinship.inverse(iri("s4ener:hasDataPoint"), iri("s4ener:hasUsage")) is None


def test_every_term_of_the_table_is_in_a_list(vocabulary):
    listed = {iri for one in vocabulary.all_lists for iri in one.terms}
    table = Generations.known()
    told = [iri for one in table.successions.values() for iri in (one.old, *one.new)]
    told += [iri for one in table.reshapings for iri in (one.term, one.new)]
    assert [iri for iri in told if iri not in listed] == []


def test_no_successor_is_itself_succeeded():
    table = Generations.known().successions
    assert [new for one in table.values() for new in one.new if new in table] == []
