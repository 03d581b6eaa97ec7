"""Contract 8.9: communicative acts decide who is meant."""

import pytest

KE = "https://w3id.org/knowledge-engine/"
ROOT = f"{KE}Purpose"
MINE = "http://my/Purpose"


def act(required, satisfied):
    full = [tuple(one if ":" in one else f"{KE}{one}Purpose" for one in names) for names in (required, satisfied)]
    return {"required": full[0], "satisfied": full[1]}


@pytest.mark.parametrize(
    ("purposes", "reached"),
    [
        pytest.param({}, ["k1", "k2"], id="M1"),
        pytest.param(act(["Actuation"], ["Actuation"]), ["k3"], id="M2"),
        pytest.param(act([MINE], [MINE]), ["k4"], id="M4"),
        pytest.param(act(["Inform"], ["Inform", "Actuation"]), ["k1", "k2"], id="M5"),
        pytest.param(act([ROOT], ["NewKnowledge"]), ["k1", "k2"], id="M6"),
    ],
)
def test_m_communicative_acts_decide_who_is_meant(site, say, purposes, reached):
    answerers = {
        "k1": {},
        "k2": act([ROOT], ["Inform"]),
        "k3": act(["Actuation"], ["Actuation"]),
        "k4": act([MINE], [MINE]),
    }
    for name, theirs in answerers.items():
        site(name, say("answer", "?x p ?y", **theirs), answers=[])
    assert site("A", say("ask", "?s p ?o", **purposes)).ask([]).reached == reached
