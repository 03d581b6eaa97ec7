"""One SPARQL parse at a time.

rdflib's SPARQL grammar is made of pyparsing elements that learn, while they parse for the first time, how many
arguments their actions take: two threads that parse at once can each spoil what the other has learnt ("<lambda>()
missing 1 required positional argument"). pySHACL parses too, wherever a shape has a SPARQL constraint.
"""

from __future__ import annotations

import threading
from typing import Final

PARSING: Final = threading.RLock()
"""Hold it while rdflib or pySHACL may parse SPARQL. It costs nothing: their work holds the interpreter's lock."""
