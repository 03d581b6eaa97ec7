"""The shipped catalogue, loaded once."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from gridlingua.catalogue import Catalogue, Content, load, shipped

# No deadline: the machine is shared, and the first SHACL validation of a shapes graph takes longer than the next.
settings.register_profile("gridlingua", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("gridlingua")


@pytest.fixture(scope="session", autouse=True)
def _findings_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests neither use nor change what the user's own runs have found."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def content() -> Content:
    return shipped()


@pytest.fixture(scope="session")
def catalogue(content: Content) -> Catalogue:
    """Every exchange that is shipped; tests must not change it."""
    return load(content)
