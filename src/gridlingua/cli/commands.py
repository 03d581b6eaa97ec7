"""The commands by name. A command's module is imported when it is run, and only then: ``check`` needs no services."""

from __future__ import annotations

import ast
import atexit
import gc
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

COMMANDS: Final[Mapping[str, str]] = {
    "demo": "demo:demo",
    "serve": "serve:serve",
    "engine": "engine:engine",
    "engine-token": "engine_token:engine_token",
    "adapter": "adapter:adapter",
    "services": "services:services",
    "import": "import_readings:import_readings",
    "network": "network:network",
    "ask": "ask:ask",
    "post": "post:post",
    "new": "new:new",
    "check": "check:check",
    "validate": "validate:validate",
    "map": "map:map_message",
    "unmap": "unmap:unmap",
    "match": "match:match",
    "playground": "playground:playground",
    "diff": "diff:diff",
    "schema": "schema:schema",
    "test": "test:run_cases",
    "docs": "docs:docs",
    "ontology": "ontology:ontology_app",
    "admin": "admin:admin_app",
    "database": "database:database_app",
}
"""By its name, where a command is: the module of this package, and in it the function, or the Typer of a group."""


class LazyGroup(TyperGroup):
    """The group of all commands, of which it imports the one that is run."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = _Imported()

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """List every command by what its source says of it."""
        self.commands = {name: _announced(name) for name in COMMANDS}
        super().format_help(ctx, formatter)


class _Imported(MutableMapping[str, Any]):
    """The commands by name, each imported when it is asked for."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = _built(name, load(name))
        return self._known[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._known[name] = command

    def __delitem__(self, name: str) -> None:
        del self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*COMMANDS, *self._known]))

    def __len__(self) -> int:
        return len(list(iter(self)))


def load(name: str) -> Callable[..., Any] | typer.Typer:
    """The function of a command, or the Typer of a group; imports its module. Raises KeyError for an unknown name."""
    module, _, attribute = COMMANDS[name].partition(":")
    path = f"{__package__}.{module}"
    is_new = path not in sys.modules
    with without_collection():
        found = import_module(path)
        if is_new:  # what is imported stays: no search for garbage goes through it, now or at the end
            gc.freeze()
            atexit.register(gc.freeze)
    return cast("Callable[..., Any] | typer.Typer", getattr(found, attribute))


@contextmanager
def without_collection() -> Iterator[None]:
    """No search for garbage where hardly any is: an eighth of the time of an import, or of a short run, is saved."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def help_line(name: str) -> str:
    """The first paragraph of what a command says of itself, read from its source."""
    module, _, attribute = COMMANDS[name].partition(":")
    source = (Path(__file__).parent / f"{module}.py").read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == attribute:
            return " ".join((ast.get_docstring(node) or "").partition("\n\n")[0].split())
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _is_named(node, attribute):
            said = next((one.value for one in node.value.keywords if one.arg == "help"), None)
            return str(said.value) if isinstance(said, ast.Constant) else ""
    return ""


def whole(app: typer.Typer) -> typer.Typer:
    """The same with every command imported and registered, for who wants to know all of them."""
    if app.info.cls is not LazyGroup:
        return app
    found = typer.Typer(name=app.info.name, help=app.info.help)
    for name in COMMANDS:
        command = load(name)
        if isinstance(command, typer.Typer):
            found.add_typer(command, name=name)
        else:
            found.command(name)(command)
    return found


def _built(name: str, command: Callable[..., Any] | typer.Typer) -> Any:
    """What parses the arguments of a command or a group, and runs it."""
    if isinstance(command, typer.Typer):
        group = get_group(command)
        group.name = name
        return group
    one = typer.Typer(add_completion=False)
    one.command(name)(command)
    return get_command(one)


def _announced(name: str) -> Any:
    def command() -> None:
        """Stand in a list."""

    command.__doc__ = help_line(name)
    return _built(name, command)


def _is_named(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
