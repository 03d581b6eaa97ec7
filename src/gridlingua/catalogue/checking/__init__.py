"""How checks are found and run; what they look at.

A check is a module of ``gridlingua.catalogue.checks`` with a docstring that says what it demands and then why. Its name
is the check's name in ``path:line: [check] message``. It has ``check(subject: Subject) -> Iterator[Problem]`` for what
takes a whole exchange, ``check_pattern(written: Written) -> Iterator[Problem]`` for what a graph pattern tells alone,
wherever it stands, ``check_beside(one: Outline, other: Outline) -> Iterator[Problem]`` for what an exchange does to
another one, or several of these; and may have ``SEVERITY`` (``"error"`` when absent) and ``EXAMPLE``, for its page.
What it finds may depend on the exchange's own files, its shapes and the term lists: it is kept until those change.
"""

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.outline import Outline
from gridlingua.catalogue.checking.registry import Check, checks
from gridlingua.catalogue.checking.run import run, run_written
from gridlingua.catalogue.checking.subject import MINTER, Subject
from gridlingua.catalogue.checking.written import Role, Written

__all__ = ["MINTER", "Check", "Example", "Outline", "Role", "Subject", "Written", "checks", "run", "run_written"]
