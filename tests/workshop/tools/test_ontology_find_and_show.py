"""`gridlingua ontology find` and `show`: the terms there are, and all that is known of one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gridlingua.catalogue import Catalogue
from gridlingua.catalogue.ontology.portrait import portrait
from gridlingua.catalogue.ontology.search import find_terms, is_sort, version_key, words_of
from gridlingua.catalogue.usage import usage
from gridlingua.cli import app

CORE = "https://saref.etsi.org/core/"
S4ENER = "https://saref.etsi.org/saref4ener/"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["ontology", *arguments], env={"COLUMNS": "200"})


def found(catalogue: Catalogue, *words: str, **options: Any) -> list[str]:
    every = find_terms(words, catalogue.vocabulary.all_lists, **options)
    return [catalogue.vocabulary.curie(one.term.iri) for one in every]


def test_names_are_split_into_words() -> None:
    assert words_of("hasFlexRequest2ID") == ("has", "flex", "request", "2", "id")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (("flex", "request"), "s4ener:FlexRequest"),
        (("FlexOffer",), "s4ener:FlexOffer"),
        (("measurment",), "saref:Measurement"),
        (("kWh",), "om:kilowattHour"),
        (("interval",), "time:Interval"),
        (("saref:measured",), "saref:isMeasuredIn"),
        (("flexibilities", "instruction"), "s4ener:FlexibilityInstruction"),
    ],
)
def test_the_best_match_comes_first(catalogue: Catalogue, words: tuple[str, ...], first: str) -> None:
    assert found(catalogue, *words)[0] == first


def test_every_word_must_be_in_the_name(catalogue: Catalogue) -> None:
    assert found(catalogue, "flex", "xylophone") == []
    assert set(found(catalogue, "flex", "request")) < set(found(catalogue, "flex"))


def test_a_prefix_narrows_the_search(catalogue: Catalogue) -> None:
    assert {one.partition(":")[0] for one in found(catalogue, "s4grid:power")} == {"s4grid"}


def test_terms_of_all_versions_are_found_with_the_versions_that_have_them(catalogue: Catalogue) -> None:
    every = {one.term.iri: one.lists for one in find_terms(["value"], catalogue.vocabulary.all_lists)}
    assert every[f"{CORE}hasValue"] == ("saref 3.1.1", "saref 4.1.1")
    assert {one.term.iri: one.lists for one in find_terms(["Measurement"], catalogue.vocabulary.all_lists)}[
        f"{CORE}Measurement"
    ] == ("saref 3.1.1",)


@pytest.mark.parametrize("sort", ["class", "property", "individual", "unit"])
def test_a_kind_may_be_asked_for(catalogue: Catalogue, sort: Any) -> None:
    every = find_terms(["power"] if sort != "unit" else ["watt"], catalogue.vocabulary.all_lists, sort=sort)
    assert every
    assert all(is_sort(one.term, sort) for one in every)


def test_used_terms_come_before_their_equals_and_deprecated_ones_after(catalogue: Catalogue) -> None:
    one, other = "om:kilowatt", "unit:KiloW"
    plain = found(catalogue, "kW")
    assert set(plain[:2]) == {one, other}
    term = next(
        found.term.iri
        for found in find_terms(["kW"], catalogue.vocabulary.all_lists)
        if catalogue.vocabulary.curie(found.term.iri) == plain[1]
    )
    assert found(catalogue, "kW", used={term})[0] == plain[1]


def test_versions_are_sorted_by_age() -> None:
    assert sorted(["3.10.1", "3.9", "2022", "1.1.2"], key=version_key) == ["1.1.2", "3.9", "3.10.1", "2022"]


def test_who_uses_a_term_is_told_by_exchange_profile_and_place(catalogue: Catalogue) -> None:
    uses = usage(catalogue)
    needs = {(one.profile, one.where) for one in uses[f"{S4ENER}FlexRequest"] if one.exchange == "flexibility/needs"}
    assert needs == {("saref4", "pattern"), ("", "shapes")}
    codes = {one for one in uses[f"{CORE}Power"] if one.exchange == "data_sharing/consent_request"}
    assert {(one.profile, one.where) for one in codes} == {("interconnect", "codes of ?nature")}
    for exchange in catalogue.exchanges.values():
        for profile in exchange.profiles.values():
            for term in profile.request.constants:
                if term.startswith("<"):
                    assert any(one.exchange == exchange.id for one in uses[term[1:-1]])


def test_a_class_shows_its_life_its_kin_and_its_properties(catalogue: Catalogue) -> None:
    known = portrait(f"{CORE}Measurement", catalogue.vocabulary)
    assert known is not None
    assert (known.kind, known.profile, known.gone_since) == ("class", "interconnect", "saref 4.1.1")
    assert f"{CORE}Observation" in known.successors
    assert f"{CORE}isMeasuredIn" in known.subject_of
    assert f"{CORE}makesMeasurement" in known.object_of
    assert "http://ontology.tno.nl/interconnect/datapoint#DataPoint" in known.children


def test_a_new_term_shows_since_when_it_is_there(catalogue: Catalogue) -> None:
    known = portrait(f"{S4ENER}FlexRequest", catalogue.vocabulary)
    assert known is not None
    assert (known.since, known.gone_since) == ("s4ener 2.1.1", "")
    assert [(one.name, one.kind) for one in known.versions] == [("s4ener 1.1.2", ""), ("s4ener 2.1.1", "class")]


def test_parents_are_followed_to_the_top(catalogue: Catalogue) -> None:
    known = portrait(f"{S4ENER}FlexibilityInstruction", catalogue.vocabulary)
    assert known is not None
    for chain in known.parents:
        assert not getattr(catalogue.vocabulary.find(chain[-1]), "superclasses", ())


def test_a_unit_shows_what_it_measures(catalogue: Catalogue) -> None:
    iri = "http://www.ontology-of-units-of-measure.org/resource/om-2/kilowatt"
    known = portrait(iri, catalogue.vocabulary)
    assert known is not None
    assert [catalogue.vocabulary.curie(one) for one in known.quantity_kinds] == ["om:Power"]


def test_every_term_of_every_list_has_a_portrait(catalogue: Catalogue) -> None:
    some = [
        iri
        for one in catalogue.vocabulary.all_lists
        for number, (iri, term) in enumerate(one.terms.items())
        if not term.borrowed and number % 25 == 0
    ]
    assert len(some) > 40
    for iri in some:
        known = portrait(iri, catalogue.vocabulary)
        assert known is not None, iri
        assert any(version.kind for version in known.versions), iri


def test_find_tells_term_kind_versions_and_users() -> None:
    done = run("find", "flex", "request")
    assert done.exit_code == 0, done.output
    line = done.stdout.splitlines()[1]
    assert line.startswith("s4ener:FlexRequest  class  s4ener 2.1.1  ")
    assert "more" in line
    told = json.loads(run("find", "flex", "request", "--json", "--limit", "1").stdout)
    assert "flexibility/needs" in told[0]["usedBy"]
    nothing = run("find", "xylophone", "--kind", "unit")
    assert (nothing.exit_code, nothing.stderr) == (1, "no term has xylophone and is a unit\n")


def test_show_tells_a_person_and_a_machine_the_same() -> None:
    page = run("show", "saref:measuresProperty")
    assert page.exit_code == 0, page.output
    told = json.loads(run("show", f"<{CORE}measuresProperty>", "--json").stdout)
    assert told["term"] == "saref:measuresProperty"
    assert told["gone_since"] == "saref 4.1.1"
    for line in ("gone since     saref 4.1.1", "now said by    saref:observes", "domain         saref:Device"):
        assert line in page.stdout
    assert f"official text  {CORE}measuresProperty (ontology: " in page.stdout


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("saref:Measurment", "saref:Measurement is meant"),
        ("https://saref.etsi.org/core#Device", "saref:Device is meant"),
        ("FlexOffer", "did you mean s4ener:FlexOffer or ic-flex:FlexOffer?"),
        ("s4ener:isFlexRequestOf", "did you mean s4ener:"),
        ("saref:qqqqq", "gridlingua ontology find WORD"),
    ],
)
def test_an_unknown_term_is_told_with_what_may_be_meant(term: str, said: str) -> None:
    done = run("show", term)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert said in done.stderr


def test_a_bare_name_will_do_where_one_term_has_it() -> None:
    assert run("show", "FlexRequest").stdout.startswith("s4ener:FlexRequest  class")


def test_where_no_term_has_all_words_those_with_some_are_found() -> None:
    found = run("find", "flexibility", "offer")
    assert found.exit_code == 0
    assert found.stderr == "no term has all of flexibility, offer; these have some\n"
    assert "ic-flex:FlexOffer" in found.stdout


def test_the_prefix_of_an_ontology_alone_finds_its_terms() -> None:
    assert "ic-flex:FlexOffer" in run("find", "ic-flex").stdout


def test_a_term_that_no_version_has_is_most_like_one_of_its_own_ontology() -> None:
    assert "did you mean ic-flex:FlexOffer" in run("show", "ic-flex:FlexibilityOffer").stderr
