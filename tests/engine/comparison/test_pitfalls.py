"""Every way in which deployed patterns have been seen to miss each other is named, with what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from gridlingua.engine.comparison.hint import About

KE = "https://w3id.org/knowledge-engine/"
OLD_KE = "https://www.tno.nl/energy/ontology/interconnect#"
POINTS = "?ts a s4ener:TimeSeries . ?p a s4ener:DataPoint ; saref:hasResult ?v"


def test_patterns_that_differ_in_names_and_order_match_at_level_1(asked: Any, told: Any) -> None:
    found = asked("?s a saref:Device ; saref:hasIdentifier ?id", "?x saref:hasIdentifier ?name . ?x a saref:Device")
    assert (found.level, told(found)) == (1, {})
    assert found.parts[0].alignment.nodes == {"?s": "?x", "?id": "?name"}


def test_a_property_and_its_inverse_do_not_match_and_the_other_direction_is_named(asked: Any, told: Any) -> None:
    found = asked(f"{POINTS} . ?ts s4ener:hasDataPoint ?p", f"{POINTS} . ?p s4ener:belongsToTimeSeries ?ts")
    assert (found.level, found.mended) == (None, 1)
    assert told(found)["inverse"] == (
        "A says s4ener:hasDataPoint and B says its inverse, s4ener:belongsToTimeSeries: no engine turns a triple "
        "round. One side must exchange subject and object, and write the property of the other."
    )


def test_an_inverse_is_found_behind_a_slip_and_another_generation(asked: Any, told: Any) -> None:
    found = asked(f"{POINTS} . ?p s4ener:belongsToTimeSeries ?ts", f"{POINTS} . ?ts ic-data:hasDatapoint ?p")
    assert (found.level, found.mended) == (None, 1)
    assert told(found).keys() == {"spelling", "generation", "inverse"}
    assert "A says s4ener:belongsToTimeSeries and B says its inverse, s4ener:hasDataPoint" in told(found)["inverse"]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("ic-tplg:hasTopologicalAssociation", "ic-tplg:hasToplogicalAssociation"),
        ("time:inXSDDateTimeStamp", "time:inXSDDataTimeStamp"),
        ("ic-data:hasDataPoint", "ic-data:hasDatapoint"),
    ],
)
def test_a_property_with_a_slip_of_the_pen_is_named_with_what_was_meant(
    asked: Any, told: Any, right: str, wrong: str
) -> None:
    found = asked(f"?s a s4ener:DataPoint ; {right} ?o", f"?s a s4ener:DataPoint ; {wrong} ?o")
    assert (found.level, found.mended) == (None, 1)
    assert told(found) == {
        "spelling": f"B writes {wrong}, a slip of the pen: {right} is meant. Mend it, or write it so on both sides."
    }


@pytest.mark.parametrize(("right", "wrong"), [("kilowatt", "kiloWatt"), ("kilowattHour", "kilowatthour")])
def test_a_unit_with_wrong_capitals_is_named_on_whichever_side_it_is(
    asked: Any, told: Any, right: str, wrong: str
) -> None:
    found = asked(f"?v saref:isMeasuredIn om:{wrong}", f"?v saref:isMeasuredIn om:{right}")
    assert (found.level, found.mended) == (None, 1)
    assert f"A writes om:{wrong}, a slip of the pen: om:{right} is meant" in told(found)["spelling"]


def test_a_slip_that_both_sides_agreed_on_matches_and_is_told(asked: Any, told: Any) -> None:
    found = asked("?p ic-tplg:hasToplogicalAssociation ?place", "?x ic-tplg:hasToplogicalAssociation ?y")
    assert found.level == 1
    assert told(found)["unknown"] == (
        "A and B write ic-tplg:hasToplogicalAssociation, which no ontology in use has; "
        "ic-tplg:hasTopologicalAssociation is meant. They match because both do: mend it on both sides at once, "
        "or leave it."
    )


def test_a_term_that_nobody_defines_is_told_though_nothing_stands_beside_it(asked: Any, told: Any) -> None:
    found = asked("?d a saref:Device", "?d a saref:Device . ?f s4ener:hasEfectivePeriod ?when")
    assert (
        "B writes s4ener:hasEfectivePeriod, which no ontology in use has; s4ener:hasEffectivePeriod"
        in (told(found)["unknown"])
    )


def test_a_letter_between_terms_that_nobody_knows_is_told_without_saying_who_is_right(asked: Any, told: Any) -> None:
    found = asked("?d :trafficLightState ?s", "?d :traficLightState ?s")
    assert (found.level, found.mended) == (None, 1)
    assert "they differ in a letter, and no ontology here says which is right" in told(found)["spelling"]


@pytest.mark.parametrize(
    ("written", "slip"),
    [
        ("<https://saref.etsi.org/saref4enerhasUsage>", "a namespace without the character at its end"),
        ("<http://saref.etsi.org/saref4ener/hasUsage>", "http instead of https"),
        ("<s4ener:hasUsage>", "a prefix that was not expanded"),
        ("<https://saref.etsi.org/saref4enr/hasUsage>", "a namespace that is almost a known one"),
    ],
)
def test_a_namespace_that_is_almost_right_is_named_with_what_is_wrong(
    asked: Any, told: Any, written: str, slip: str
) -> None:
    found = asked("?ts a s4ener:TimeSeries ; s4ener:hasUsage ?u", f"?ts a s4ener:TimeSeries ; {written} ?u")
    assert (found.level, found.mended) == (None, 1)
    assert told(found) == {"namespace": f"B writes {written}, {slip}: s4ener:hasUsage is meant."}


def test_the_https_of_a_namespace_that_has_none_is_named(asked: Any, told: Any) -> None:
    found = asked("?z gn:postalCode ?code", "?z <https://www.geonames.org/ontology#postalCode> ?code")
    assert found.mended == 1
    assert "https instead of http: gn:postalCode is meant" in told(found)["namespace"]


def test_all_terms_of_a_wrong_namespace_are_one_hint(asked: Any, told: Any) -> None:
    found = asked(
        "?ts a s4ener:TimeSeries ; s4ener:hasUsage ?u",
        "?ts a <https://saref.etsi.org/saref4enerTimeSeries> ; <https://saref.etsi.org/saref4enerhasUsage> ?u",
    )
    assert found.mended == 1
    assert told(found)["namespace"].endswith("s4ener:hasUsage and s4ener:TimeSeries are meant.")


def test_unexpanded_prefixes_on_both_sides_match_and_are_told(asked: Any, told: Any) -> None:
    found = asked("?b <rdf:type> <s4bldg:Building>", "?x <rdf:type> <s4bldg:Building>")
    assert found.level == 1
    assert "A and B write <rdf:type>, which no ontology in use has; rdf:type is meant" in told(found)["unknown"]


def test_the_generations_of_a_term_are_named_with_what_became_of_it(asked: Any, told: Any) -> None:
    found = asked("?o a saref:Observation ; saref:madeBy ?d", "?m a saref:Measurement ; saref:measurementMadeBy ?d")
    assert (found.level, found.mended) == (None, 1)
    assert told(found)["generation"] == (
        "B writes the first generation of vocabulary where A writes the second: saref:measurementMadeBy for "
        "saref:madeBy and saref:Measurement for saref:Observation. saref:Measurement: one node became two: the "
        "saref:Observation has the time and what was observed; saref:hasResult leads from it to the "
        "saref:PropertyValue, which has saref:hasValue and saref:isMeasuredIn."
    )


def test_a_term_that_kept_its_iri_and_changed_its_subject_is_told(asked: Any, told: Any) -> None:
    found = asked(
        "?o a saref:Observation ; saref:hasResult ?v . ?v saref:hasValue ?n",
        "?m a saref:Measurement ; saref:hasValue ?n",
    )
    assert found.level is None
    assert told(found)["reshaped"] == (
        "saref:hasValue has the same IRI in both generations and another place: it was said of the saref:Measurement, "
        "and is said of the saref:PropertyValue behind saref:hasResult. B speaks the first, A the second."
    )


def test_a_class_that_became_an_individual_is_told(asked: Any, told: Any) -> None:
    found = asked("?v saref:isValueOfProperty s4ener:Power", "?m saref:relatesToProperty ?p . ?p a s4ener:Power")
    assert "s4ener:Power has the same IRI in both generations" in told(found)["reshaped"]


def test_an_instant_that_became_a_literal_is_told(asked: Any, told: Any) -> None:
    found = asked(
        "?ts a s4ener:TimeSeries ; s4ener:hasCreationTime ?when",
        "?ts a ic-data:TimeSeries ; ic-data:hasCreationTime ?i . ?i time:inXSDDateTimeStamp ?when",
    )
    assert "an instant became a literal: two triples are one" in told(found)["generation"]
    assert "structure" in told(found)


def test_a_literal_where_owl_time_has_an_instant_matches_and_is_told(asked: Any, told: Any) -> None:
    literal = "?i a time:Interval ; time:hasBeginning ?from"
    instant = "?i a time:Interval ; time:hasBeginning ?b . ?b a time:Instant ; time:inXSDDateTimeStamp ?from"
    assert (asked(literal, instant).level, asked(instant, literal).level) == (1, None)
    said = told(asked(literal, instant))["structure"]
    assert "Behind time:hasBeginning, A has ?from and says nothing of it, as of a value; B has a node there" in said
    assert "time:hasBeginning leads to time:Instant, not to a literal: where they match, values meet nodes." in said
    assert "B has ?from and says nothing of it" in told(asked(instant, literal))["structure"]


def test_a_constant_for_a_variable_matches_both_ways_and_each_is_explained(asked: Any, posted: Any, told: Any) -> None:
    fixed, free = "?ts s4ener:hasUsage s4ener:Upflex", "?ts s4ener:hasUsage ?u"
    expected = [
        (asked(fixed, free), "A says s4ener:Upflex where B has ?u, and that matches: B is asked for that value only."),
        (asked(free, fixed), "B says s4ener:Upflex where A has ?u, and that matches: every row has that value."),
        (posted(fixed, free), "A says s4ener:Upflex where B has ?u, and that matches: B is given it in every row."),
        (
            posted(free, fixed),
            "B says s4ener:Upflex where A has ?u, and that matches: only rows with that value arrive.",
        ),
    ]
    for found, said in expected:
        assert (found.level, told(found)) == (1, {"constant-variable": said})


@pytest.mark.parametrize(
    ("ours", "theirs", "why"),
    [
        (
            "om:kilowatt",
            "om:megawatt",
            "A says om:kilowatt where B says om:megawatt, the same quantity in another unit",
        ),
        ("om:kilowatt", "om:kilowattHour", "a unit of another quantity"),
        ('"PT15M"', '"PT15M"^^xsd:duration', "the same text with another datatype or language"),
        ('"PT15M"', ":quarter", "one is a resource and the other a literal"),
        ("s4ener:Upflex", "s4ener:BaseLine", "two constants match at no level"),
    ],
)
def test_two_constants_are_told_with_how_they_differ(asked: Any, told: Any, ours: str, theirs: str, why: str) -> None:
    found = asked(f"?v a saref:PropertyValue ; :is {ours}", f"?v a saref:PropertyValue ; :is {theirs}")
    assert (found.level, found.mended) == (None, None)
    assert why in told(found)["constant"]


def test_one_number_in_two_spellings_matches_with_a_warning(asked: Any, told: Any) -> None:
    found = asked("?s :p 1", "?s :p 01")
    assert found.level == 1
    assert "runtimes from 1.5 on compare values, 1.4 does not match them" in told(found)["value"]


def test_missing_and_extra_triples_are_told_and_which_of_them_matter(asked: Any, told: Any) -> None:
    short, long = "?d a saref:Device", "?d a saref:Device ; saref:hasIdentifier ?id"
    assert asked(short, long).level == 1
    assert told(asked(short, long)) == {
        "extra": "B has 1 triple more than A asks for, which keeps nothing from matching: ?d saref:hasIdentifier ?id."
    }
    found = asked(long, short)
    assert (found.level, found.helped, found.open_) == (None, 2, found.a.interaction.pattern.triples[1:])
    assert told(found) == {"missing": "A asks for 1 triple that B has not: ?d saref:hasIdentifier ?id."}


def test_a_post_may_have_more_from_level_2_on_and_a_react_may_not(posted: Any, told: Any) -> None:
    short, long = "?d a saref:Device", "?d a saref:Device ; saref:hasIdentifier ?id"
    assert posted(long, short).level == 2
    assert "which matches from level 2 on but not at level 1" in told(posted(long, short))["extra"]
    found = posted(short, long)
    assert (found.level, found.helped) == (None, 2)
    assert "B reacts only to posts with 1 triple more than A has" in told(found)["missing"]


def test_results_are_held_against_each_other_too(posted: Any, told: Any) -> None:
    one = "?d a saref:Device"
    back, more = "?a gl:accepts ?yes", "?a gl:accepts ?yes ; gl:reason ?why"
    assert posted(one, one, (back, back)).level == 1
    found = posted(one, one, (more, back))
    assert [(part.name, part.level) for part in found.parts] == [("argument", 1), ("result", None)]
    assert found.level is None
    assert told(found) == {"missing": "A wants back 1 triple that B has not: ?a gl:reason ?why."}
    assert posted(one, one, (back, more)).level == 2
    assert "nothing returns" in told(posted(one, one, (back, None)))["result"]
    assert (posted(one, one, (None, back)).level, "result" in told(posted(one, one, (None, back)))) == (1, True)


def test_one_node_for_two_is_told_and_matches_from_level_3_on(asked: Any, told: Any) -> None:
    found = asked("?s :p ?v ; :q ?v", "?x :p ?y ; :q ?z")
    assert found.level == 3
    assert told(found)["one-to-one"].startswith("A says ?v where B has both ?y and ?z: up to level 2 a node stands")
    found = asked("?x :p ?y ; :q ?z", "?s :p ?v ; :q ?v")
    assert "B says ?v where A has both ?y and ?z" in told(found)["one-to-one"]


def test_patterns_that_correspond_in_several_ways_are_told(asked: Any, told: Any) -> None:
    several = "?m qudt:hasUnit ?u ; saref:hasValue ?v . ?n qudt:hasUnit ?w ; saref:hasValue ?x"
    found = asked(several, several)
    assert found.level == 1
    assert "rows come back more than once, with values exchanged" in told(found)["ambiguous"]


def test_a_constant_of_which_variables_are_said_is_told(asked: Any, told: Any) -> None:
    fixed = ":house saref:hasIdentifier ?id ; saref:hasState ?state"
    assert "A and B" not in told(asked(fixed, fixed))["fixed-subject"]
    assert "A says several things of the constant" in told(asked(fixed, fixed))["fixed-subject"]


def test_purposes_that_exclude_each_other_are_told(asked: Any, told: Any) -> None:
    acting = (f"{KE}ActuationPurpose",)
    found = asked("?s :p ?o", "?s :p ?o", required=acting, satisfied=acting)
    assert (found.level, found.purposes_fit, found.parts[0].level, found.mended) == (None, False, 1, 1)
    assert f"B requires <{KE}ActuationPurpose> and satisfies <{KE}ActuationPurpose>" in told(found)["purpose"]


def test_a_purpose_in_the_namespace_that_the_engine_had_is_told(asked: Any, told: Any) -> None:
    old = (f"{OLD_KE}InformPurpose",)
    found = asked("?s :p ?o", "?s :p ?o", required=old, satisfied=old)
    assert (found.level, found.purposes_fit) == (None, False)
    assert (
        f"B writes its purpose <{OLD_KE}InformPurpose>, in a namespace that has moved: <{KE}InformPurpose> now."
        in (told(found)["purpose"])
    )


def test_a_class_of_the_engine_in_its_old_namespace_is_told(asked: Any, told: Any) -> None:
    found = asked(f"?kb a <{KE}KnowledgeBase> ; :p ?o", f"?kb a <{OLD_KE}KnowledgeBase> ; :p ?o")
    assert (found.level, found.mended) == (None, 1)
    assert "whose namespace has moved" in told(found)["moved"]


def test_a_variable_for_two_constants_in_one_triple_matches_and_is_told_to_bring_nothing(asked: Any, told: Any) -> None:
    found = asked("?s :p ?s", ":one :p :two")
    assert found.level == 1
    assert "engines match them, and no row ever fits" in told(found)["never"]


def test_a_subclass_is_told_to_be_one(asked: Any, told: Any) -> None:
    found = asked("?m a saref:Meter ; saref:hasIdentifier ?id", "?m a s4grid:GridMeter ; saref:hasIdentifier ?id")
    assert "one a subclass of the other, which engines know only from domain knowledge" in told(found)["constant"]


def test_another_property_with_a_variable_of_the_same_name_stands_beside(asked: Any, told: Any) -> None:
    found = asked("?m a saref:Meter ; saref:hasIdentifier ?id", "?x a saref:Meter ; s4ener:deviceCode ?id")
    assert told(found)["constant"] == (
        "A says saref:hasIdentifier where B says s4ener:deviceCode: two constants match at no level."
    )


def test_a_term_without_successor_is_told(asked: Any, told: Any) -> None:
    found = asked("?o a s4ener:FlexOffer", "?o a s4ener:FlexOffer . ?i ic-flex:hasActivationPlan ?ts")
    assert "B writes ic-flex:hasActivationPlan, which has no successor" in told(found)["unsucceeded"]


def test_patterns_that_an_engine_gives_up_on_are_told(asked: Any, told: Any) -> None:
    arms = " . ".join(f"?s :p ?o{number}" for number in range(9))
    found = asked(arms, arms)
    assert found.level is None
    assert "an engine gives up" in told(found)["ambiguous"]


def test_every_kind_of_hint_is_on_the_page_and_has_a_test() -> None:
    page = (Path(__file__).parents[3] / "docs" / "match.md").read_text("utf-8")
    assert {about for about in get_args(About) if f"`{about}`" not in page} == set()
    here = Path(__file__).read_text("utf-8") + Path(__file__).with_name("test_kinds.py").read_text("utf-8")
    here += (Path(__file__).parents[2] / "cli" / "test_match.py").read_text("utf-8")
    assert {about for about in get_args(About) if f'"{about}"' not in here} == set()


def test_of_two_nodes_that_one_became_the_first_stands_for_it(asked: Any) -> None:
    found = asked(
        "?v a saref:PropertyValue . ?o a saref:Observation ; saref:hasResult ?v ; saref:hasTimestamp ?t",
        "?m a saref:Measurement ; saref:hasTimestamp ?t",
    )
    assert found.parts[0].alignment.nodes["?o"] == "?m"


def test_an_individual_where_the_other_side_has_a_node_is_no_mere_value(asked: Any, told: Any) -> None:
    found = asked("?v saref:isValueOfProperty s4grid:Voltage", "?v saref:isValueOfProperty ?p . ?p a saref:Property")
    assert "structure" not in told(found)
