"""The demonstration: a DSO and an aggregator, each in processes of its own, over real HTTP on loopback."""

from gridlingua.demo.network import Demonstration, Setting
from gridlingua.demo.story import tell

__all__ = ["Demonstration", "Setting", "tell"]
