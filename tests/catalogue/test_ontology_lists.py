"""The official term lists: they say what the official files say, and nothing that was written for people."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from gridlingua.catalogue import shipped
from gridlingua.catalogue.ontology import TermList, Vocabulary, extract_list, read_list, write_list
from gridlingua.errors import CatalogueError

ROOT = Path(__file__).parents[2]
FOLDER = shipped().ontologies
LISTS = sorted(FOLDER.glob("*.json"))
OFFICIAL = ROOT / "../shared/saref/ontologies"

HEADER = {
    "ontology", "prefix", "namespace", "version", "versionIRI", "title",
    "licence", "source", "profiles", "prefixes", "selection", "terms",
}  # fmt: skip
AXIOMS = {
    "kind", "borrowed", "deprecated", "replaced_by", "superclasses", "superproperties", "equivalents", "disjoint",
    "domain", "range", "inverse", "characteristics", "types", "quantity_kinds", "dimension",
}  # fmt: skip
COUNTS = {
    "saref-4.1.1": {"class": 32, "object property": 64, "datatype property": 8, "annotation property": 14},
    "s4ener-2.1.1": {
        "class": 81,
        "object property": 97,
        "datatype property": 76,
        "annotation property": 3,
        "individual": 81,
    },
}


@pytest.fixture(scope="module")
def lists() -> dict[str, TermList]:
    return {path.stem: read_list(path) for path in LISTS}


def test_every_ontology_of_the_profile_has_a_list(lists):
    assert {one.prefix for one in lists.values()} >= {
        "saref",
        "s4ener",
        "s4grid",
        "s4city",
        "s4syst",
        "time",
        "om",
        "unit",
    }


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_list_equals_what_extraction_from_the_official_file_gives(path):
    if not OFFICIAL.is_dir():
        pytest.skip(f"NOT COMPARED with the official file: there is no {OFFICIAL}")
    kept = read_list(path)
    if kept.transcribed_from:
        assert not kept.source_file, "a list is transcribed only where there is no official file"
        return
    official = [found for name in kept.source_file.split() for found in OFFICIAL.rglob(name)]
    again = extract_list(official, kept.prefix, kept.version, kept)
    assert write_list(again) == path.read_text(encoding="utf-8")
    assert sha256(b"".join(one.read_bytes() for one in official)).hexdigest() == kept.source_sha256


@pytest.mark.parametrize("stem", ["saref-core-v4.1.1", "saref4grid-v2.1.1"])
def test_a_list_does_not_depend_on_the_syntax_of_the_file(stem):
    if not OFFICIAL.is_dir():
        pytest.skip(f"NOT COMPARED: there is no {OFFICIAL}")
    xml, turtle = (extract_list([OFFICIAL / f"etsi-saref/{stem}{end}"], "p", "1", None) for end in (".rdf", ".ttl"))
    assert len(xml.terms) > 100
    assert xml.terms == turtle.terms


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_list_holds_facts_and_no_prose(path):
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data.keys() <= HEADER
    assert {key for axioms in data["terms"].values() for key in axioms} <= AXIOMS
    facts = [value for axioms in data["terms"].values() for value in axioms.values() if isinstance(value, str)]
    assert all(len(fact.split()) <= 2 for fact in facts), "a kind is two words at most, everything else a CURIE"


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_list_has_one_sorted_line_for_each_term_and_survives_reading_and_writing(path):
    text = path.read_text(encoding="utf-8")
    terms = json.loads(text)["terms"]
    lines = [line for line in text.splitlines() if line.startswith("    ") and '{"kind": ' in line]
    assert len(lines) == len(terms)
    assert list(terms) == sorted(terms)
    assert write_list(read_list(path)) == text


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_list_is_named_after_its_prefix_and_version_and_credits_its_authors(path):
    kept = read_list(path)
    assert path.name == f"{kept.prefix}-{kept.version}.json"
    assert kept.licence.keys() == {"name", "url", "attribution"}
    assert len(kept.source_sha256) == 64 or kept.transcribed_from


@pytest.mark.parametrize("profile", ["saref4", "interconnect"])
def test_every_list_of_a_profile_has_a_prefix_of_its_own(profile):
    lists = Vocabulary.load(FOLDER).of(profile).lists
    assert len({one.prefix for one in lists}) == len(lists)
    assert len({one.namespace for one in lists}) == len(lists)


def test_a_profile_knows_the_terms_of_its_own_versions_only():
    vocabulary = Vocabulary.load(FOLDER)
    pilots = vocabulary.of("interconnect")
    observation, measurement = ("https://saref.etsi.org/core/" + name for name in ("Observation", "Measurement"))
    assert [bool(one.find(observation)) for one in (vocabulary, pilots)] == [True, False]
    assert [bool(one.find(measurement)) for one in (vocabulary, pilots)] == [False, True]
    assert vocabulary.elsewhere(measurement) == ["saref 3.1.1"]
    assert pilots.elsewhere(observation) == ["saref 4.1.1"]
    assert pilots.of("saref4").find(observation)


@pytest.mark.parametrize("stem", COUNTS)
def test_a_list_is_complete(lists, stem):
    kinds = [term.kind for term in lists[stem].terms.values()]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == COUNTS[stem]


def test_individuals_that_the_file_does_not_call_individuals_are_listed(lists):
    ener = lists["s4ener-2.1.1"]
    price = ener.terms[ener.namespace + "EuroPerKilowattHour"]
    assert price.kind == "individual"
    assert price.types == ("https://saref.etsi.org/core/UnitOfMeasure",)
    assert ener.terms[ener.namespace + "Electricity"].types == ("https://saref.etsi.org/core/Commodity",)
    assert ener.terms[ener.namespace + "Power"].kind == "individual"


def test_a_class_that_is_only_an_rdfs_class_is_listed(lists):
    ener = lists["s4ener-2.1.1"]
    assert ener.terms[ener.namespace + "AllowedLimitRange"].kind == "class"


def test_the_authors_of_an_ontology_are_not_its_terms(lists):
    foreign = {iri for one in lists.values() for iri, term in one.terms.items() if term.borrowed}
    assert not [iri for iri in foreign if "linkedin" in iri or "people" in iri or "foaf.rdf" in iri]
    assert "http://xmlns.com/foaf/0.1/Agent" in foreign


def test_two_domains_and_a_union_stay_apart(lists):
    ener, core = lists["s4ener-2.1.1"], lists["saref-4.1.1"]
    cost = ener.terms[ener.namespace + "hasCost"]
    assert [len(union) for union in cost.domain] == [1, 1]
    kinds = core.terms[core.namespace + "hasProfile"]
    assert kinds.domain == ((core.namespace + "Device", core.namespace + "DeviceKind"),)


def test_an_inverse_and_a_disjointness_are_known_from_either_side(lists):
    ener, syst = lists["s4ener-2.1.1"], lists["s4syst-1.1.2"]
    points, series = ener.namespace + "hasDataPoint", ener.namespace + "belongsToTimeSeries"
    assert (ener.terms[points].inverse, ener.terms[series].inverse) == ((series,), (points,))
    assert syst.namespace + "Connection" in syst.terms[syst.namespace + "System"].disjoint


def test_a_unit_of_power_is_told_from_a_unit_of_energy(lists):
    om, qudt = lists["om-2.0.59"], next(one for one in lists.values() if one.prefix == "unit")
    facts = {name: om.terms[om.namespace + name] for name in ("kilowatt", "megawatt", "kilowattHour", "megawattHour")}
    kinds = {name: [iri.removeprefix(om.namespace) for iri in term.quantity_kinds] for name, term in facts.items()}
    assert kinds == {
        "kilowatt": ["Power"],
        "megawatt": ["Power"],
        "kilowattHour": ["Energy"],
        "megawattHour": ["Energy"],
    }
    assert facts["megawatt"].dimension != facts["megawattHour"].dimension
    energy = [iri.rpartition("/")[2] for iri in qudt.terms[qudt.namespace + "KiloW-HR"].quantity_kinds]
    assert energy == ["ElectricEnergy", "Energy"]
    reactive = qudt.terms[qudt.namespace + "KiloV-A_Reactive"]
    assert [iri.rpartition("/")[2] for iri in reactive.quantity_kinds] == ["ReactivePower"]


def test_every_unit_has_a_kind_of_quantity(lists):
    for stem, one in lists.items():
        if one.prefix in ("om", "unit"):
            units = [term for term in one.terms.values() if any(kind.endswith("Unit") for kind in term.types)]
            assert len(units) > 20
            assert not [term.iri for term in units if not term.quantity_kinds], stem


def test_a_deprecated_unit_names_its_successor(lists):
    qudt = next(one for one in lists.values() if one.prefix == "unit")
    old = qudt.terms[qudt.namespace + "V-A"]
    assert old.deprecated
    assert old.replaced_by == (qudt.namespace + "VA",)
    assert qudt.namespace + "VA" in qudt.terms


def test_what_a_list_says_of_official_terms_names_only_terms_that_are_known(lists):
    namespaces = tuple(one.namespace for one in lists.values())
    for one in lists.values():
        vocabulary = Vocabulary.load(FOLDER).of(next(iter(one.profiles), "saref4"))
        for term in one.terms.values():
            unions = [iri for union in (*term.domain, *term.range) for iri in union]
            named = {*term.superclasses, *term.types, *term.inverse, *term.disjoint, *term.replaced_by, *unions}
            unknown = [iri for iri in named if iri.startswith(namespaces) and not vocabulary.find(iri)]
            assert not unknown, term.iri


def test_a_broken_list_is_refused_with_the_line(tmp_path):
    path = tmp_path / "x-1.json"
    head = '{"ontology": "", "prefix": "x", "namespace": "http://x/", "version": "1", "title": "", "licence": {},\n'
    body = '"source": {"file": "", "sha256": ""}, "terms": {\n"x:a": {"kind": "class"},\n"x:b": {"kind": "klass"}\n}}'
    path.write_text(head + body)
    with pytest.raises(CatalogueError, match=r"x-1\.json:4: \[term-list\] x:b: 'klass' is no kind of term: class, "):
        read_list(path)
    path.write_text((head + body).replace("klass", 'class", "superclasses": ["y:c"], "dimension": "'))
    with pytest.raises(CatalogueError, match="'y' is missing"):
        read_list(path)
    path.write_text(head + body[:-1])
    with pytest.raises(CatalogueError, match=r"x-1\.json:5: \[term-list\] not JSON"):
        read_list(path)
    path.write_text("{}")
    with pytest.raises(CatalogueError, match="a term list has no ontology, prefix"):
        read_list(path)


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_the_documentation_names_each_list_with_its_terms_and_its_authors(path):
    kept = read_list(path)
    text = (ROOT / "docs" / "ontologies.md").read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith(f"| `{path.name}` |")]
    borrowed = sum(term.borrowed for term in kept.terms.values())
    assert f"| {len(kept.terms)} ({borrowed}) |" in row
    assert all(f"`{name}`" in row for name in kept.source_file.split())
    assert (kept.transcribed_from.partition(";")[0]) in row
    assert all(profile in row for profile in kept.profiles)
    assert kept.licence["attribution"] in " ".join(text.split())
