"""The knowledge network: a protocol, and two engines that speak it."""
