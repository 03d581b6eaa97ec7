"""The checks there are."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from gridlingua.catalogue import checks as folder
from gridlingua.catalogue.checking.example import Example
from gridlingua.errors import Problem, Severity

if TYPE_CHECKING:
    from gridlingua.catalogue.checking.outline import Outline
    from gridlingua.catalogue.checking.subject import Subject
    from gridlingua.catalogue.checking.written import Written


@dataclass(frozen=True)
class Check:
    """One check: what its module says. ``demand`` is the first paragraph of its docstring, ``reason`` the rest."""

    name: str
    severity: Severity
    demand: str
    reason: str
    example: Example | None
    of_exchange: Callable[[Subject], Iterator[Problem]] | None
    of_pattern: Callable[[Written], Iterator[Problem]] | None
    beside: Callable[[Outline, Outline], Iterator[Problem]] | None = None


@cache
def checks() -> MappingProxyType[str, Check]:
    """Every check by name, in alphabetical order."""
    names = sorted(module.name for module in pkgutil.iter_modules(folder.__path__))
    return MappingProxyType({name: _check(name) for name in names})


def _check(name: str) -> Check:
    module = import_module(f"{folder.__name__}.{name}")
    demand, _, reason = inspect.cleandoc(module.__doc__ or "").partition("\n\n")
    return Check(
        name=name,
        severity=getattr(module, "SEVERITY", "error"),
        demand=demand,
        reason=reason,
        example=getattr(module, "EXAMPLE", None),
        of_exchange=getattr(module, "check", None),
        of_pattern=getattr(module, "check_pattern", None),
        beside=getattr(module, "check_beside", None),
    )
