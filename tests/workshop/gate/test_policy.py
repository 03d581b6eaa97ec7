"""gridlingua.toml: severities and exceptions, each with its reason, and what is wrong with the file itself."""

from __future__ import annotations

import json
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gridlingua.catalogue import shipped
from gridlingua.catalogue.checking.policy import FILE, Policy, find_policy
from gridlingua.cli.judgement import Judgement
from gridlingua.cli.reports.rules import check_rules, validate_rules
from gridlingua.errors import CatalogueError, Problem, Severity

KNOWN = ("policy", "shapes", "terms", "units")


def policy(folder: Path, text: str) -> Policy:
    (folder / FILE).write_text(text)
    return Policy.read(folder / FILE, KNOWN)


def told(folder: Path, text: str) -> list[str]:
    """What is wrong with a policy file: ``line: message``."""
    with pytest.raises(CatalogueError) as error:
        policy(folder, text)
    return [f"{one.line}: {one.message}" for one in error.value.problems]


def found(path: Path, check: str = "terms", message: str = "ic:x is gone", severity: Severity = "error") -> Problem:
    return Problem(str(path), 4, check, message, severity)


def judged(problems: list[Problem], files: list[Path], ran: tuple[str, ...] = KNOWN) -> list[str]:
    pairs = [(one, Path(one.path)) for one in problems]
    return [
        f"{Path(one.path).name}: {one.severity}: {one.message}"
        for one in Judgement(None, KNOWN).told(pairs, files, ran)
    ]


def test_a_check_is_as_grave_as_the_file_says(tmp_path: Path) -> None:
    policy(tmp_path, '[checks]\nterms = "note"\nunits = {severity = "off", reason = "they are not ours"}\n')
    file = tmp_path / "a.rq"
    problems = [found(file), found(file, "units"), found(file, "shapes")]
    assert judged(problems, [file]) == ["a.rq: error: ic:x is gone", "a.rq: note: ic:x is gone"]


EXCEPTION = '[[exceptions]]\ncheck = "terms"\npath = "{path}"\nabout = "{about}"\nreason = "deployed so"\n'


@pytest.mark.parametrize(
    "path", ["pilots/a.rq", "pilots", "pilots/", "pilots/*", "*.rq", "./pilots/a.rq", "pilots/?.rq"]
)
def test_an_exception_covers_the_files_of_its_path_and_only_what_it_is_about(tmp_path: Path, path: str) -> None:
    policy(tmp_path, EXCEPTION.format(path=path, about="ic:x"))
    inside, outside = tmp_path / "pilots" / "a.rq", tmp_path / "pilots2" / "b.ttl"
    problems = [found(inside), found(inside, message="ic:y is gone"), found(inside, "units"), found(outside)]
    assert judged(problems, [inside, outside]) == [
        "a.rq: error: ic:y is gone",
        "a.rq: error: ic:x is gone",
        "b.ttl: error: ic:x is gone",
    ]


def test_an_exception_that_matches_nothing_is_a_warning_at_its_line(tmp_path: Path) -> None:
    policy(tmp_path, "# why\n\n" + EXCEPTION.format(path="*.rq", about="ic:x"))
    file = tmp_path / "a.rq"
    file.touch()
    (warning,) = Judgement(None, KNOWN).told([], [file], KNOWN)
    assert (warning.line, warning.severity, warning.check) == (3, "warning", "policy")
    assert warning.message == "the exception of terms for *.rq matches nothing that was found: take it away"


def test_an_exception_is_not_idle_when_its_check_or_its_files_were_left_out(tmp_path: Path) -> None:
    policy(tmp_path, EXCEPTION.format(path="pilots/*.rq", about="ic:x"))
    (tmp_path / "pilots").mkdir()
    for one in ("pilots/a.rq", "b.rq"):
        (tmp_path / one).touch()
    assert judged([], [tmp_path / "b.rq"]) == []
    assert judged([], [tmp_path / "pilots" / "a.rq"], ("units",)) == []
    assert len(judged([], [tmp_path / "pilots" / "a.rq"])) == 1


def test_an_exception_for_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    policy(tmp_path, EXCEPTION.format(path="pilots/*.rq", about=""))
    (tmp_path / "b.rq").touch()
    assert judged([], [tmp_path / "b.rq"]) == [
        "gridlingua.toml: warning: the exception of terms names pilots/*.rq, and there is no such file"
    ]


def test_the_warning_itself_can_be_turned_off(tmp_path: Path) -> None:
    policy(tmp_path, '[checks]\npolicy = "off"\n' + EXCEPTION.format(path="*.rq", about="ic:x"))
    (tmp_path / "a.rq").touch()
    assert judged([], [tmp_path / "a.rq"]) == []


def test_the_nearest_file_holds_up_to_the_root_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    repository, inner = tmp_path / "repository", tmp_path / "repository" / "data" / "deep"
    inner.mkdir(parents=True)
    assert find_policy(inner) == (tmp_path / FILE).resolve()
    (repository / ".git").mkdir()
    assert find_policy(inner) is None
    (repository / FILE).touch()
    assert find_policy(inner) == (repository / FILE).resolve()
    (inner / FILE).touch()
    assert find_policy(inner) == (inner / FILE).resolve()


def test_two_folders_have_two_policies_in_one_run(tmp_path: Path) -> None:
    for name, severity in (("one", "note"), ("two", "warning")):
        (tmp_path / name).mkdir()
        policy(tmp_path / name, f'[checks]\nterms = "{severity}"\n')
    files = [tmp_path / "one" / "a.rq", tmp_path / "two" / "b.rq"]
    assert judged([found(one) for one in files], files) == ["a.rq: note: ic:x is gone", "b.rq: warning: ic:x is gone"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[checks]\n\nterm = "off"\n', ["3: there is no check 'term': did you mean terms?"]),
        ('[checks]\nterms = "loud"\n', ["2: terms: 'loud' is no severity; there are error, warning, note, off"]),
        ("checks.units = 3\n", ["1: units: 3 is no severity; there are error, warning, note, off"]),
        (
            '[checks.units]\nseverity = "off"\nreason = ""\n',
            ['1: units is a severity, or {severity = "off", reason = "why"}'],
        ),
        ('[[exceptions]]\ncheck = "terms"\npath = "*"\n', ["1: an exception needs a reason: say why"]),
        ('\n[[exceptions]]\ncheck = "terms"\npath = "*"\nreason = " "\n', ["2: an exception needs a reason: say why"]),
        (
            EXCEPTION.format(path="*", about="") + '[[exceptions]]\ncheck = "trems"\nreason = "x"\n',
            ["6: an exception needs a path", "6: there is no check 'trems': did you mean terms?"],
        ),
        (
            '[[exceptions]]\ncheck = "terms"\npath = "*"\nreason = "x"\nabuot = "y"\n',
            ["1: an exception has check, path, about and reason, no 'abuot'"],
        ),
        ('profil = "saref4"\n', ["1: there is no setting 'profil'; there are checks, exceptions and profile"]),
        ("profile = 4\n", ["1: profile is a text, such as saref4"]),
        ("checks = 4\n", ["1: checks is a table: [checks], and below it NAME = severity"]),
        ("exceptions = 4\n", ["1: exceptions are tables: [[exceptions]], and below it check, path, reason"]),
        ("[checks]\nterms = off\n", ["2: not TOML: "]),
        ("[checks\n", ["1: not TOML: "]),
        ("[checks]\nzzzzz = 'off'\n", ["2: there is no check 'zzzzz'; there are policy, shapes, terms, units"]),
    ],
)
def test_what_is_wrong_with_the_file_is_told_with_its_line(tmp_path: Path, text: str, said: list[str]) -> None:
    found = told(tmp_path, text)
    assert len(found) == len(said)
    assert all(one.startswith(start) for one, start in zip(found, said, strict=True)), found


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff")
    with pytest.raises(CatalogueError, match="cannot be read"):
        Policy.read(tmp_path / FILE, KNOWN)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The schema that editors complete the file by."""
    text = resources.files("gridlingua.catalogue.checking").joinpath("settings.schema.json").read_text()
    found: dict[str, Any] = json.loads(text)
    Draft202012Validator.check_schema(found)
    return found


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ('profile = "saref4"\n[checks]\nterms = "off"\nunits = {severity = "note", reason = "x"}\n', True),
        (EXCEPTION.format(path="*", about="x"), True),
        ('[checks]\nterms = "loud"\n', False),
        ('[[exceptions]]\ncheck = "terms"\npath = "*"\n', False),
        ('profil = "saref4"\n', False),
    ],
)
def test_the_schema_and_the_reader_agree(tmp_path: Path, schema: dict[str, Any], text: str, fits: bool) -> None:
    assert Draft202012Validator(schema).is_valid(tomllib.loads(text)) is fits
    if fits:
        policy(tmp_path, text)
    else:
        assert told(tmp_path, text)


def test_our_own_file_is_right_and_comes_with_the_content(schema: dict[str, Any]) -> None:
    ours = shipped().root / FILE
    Draft202012Validator(schema).validate(tomllib.loads(ours.read_text()))
    Policy.read(ours, {*check_rules(), *validate_rules()})
    assert find_policy(shipped().patterns / "flexibility" / "needs") == ours.resolve()
