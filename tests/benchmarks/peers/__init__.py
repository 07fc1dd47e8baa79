"""Collect the peers: other ways to decode the same pages. Peers of the `bench` extra are optional."""

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
from tests.benchmarks.peers.equality import compare_posts

OPTIONAL = {"polars": "polars", "duckdb": "DuckDB", "simdjson": "pysimdjson"}


class Peer(NamedTuple):
    """A way to decode a page: `reader` returns the function to time, `check` raises if its result differs from ours.

    A peer without `check` does less work, and serves as a lower bound.
    """

    name: str
    target: str
    reader: Callable[[Page], Callable[[], Any]]
    check: Callable[[Any, pd.DataFrame, Platform], None] | None = None


def missing_peers() -> list[str]:
    """Return the optional peers that are not installed."""
    return [title for module, title in OPTIONAL.items() if find_spec(module) is None]


def recipe_peers() -> list[Peer]:
    """Return the peers that use only pandas and produce a validated frame."""
    return [
        Peer("json_normalize recipe + pandera", "recipe", recipe.reader, recipe.compare_frames),
        Peer("the recipe, nested values not converted", "", partial(recipe.reader, text=False), recipe.compare_frames),
    ]


def all_peers(*, optional: bool) -> list[Peer]:
    """Return all peers, with or without the optional ones."""
    peers = [
        Peer("json.loads", "json.loads", _loads),
        Peer("json.loads + DataFrame, nothing typed", "", _data_frame),
        *recipe_peers(),
        Peer("pyarrow JSON reader, schema by hand", "pyarrow", arrow.reader, _compare_as_arrow(arrow.to_arrow)),
    ]
    if optional and find_spec("polars"):
        from tests.benchmarks.peers import polars

        peers.append(Peer("polars, schema by hand", "polars", polars.reader, _compare_as_arrow(polars.to_arrow)))
    if optional and find_spec("duckdb"):
        from tests.benchmarks.peers import duckdb

        check = _compare_as_arrow(duckdb.to_arrow)
        peers.append(Peer("DuckDB read_json", "duckdb read_json", duckdb.reader_inferred, check))
        peers.append(Peer("DuckDB from_json, structure by hand", "", duckdb.reader_typed, check))
    if optional and find_spec("simdjson"):
        peers.append(Peer("pysimdjson parse only (lower bound)", "", _parse))
    return peers


def _compare_as_arrow(to_arrow: Callable[[Any], Any]) -> Callable[[Any, pd.DataFrame, Platform], None]:
    return lambda result, ours, platform: compare_posts(to_arrow(result), ours, platform)


def _loads(page: Page) -> Callable[[], Any]:
    return lambda: json.loads(page.body)


def _data_frame(page: Page) -> Callable[[], Any]:
    return lambda: pd.DataFrame(json.loads(page.body)["posts"])


def _parse(page: Page) -> Callable[[], Any]:
    import simdjson

    return lambda: simdjson.Parser().parse(page.body)
