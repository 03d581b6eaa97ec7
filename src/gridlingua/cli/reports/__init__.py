"""How problems are told: to people, to machines, to the services that build and review.

A format is a module of ``gridlingua.cli.reports.formats``, found by looking: its docstring says who reads it, and
``write(report: Report) -> str`` writes it.
"""

from gridlingua.cli.reports.delivery import Destination, deliver, formats, read_destination
from gridlingua.cli.reports.report import Report, Rule, counted

__all__ = ["Destination", "Report", "Rule", "counted", "deliver", "formats", "read_destination"]
