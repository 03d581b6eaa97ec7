"""The documentation, wherever the tests stand: in a checkout, or beside an installed wheel."""

from pathlib import Path

import pytest

from gridlingua.catalogue import Catalogue, load, shipped


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def documentation(root: Path) -> Path:
    return root / "docs"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load(shipped())
