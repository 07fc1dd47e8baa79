"""Compare an archive with what the sandbox served."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

import ayrframe as ayr
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import FOLLOWERS
from tests.soak.service import ANALYTICS, HISTORY, Reading, Service, number_columns, numbers_in

LOST, MIXED, TWICE, NUMBERS, GROWTH, ACCOUNTS = "lost", "mixed", "counted twice", "other numbers", "growth", "accounts"
_KEY = ["profile", "id", "as_of"]
_MAX_EXAMPLES = 3
# A metric of each platform, and the field that it is read from.
_GROWTH = {
    "bluesky": ("likes", "likeCount"),
    "facebook": ("comments", "commentsCount"),
    "instagram": ("likes", "likeCount"),
    "linkedin": ("comments", "commentCount"),
    "pinterest": ("comments", "totalComments"),
    "snapchat": ("views", "views"),
    "threads": ("likes", "likes"),
    "tiktok": ("likes", "likeCount"),
    "twitter": ("likes", "publicMetrics.likeCount"),
    "youtube": ("views", "views"),
}


@dataclass
class Comparison:
    """What was compared, and what differs by kind, with examples."""

    compared: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def report(self, kind: str, rows: pd.DataFrame, what: str = "") -> None:
        """Report rows that differ."""
        self.problems[kind] += len(rows)
        for row in rows.head(_MAX_EXAMPLES).itertuples(index=False):
            self.examples.append(f"{kind}: {what} {tuple(map(str, row))}")

    def add(self, other: Comparison) -> None:
        """Add the results of another platform."""
        self.compared += other.compared
        self.problems += other.problems
        self.examples += other.examples


@dataclass
class Record:
    """What the sandbox served of one platform."""

    platform: str
    readings: list[Reading]
    errors: set[tuple[str, str, str]]  # profile, id and time of error records
    ids: dict[str, set[str]]  # by profile
    other_ids: set[str]  # of other platforms


def compare(service: Service, archive: Path, processes: int = 1) -> Comparison:
    """Compare all platforms."""
    records = [_record(service, platform) for platform in service.platforms]
    result = _compare_accounts(service, archive)
    archives = [archive] * len(records)
    if processes == 1:
        parts = list(map(compare_platform, records, archives))
    else:
        with ProcessPoolExecutor(processes) as pool:
            parts = list(pool.map(compare_platform, records, archives))
    for part in parts:
        result.add(part)
    return result


def _record(service: Service, platform: str) -> Record:
    ids = {profile: service.ids[platform, profile] for profile in service.profiles}
    errors = {(profile, post_id, time) for name, profile, post_id, time in service.errors if name == platform}
    others = [known for (name, _), known in service.ids.items() if name != platform]
    return Record(platform, service.readings[platform], errors, ids, set().union(*others))


def compare_platform(record: Record, archive: Path) -> Comparison:
    """Compare the observations of a platform, their numbers, and their growth by day."""
    result = Comparison()
    columns = list(number_columns(PLATFORMS[record.platform]))
    posts = ayr.Archive(archive).posts(record.platform, validate="raise")
    expected = _expected_rows(record.readings, columns)
    has_content = posts[["created", "post", "post_url"]].notna().any(axis=1)
    served_errors = pd.DataFrame(sorted(record.errors), columns=_KEY).astype({"as_of": "datetime64[us, UTC]"})
    error_records = posts.loc[~has_content, _KEY]
    merged = error_records.merge(served_errors, on=_KEY, how="left", indicator=True)
    result.report(MIXED, merged[merged["_merge"].eq("left_only")], f"{record.platform}: error record not served")
    observed = posts.loc[has_content, [*_KEY, "analytics_as_of", *columns]]
    result.compared["observations"] += len(observed)
    result.report(TWICE, observed.loc[observed.duplicated(_KEY), _KEY], record.platform)
    merged = observed.merge(expected, on=_KEY, how="outer", suffixes=("", " expected"), indicator=True)
    _report_keys(result, merged, record)
    _compare_numbers(result, merged[merged["_merge"].eq("both") & merged["is_certain"].eq(True)], columns, record)
    _compare_growth(result, posts, record)
    latest = posts.ayr.latest()
    found = {profile: set(group) for profile, group in latest.groupby("profile")["id"]}
    for profile, known in record.ids.items():
        wrong = found.get(profile, set()) ^ known
        result.report(LOST, pd.DataFrame({"profile": profile, "id": sorted(wrong)}), f"{record.platform}: latest")
    result.report(TWICE, latest.loc[latest.duplicated(["profile", "id"]), _KEY], f"{record.platform}: latest")
    return result


def _expected_rows(readings: list[Reading], columns: list[str]) -> pd.DataFrame:
    """Return the observations that must or may be in the archive, with their numbers."""
    rows: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    for reading in readings:
        key = (reading.profile, reading.id, reading.history_as_of)
        if HISTORY in reading.may:
            rows[key] = (HISTORY in reading.must, HISTORY in reading.must, None, *reading.history)
        if ANALYTICS in reading.may:
            key = (reading.profile, reading.id, reading.analytics_as_of)
            is_certain = {HISTORY, ANALYTICS} <= reading.must
            is_must = ANALYTICS in reading.must or (key in rows and rows[key][0])
            rows[key] = (is_must, is_certain, reading.analytics_as_of, *_overlay(reading))
    names = ["is_must", "is_certain", "analytics_as_of expected"]
    frame = pd.DataFrame(
        [(*key, *row) for key, row in rows.items()], columns=[*_KEY, *names, *(f"{name} expected" for name in columns)]
    )
    times = {name: pd.to_datetime(frame[name], utc=True).astype("datetime64[us, UTC]") for name in ("as_of", names[2])}
    return frame.assign(**times)


def _overlay(reading: Reading) -> list[float | None]:
    pairs = zip(reading.history, reading.analytics, strict=True)
    return [before if after is None else after for before, after in pairs]


def _report_keys(result: Comparison, merged: pd.DataFrame, record: Record) -> None:
    """Report observations that were not served, and those that were served and are missing."""
    lost = merged[merged["_merge"].eq("right_only") & merged["is_must"].eq(True)]
    result.report(LOST, lost[_KEY], record.platform)
    unknown = merged.loc[merged["_merge"].eq("left_only"), _KEY]
    is_own = [
        post_id in record.ids.get(profile, ())
        for profile, post_id in zip(unknown["profile"], unknown["id"], strict=True)
    ]
    result.report(TWICE, unknown[is_own], f"{record.platform}: time not served")
    result.report(MIXED, unknown[[not own for own in is_own]], record.platform)
    foreign = merged["id"].isin(record.other_ids)
    result.report(MIXED, merged.loc[foreign, _KEY], f"{record.platform}: post of another platform")


def _compare_numbers(result: Comparison, rows: pd.DataFrame, columns: list[str], record: Record) -> None:
    for name in ["analytics_as_of", *columns]:
        values, expected = rows[name], rows[f"{name} expected"]
        if name != "analytics_as_of":
            values, expected = (
                series.astype("Float64").to_numpy("float64", na_value=float("nan")) for series in (values, expected)
            )
            values, expected = pd.Series(values, rows.index), pd.Series(expected, rows.index)
        differs = ~(values.eq(expected) | (values.isna() & expected.isna()))
        result.compared["numbers"] += len(rows)
        shown = rows.loc[differs, _KEY].assign(found=values[differs], expected=expected[differs])
        result.report(NUMBERS, shown, f"{record.platform}.{name}")


def _compare_growth(result: Comparison, posts: pd.DataFrame, record: Record) -> None:
    """Compare the value and the increment of each day with the numbers that were served."""
    metric, path = _GROWTH[record.platform]
    position = list(number_columns(PLATFORMS[record.platform]).values()).index(path)
    rows = {}
    for reading in record.readings:
        value = _overlay(reading)[position]
        period = reading.analytics_as_of[:10]
        if {HISTORY, ANALYTICS} <= reading.must and reading.has_metrics and value is not None:
            rows[reading.profile, reading.id, reading.day] = (period, value)
    table = [
        (
            profile,
            post_id,
            period,
            value,
            value - rows[profile, post_id, day - 1][1] if (profile, post_id, day - 1) in rows else None,
        )
        for (profile, post_id, day), (period, value) in rows.items()
    ]
    names = ["profile", "id", "period"]
    expected = pd.DataFrame(table, columns=[*names, "value", "increment"])
    expected["period"] = pd.to_datetime(expected["period"], utc=True).astype("datetime64[us, UTC]")
    growth = posts.ayr.growth(metric, "D")[[*names, "value", "increment"]]
    merged = expected.merge(growth, on=names, how="left", suffixes=("", " found"))
    result.compared["days of growth"] += len(merged)
    wrong = merged["value"].ne(merged["value found"])
    known = merged["increment"].notna()
    wrong |= known & merged["increment"].ne(merged["increment found"])
    result.report(GROWTH, merged[wrong], record.platform)
    result.report(GROWTH, growth.loc[growth.duplicated(names), names], f"{record.platform}: twice")


def _compare_accounts(service: Service, archive: Path) -> Comparison:
    """Compare the followers of each account on each day."""
    result = Comparison()
    found = ayr.Archive(archive).accounts(validate="raise")[["platform", *_KEY[::2], "followers"]]
    rows = []
    for (platform, profile, time), analytics in service.accounts.items():
        path = next((c.path for c in PLATFORMS[platform].account.columns if c.fills == FOLLOWERS.name), "")
        rows.append((platform, profile, time, *numbers_in(analytics, [path.split(".")])))
    keys = ["platform", "profile", "as_of"]
    expected = pd.DataFrame(rows, columns=[*keys, "expected"])
    expected["as_of"] = pd.to_datetime(expected["as_of"], utc=True).astype("datetime64[us, UTC]")
    merged = found.merge(expected, on=keys, how="outer", indicator=True)
    result.compared["accounts"] += len(found)
    same = merged["followers"].astype("float64").eq(merged["expected"]) | (
        merged["followers"].isna() & merged["expected"].isna()
    )
    result.report(ACCOUNTS, merged[~(same & merged["_merge"].eq("both"))])
    result.report(TWICE, found.loc[found.duplicated(keys), keys], "accounts")
    return result
