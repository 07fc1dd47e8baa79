"""Define the targets of the full and the small suite.

A ratio is ayrframe's value divided by the peer's, so smaller is better. The small suite has few posts, so the fixed
cost of a load has more weight. Ratios to other libraries differ by up to half between machines, and more on a busy one:
the targets of the small suite allow for that. A line of it fails if it exceeds its target by more than a third.
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
    "polars": faster(1),
    "duckdb read_json": faster(1),
    "pyarrow": at_most(1.4),
    "one page, recipe": faster(1.2),
    "expansion, explode": at_most(1),
    "expansions, explode": faster(3),
    "end to end": faster(2),
    "metrics": at_most(0.15),
    "invalid values": at_most(1.5),
    "undeclared": at_most(2.5),
    "quoted": at_most(1.6),
    "analytics": at_most(1.5),
    "memory": at_most(0.4),
    "start": at_most(1.1),
    "scale": at_most(1.15),
}

# Ratios to clean pages increase when clean pages become faster.
SMALL_TARGETS: dict[str, Target] = {
    "json.loads, not validated": at_most(1.3),
    "json.loads": at_most(2),
    "recipe": faster(4),
    "expansions, explode": faster(2.5),
    "metrics": at_most(0.5),
    "invalid values": at_most(1.7),
    "undeclared": at_most(2.5),
    "quoted": at_most(1.6),
    "analytics": at_most(1.5),
    "memory": at_most(0.39),
    "start": at_most(1.1),
    "scale": at_most(0.8),
}
