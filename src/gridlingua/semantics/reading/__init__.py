"""Reading triples as people write them: everything that is wrong in a text, and every triple that can be read."""

from gridlingua.semantics.reading.reader import read
from gridlingua.semantics.reading.script import Form, Script
from gridlingua.semantics.reading.slips import Slip, SlipKind

__all__ = ["Form", "Script", "Slip", "SlipKind", "read"]
