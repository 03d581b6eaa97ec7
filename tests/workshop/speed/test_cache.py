"""What was found before is told again, the same, as long as nothing has changed that it depends on; and no longer."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gridlingua.catalogue import shipped
from gridlingua.catalogue.checking import run
from gridlingua.catalogue.checking.cache import Cache, Memory, user_cache
from gridlingua.catalogue.checking.several import done
from gridlingua.cli import app
from gridlingua.errors import Problem

IDS = ("flexibility/needs", "flexibility/subscription", "limits/capability")
NEEDS = "graph_patterns/flexibility/needs"


def checked(copy, **options) -> list[Problem]:
    return run(copy.content, cache=Cache(copy.kept), **options)


def untouched(copy) -> set[str]:
    """The exchanges that a run does not look at."""
    return {one.path for one in checked(copy) if one.message == "it was found before"}


def test_a_second_run_tells_the_same_without_looking(copy) -> None:
    copy.edit(f"{NEEDS}/saref4.rq", "s4ener:includes", "s4ener:include")
    first = checked(copy)
    assert first
    assert checked(copy) == first == run(copy.content)
    copy.edit(f"{NEEDS}/saref4.rq", "s4ener:include", "s4ener:includes")
    checked(copy)
    copy.mark()
    assert untouched(copy) == set(IDS)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (f"{NEEDS}/exchange.yaml", "title:", "title: A"),
        (f"{NEEDS}/saref4.rq", "CONSTRUCT", "# a remark\nCONSTRUCT"),
        (f"{NEEDS}/reply.schema.json", "{", "{ "),
        ("shapes/flexibility/needs.ttl", "@prefix", "# a remark\n@prefix"),
    ],
)
def test_a_change_of_one_exchange_lets_the_others_be(copy, path: str, old: str, new: str) -> None:
    checked(copy)
    copy.mark()
    copy.edit(path, old, new)
    assert untouched(copy) == set(IDS) - {"flexibility/needs"}


def test_a_change_that_leaves_size_and_time_as_they_were_is_seen_by_a_new_process(copy) -> None:
    path = copy.root / NEEDS / "saref4.rq"
    checked(copy)
    copy.mark()
    told = path.stat()
    copy.edit(f"{NEEDS}/saref4.rq", "s4ener:includes", "s4ener:includez")
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert "flexibility/needs" not in untouched(copy)
    assert any("includez" in one.message for one in checked(copy))


def test_a_shape_that_others_import_is_looked_at_wherever_it_is_imported(copy) -> None:
    checked(copy)
    copy.mark()
    copy.edit("shapes/concepts/flexibility_need.ttl", "@prefix", "# a remark\n@prefix")
    assert untouched(copy) == {"flexibility/subscription", "limits/capability"}


def test_a_new_file_and_a_file_that_is_gone_are_changes(copy) -> None:
    checked(copy)
    copy.mark()
    example = next((copy.root / NEEDS / "examples").glob("*.json"))
    shutil.copy(example, example.with_name("another.json"))
    assert "flexibility/needs" not in untouched(copy)
    copy.mark()
    example.with_name("another.json").unlink()
    assert "flexibility/needs" not in untouched(copy)


def test_other_term_lists_and_another_namespace_change_everything(copy) -> None:
    checked(copy)
    copy.mark()
    shutil.copytree(shipped().ontologies, copy.root / "ontologies")
    assert untouched(copy) == set()
    copy.mark()
    with (copy.root / "ontologies" / "gridlingua.ttl").open("a") as file:
        file.write("# a remark\n")
    assert untouched(copy) == set()


def test_two_exchanges_that_come_to_stand_at_one_operation_are_both_told_and_then_no_more(copy) -> None:
    assert not [one for one in checked(copy) if one.check in ("operation", "ambiguity")]
    twin = copy.root / "graph_patterns" / "flexibility" / "twin"
    shutil.copytree(copy.root / NEEDS, twin)
    shutil.copy(copy.root / "shapes/flexibility/needs.ttl", copy.root / "shapes/flexibility/twin.ttl")
    told = [one for one in checked(copy) if one.check in ("operation", "ambiguity")]
    assert {(one.check, one.path.split("/")[2]) for one in told} == {
        ("operation", "needs"), ("operation", "twin"), ("ambiguity", "needs"), ("ambiguity", "twin"),
    }  # fmt: skip
    assert told == [one for one in run(copy.content) if one.check in ("operation", "ambiguity")]
    shutil.rmtree(twin)
    assert not [one for one in checked(copy) if one.check in ("operation", "ambiguity")]


def test_some_checks_of_some_exchanges_are_kept_with_what_is_known_of_the_others(copy) -> None:
    copy.edit(f"{NEEDS}/saref4.rq", "s4ener:includes", "s4ener:include")
    alone = checked(copy, ids=["flexibility/needs"], only=["terms"])
    assert {one.check for one in alone} == {"terms"}
    assert checked(copy, only=["variables"]) == run(copy.content, only=["variables"])
    assert checked(copy) == run(copy.content)
    assert checked(copy, ids=["flexibility/needs"], only=["terms"]) == alone


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", "null", '{"form": 1}', '{"form": 1, "whole": 3, "records": []}', "\x00"]
)
def test_a_damaged_file_is_as_good_as_none(copy, damage: str) -> None:
    expected = checked(copy)
    copy.file.write_text(damage, "utf-8")
    assert checked(copy) == expected


def test_a_damaged_record_is_as_good_as_none(copy) -> None:
    expected = checked(copy)
    text = copy.file.read_text("utf-8")
    copy.file.write_text(text.replace('"unread"', '"unheard"', 1), "utf-8")
    assert checked(copy) == expected


def test_where_nothing_can_be_kept_everything_is_looked_at(copy, tmp_path: Path) -> None:
    (tmp_path / "a_file").write_text("")
    store = Cache(tmp_path / "a_file" / "below")
    assert run(copy.content, cache=store) == run(copy.content, cache=store) == run(copy.content)


def test_a_file_is_written_whole_and_no_rest_is_left(copy) -> None:
    checked(copy)
    assert [path.name for path in copy.kept.iterdir()] == [copy.file.name]


def test_the_findings_of_the_catalogues_that_were_looked_at_last_are_kept(copy) -> None:
    checked(copy)
    newest = copy.file.name
    for number in range(40):
        path = copy.kept / f"gridlingua-findings-{number}.json"
        path.write_text("{}")
        os.utime(path, (number, number))
    copy.edit(f"{NEEDS}/exchange.yaml", "title:", "title: A")
    checked(copy)
    left = {path.name for path in copy.kept.iterdir()}
    assert len(left) == 32
    assert newest in left
    assert "gridlingua-findings-39.json" in left
    assert "gridlingua-findings-0.json" not in left


def test_a_resident_run_looks_at_what_changed_since_its_last(copy) -> None:
    memory = Memory(Cache(copy.kept))
    assert run(copy.content, cache=memory) == run(copy.content)
    copy.edit(f"{NEEDS}/saref4.rq", "s4ener:includes", "s4ener:include")
    assert run(copy.content, cache=memory) == run(copy.content) != []
    copy.edit(f"{NEEDS}/saref4.rq", "s4ener:include ", "s4ener:includes ")
    assert run(copy.content, cache=memory) == run(copy.content)


def test_several_processes_find_what_one_finds(copy) -> None:
    for number in range(12):
        shutil.copytree(copy.root / "graph_patterns/limits/capability", copy.root / f"graph_patterns/limits/c{number}")
        shutil.copy(copy.root / "shapes/limits/capability.ttl", copy.root / f"shapes/limits/c{number}.ttl")
    found = run(copy.content, processes=3)
    assert found == run(copy.content)
    assert {one.check for one in found} >= {"operation", "ambiguity"}


def test_nothing_to_do_takes_no_process() -> None:
    assert done([], processes=8) == []


@pytest.mark.skipif(os.name == "nt", reason="XDG is the custom of others")
def test_findings_are_kept_where_the_user_keeps_such_things(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_cache() == tmp_path / "gridlingua"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert user_cache() in (tmp_path / ".cache" / "gridlingua", tmp_path / "Library" / "Caches" / "gridlingua")


def test_the_command_keeps_what_it_finds_where_it_is_told_to_or_nowhere(copy) -> None:
    copy.edit(f"{NEEDS}/saref4.rq", "s4ener:includes", "s4ener:include")
    command = ["check", "--catalogue", str(copy.root)]
    alone = CliRunner().invoke(app, [*command, "--no-cache", "--cache", str(copy.kept)])
    assert alone.exit_code == 1
    assert not copy.kept.exists()
    kept = CliRunner().invoke(app, [*command, "--cache", str(copy.kept)])
    assert copy.file.is_file()
    again = CliRunner().invoke(app, command, env={"GRIDLINGUA_CACHE": str(copy.kept)})
    assert alone.output == kept.output == again.output
    copy.edit(f"{NEEDS}/saref4.rq", "s4ener:include", "s4ener:includes")
    CliRunner().invoke(app, [*command, "--cache", str(copy.kept)])
    copy.mark()
    assert "it was found before" in CliRunner().invoke(app, [*command, "--cache", str(copy.kept)]).output


def test_a_policy_holds_at_once_for_what_was_found_before(copy) -> None:
    copy.edit(f"{NEEDS}/saref4.rq", "s4ener:includes", "s4ener:include")
    command = ["check", "--catalogue", str(copy.root), "--cache", str(copy.kept), "--only", "terms"]
    assert CliRunner().invoke(app, command).exit_code == 1
    (copy.root / "gridlingua.toml").write_text('[checks]\nterms = { severity = "off", reason = "a test" }\n')
    assert CliRunner().invoke(app, command).exit_code == 0
