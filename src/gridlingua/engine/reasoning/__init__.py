"""Reasoning over the interactions of a network: who brings which triples, and what rows come of them."""
