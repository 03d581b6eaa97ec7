"""For GitHub's code scanning: SARIF without what the policy excepts, for which GitHub would open alerts."""

from __future__ import annotations

from dataclasses import replace

from gridlingua.cli.reports.formats import sarif
from gridlingua.cli.reports.report import Report


def write(report: Report) -> str:
    """One log of one run. GitHub does not heed ``suppressions``: github/codeql-action, issue 1230."""
    return sarif.write(replace(report, excepted=()))
