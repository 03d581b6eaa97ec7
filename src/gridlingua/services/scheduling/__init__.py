"""Work that falls due: done at its time by one of the processes, again after one died over it, and never forgotten.

A service has work of that kind by exposing ``jobs``, a tuple of ``Job``; there is no list to add it to.
"""

from gridlingua.services.scheduling.api import router
from gridlingua.services.scheduling.domain import Due, Job, LaterError
from gridlingua.services.scheduling.operations import Done, jobs_of, planned_until, run_due
from gridlingua.services.scheduling.scheduler import Scheduler
from gridlingua.services.scheduling.store import metadata

__all__ = ["Done", "Due", "Job", "LaterError", "Scheduler", "jobs_of", "metadata", "planned_until", "router", "run_due"]
