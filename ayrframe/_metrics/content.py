"""Compare the posts with a hashtag or of a campaign with the account's other posts."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ayrframe._decode.arrays import FloatArray, IntArray
from ayrframe._frame.deduplicate import POST_IDENTITY
from ayrframe._metrics.above_normal import MIN_PEERS
from ayrframe._metrics.columns import FORMAT, KIND
from ayrframe._metrics.frames import as_list, check_metric, latest_metrics
from ayrframe._metrics.links import links
from ayrframe._metrics.metrics import divide, to_floats
from ayrframe._metrics.text import text_features
from ayrframe._metrics.urls import UTM_PARAMETERS
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import ID, PLATFORM, PROFILE
from ayrframe._platforms.metrics import ENGAGEMENTS
from ayrframe.errors import quote, suggest

_ACCOUNT_NAMES = [PLATFORM.name, PROFILE.name]
_PERFORMANCE_DTYPES = {
    **dict.fromkeys(("posts", "posts_with"), "Int64"),
    "median": "float64",
    "normal": "float64",
    "peers": "Int64",
    "ratio": "float64",
    "posts_compared": "Int64",
    "thin": "boolean",
}


def hashtags(posts: pd.DataFrame, metric: str = ENGAGEMENTS.name) -> pd.DataFrame:
    """Return how posts with each hashtag perform; the case of letters does not matter."""
    check_metric(posts, metric)
    found = text_features(posts, "hashtags")
    found["hashtag"] = pd.array([_fold(value) for value in found["value"]], dtype="str")
    return _performance(posts, found, ["hashtag"], metric)


def campaigns(
    posts: pd.DataFrame, metric: str = ENGAGEMENTS.name, by: str | Sequence[str] = UTM_PARAMETERS[2]
) -> pd.DataFrame:
    """Return how the posts with a link of each campaign perform."""
    check_metric(posts, metric)
    names = list(dict.fromkeys(as_list(by)))
    for name in names:
        if name not in UTM_PARAMETERS:
            raise ValueError(
                f"Unknown parameter {quote(str(name))} in `by`.{suggest(name, UTM_PARAMETERS)} "
                f"Choose from: {', '.join(UTM_PARAMETERS)}."
            )
    found = links(posts)
    return _performance(posts, found[found[names].notna().any(axis=1)], names, metric)


def _fold(hashtag: str) -> str:
    return "#" + unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", hashtag[1:]).casefold())


def _performance(posts: pd.DataFrame, labels: pd.DataFrame, names: list[str], metric: str) -> pd.DataFrame:
    """Return one row per account and label; `labels` has the posts of each label."""
    table = latest_metrics(posts, [metric], by=[PROFILE.name])
    table = table[table[ID.name].notna()].reset_index(drop=True)
    values = to_floats(table[metric])
    peer_groups = table.groupby([*_ACCOUNT_NAMES, KIND, FORMAT], dropna=False, sort=False).ngroup()
    others = _OtherPosts(values, peer_groups.to_numpy().astype(np.int64))
    rows_of = table[list(POST_IDENTITY)].assign(row=table.index)
    labelled = labels[[*POST_IDENTITY, *names]].drop_duplicates().merge(rows_of, on=list(POST_IDENTITY))
    keys = [*_ACCOUNT_NAMES, *names]
    rows = [
        (*key, *others.compare(group.to_numpy()))
        for key, group in labelled.groupby(keys, dropna=False, sort=True)["row"]
    ]
    result = pd.DataFrame(rows, columns=[*keys, *_PERFORMANCE_DTYPES])
    result = result.astype(dict.fromkeys(keys, "str") | _PERFORMANCE_DTYPES)
    order = result[PLATFORM.name].map(list(PLATFORMS).index)
    result = result.assign(order=order, count=-result["posts"])
    sorted_result = result.sort_values(["order", PROFILE.name, "count"], kind="stable", ignore_index=True)
    return sorted_result.drop(columns=["order", "count"])


class _OtherPosts:
    """Compares some posts with the median of the others of their group."""

    def __init__(self, values: FloatArray, groups: IntArray) -> None:
        self._values, self._groups = values, groups
        valid = np.flatnonzero(~np.isnan(values))
        order = valid[np.lexsort((values[valid], groups[valid]))]
        starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
        self._ranked = {int(groups[part[0]]): part for part in np.split(order, starts[1:]) if len(part)}

    def compare(self, rows: IntArray) -> tuple[float, ...]:
        """Return the statistics of the posts in these rows, in the order of the columns of the result."""
        valued = rows[~np.isnan(self._values[rows])]
        normal, peers = np.full(len(valued), np.nan), 0
        for group in np.unique(self._groups[valued]):
            ranked = self._ranked[int(group)]
            others = self._values[ranked[~np.isin(ranked, valued)]]
            peers += len(others)
            if len(others) >= MIN_PEERS:
                normal[self._groups[valued] == group] = np.median(others)
        values = self._values[valued]
        ratios = divide(values, normal)
        compared = int((~np.isnan(ratios)).sum())
        medians = (_median(numbers) for numbers in (values, normal, ratios))
        median, usual, ratio = medians
        return len(rows), len(valued), median, usual, peers, ratio, compared, compared < MIN_PEERS


def _median(values: FloatArray) -> float:
    finite = values[~np.isnan(values)]
    return float(np.median(finite)) if len(finite) else np.nan
