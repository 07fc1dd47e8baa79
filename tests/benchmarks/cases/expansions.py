"""Expansions: on a loaded frame against `explode` and others, and end to end from the bytes."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from typing import Any

import pandas as pd
import pyarrow as pa

import ayrframe as ayr
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.spec import Expansion
from tests.benchmarks.measure import Line, Plan, Turn, cores, paired, ratio, together
from tests.benchmarks.pages import DOCUMENTED, Page, on_disk, page_of
from tests.benchmarks.peers import recipe
from tests.benchmarks.peers.equality import same_rows
from tests.benchmarks.peers.explode import expanded
from tests.benchmarks.peers.plain_expansions import plain_expansions, source_of

_EXPLODE = "explode + DataFrame(list) on ready-made dicts"


def against_explode(plan: Plan) -> Iterator[Line]:
    """Yield each expansion that has rows against what an analyst would write by hand, and the median."""
    ratios = []
    for name in DOCUMENTED:
        page = page_of(name, plan.posts)
        frame, posts = page.frame(None), page.posts()
        for expansion in page.platform.expansions:
            ours = partial(frame.ayr.expand, expansion.table.name)
            sent = pd.Series([post.get(source_of(page.platform, expansion).path) for post in posts], dtype="object")
            theirs = partial(expanded, frame, sent, page.platform, expansion)
            table = ours()
            if not len(table):
                continue
            pd.testing.assert_frame_equal(table, theirs(), check_index_type=False)
            ratios.append(ratio(paired(ours, theirs, plan.rounds, own=True)))
            if plan.peers:
                what = f"{expansion.table.name}, {name}"
                yield Line(what, _EXPLODE, ratios[-1], plan.bars.get("expansion, explode"))
    median = statistics.median(ratios)
    yield Line(f"{len(ratios)} expansions, median", _EXPLODE, median, plan.bars.get("expansions, explode"))


def against_others(plan: Plan) -> Iterator[Line]:
    """Yield the expansions that every peer can do with its own means, the median over them."""
    ratios: dict[str, list[float]] = {}
    for name in DOCUMENTED:
        page = page_of(name, plan.posts)
        frame, posts = page.frame(None), page.posts()
        peers = _frames(page)
        loaded = {peer: read() for peer, (read, _, _) in peers.items()}
        for expansion in _with_rows(page, frame):
            ours = partial(frame.ayr.expand, expansion.table.name)
            jobs: dict[str, tuple[Callable[[], Any], Callable[[Any], pa.Table]]] = {
                "json_normalize(record_path) on ready-made dicts": (
                    partial(recipe.unfolder(page, expansion), posts),
                    lambda rows: pa.Table.from_pandas(rows, preserve_index=False),
                )
            }
            for peer, (_, unfolder, arrow) in peers.items():
                jobs[f"{peer}, loaded"] = partial(unfolder(page, expansion), loaded[peer]), arrow
            for against, (theirs, arrow) in jobs.items():
                same_rows(arrow(theirs()), ours(), expansion)
                ratios.setdefault(against, []).append(ratio(paired(ours, theirs, plan.rounds, own=True)))
    for against, found in ratios.items():
        yield Line(f"{len(found)} plain expansions, median", against, statistics.median(found))


def end_to_end(plan: Plan) -> Iterator[Line]:
    """Yield bytes to frame to one expansion, validated, against polars and DuckDB, and against the better of them."""
    turns: dict[str, list[list[Turn]]] = {}
    for name in DOCUMENTED:
        page = page_of(name, plan.posts)
        frame = page.frame(None)
        most = max(_with_rows(page, frame), key=lambda one: len(frame.ayr.expand(one.table.name)), default=None)
        if most is None:
            continue
        ours = partial(_ours, page, most)
        for peer, (read, unfolder, _) in _frames(page).items():
            theirs = partial(_theirs, read, unfolder(page, most))
            turns.setdefault(peer, []).append(paired(ours, theirs, plan.rounds))
    if not turns:
        return
    what = "bytes → frame → one expansion, validated"
    rounds = {peer: together(parts) for peer, parts in turns.items()}
    for peer, found in rounds.items():
        yield Line(what, peer, ratio(found), None, cores(found))
    best = max(rounds, key=lambda peer: ratio(rounds[peer]))
    bar = plan.bars.get("end to end")
    yield Line(what, f"the best of them, {best}", ratio(rounds[best]), bar, cores(rounds[best]))


def metrics(plan: Plan) -> Iterator[Line | str]:
    """Yield `metrics()` on a frame of all platforms against their decode."""
    pages = {name: page_of(name, plan.posts) for name in PLATFORMS}
    with on_disk(pages) as folder:
        frame = ayr.read_json(f"{folder}/*.json", validate=None)
    if not hasattr(frame.ayr, "metrics"):
        yield "metrics() is not there yet, and was left out."
        return
    assert len(frame.ayr.metrics()) == len(frame)
    turns = paired(frame.ayr.metrics, lambda: [page.frame(None) for page in pages.values()], plan.rounds)
    what = f"metrics() on a frame of all {len(pages)} networks"
    yield Line(what, "their decode, not validated", ratio(turns), plan.bars.get("metrics"))


def _ours(page: Page, expansion: Expansion) -> tuple[pd.DataFrame, pd.DataFrame]:
    frame = page.frame()
    return frame, frame.ayr.expand(expansion.table.name)


def _theirs(read: Callable[[], Any], unfold: Callable[[Any], Any]) -> tuple[Any, Any]:
    frame = read()
    return frame, unfold(frame)


def _with_rows(page: Page, frame: pd.DataFrame) -> list[Expansion]:
    return [one for one in plain_expansions(page.platform) if len(frame.ayr.expand(one.table.name))]


def _frames(page: Page) -> dict[str, tuple[Callable[[], Any], Any, Callable[[Any], pa.Table]]]:
    """Return, for each peer that keeps frames of its own, how it loads, how it unfolds, and how that becomes Arrow."""
    found: dict[str, tuple[Callable[[], Any], Any, Callable[[Any], pa.Table]]] = {}
    if find_spec("polars"):
        from tests.benchmarks.peers import polars

        found["polars, explode"] = polars.reader(page), polars.unfolder, polars.arrow
    if find_spec("duckdb"):
        from tests.benchmarks.peers import duckdb

        found["DuckDB, from_json and unnest"] = duckdb.knowing(page), duckdb.unfolder, lambda table: table
    return found
