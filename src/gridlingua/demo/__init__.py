"""The demonstration: a DSO and an aggregator, each in processes of its own, over real HTTP on loopback."""

from gridlingua.demo.accounts import let_in, shut_out
from gridlingua.demo.network import Demonstration
from gridlingua.demo.setting import Setting
from gridlingua.demo.story import tell

__all__ = ["Demonstration", "Setting", "let_in", "shut_out", "tell"]
