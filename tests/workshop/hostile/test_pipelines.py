"""What the Action and the GitLab template run is theirs, whatever lies in the repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("file", ["action.yml", "deploy/ci/gitlab.yml"])
def test_no_module_of_the_repository_is_run_in_the_place_of_pythons(file: str, tmp_path: Path) -> None:
    lines = [line.strip() for line in (ROOT / file).read_text("utf-8").splitlines()]
    runs = [line for line in lines if " -m venv" in line or " -m pip" in line]
    assert len(runs) == 2
    assert all(" -I -m " in line for line in runs)
    (tmp_path / "venv.py").write_text("print('stolen')")
    ran = subprocess.run(
        [sys.executable, "-I", "-m", "venv", "--help"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "stolen" not in ran.stdout
