"""The reference of the commands, from their declarations; the same for every terminal and every Typer."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePath
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from typer import Context, Typer
from typer.models import ArgumentInfo, OptionInfo

from gridlingua.cli.commands import whole

_TYPES = {str: "text", int: "integer", float: "number"}


@dataclass(frozen=True)
class Parameter:
    """An argument or an option of a command as it is declared; ``default`` is Ellipsis when it may not be absent."""

    name: str
    type: Any
    declared: ArgumentInfo | OptionInfo
    default: Any

    @property
    def is_option(self) -> bool:
        return isinstance(self.declared, OptionInfo)

    @property
    def names(self) -> tuple[str, ...]:
        """As they are written: ``--engine``, ``-e``; ``EXCHANGE``."""
        if not self.is_option:
            return (str(self.declared.metavar or self.name.upper()),)
        dashed = self.name.replace("_", "-")
        # In an Annotated the first name stands where a default would.
        given = (self.declared.default, *(self.declared.param_decls or ()))
        written = [one for one in given if isinstance(one, str) and one.startswith("-")]
        declared = tuple(name for one in written for name in one.split("/"))
        return declared or ((f"--{dashed}", f"--no-{dashed}") if self.type is bool else (f"--{dashed}",))

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that stand in for it."""
        given = self.declared.envvar
        return (given,) if isinstance(given, str) else tuple(given or ())

    @property
    def is_many(self) -> bool:
        return get_origin(self.type) in (list, tuple, set)

    @property
    def kind(self) -> str:
        """What its value is, in words; empty for a switch."""
        inner = get_args(self.type)[0] if self.is_many else self.type
        if inner is bool:
            return ""
        if get_origin(inner) is Literal:
            return " or ".join(f"`{one}`" for one in get_args(inner))
        if isinstance(inner, type) and issubclass(inner, Enum):
            return " or ".join(f"`{one.value}`" for one in inner)
        if inner is Path:
            return "file" if not self.declared.dir_okay else "folder" if not self.declared.file_okay else "path"
        bounds = (("from", self.declared.min), ("to", self.declared.max))
        span = [f"{word} {bound:g}" for word, bound in bounds if bound is not None]
        return " ".join([_TYPES.get(inner, str(getattr(inner, "__name__", inner))), *span])


def commands(app: Typer, name: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every command by its full name (``gridlingua ontology list``), with the function that does it."""
    known = whole(app)
    for one in known.registered_commands:
        if one.callback and not one.hidden:
            yield f"{name} {one.name or one.callback.__name__.replace('_', '-')}", one.callback
    for group in known.registered_groups:
        if group.typer_instance:
            yield from commands(group.typer_instance, f"{name} {group.name}")


def parameters(command: Callable[..., Any]) -> list[Parameter]:
    """The arguments and options of a command, in order of declaration."""
    hints = get_type_hints(command, include_extras=True)
    return [
        _parameter(name, hints.get(name, str), one.default)
        for name, one in inspect.signature(command).parameters.items()
        if hints.get(name) is not Context
    ]


def _parameter(name: str, annotation: Any, default: Any) -> Parameter:
    given: list[Any] = []
    if get_origin(annotation) is Annotated:
        annotation, *given = get_args(annotation)
    is_absent = default is inspect.Parameter.empty
    declared = next((one for one in given if isinstance(one, ArgumentInfo | OptionInfo)), None)
    declared = declared or (ArgumentInfo() if is_absent else OptionInfo())
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(one for one in get_args(annotation) if one is not NoneType)
    return Parameter(name, annotation, declared, ... if is_absent else default)


def reference(app: Typer, name: str) -> str:
    """A page of Markdown: every command with its arguments, options and environment variables."""
    lines = ["<!-- Written by `gridlingua docs` from the commands. -->", "# Commands", ""]
    lines += [str(app.info.help or ""), "", "An option wins over its environment variable.", ""]
    for path, command in commands(app, name):
        lines += _command(path, command)
    return "\n".join(lines)


def _command(path: str, command: Callable[..., Any]) -> Iterator[str]:
    shown = [one for one in parameters(command) if not one.declared.hidden]
    arguments = [one for one in shown if not one.is_option]
    options = [one for one in shown if one.is_option]
    yield f"## `{path}`"
    yield ""
    yield inspect.cleandoc(command.__doc__ or "")
    yield ""
    yield "```"
    yield " ".join([path, *(["[OPTION]..."] if options else []), *map(_usage, arguments)])
    yield "```"
    yield ""
    if arguments:
        yield from _table(("argument", "meaning"), ((f"`{_usage(one)}`", _help(one)) for one in arguments))
    if options:
        rows = ((_names(one), _help(one), _default(one), _quoted(one.variables)) for one in options)
        yield from _table(("option", "meaning", "default", "environment variable"), rows)


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _usage(argument: Parameter) -> str:
    name = argument.names[0]
    if argument.declared.metavar:
        return name
    return (name if argument.default is ... else f"[{name}]") + ("..." if argument.is_many else "")


def _help(parameter: Parameter) -> str:
    return " ".join((parameter.declared.help or "").split()).replace("|", "\\|")


def _names(option: Parameter) -> str:
    return " ".join(filter(None, (_quoted(option.names), option.kind, "(repeatable)" if option.is_many else "")))


def _quoted(texts: tuple[str, ...]) -> str:
    return ", ".join(f"`{one}`" for one in texts)


def _default(option: Parameter) -> str:
    """What an absent option means; ``required`` when it may not be absent."""
    value = option.default
    if value is ...:
        return "required"
    if isinstance(option.declared.show_default, str):
        return option.declared.show_default
    if value is None or value is False or value in ("", (), []):
        return ""
    if isinstance(value, list | tuple):
        return _quoted(tuple(map(str, value)))
    shown = value.value if isinstance(value, Enum) else value.as_posix() if isinstance(value, PurePath) else value
    return f"`{shown:g}`" if isinstance(shown, float) else f"`{shown}`"
