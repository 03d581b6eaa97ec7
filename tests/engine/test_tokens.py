"""Which token may act for whom, how a file of them is read and read again, and how often a caller may call."""

import hashlib
import os

import pytest

from gridlingua.engine.serving.rates import Rate
from gridlingua.engine.serving.tokens import TokenFile, new_grant, read_grants
from gridlingua.errors import GridlinguaError

DIGEST = hashlib.sha256(b"open sesame").hexdigest()


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_token_acts_for_the_ids_of_its_line_and_no_other():
    (grant,) = read_grants(f"dso {DIGEST} http://dso.example/kb http://dso.example/pool/*", "tokens")
    assert [grant.allows(one) for one in ("http://dso.example/kb", "http://dso.example/pool/7")] == [True, True]
    others = ("http://dso.example/kb/", "http://dso.example/k", "http://dso.example/pool", "http://other.example/", "")
    assert not any(grant.allows(one) for one in others)


def test_a_star_alone_acts_for_everybody():
    (grant,) = read_grants(f"operator {DIGEST} *", "tokens")
    assert grant.allows("http://ex.org/A")
    assert grant.allows("urn:x:y")


def test_comments_and_empty_lines_say_nothing_and_ids_may_have_a_fragment():
    text = f"# who may\n\n  dso {DIGEST.upper()} http://dso.example/kb#1 # since November\n"
    (grant,) = read_grants(text, "tokens")
    assert (grant.digest, grant.ids) == (DIGEST, ("http://dso.example/kb#1",))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("dso", "after the name dso comes the SHA-256 of the token, 64 hexadecimal digits"),
        ("dso http://dso.example/kb", "after the name dso comes the SHA-256"),
        (f"dso {DIGEST}", "dso may act for nobody"),
        (f"dso {DIGEST} kb1", "kb1 is no knowledge base id"),
        (f"dso {DIGEST} http://*.example/kb", "http://*.example/kb has a * inside"),
        (f"dso {DIGEST} http://dso.example*", "http://dso.example* would cover other hosts"),
        (f"dso {DIGEST} http://*", "would cover other hosts"),
        (f"dso {DIGEST} http:*", "would cover other hosts"),
        (f"dso {DIGEST} http:/*", "would cover other hosts"),
    ],
)
def test_a_line_that_is_no_grant_is_named_with_what_it_should_be(line, told):
    with pytest.raises(GridlinguaError) as caught:
        read_grants(f"# first\n{line}\n", "tokens")
    assert str(caught.value).startswith("tokens:2: ")
    assert told in str(caught.value)


def test_all_that_is_wrong_with_a_file_is_said_at_once():
    with pytest.raises(GridlinguaError) as caught:
        read_grants(f"a {DIGEST}\nb {DIGEST} kb1", "tokens")
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [
        "tokens:1",
        "tokens:2",
        "tokens",
        "tokens",
    ]


def test_a_token_that_stands_where_its_digest_should_is_not_repeated():
    with pytest.raises(GridlinguaError) as caught:
        read_grants("dso s3cret http://dso.example/kb", "tokens")
    assert "s3cret" not in str(caught.value)


def test_a_new_token_is_found_by_itself_alone(tmp_path):
    token, grant = new_grant("dso", ["http://dso.example/kb"])
    path = tmp_path / "tokens"
    path.write_text(f"{grant}\n", "utf-8")
    assert token not in path.read_text("utf-8")
    tokens = TokenFile(path)
    assert tokens.find(token) == grant
    assert [tokens.find(wrong) for wrong in ("", token[:-1], f"{token} ", grant.digest, "\udcff")] == [None] * 5


def test_two_tokens_are_never_the_same():
    assert new_grant("a", ["*"])[0] != new_grant("a", ["*"])[0]


def test_a_file_that_changes_is_read_again(tmp_path):
    path, clock = tmp_path / "tokens", Clock()
    path.write_text(f"dso {DIGEST} http://dso.example/kb\n", "utf-8")
    tokens = TokenFile(path, clock)
    token, grant = new_grant("dso", ["http://dso.example/kb"])
    path.write_text(f"{grant}\n", "utf-8")
    clock.now += 2
    assert tokens.find("open sesame") is None
    assert tokens.find(token) == grant


@pytest.mark.parametrize("what", ["broken", "gone"])
def test_a_file_that_has_become_wrong_leaves_the_tokens_as_they_were_and_says_so_once(tmp_path, caplog, what):
    path, clock = tmp_path / "tokens", Clock()
    path.write_text(f"dso {DIGEST} http://dso.example/kb\n", "utf-8")
    tokens = TokenFile(path, clock)
    if what == "gone":
        path.unlink()
    else:
        path.write_text("dso\n", "utf-8")
    for _ in range(3):
        clock.now += 2
        assert tokens.find("open sesame")
    assert len(caplog.messages) == 1
    assert "the tokens stay as they were" in caplog.messages[0]
    assert str(path) in caplog.messages[0]
    path.write_text("", "utf-8")
    clock.now += 2
    assert tokens.find("open sesame") is None


@pytest.mark.parametrize("content", [None, b"dso\n", b"\xff\xfe"])
def test_an_engine_does_not_start_with_a_file_that_is_wrong(tmp_path, content):
    path = tmp_path / "tokens"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(GridlinguaError) as caught:
        TokenFile(path)
    assert os.fspath(path) in str(caught.value)


def calls(rate, caller, times):
    done = 0
    for _ in range(times):
        if not rate.wait(caller):
            rate.take(caller)
            done += 1
    return done


def test_a_caller_may_call_a_burst_at_once_and_then_as_often_as_calls_come_back():
    clock = Clock()
    rate = Rate(2, 5, clock)
    assert calls(rate, "a", 20) == 5
    assert rate.wait("a") == pytest.approx(0.5)
    clock.now += 0.5
    assert calls(rate, "a", 20) == 1
    clock.now += 1.5
    assert calls(rate, "a", 20) == 3
    clock.now += 3600
    assert calls(rate, "a", 20) == 5


def test_a_caller_pays_for_nobody_else():
    rate = Rate(1, 3, Clock())
    assert calls(rate, "a", 9) == 3
    assert calls(rate, "b", 9) == 3


def test_callers_that_are_made_up_do_not_fill_the_memory():
    rate = Rate(1, 3, Clock())
    for number in range(25_000):
        rate.take(f"made up {number}")
    assert calls(rate, "made up 24999", 9) == 2
    assert len(vars(rate)["_full_at"]) <= 10_000
