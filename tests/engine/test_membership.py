"""Contract 10.4: how a knowledge base stays on a network, driven by hand, without a network."""

import pytest

from gridlingua.engine import Interaction, KnowledgeBase
from gridlingua.engine.errors import IdInUseError, PollOpenError, StoppedError, UnknownKnowledgeBaseError
from gridlingua.engine.mailbox import Parcel
from gridlingua.engine.membership import Add, Create, Delete, Hand, Membership, Poll, Renew, Wait
from gridlingua.errors import RemoteError
from gridlingua.semantics.patterns import parse_body

ID = "http://ex.org/B"
ABSENT = RemoteError("connection refused", status=503, retry=True)
BROKEN = RemoteError("answered 500 in no words of a knowledge engine", status=502, retry=True)
R = Interaction("r", "answer", parse_body("?s <http://e/p> ?o"))
Q = Interaction("q", "ask", parse_body("?s <http://e/p> ?o"))


def membership(*, take_over=True, lease=None):
    base = KnowledgeBase(ID, "b", "b", lease=lease)
    return Membership(base, [R, Q], take_over=take_over, jitter=lambda: 1.0)


def connected(**options):
    """A membership that polls, and its flow."""
    one = membership(**options)
    flow = one.life()
    assert next(flow) == Create()
    assert [flow.send(None) for _ in range(3)] == [Add(R), Add(Q), Poll()]
    return one, flow


def test_everything_is_registered_before_the_first_poll():
    one, _ = connected()
    assert (one.status, one.registered.is_set()) == ("connected", True)
    assert one.counters.counts()["registrations"] == 1


def test_a_heartbeat_is_followed_by_the_next_poll_at_once():
    _, flow = connected()
    assert flow.send(None) == Poll()


def test_a_request_is_handed_over_and_the_next_poll_does_not_wait_for_the_answer():
    _, flow = connected()
    parcel = Parcel(f"{ID}/interaction/r", 1, [{}], "http://ex.org/A")
    assert flow.send(parcel) == Hand(parcel)
    assert flow.send(None) == Poll()


def test_a_second_poll_waits_instead_of_spinning():
    one, flow = connected()
    assert flow.send(PollOpenError()).seconds >= 1
    assert flow.send(None) == Poll()
    assert one.status == "connected"


def test_a_network_that_forgot_us_gets_everything_anew():
    one, flow = connected()
    assert flow.send(UnknownKnowledgeBaseError(ID)).seconds < 1
    assert (one.status, one.registered.is_set()) == ("reregistering", False)
    assert [flow.send(None) for _ in range(4)] == [Create(), Add(R), Add(Q), Poll()]
    assert (one.status, one.counters.counts()["registrations"]) == ("connected", 2)


@pytest.mark.parametrize("error", [ABSENT, BROKEN])
def test_a_breakdown_is_waited_out_longer_and_longer(error):
    one, flow = connected()
    waits = []
    for _ in range(10):
        waits.append(flow.send(error).seconds)
        assert flow.send(None) == Poll()
        assert (one.status, one.reason) == ("degraded", str(error))
    assert waits[:4] == [0.5, 1.0, 2.0, 4.0]
    assert waits[-1] == max(waits) == 30
    assert flow.send(None) == Poll()
    assert (one.status, one.reason) == ("connected", "")


def test_waits_are_spread_so_that_not_everybody_comes_back_at_once():
    early = Membership(KnowledgeBase(ID, "b", "b"), [], take_over=True, jitter=lambda: 0.0)
    flow = early.life()
    next(flow)
    assert flow.send(ABSENT) == Wait(0.25)


def test_a_network_that_is_not_there_is_tried_again():
    one = membership()
    flow = one.life()
    assert next(flow) == Create()
    assert isinstance(flow.send(ABSENT), Wait)
    assert (one.status, one.reason) == ("degraded", "connection refused")
    assert flow.send(None) == Create()


def test_a_leftover_of_ours_is_replaced():
    flow = membership().life()
    next(flow)
    assert flow.send(IdInUseError()) == Delete()
    assert [flow.send(None) for _ in range(4)] == [Create(), Add(R), Add(Q), Poll()]


def test_someone_elses_place_is_not_taken():
    flow = membership(take_over=False).life()
    next(flow)
    assert isinstance(flow.send(IdInUseError()), Wait)


def test_who_was_deleted_comes_back_but_does_not_push_out_who_took_the_place():
    one, flow = connected()
    assert isinstance(flow.send(StoppedError()), Wait)
    assert one.status == "reregistering"
    assert flow.send(None) == Create()
    assert isinstance(flow.send(IdInUseError()), Wait)
    assert (one.status, one.reason) == ("degraded", "That knowledge base ID is already in use.")
    assert flow.send(None) == Create()


def test_a_registration_that_broke_off_is_ours_to_replace():
    flow = membership(take_over=False).life()
    next(flow)
    assert flow.send(None) == Add(R)
    assert isinstance(flow.send(ABSENT), Wait)
    assert flow.send(None) == Create()
    assert flow.send(IdInUseError()) == Delete()


def test_a_lease_is_renewed_at_its_half_life_and_sooner_after_a_failure():
    one, _ = connected(lease=60)
    flow = one.renewals()
    assert next(flow) == Wait(30, patient=True)
    assert flow.send(None) == Renew()
    assert flow.send(None) == Wait(30, patient=True)
    assert flow.send(None) == Renew()
    assert flow.send(ABSENT) == Wait(7.5, patient=True)
    assert one.status == "connected"


def test_a_lost_lease_makes_the_poller_hurry_to_register_anew():
    one, flow = connected(lease=60)
    renewals = one.renewals()
    next(renewals)
    renewals.send(None)
    renewals.send(UnknownKnowledgeBaseError(ID))
    assert (one.status, one.hurry.is_set()) == ("reregistering", True)
    assert flow.send(None) == Create()


def test_who_falls_off_the_network_and_comes_back_says_so(caplog):
    _, flow = connected()
    flow.send(StoppedError())
    for reply in [None, IdInUseError(), None, None, None, None]:
        flow.send(reply)
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("WARNING", f"{ID} was connected and is reregistering: {StoppedError()}"),
        ("WARNING", f"{ID} was reregistering and is degraded: That knowledge base ID is already in use."),
        ("WARNING", f"{ID} was degraded and is connected"),
    ]


def test_whose_place_is_taken_at_the_start_is_said(caplog):
    flow = membership().life()
    next(flow)
    for reply in [IdInUseError(), None, None, None, None]:
        flow.send(reply)
    assert [record.message for record in caplog.records] == [f"{ID} is on the network already: taking its place"]
