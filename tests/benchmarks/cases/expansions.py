"""Measure expansions of a loaded frame, from bytes to an expansion, and `metrics()`."""

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
from tests.benchmarks.measure import Line, Plan, Timing, cpu_ratio, measure_pairs, ratio, sum_timings
from tests.benchmarks.pages import DOCUMENTED, Page, make_page, write_pages
from tests.benchmarks.peers import recipe
from tests.benchmarks.peers.equality import compare_rows
from tests.benchmarks.peers.explode import expand_by_hand
from tests.benchmarks.peers.plain_expansions import plain_expansions, source_column

_EXPLODE = "explode + DataFrame(list) on parsed dicts"


def against_explode(plan: Plan) -> Iterator[Line]:
    """Yield each expansion that has rows against hand-written pandas code, and the median."""
    ratios = []
    for name in DOCUMENTED:
        page = make_page(name, plan.posts)
        frame, posts = page.frame(None), page.posts()
        for expansion in page.platform.expansions:
            ours = partial(frame.ayr.expand, expansion.table.name)
            path = source_column(page.platform, expansion).path
            objects = pd.Series([post.get(path) for post in posts], dtype="object")
            theirs = partial(expand_by_hand, frame, objects, page.platform, expansion)
            table = ours()
            if not len(table):
                continue
            if (
                expansion.table.name == "media_metrics"
            ):  # Numbers of whole posts are not in the list that peers explode.
                table = table[table["media_key"].notna()].reset_index(drop=True)
            pd.testing.assert_frame_equal(table, theirs(), check_index_type=False)
            ratios.append(ratio(measure_pairs(ours, theirs, plan.rounds, freeze_objects=True)))
            if plan.peers:
                what = f"{expansion.table.name}, {name}"
                yield Line(what, _EXPLODE, ratios[-1], plan.targets.get("expansion, explode"))
    median = statistics.median(ratios)
    yield Line(f"{len(ratios)} expansions, median", _EXPLODE, median, plan.targets.get("expansions, explode"))


def against_others(plan: Plan) -> Iterator[Line]:
    """Yield the median of the expansions that every peer supports, against each peer."""
    ratios: dict[str, list[float]] = {}
    for name in DOCUMENTED:
        page = make_page(name, plan.posts)
        frame, posts = page.frame(None), page.posts()
        peers = _peer_frames(page)
        loaded = {peer: read() for peer, (read, _, _) in peers.items()}
        for expansion in _expansions_with_rows(page, frame):
            ours = partial(frame.ayr.expand, expansion.table.name)
            jobs: dict[str, tuple[Callable[[], Any], Callable[[Any], pa.Table]]] = {
                "json_normalize(record_path) on parsed dicts": (
                    partial(recipe.expander(page, expansion), posts),
                    lambda rows: pa.Table.from_pandas(rows, preserve_index=False),
                )
            }
            for peer, (_, expander, arrow) in peers.items():
                jobs[f"{peer}, loaded"] = partial(expander(page, expansion), loaded[peer]), arrow
            for against, (theirs, arrow) in jobs.items():
                compare_rows(arrow(theirs()), ours(), expansion)
                ratios.setdefault(against, []).append(
                    ratio(measure_pairs(ours, theirs, plan.rounds, freeze_objects=True))
                )
    for against, values in ratios.items():
        yield Line(f"{len(values)} plain expansions, median", against, statistics.median(values))


def end_to_end(plan: Plan) -> Iterator[Line]:
    """Yield bytes to frame to one expansion, validated, against polars, DuckDB and the faster of the two."""
    timings: dict[str, list[list[Timing]]] = {}
    for name in DOCUMENTED:
        page = make_page(name, plan.posts)
        frame = page.frame(None)
        expansions = _expansions_with_rows(page, frame)
        if not expansions:
            continue
        lengths = [len(frame.ayr.expand(expansion.table.name)) for expansion in expansions]
        largest = expansions[lengths.index(max(lengths))]
        ours = partial(_our_job, page, largest)
        for peer, (read, expander, _) in _peer_frames(page).items():
            theirs = partial(_their_job, read, expander(page, largest))
            timings.setdefault(peer, []).append(measure_pairs(ours, theirs, plan.rounds))
    if not timings:
        return
    what = "bytes → frame → one expansion, validated"
    rounds = {peer: sum_timings(parts) for peer, parts in timings.items()}
    for peer, peer_timings in rounds.items():
        yield Line(what, peer, ratio(peer_timings), None, cpu_ratio(peer_timings))
    fastest = max(rounds, key=lambda peer: ratio(rounds[peer]))
    target = plan.targets.get("end to end")
    yield Line(what, f"the faster one, {fastest}", ratio(rounds[fastest]), target, cpu_ratio(rounds[fastest]))


def metrics(plan: Plan) -> Iterator[Line]:
    """Yield `metrics()` of a frame of all platforms against decoding the frame."""
    pages = {name: make_page(name, plan.posts) for name in PLATFORMS}
    with write_pages(pages) as folder:
        frame = ayr.read_json(f"{folder}/*.json", validate=None)
    assert len(frame.ayr.metrics()) == len(frame)
    timings = measure_pairs(frame.ayr.metrics, lambda: [page.frame(None) for page in pages.values()], plan.rounds)
    what = f"metrics() on a frame of all {len(pages)} platforms"
    yield Line(what, "decoding it, not validated", ratio(timings), plan.targets.get("metrics"))


def _our_job(page: Page, expansion: Expansion) -> tuple[pd.DataFrame, pd.DataFrame]:
    frame = page.frame()
    return frame, frame.ayr.expand(expansion.table.name)


def _their_job(read: Callable[[], Any], expand: Callable[[Any], Any]) -> tuple[Any, Any]:
    frame = read()
    return frame, expand(frame)


def _expansions_with_rows(page: Page, frame: pd.DataFrame) -> list[Expansion]:
    return [expansion for expansion in plain_expansions(page.platform) if len(frame.ayr.expand(expansion.table.name))]


def _peer_frames(page: Page) -> dict[str, tuple[Callable[[], Any], Any, Callable[[Any], pa.Table]]]:
    """Return, for each installed peer with frames, the functions to load, to expand, and to convert to Arrow."""
    functions: dict[str, tuple[Callable[[], Any], Any, Callable[[Any], pa.Table]]] = {}
    if find_spec("polars"):
        from tests.benchmarks.peers import polars

        functions["polars, explode"] = polars.reader(page), polars.expander, polars.to_arrow
    if find_spec("duckdb"):
        from tests.benchmarks.peers import duckdb

        functions["DuckDB, from_json and unnest"] = duckdb.reader_typed(page), duckdb.expander, lambda table: table
    return functions
