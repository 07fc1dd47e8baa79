"""What has to be reached, as data: for the whole suite, and for the small one that a change must not fall behind.

Every ratio is ours as a multiple of theirs, so that less is better. With the few posts of the small suite the fixed
cost of a load weighs more: its bars are what was reached there when they were set, to be tightened with every gain.
A line fails once it is a third above its bar.
"""

from __future__ import annotations

from typing import NamedTuple

# How far above its bar a line of the small suite may be.
SLACK = 4 / 3


class Bar(NamedTuple):
    """The largest ratio that will do, and how that is said."""

    limit: float
    text: str


def at_most(limit: float) -> Bar:
    """Return the bar for a ratio that may not pass this."""
    return Bar(limit, f"≤ {limit:g} ×")


def faster(times: float) -> Bar:
    """Return the bar for being at least so many times faster."""
    return Bar(1 / times, f"≥ {times:g} × faster")


WHOLE: dict[str, Bar] = {
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
    "odd values": at_most(1.5),
    "undeclared": at_most(2.5),
    "quoted": at_most(1.6),
    "memory": at_most(0.4),
    "start": at_most(1.1),
    "scale": at_most(1.15),
}

# What is held against clean pages, or against ten times as many, rose when clean pages took less: nothing got slower.
SMALL: dict[str, Bar] = {
    "json.loads, not validated": at_most(0.7),
    "json.loads": at_most(1.1),
    "recipe": faster(5.8),
    "expansions, explode": faster(3.3),
    "metrics": at_most(0.41),
    "odd values": at_most(1.5),
    "undeclared": at_most(2.5),
    "quoted": at_most(1.6),
    "memory": at_most(0.39),
    "start": at_most(1.1),
    "scale": at_most(0.59),
}
