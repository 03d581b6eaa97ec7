"""Find the benchmarks and run one."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module
from types import ModuleType

from rich.console import Console

import benchmarks
from benchmarks.report import show
from benchmarks.timing import Plan, Report


def found() -> dict[str, ModuleType]:
    """The benchmarks by name."""
    names = sorted(one.name for one in pkgutil.iter_modules(benchmarks.__path__) if one.name != "__main__")
    modules = {name: import_module(f"benchmarks.{name}") for name in names}
    return {name: module for name, module in modules.items() if hasattr(module, "measure")}


def report(name: str, plan: Plan) -> Report:
    """Run a benchmark; its tables are shown as they come."""
    console, module = Console(), found()[name]
    heading, _, explanation = inspect.cleandoc(module.__doc__ or "").partition("\n")
    told = Report(heading.rstrip("."), explanation.strip())
    console.rule(told.heading)
    for group in module.measure(plan):
        told.groups.append(group)
        show(console, group)
    return told
