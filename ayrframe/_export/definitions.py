"""Build the Definitions sheet of a workbook: facts about the file, its columns and its metrics."""

from __future__ import annotations

from datetime import tzinfo
from importlib.metadata import version

import pandas as pd

from ayrframe._frame.dictionary import frame_dictionary
from ayrframe._frame.key import post_keys
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._metrics.catalog import metric_catalog
from ayrframe._platforms.columns import AS_OF
from ayrframe._platforms.metrics import ENGAGEMENTS, METRICS, RATES

_SHEETS = {
    "sheet Overview": "Key figures of all posts, of the newest complete month, and of the month before.",
    "sheet Posts": "Latest reading of each post; rates are engagements divided by the number in their name.",
    "sheet Summary": "Posts, posts with a value, sum, median and rate of each metric; profiles are not added.",
    "sheet All columns": "All readings of all posts; the next sheets have the contents of columns with lists.",
    "sheet Coverage": "Number of missing values of each metric, with the reason.",
}


def definitions(posts: pd.DataFrame, zone: tzinfo, *, left_out: set[str], people: bool) -> pd.DataFrame:
    """Return one row per fact about the file, per column not in `left_out`, and per metric of each platform."""
    dictionary = pd.DataFrame(frame_dictionary(posts)).rename(columns={"column": "name"})
    columns = dictionary[~dictionary["name"].isin(left_out)] if len(dictionary) else dictionary
    parts = {"about": _file_facts(posts, zone, people=people), "column": columns, "metric": _metric_definitions(posts)}
    table = pd.concat([part.assign(of=of).astype("object") for of, part in parts.items()], ignore_index=True)
    first = ["of", "platforms", "name", "unit", "meaning"]
    return table[[*first, *(name for name in table.columns if name not in first)]]


def _metric_definitions(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the metrics computed for all platforms, then those of each platform in the frame."""
    names = [platform.name for platform in platforms_in(posts)]
    all_names = ", ".join(names)
    engagements = (all_names, ENGAGEMENTS.name, ENGAGEMENTS.unit.value, ENGAGEMENTS.meaning, ENGAGEMENTS.additive)
    rates = [(all_names, name, "", f"engagements / {denominator.name}", False) for name, denominator in RATES.items()]
    computed = pd.DataFrame([engagements, *rates], columns=["platforms", "name", "unit", "meaning", "additive"])
    catalog = metric_catalog().rename(columns={"platform": "platforms", "metric": "name"})
    catalog = catalog[catalog["platforms"].isin(names)]
    catalog["meaning"] = catalog["name"].map({metric.name: metric.meaning for metric in METRICS})
    return pd.concat([part.astype("object") for part in (computed, catalog)], ignore_index=True)


def _file_facts(posts: pd.DataFrame, zone: tzinfo, *, people: bool) -> pd.DataFrame:
    times = post_keys(posts)[AS_OF.name]
    facts = {
        "made with": f"ayrframe {version('ayrframe')}",
        **_SHEETS,
        "posts": f"{len(posts):,} rows in the sheet All columns",
        "numbers as of, first": _format_as_of(times.min(), zone),
        "numbers as of, last": _format_as_of(times.max(), zone),
        "time zone": f"{zone}, in all columns with this name in their header",
        "people": "names and ids included" if people else "names and ids left out",
        "empty cells": "missing value; never written as 0",
    }
    return pd.DataFrame({"name": list(facts), "meaning": list(facts.values())})


def _format_as_of(time: pd.Timestamp, zone: tzinfo) -> str:
    return "no posts" if pd.isna(time) else f"{time.tz_convert(zone):%Y-%m-%d %H:%M:%S} ({zone})"
