"""A catalogue is checked, checked again, and watched.

Each run of the first table is a process of its own, from its start to its end, over our whole catalogue, or a copy of
it of which one file is changed before. What was found in the other exchanges is kept from the run before.
In the second table a process stays (`gridlingua check --watch`); the time is that from a save of a file to the line
that ends the answer.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.timing import Group, Plan
from gridlingua.catalogue import Content, shipped

EXCHANGE = "flexibility/needs"
FEW = (EXCHANGE, "flexibility/subscription")


@dataclass(frozen=True)
class Desk:
    """A copy of the catalogue to write in, and a folder for what is found."""

    root: Path

    @property
    def catalogue(self) -> Path:
        return self.root / "catalogue"

    @property
    def environment(self) -> dict[str, str]:
        """That of an installation: the program is compiled once, whatever the environment of the benchmark says."""
        unset = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {**unset, "PYTHONPYCACHEPREFIX": str(self.root / "compiled"), "PYTHONUNBUFFERED": "1"}

    @property
    def files(self) -> dict[str, Path]:
        """A file of each kind that an author changes."""
        folder = self.catalogue / "graph_patterns" / EXCHANGE
        return {
            "an example": next((folder / "examples").glob("*.json")),
            "a pattern": folder / "saref4.rq",
            "the declaration": folder / "exchange.yaml",
            "a shape": self.catalogue / "shapes" / f"{EXCHANGE}.ttl",
        }

    def check(self, *options: str) -> None:
        """The command as anybody runs it; it must find nothing that fails."""
        command = [sys.executable, "-m", "gridlingua", "check", "--catalogue", str(self.catalogue)]
        kept = ["--cache", str(self.root / "kept"), *options]
        subprocess.run([*command, *kept], capture_output=True, check=True, env=self.environment)

    def check_anew(self) -> None:
        """As if nothing had been checked before."""
        shutil.rmtree(self.root / "kept", ignore_errors=True)
        self.check()


def measure(plan: Plan) -> Iterator[Group]:
    with _desk(plan) as desk:
        count = len(Content(desk.catalogue).folders())
        things: dict[str, Callable[[], object]] = {
            "`gridlingua --version`": lambda: subprocess.run(
                [sys.executable, "-m", "gridlingua", "--version"],
                capture_output=True,
                check=True,
                env=desk.environment,
            ),
            "`gridlingua check --help`": lambda: desk.check("--help"),
            "checked for the first time (at most 5 s)": desk.check_anew,
            "checked again, nothing changed": desk.check,
        }
        for what, file in desk.files.items():
            things[f"checked again, {what} changed (at most 0.5 s)"] = _changed(desk, file)
        yield plan.compare(f"{count} exchanges, each run a process", things)
        with _watched(desk) as answer:
            saves = {f"{what} is saved (at most 200 ms)": _saved(file, answer) for what, file in desk.files.items()}
            yield plan.compare(f"{count} exchanges, watched", saves, runs=plan.runs * 2)


@contextmanager
def _desk(plan: Plan) -> Iterator[Desk]:
    with TemporaryDirectory() as folder:
        desk, ours = Desk(Path(folder)), shipped()
        if plan.quick:
            for name in FEW:
                shutil.copytree(ours.patterns / name, desk.catalogue / "graph_patterns" / name)
                (desk.catalogue / "shapes" / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ours.shapes / f"{name}.ttl", desk.catalogue / "shapes" / f"{name}.ttl")
            shutil.copytree(ours.shapes / "concepts", desk.catalogue / "shapes" / "concepts")
        else:
            shutil.copytree(ours.patterns, desk.catalogue / "graph_patterns")
            shutil.copytree(ours.shapes, desk.catalogue / "shapes")
        yield desk


@contextmanager
def _watched(desk: Desk) -> Iterator[Callable[[], None]]:
    """A process that watches; what is yielded waits for the end of its next answer."""
    command = [sys.executable, "-m", "gridlingua", "check", "--watch", "--no-cache", "--catalogue", str(desk.catalogue)]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=desk.environment
    ) as process:
        said = process.stderr
        assert said is not None  # it was asked for

        def answer() -> None:
            line = said.readline()
            while line and not line.rstrip().endswith(("problem", "problems")):
                line = said.readline()
            if not line:
                raise RuntimeError("the watch has ended")

        try:
            answer()
            yield answer
        finally:
            process.terminate()


def _changed(desk: Desk, file: Path) -> Callable[[], None]:
    texts = _versions(file)

    def thing() -> None:
        file.write_text(next(texts), "utf-8")
        desk.check()

    return thing


def _saved(file: Path, answer: Callable[[], None]) -> Callable[[], None]:
    texts = _versions(file)

    def thing() -> None:
        file.write_text(next(texts), "utf-8")
        answer()

    return thing


def _versions(file: Path) -> Iterator[str]:
    """Texts of a file that say the same and are never the same."""
    text = file.read_text("utf-8").rstrip("\n")
    ends = (
        (" " * number for number in itertools.count(1)) if file.suffix == ".json" else map(_remark, itertools.count())
    )
    return (f"{text}\n{end}\n" for end in ends)


def _remark(number: int) -> str:
    return f"# version {number}"
