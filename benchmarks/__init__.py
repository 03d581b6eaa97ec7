"""Benchmarks: ratios against a baseline, measured in one run.

``python -m benchmarks`` runs every module of this package that has ``measure(plan: Plan) -> Iterator[Group]``; its
docstring is its heading and its explanation. Adding a benchmark is adding a module.
"""
