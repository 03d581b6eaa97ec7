"""The vocabulary: what is known, what was meant, and what a reasoner is given."""

import time
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from gridlingua.catalogue.content import EXTENSION_BASE, shipped
from gridlingua.catalogue.ontology import EXTENSION, Vocabulary, read_list
from gridlingua.errors import CatalogueError

FOLDER = shipped().ontologies
SAREF, ENER = "https://saref.etsi.org/core/", "https://saref.etsi.org/saref4ener/"
OM, TIME = "http://www.ontology-of-units-of-measure.org/resource/om-2/", "http://www.w3.org/2006/time#"
UNIT = "http://qudt.org/vocab/unit/"

EXTENSION_TEXT = f"""
@prefix my: <{EXTENSION_BASE}> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> .
@prefix om: <{OM}> . @prefix saref: <{SAREF}> .
my: a owl:Ontology ; owl:versionInfo "7" .
my:Zone a owl:Class ; rdfs:subClassOf saref:FeatureOfInterest ; rdfs:label "zone" .
om:Unit rdfs:subClassOf saref:UnitOfMeasure .
"""


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load(FOLDER)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in FOLDER.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / EXTENSION).write_text(EXTENSION_TEXT)
    return tmp_path


def test_a_term_is_found_by_its_iri(vocabulary):
    request = vocabulary.find(ENER + "FlexRequest")
    assert request is not None
    assert (request.kind, request.source, request.borrowed) == ("class", "s4ener 2.1.1", False)
    assert vocabulary.find(ENER + "flexRequest") is None


def test_terms_of_rdf_owl_and_xsd_are_known(vocabulary):
    for iri, kind in ((RDF.type, "object property"), (OWL.Class, "class"), (RDFS.label, "annotation property")):
        assert vocabulary.find(str(iri)).kind == kind
    assert vocabulary.find("http://www.w3.org/2001/XMLSchema#dateTimeStamp").kind == "datatype"
    assert vocabulary.find("http://www.w3.org/2001/XMLSchema#datetime") is None


def test_a_term_that_several_ontologies_declare_has_the_entry_of_its_own(vocabulary):
    interval = vocabulary.find(TIME + "Interval")
    assert (interval.source, interval.borrowed) == ("time 2024-02", False)


def test_a_term_that_its_own_ontology_dropped_is_not_known_because_another_borrows_it(vocabulary):
    assert vocabulary.strays.keys() == {SAREF + "hasPrice"}
    assert vocabulary.find(SAREF + "hasPrice") is None
    assert vocabulary.suggestions(SAREF + "hasPrice") == ["saref:profileHasPrice"]


def test_every_official_term_is_known_and_its_namespace_is_not_corrected(vocabulary):
    for path in FOLDER.glob("*.json"):
        one = read_list(path)
        vocabulary = vocabulary.of(next(iter(one.profiles), "saref4"))
        for iri in one.terms.keys() - vocabulary.strays.keys():
            assert vocabulary.find(iri), iri
            assert vocabulary.near_namespace(iri) is None, iri


def test_names_are_shortened_with_the_registry(vocabulary):
    assert vocabulary.curie(ENER + "FlexOffer") == "s4ener:FlexOffer"
    assert vocabulary.curie(UNIT + "KiloV-A_Reactive") == "unit:KiloV-A_Reactive"
    assert vocabulary.curie("https://dso.example.org/meter/1") == "<https://dso.example.org/meter/1>"
    assert vocabulary.prefixes["s4grid"] == "https://saref.etsi.org/saref4grid/"


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        (OM + "kiloWatt", "om:kilowatt"),
        (OM + "kilowatthour", "om:kilowattHour"),
        (OM + "Percent", "om:percent"),
        (SAREF + "EuroPerKilowattHour", "s4ener:EuroPerKilowattHour"),
        (SAREF + "hasStartTime", "s4ener:hasStartTime"),
        (SAREF + "ActivePower", "s4grid:ActivePower"),
        (TIME + "inXSDDataTimeStamp", "time:inXSDDateTimeStamp"),
        (TIME + "instant", "time:Instant"),
        (TIME + "interval", "time:Interval"),
        (ENER + "hasDatapoint", "s4ener:hasDataPoint"),
        (ENER + "v2.1.1/FlexOffer", "s4ener:FlexOffer"),
        (UNIT + "KiloVAr", "unit:KiloVAR"),
        ("http://www.wurvoc.org/vocabularies/om-1.8/kilowatt", "om:kilowatt"),
        ("http://ontology.tno.nl/interconnect/datapoint#TimeSeries", "s4ener:TimeSeries"),
        (str(RDF) + "Type", "rdf:type"),
        (str(OWL) + "class", "owl:Class"),
    ],
)
def test_a_typo_seen_in_real_patterns_is_answered_with_the_term_that_was_meant(vocabulary, wrong, meant):
    assert vocabulary.find(wrong) is None
    assert vocabulary.suggestions(wrong)[0] == meant


@pytest.mark.parametrize("far", [SAREF + "Measurement", SAREF + "Room", ENER + "hasToplogicalAssociation", "urn:x"])
def test_nothing_is_suggested_when_nothing_is_close(vocabulary, far):
    assert vocabulary.suggestions(far) == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("https://saref.etsi.org/saref4enerTimeSeries", ENER + "TimeSeries"),
        ("http://saref.etsi.org/core/Device", SAREF + "Device"),
        ("https://saref.etsi.org/core#Device", SAREF + "Device"),
        ("https://saref.etsi.org/core//Device", SAREF + "Device"),
        ("https://saref.etsi.org/SAREF4ENER/FlexOffer", ENER + "FlexOffer"),
        ("https://saref.etsi.org/saref4eners/FlexOffer", ENER + "FlexOffer"),
        ("https://www.w3.org/2006/time#Interval", TIME + "Interval"),
        ("http://www.w3.org/2006/time/Interval", TIME + "Interval"),
        ("rdf:type", str(RDF.type)),
        ("s4ener:TimeSeries", ENER + "TimeSeries"),
    ],
)
def test_a_namespace_one_slip_away_is_put_right(vocabulary, wrong, right):
    assert vocabulary.near_namespace(wrong) == right
    assert vocabulary.suggestions(wrong) == [vocabulary.curie(right)]


@pytest.mark.parametrize(
    "iri",
    [
        SAREF + "Device",
        SAREF + "NoSuchTerm",
        "https://dso.example.org/meter/1",
        "http://www.wurvoc.org/vocabularies/om-1.8/kilowatt",
        "s4watr:Pump",
        "https://saref.etsi.org/saref4wear/Wearable",
    ],
)
def test_a_namespace_that_is_known_or_far_from_all_is_left_alone(vocabulary, iri):
    assert vocabulary.near_namespace(iri) is None


def test_superclasses_reach_across_ontologies(vocabulary):
    above = vocabulary.superclasses("https://saref.etsi.org/saref4grid/GridMeter")
    assert {SAREF + "Meter", SAREF + "Device", "https://saref.etsi.org/saref4syst/System"} <= above
    assert "https://saref.etsi.org/saref4grid/GridMeter" not in above
    assert ENER + "hasPowerLimitConsumptionMax" in vocabulary.superclasses(ENER + "hasContractualConsumptionMax")
    assert vocabulary.superclasses("urn:nobody") == frozenset()


def test_our_extension_is_read_with_the_lists(folder):
    vocabulary = Vocabulary.load(folder)
    zone = vocabulary.find(EXTENSION_BASE + "Zone")
    assert (zone.kind, zone.source, vocabulary.curie(zone.iri)) == ("class", "my 7", "my:Zone")
    assert vocabulary.find(OM + "Unit").source == "om 2.0.59"
    assert SAREF + "UnitOfMeasure" in vocabulary.superclasses(OM + "PrefixedUnit")


def test_our_extension_moves_to_the_base_that_is_configured(folder):
    base = "https://dso.example.org/terms/"
    vocabulary = Vocabulary.load(folder, base)
    assert vocabulary.find(base + "Zone")
    assert vocabulary.find(EXTENSION_BASE + "Zone") is None
    assert vocabulary.prefixes["my"] == base


def test_the_extension_of_this_project_is_small_and_adds_nothing_to_official_namespaces(vocabulary):
    ours = vocabulary.lists[-1]
    assert ours.namespace == EXTENSION_BASE
    assert 0 < sum(not term.borrowed for term in ours.terms.values()) < 40
    assert not ours.terms.keys() & vocabulary.strays.keys()


def test_the_graph_says_union_and_intersection_of_domains_differently(vocabulary):
    graph = vocabulary.graph()
    assert set(graph.objects(URIRef(ENER + "hasCost"), RDFS.domain)) == {
        URIRef(ENER + "FlexibilityInstruction"),
        URIRef(ENER + "OperationMode"),
    }
    (union,) = graph.objects(URIRef(SAREF + "hasProfile"), RDFS.domain)
    members = graph.value(union, OWL.unionOf)
    assert set(graph.items(members)) == {URIRef(SAREF + "Device"), URIRef(SAREF + "DeviceKind")}


def test_the_graph_holds_what_the_official_file_says_of_a_property(vocabulary):
    graph, syst = vocabulary.graph(), "https://saref.etsi.org/saref4syst/"
    connection = URIRef(syst + "subSystemOf")
    assert set(graph.objects(connection, RDF.type)) == {OWL.ObjectProperty, OWL.TransitiveProperty}
    assert set(graph.objects(connection, OWL.inverseOf)) == {URIRef(syst + "hasSubSystem")}
    assert (URIRef(syst + "Connection"), OWL.disjointWith, URIRef(syst + "System")) in graph
    assert (URIRef(ENER + "EuroPerKilowattHour"), RDF.type, URIRef(SAREF + "UnitOfMeasure")) in graph
    assert (URIRef(SAREF + "hasPrice"), None, None) not in graph


def test_the_graph_holds_the_whole_extension(folder):
    written = Graph().parse(data=EXTENSION_TEXT, format="turtle")
    assert not set(written) - set(Vocabulary.load(folder).graph())


def test_each_graph_is_a_new_one(vocabulary):
    vocabulary.graph().remove((None, None, None))
    assert len(vocabulary.graph()) > 2000


def test_every_problem_of_the_folder_is_told_at_once(folder):
    list_ = folder / "s4syst-1.1.2.json"
    list_.write_text(list_.read_text().replace('"class"', '"klass"'))
    (folder / "time-2024-02.json").write_text("{")
    (folder / EXTENSION).write_text(EXTENSION_TEXT + "my:Broken a owl:Class ; ;; <<")
    with pytest.raises(CatalogueError) as raised:
        Vocabulary.load(folder)
    said = str(raised.value)
    assert said.count("'klass' is no kind of term") == 3
    assert "time-2024-02.json:1: [term-list] not JSON" in said
    assert f"{EXTENSION}:7: [vocabulary] not Turtle" in said


def test_a_prefix_with_two_meanings_is_refused(folder):
    text = EXTENSION_TEXT.replace(f"saref: <{SAREF}>", "saref: <https://saref.etsi.org/core#>")
    (folder / EXTENSION).write_text(text)
    with pytest.raises(
        CatalogueError, match=r"the prefix saref: stands for <https://saref\.etsi\.org/core/> elsewhere"
    ):
        Vocabulary.load(folder)


def test_two_versions_of_one_ontology_are_refused(folder):
    text = (folder / "s4syst-1.1.2.json").read_text()
    (folder / "s4syst-9.json").write_text(text.replace('"version": "1.1.2"', '"version": "9"'))
    with pytest.raises(
        CatalogueError, match=r"prefix s4syst: is that of two lists of one profile, s4syst 1\.1\.2 and s4syst 9"
    ):
        Vocabulary.load(folder)


def test_a_folder_without_lists_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match="the folder holds no term list"):
        Vocabulary.load(tmp_path)


def test_reading_all_lists_takes_less_than_50_ms():
    paths = sorted(FOLDER.glob("*.json"))
    fastest = min(_seconds(paths) for _ in range(5))
    assert fastest < 0.05


def _seconds(paths: list[Path]) -> float:
    start = time.perf_counter()
    for path in paths:
        read_list(path)
    return time.perf_counter() - start
