"""`gridlingua check` over a repository that a stranger changed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gridlingua.catalogue import shipped
from gridlingua.catalogue.checking.policy import Policy
from gridlingua.catalogue.checking.several import Task
from gridlingua.cli import app
from gridlingua.cli.inspection import Inspection
from gridlingua.cli.judgement import Judgement
from gridlingua.cli.targets import Targets
from gridlingua.errors import CatalogueError, legible

WRONG = "CONSTRUCT WHERE { ?a saref:hasValu ?b }"
BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 10))


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / ".git").mkdir()
    monkeypatch.chdir(folder)
    return folder


def checked(*arguments: str) -> Result:
    result = CliRunner().invoke(app, ["check", "--no-cache", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.yaml", f'graphPattern: "?a a:b ?c ."\n{BOMB}', "write fewer aliases"),
        ("a.yaml", 'graphPattern: "?a a:b ?c ."\nx: &x [*x]\n', ""),
        ("a.yaml", 'graphPattern: "?a a:b ?c ."\nx: ' + "[" * 20_000, "not YAML"),
        ("a.json", '{"graphPattern": "?a a:b ?c .", "n": ' + "1" * 6000 + "}", "not JSON that can be read"),
        ("a.json", '{"graphPattern": ' + "[" * 200_000, "nested too deeply"),
        ("a.json", '{"prefixes": "' + "[" * 100_000 + '", "graphPattern": "?a a:b ?c ."}', "a: is not declared"),
        ("a.json", '{"prefixes": "{\\"a\\": 1}", "graphPattern": "?a a:b ?c ."}', "a: is not declared"),
        ("a.json", '{"graphPattern": "?a a:b\\ud800 ?c ."}', "a: is not declared"),
        ("a.properties", "pattern = ?a a:b ?c . \\ud800\n", "has no meaning here"),
        ("a.rq", "SELECT * WHERE { ?a <urn:p> " + "[ <urn:p> " * 50_000, "[pattern]"),
    ],
)
def test_no_text_ends_in_a_traceback(repository: Path, name: str, text: str, said: str) -> None:
    (repository / name).write_text(text)
    for named in ("text", "json", "junit"):
        result = checked("--format", named, "--", ".")
        assert result.exit_code in (0, 1)
        assert len(result.stdout) < 200_000
        assert named != "text" or said in result.stdout


def test_a_pipe_is_a_finding_and_nobody_waits(repository: Path) -> None:
    os.mkfifo(repository / "pipe.rq")
    assert checked("--", ".").stdout.startswith("pipe.rq:1: [pattern] cannot be read: it is a pipe or a device")


def test_a_file_without_measure_is_a_finding(repository: Path) -> None:
    with (repository / "large.rq").open("wb") as file:
        file.truncate(2**31)
    assert "larger than 32 MB" in checked("--", ".").stdout


def test_links_out_of_the_repository_and_into_its_hidden_folders_are_not_followed(repository: Path) -> None:
    (repository.parent / "secret").write_text("password=hunter2 a:b c:d")
    (repository / ".git" / "config").write_text("token=hunter2 a:b c:d")
    (repository / "wrong.rq").write_text(WRONG)
    (repository / "one.rq").symlink_to("../secret")
    (repository / "two.rq").symlink_to(".git/config")
    (repository / "three.rq").symlink_to("wrong.rq")
    (repository / "four.rq").symlink_to("four.rq")
    (repository / "loop").symlink_to(".")
    told = checked("--", ".").stdout
    assert "hunter2" not in told
    assert [one for one in ("wrong", "one", "two", "three", "four") if f"{one}.rq:1" in told] == [
        "wrong",
        "three",
        "four",
    ]


@pytest.mark.parametrize(
    "name", ["::error file=a::b.rq", "new\n::error::line.rq", "\x1b[2Jscreen.rq", "##[add-mask]a.rq", "la\udce9tin.rq"]
)
@pytest.mark.parametrize("named", ["text", "github", "json", "sarif", "junit"])
def test_the_name_of_a_file_commands_nobody(repository: Path, name: str, named: str) -> None:
    (repository / name).write_text(WRONG)
    result = checked("--format", named, "--", ".")
    assert result.exit_code == 1
    assert "\x1b" not in result.stdout
    lines = [one for one in result.stdout.splitlines() if one.lstrip().startswith("::")]
    assert (
        all(one.startswith("::error file=") and one.count("::") == 2 for one in lines)
        if named == "github"
        else not lines
    )


def test_what_a_pattern_says_commands_no_terminal(repository: Path) -> None:
    (repository / "a.rq").write_text('CONSTRUCT WHERE { ?a <urn:\x1b[2Jx> "\x07" . ?b foo\u202e:bar\n::error::x ?c }')
    told = checked("--", ".").stdout
    assert "a.rq:" in told
    assert not {"\x1b", "\x07", "\u202e"} & set(told)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = " + "1" * 5000, "cannot be read"),
        ("x = " + "[" * 5000, "cannot be read"),
        ('[[exceptions]]\ncheck = "pattern"\npath = "/etc/*"\nreason = "x"\n', "lies below the folder"),
        ('[[exceptions]]\ncheck = "pattern"\npath = "../../*"\nreason = "x"\n', "lies below the folder"),
        ('[checks]\n"a\\n::error::x" = {severity = "x"}\n', "there is no check"),
    ],
)
def test_a_policy_that_is_wrong_is_told_in_lines_of_its_own(repository: Path, text: str, said: str) -> None:
    (repository / "a.rq").write_text(WRONG)
    (repository / "gridlingua.toml").write_text(text)
    result = checked("--", ".")
    assert result.exit_code == 2
    assert said in result.output
    assert "\n::" not in result.output
    with pytest.raises(CatalogueError):
        Policy.read(repository / "gridlingua.toml", ["pattern"])


def test_a_file_that_takes_for_ever_is_given_up(repository: Path) -> None:
    triples = "".join(f"?a{i} saref:consistsOf ?a{j} . " for i in range(60) for j in range(60) if i != j)
    file = repository / "clique.rq"
    file.write_text(f"PREFIX saref: <https://saref.etsi.org/core/>\nCONSTRUCT WHERE {{ {triples} }}")
    found = Inspection(Targets(files=[file]), (), shipped().ontologies, shipped().extension_base, patience=0.5)
    assert "took longer than 0.5 s" in found.problems(Judgement(None, ["pattern"]))[0].message


def test_an_exchange_that_takes_for_ever_is_a_finding_that_is_not_kept() -> None:
    content = shipped()
    folder = content.folders()[0]
    record = Task(content, folder, "", "key", ("examples",), patience=0.001).done()
    assert "took longer than 0.001 s" in next(record.problems(["examples"])).message
    assert record.key != "key"


def test_an_exchange_with_a_pipe_is_a_finding(repository: Path) -> None:
    folder = repository / "graph_patterns" / "a" / "b"
    (folder / "examples").mkdir(parents=True)
    (repository / "shapes").mkdir()
    (folder / "exchange.yaml").write_text(BOMB)
    os.mkfifo(folder / "examples" / "one.json")
    told = json.loads(checked("--format", "json", "--", ".").stdout)["problems"]
    assert "it is a pipe or a device" in told[0]["message"]


def test_a_text_is_legible() -> None:
    assert legible("a\n\x1b\ud800é\u202e") == "a\\n\\x1b\\ud800é\\u202e"
    assert len(legible("x" * 9999)) == 2000
