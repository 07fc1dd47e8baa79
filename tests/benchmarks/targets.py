"""Define the targets of the full and the small suite.

A ratio is ayrframe's value divided by the peer's, so smaller is better. The small suite has few posts, so the fixed
cost of a load has more weight; its targets are the ratios measured when they were set, and are lowered with every
improvement. A line of the small suite fails if it exceeds its target by more than a third.
"""

from __future__ import annotations

from typing import NamedTuple

# Factor by which a line of the small suite may exceed its target.
TOLERANCE = 4 / 3


class Target(NamedTuple):
    """The largest acceptable ratio and its description."""

    limit: float
    text: str


def at_most(limit: float) -> Target:
    """Return the target of a maximum ratio."""
    return Target(limit, f"≤ {limit:g} ×")


def faster(times: float) -> Target:
    """Return the target of a minimum speed-up."""
    return Target(1 / times, f"≥ {times:g} × faster")


FULL_TARGETS: dict[str, Target] = {
    "json.loads": at_most(0.5),
    "recipe": faster(4),
    "polars": faster(2),
    "duckdb read_json": faster(6),
    "pyarrow": at_most(1.3),
    "one page, recipe": faster(1.2),
    "expansion, explode": at_most(1),
    "expansions, explode": faster(3),
    "end to end": faster(2),
    "metrics": at_most(0.15),
    "invalid values": at_most(1.5),
    "undeclared": at_most(2.5),
    "quoted": at_most(1.6),
    "memory": at_most(0.4),
    "start": at_most(1.1),
    "scale": at_most(1.15),
}

# Ratios to clean pages increase when clean pages become faster.
SMALL_TARGETS: dict[str, Target] = {
    "json.loads, not validated": at_most(0.7),
    "json.loads": at_most(1.1),
    "recipe": faster(5.8),
    "expansions, explode": faster(3.3),
    "metrics": at_most(0.41),
    "invalid values": at_most(1.5),
    "undeclared": at_most(2.5),
    "quoted": at_most(1.6),
    "memory": at_most(0.39),
    "start": at_most(1.1),
    "scale": at_most(0.59),
}
