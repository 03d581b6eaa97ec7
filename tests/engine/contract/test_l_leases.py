"""Contract 8.2: leases, and who is suspended for not polling."""

import re
import time
from datetime import UTC, datetime

import pytest

UNKNOWN = "A Knowledge Base for the given Knowledge-Base-Id cannot be found."
SUSPENDED = (
    "This knowledge base has been suspended due to inactivity. "
    "Please reregister the knowledge base and its knowledge interactions."
)


@pytest.fixture(scope="module")
def server_1_4(serving):
    """Who would wait a minute for a suspension?"""
    with serving("1.4", suspends_after=1.0) as target:
        yield target


def test_l1_a_lease_is_renewed_from_now(call, join):
    join("A", body={"leaseRenewalTime": 60})
    renewed = call("PUT", "/sc/lease/renew", "A").json()
    assert renewed.keys() == {"knowledgeBaseId", "expires"}
    assert renewed["knowledgeBaseId"] == "http://ex.org/A"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", renewed["expires"])
    left = datetime.fromisoformat(renewed["expires"]) - datetime.now(UTC)
    assert 55 < left.total_seconds() <= 60


def test_l2_without_a_lease_there_is_nothing_to_renew(call, join):
    join("A")
    message = (
        "Knowledge base found, but its lease could not be found. "
        "Knowledge bases without a lease do not have to be renewed."
    )
    assert call("PUT", "/sc/lease/renew", "A").error == (404, message)


def test_l2_renewing_needs_to_know_whose(call):
    unknown = "Knowledge base not found. (Has its lease already expired?)"
    assert call("PUT", "/sc/lease/renew", "B").error == (404, unknown)
    invalid = "Knowledge base not found, because its knowledge base ID must be a valid URI."
    assert call("PUT", "/sc/lease/renew", "a b").error == (400, invalid)
    assert call("PUT", "/sc/lease/renew").error == (400, "Missing valid Knowledge-Base-Id header.")


@pytest.mark.slow
def test_l4_l5_a_lease_that_is_not_renewed_ends_though_the_knowledge_base_polls(call, join, background, target):
    join("A", body={"leaseRenewalTime": target.lease}, answer={"r": "?x <http://e/p> ?y"})
    join("B", body={"leaseRenewalTime": 60 if target.lease > 10 else target.lease}, ask={"q": "?x <http://e/z> ?y"})

    def polls():
        while (ended := call("GET", "/sc/handle", "A")).status == 202:
            pass
        return ended

    poll = background(polls)
    ends = time.monotonic() + target.lease + 2 * target.sweep + 5
    while poll.is_alive() and time.monotonic() < ends:
        time.sleep(min(1.0, target.sweep))
        call("PUT", "/sc/lease/renew", "B")
        call("POST", "/sc/ask", "B", "B/q", [])
    assert poll.result().status in (410, 404)
    assert present(call) == {"B"}


@pytest.mark.slow
def test_l6_who_never_polls_is_suspended_by_1_4(call, join, target, patience):
    join("A", answer={"r": "?x <http://e/p> ?y"})
    join("B", ask={"q": "?x <http://e/p> ?y"})
    patience()
    assert present(call) == target.by_version({"B"}, {"A", "B"})
    if target.version == "1.4":
        assert call("GET", "/sc/handle", "A").error == (404, SUSPENDED)
        assert call("GET", "/sc/handle", "A").error == (404, UNKNOWN)


@pytest.mark.slow
def test_l6_who_polls_is_not_suspended(call, join, background, target, patience):
    join("A", answer={"r": "?x <http://e/p> ?y"})

    def polls():
        while (ended := call("GET", "/sc/handle", "A")).status == 202:
            pass
        return ended.status

    poll = background(polls)
    patience()
    assert call("GET", "/sc", "A").status == 200
    call("DELETE", "/sc", "A")
    assert poll.result() in (410, 404)


def present(call):
    """Who of A and B is on the network; what hangs in 1.4.0 (C16) is as well."""
    return {one["knowledgeBaseId"].rsplit("/", 1)[1] for one in call("GET", "/sc").json()} & {"A", "B"}


@pytest.fixture
def patience(target):
    """Waits for as long as a runtime does before it suspends."""
    return lambda: time.sleep(2 if target.is_ours else 70)
