"""The rules that a report explains: the checks, and what is told by who reads the files before any check runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gridlingua.catalogue.checking import checks
from gridlingua.catalogue.checking.kinds import JUDGING, POLICY, READING
from gridlingua.cli.reports.report import Rule

_INDEX: Final = "docs/checks/README.md"
_GUIDE: Final = "docs/ci.md"


def check_rules() -> Mapping[str, Rule]:
    """Those of ``gridlingua check``, in order of their names."""
    told = {
        one.name: Rule(one.name, one.demand, one.reason, f"docs/checks/{one.name}.md", one.severity)
        for one in checks().values()
    }
    reading = {name: Rule(name, demand, "", _INDEX) for name, demand in READING.items()}
    return dict(sorted({**reading, **policy_rules(), **told}.items()))


def validate_rules() -> Mapping[str, Rule]:
    """Those of ``gridlingua validate``, in order of their names."""
    judging = {name: Rule(name, demand, "", _GUIDE) for name, demand in JUDGING.items()}
    return dict(sorted({**judging, **policy_rules()}.items()))


def policy_rules() -> Mapping[str, Rule]:
    """That of the policy file."""
    demand = "gridlingua.toml names checks that exist, and exceptions that are needed, with reasons."
    return {POLICY: Rule(POLICY, demand, "", _GUIDE, "warning")}
