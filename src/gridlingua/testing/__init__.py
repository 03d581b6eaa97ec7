"""For tests of catalogues, ours and other people's.

``loopback`` carries an exchange from one adapter to another and back; ``Service`` is a small real HTTP service;
``gridlingua.testing.strategies.messages`` generates messages (it needs hypothesis, which is why it is not listed
here); ``gridlingua.testing.plugin`` lets pytest collect a catalogue: ``pytest --gridlingua-catalogue DIR``.
"""

from gridlingua.testing.loopback import INITIATOR, RESPONDER, Loopback, loopback
from gridlingua.testing.service import Heard, Said, Service, problem

__all__ = ["INITIATOR", "RESPONDER", "Heard", "Loopback", "Said", "Service", "loopback", "problem"]
