"""The app is made of the services that are asked for, and describes itself."""

from __future__ import annotations

import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest

import gridlingua.services
from gridlingua.errors import MessageError, RemoteError
from gridlingua.web.services import Settings, available, create_app, load

ALL = tuple(available())


def app_of(folder: Path, *names: str, **settings: Any) -> Any:
    return create_app(Settings(names, f"sqlite:///{folder / 'x.sqlite'}", **settings))


def paths(app: Any) -> set[str]:
    return set(app.openapi()["paths"])


def test_only_the_services_asked_for_are_there(tmp_path: Path) -> None:
    assert "/1.0/Data/Metering" in paths(app_of(tmp_path, "data_sharing"))
    assert not any("/Flexibility/" in path for path in paths(app_of(tmp_path, "data_sharing")))


def test_a_service_that_is_added_as_a_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = available()
    write_service(tmp_path, monkeypatch, "weather_service", "route_class=ExactRoute", "**allow_public()")
    assert available() == sorted([*known, "weather_service"])
    assert "/1.0/weather" in paths(app_of(tmp_path, "weather_service"))


@pytest.mark.parametrize(("name", "router"), [("open_service", ""), ("careless_service", "route_class=ExactRoute")])
def test_a_route_without_a_policy_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, router: str
) -> None:
    write_service(tmp_path, monkeypatch, name, router, "")
    with pytest.raises(TypeError, match=r"/weather has no policy"):
        app_of(tmp_path, name)


def write_service(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, router: str, policy: str) -> None:
    """A service as somebody adds one: a folder among the subpackages of ``gridlingua.services``."""
    (folder / name).mkdir()
    (folder / name / "__init__.py").write_text(
        "from fastapi import APIRouter\n"
        "from sqlalchemy import MetaData\n"
        "from gridlingua.services.access import allow_public\n"
        "from gridlingua.services.routes import ExactRoute\n"
        "metadata = MetaData()\n"
        f"router = APIRouter({router})\n"
        f"@router.get('/weather', {policy})\n"
        "def weather() -> str:\n"
        "    return 'rain'\n"
    )
    monkeypatch.setattr(gridlingua.services, "__path__", [*gridlingua.services.__path__, str(folder)])


def test_every_subpackage_keeps_the_promise_of_a_service() -> None:
    packages = [module.name for module in pkgutil.iter_modules(gridlingua.services.__path__) if module.ispkg]
    for name in packages:
        service = load(name)
        assert service.metadata.tables
        assert hasattr(service, "router")


@pytest.mark.parametrize(
    ("names", "settings", "said"),
    [
        (("nonsense",), {}, "there is no service 'nonsense'; there are accounts, aggregator, "),
        ((), {}, "name the services to run: accounts, aggregator, "),
        (("flexibility",), {"time_zone": "Europe/Atlantis"}, "there is no time zone 'Europe/Atlantis'"),
        (("flexibility",), {"name": ""}, "'' is no name to acknowledge by: String should have at least 1 character"),
        (("flexibility",), {"name": "n" * 129}, "is no name to acknowledge by: String should have at most 128"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_words(
    tmp_path: Path, names: tuple[str, ...], settings: dict[str, str], said: str
) -> None:
    with pytest.raises(MessageError, match=said):
        app_of(tmp_path, *names, **settings)


def test_a_database_that_cannot_be_opened_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(RemoteError, match="cannot be used"):
        app_of(tmp_path / "nowhere", "flexibility")


def test_a_ping_tells_who_is_there(services: Any) -> None:
    client = services("flexibility", "data_sharing", name="dso")
    assert client.get("/ping").json() == {"name": "dso", "services": ["flexibility", "data_sharing"]}


def test_the_openapi_shows_an_example_for_every_message(tmp_path: Path) -> None:
    """One that is only ever a part of others is shown inside theirs."""
    schemas = app_of(tmp_path, *ALL).openapi()["components"]["schemas"]
    parts = {ref for schema in schemas.values() for ref in re.findall(r"#/components/schemas/([^']+)", str(schema))}
    parts |= {"Ping", "Problem", "Body_give_token_oauth_token_post"}  # the last is a form
    assert [name for name, schema in schemas.items() if "examples" not in schema and name not in parts] == []


def test_numbers_in_the_openapi_are_numbers_and_times_are_times(tmp_path: Path) -> None:
    need = app_of(tmp_path, "flexibility").openapi()["components"]["schemas"]["Need"]["properties"]
    assert (need["needs"]["type"], need["startTime"]["format"]) == ("number", "date-time")


def test_every_operation_is_documented_and_tagged_for_its_reader(tmp_path: Path) -> None:
    for path, operations in app_of(tmp_path, *ALL).openapi()["paths"].items():
        for operation in operations.values():
            assert operation["description"], path
            (tag,) = operation["tags"]
            assert tag.endswith(", operator") == path.startswith("/1.0/operator/"), path


def test_every_operation_that_calls_the_network_says_what_failures_look_like(tmp_path: Path) -> None:
    operations = [one for path in app_of(tmp_path, *ALL).openapi()["paths"].values() for one in path.values()]
    calling = [one for one in operations if "504" in one["responses"]]
    assert len(calling) > 10
    for one in calling:
        assert "**Failures" in one["description"], one["summary"]
        answers = [one["responses"][status] for status in ("200", "207") if status in one["responses"]]
        told = {str(re.findall(r"'\$ref': '([^']+)'", str(answer["content"]))) for answer in answers}
        assert len(told) == 1, f"{one['summary']}: in part and whole it says different things"
