"""What a change of a catalogue means for peers that go on with the old one."""

from gridlingua.catalogue.difference.change import Area, Change, Role, verdict
from gridlingua.catalogue.difference.comparison import Difference, compare, overall
from gridlingua.catalogue.difference.pairing import Source
from gridlingua.catalogue.difference.patterns import Level

__all__ = ["Area", "Change", "Difference", "Level", "Role", "Source", "compare", "overall", "verdict"]
