"""The peers: who does the same job, and how. Those of the `bench` extra take part where they are installed."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Any, NamedTuple

import pandas as pd

from ayrframe._platforms.spec import Platform
from tests.benchmarks.pages import Page
from tests.benchmarks.peers import arrow, recipe
from tests.benchmarks.peers.equality import same_posts

OPTIONAL = {"polars": "polars", "duckdb": "DuckDB", "simdjson": "pysimdjson"}


class Peer(NamedTuple):
    """One way from bytes to posts: `reader` prepares the job for a page, `check` raises if its answer is not ours.

    Without `check` the peer does less than the same job, and stands for a floor.
    """

    name: str
    bar: str
    reader: Callable[[Page], Callable[[], Any]]
    check: Callable[[Any, pd.DataFrame, Platform], None] | None = None


def missing() -> list[str]:
    """Return the optional peers that are not installed."""
    return [title for module, title in OPTIONAL.items() if find_spec(module) is None]


def recipes() -> list[Peer]:
    """Return the ways with pandas alone that end in a checked frame."""
    return [
        Peer("json_normalize recipe + pandera", "recipe", recipe.reader, recipe.same),
        Peer("the recipe, nested parts left as lists", "", partial(recipe.reader, text=False), recipe.same),
    ]


def readers(*, optional: bool) -> list[Peer]:
    """Return every way from bytes to posts."""
    peers = [
        Peer("json.loads", "json.loads", _loads),
        Peer("json.loads + DataFrame, nothing typed", "", _data_frame),
        *recipes(),
        Peer("pyarrow JSON reader, schema by hand", "pyarrow", arrow.reader, _as_arrow(arrow.arrow)),
    ]
    if optional and find_spec("polars"):
        from tests.benchmarks.peers import polars

        peers.append(Peer("polars, schema by hand", "polars", polars.reader, _as_arrow(polars.arrow)))
    if optional and find_spec("duckdb"):
        from tests.benchmarks.peers import duckdb

        peers.append(Peer("DuckDB read_json", "duckdb read_json", duckdb.finding, _as_arrow(duckdb.arrow)))
        peers.append(Peer("DuckDB from_json, structure by hand", "", duckdb.knowing, _as_arrow(duckdb.arrow)))
    if optional and find_spec("simdjson"):
        peers.append(Peer("pysimdjson's parse, the physical floor", "", _parse))
    return peers


def _as_arrow(arrow: Callable[[Any], Any]) -> Callable[[Any, pd.DataFrame, Platform], None]:
    return lambda answer, ours, platform: same_posts(arrow(answer), ours, platform)


def _loads(page: Page) -> Callable[[], Any]:
    return lambda: json.loads(page.body)


def _data_frame(page: Page) -> Callable[[], Any]:
    return lambda: pd.DataFrame(json.loads(page.body)["posts"])


def _parse(page: Page) -> Callable[[], Any]:
    import simdjson

    return lambda: simdjson.Parser().parse(page.body)
