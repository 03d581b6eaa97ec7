"""``gridlingua check --watch`` stays, and tells after every save what is wrong now. No test looks at a clock."""

from __future__ import annotations

import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

NEEDS = "graph_patterns/flexibility/needs"
PATTERN = f"{NEEDS}/saref4.rq"
PROBLEMS = r"\d+ problems?"
WRONG = ("s4ener:includes", "s4ener:include")


class Watch:
    """A process that watches, and what it says line by line."""

    def __init__(self, *arguments: str, cache: Path, cwd: Path) -> None:
        environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gridlingua", "check", "--watch", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            cwd=cwd,
            # a shell's background jobs, and what they start, ignore Ctrl-C
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def until(self, said: str) -> list[str]:
        """What it says up to the next line that says so after the time of day."""
        found: list[str] = []
        while True:
            try:
                found.append(self._lines.get(timeout=60))
            except queue.Empty:
                pytest.fail(f"it does not say {said!r} but {found}")
            if re.fullmatch(rf"\d\d:\d\d:\d\d {said}", found[-1]):
                return found

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


@pytest.fixture
def watched(copy, tmp_path: Path) -> Iterator[Watch]:
    started = Watch("--catalogue", str(copy.root), cache=tmp_path / "cache", cwd=tmp_path)
    yield started
    if started.process.poll() is None:
        started.process.kill()
    started.process.wait()
    assert started.process.stdout
    started.process.stdout.close()


def save(path: Path, text: str) -> None:
    """As many editors do: into a new file, which then takes the name."""
    beside = path.with_name(f".{path.name}.swap")
    beside.write_text(text, "utf-8")
    os.replace(beside, path)


pytestmark = pytest.mark.skipif(os.name == "nt", reason="Ctrl-C of one process is not for Windows")


def test_every_save_is_answered_and_ctrl_c_ends_with_the_last_status(copy, watched: Watch) -> None:
    path = copy.root / PATTERN
    right = path.read_text("utf-8")
    watched.until("no problem")
    path.write_text(right.replace(*WRONG), "utf-8")
    told = watched.until(PROBLEMS)
    assert any("[terms]" in line and "saref4.rq" in line for line in told)
    save(path, right)
    watched.until("no problem")
    save(path, right.replace(*WRONG))
    watched.until(PROBLEMS)
    assert watched.stop() == 1


def test_a_file_that_is_half_written_is_told_and_then_forgotten(copy, watched: Watch) -> None:
    path = copy.root / f"{NEEDS}/exchange.yaml"
    right = path.read_text("utf-8")
    watched.until("no problem")
    path.write_text(right[: len(right) // 2] + "\n  - [", "utf-8")
    told = watched.until(PROBLEMS)
    assert any("[structure]" in line for line in told)
    path.write_text(right, "utf-8")
    watched.until("no problem")
    assert watched.stop() == 0


def test_folders_may_go_and_come_back(copy, watched: Watch, tmp_path: Path) -> None:
    watched.until("no problem")
    shutil.rmtree(copy.root / "graph_patterns/limits")
    watched.until("no problem")
    shutil.move(copy.root / "graph_patterns", tmp_path / "away")
    told = watched.until(PROBLEMS)
    assert any("there is no folder graph_patterns here" in line for line in told)
    shutil.move(tmp_path / "away", copy.root / "graph_patterns")
    watched.until("no problem")
    path = copy.root / PATTERN
    path.write_text(path.read_text("utf-8").replace(*WRONG), "utf-8")
    watched.until(PROBLEMS)


def test_the_policy_may_be_written_later_and_wrong(copy, watched: Watch) -> None:
    path = copy.root / PATTERN
    path.write_text(path.read_text("utf-8").replace(*WRONG), "utf-8")
    watched.until(PROBLEMS)
    policy = copy.root / "gridlingua.toml"
    off = (f'{name} = {{ severity = "off", reason = "a test" }}\n' for name in ("examples", "rejects", "terms"))
    policy.write_text("".join(["[checks]\n", *off]), "utf-8")
    watched.until("no problem")
    policy.write_text("[checks\n", "utf-8")
    watched.until("cannot be checked")
    policy.unlink()
    watched.until(PROBLEMS)


def test_a_bare_file_is_watched_too(tmp_path: Path) -> None:
    file = tmp_path / "ours.rq"
    right = "PREFIX saref: <https://saref.etsi.org/core/>\nCONSTRUCT WHERE { ?meter a saref:Meter }\n"
    file.write_text(right, "utf-8")
    started = Watch("ours.rq", cache=tmp_path / "cache", cwd=tmp_path)
    started.until("no problem")
    save(file, right.replace("saref:Meter", "saref:Metre"))
    started.until(PROBLEMS)
    save(file, right)
    started.until("no problem")
    assert started.stop() == 0
    assert started.process.stdout
    started.process.stdout.close()
