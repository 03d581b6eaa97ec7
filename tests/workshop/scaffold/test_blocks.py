"""The library of building blocks is right in itself: adding one is adding a file."""

from __future__ import annotations

from importlib import resources

import pytest

from gridlingua.catalogue import shipped
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.scaffold.blocks import LINK, SUBJECT, library
from gridlingua.catalogue.scaffold.fitting import Fitting
from gridlingua.semantics.patterns import parse_body
from gridlingua.semantics.units import UNITS

THINGS = {one.name: one for one in library().things}
STATEMENTS = {one.name: one for one in library().statements}


@pytest.fixture(scope="module")
def fitting() -> Fitting:
    return Fitting(Vocabulary.load(shipped().ontologies))


def test_every_file_is_a_block() -> None:
    folder = resources.files("gridlingua.catalogue.scaffold").joinpath("blocks")
    assert len(list(folder.iterdir())) == len(THINGS) + len(STATEMENTS) + 1


@pytest.mark.parametrize("name", THINGS)
def test_the_classes_and_properties_of_a_thing_exist(name: str, fitting: Fitting) -> None:
    thing = THINGS[name]
    curies = [*thing.types, *thing.links, *(curie for _, curie in thing.inside)]
    assert [one for one in curies if fitting.vocabulary.find(fitting.iri(one)) is None] == []
    assert all(fitting.vocabulary.terms[fitting.iri(one)].kind == "class" for one in thing.types)
    if thing.says:
        assert parse_body(thing.says, fitting.vocabulary.prefixes).variables == ("subject",)


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_triples_of_a_statement_use_terms_that_exist_and_every_field_that_it_takes(
    name: str, fitting: Fitting
) -> None:
    block = STATEMENTS[name]
    pattern = parse_body(block.says, fitting.vocabulary.prefixes)
    iris = [one[1:-1] for one in pattern.constants if one.startswith("<")]
    iris += [fitting.iri(one) for slot in block.takes for one in slot.codes.values()]
    iris += [fitting.iri(one) for one in (*block.of, *block.links)]
    assert [one for one in iris if fitting.vocabulary.find(one) is None] == []
    assert {SUBJECT[1:], *(slot.name for slot in block.takes)} <= set(pattern.variables)
    assert (LINK[1:] in pattern.variables) == bool(block.links)


@pytest.mark.parametrize("name", [name for name, one in STATEMENTS.items() if one.of])
def test_a_statement_of_certain_things_fits_them(name: str, fitting: Fitting) -> None:
    block = STATEMENTS[name]
    pattern = parse_body(block.says, fitting.vocabulary.prefixes)
    literals = {slot.name: next(iter(slot.datatypes)) for slot in block.takes if not slot.codes}
    for curie in block.of:
        for link in block.links or ("",):
            predicates = [f"<{fitting.iri(link)}>" if one[1] == LINK else one[1] for one in pattern.triples]
            bound = [(one[0], predicate, one[2]) for one, predicate in zip(pattern.triples, predicates, strict=True)]
            assert fitting.all_fit(bound, {"subject": ()}, literals), curie


def test_every_spelling_of_a_unit_is_one_that_messages_carry() -> None:
    assert set(library().quantities.spellings.values()) <= set(UNITS)
    assert {unit.kind for unit in UNITS.values()} == set(library().quantities.kinds)
