"""Build dask DataFrames from tasks; warnings of tasks reach the user."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import dask.dataframe as dd
import pandas as pd
from dask.delayed import delayed

from ayrframe.dask._warnings import ForwardWarnings


def from_tasks(
    name: str, function: Callable[..., pd.DataFrame], arguments: Iterable[tuple[Any, ...]], meta: pd.DataFrame
) -> dd.DataFrame:
    """Return one partition per tuple of arguments, or one empty partition if there are none.

    The name must be unique; the keys of the tasks consist of it, so that they do not show the arguments.
    """
    # Not `from_map`: dask may fuse it with later steps, and then each method would repeat a live load.
    parts = [
        delayed(ForwardWarnings(function))(*values, dask_key_name=(f"{function.__name__.strip('_')}-{name}", number))
        for number, values in enumerate(arguments)
    ]
    return dd.from_delayed(parts or [delayed(meta, name=name)], meta, prefix=name)


def map_partitions(
    posts: dd.DataFrame, function: Callable[..., pd.DataFrame], meta: pd.DataFrame, *args: Any
) -> dd.DataFrame:
    """Return the results of a function for each partition; the index of results begins anew in each."""
    return posts.map_partitions(ForwardWarnings(function), *args, meta=meta, clear_divisions=True)


def combine_partitions(
    posts: dd.DataFrame, function: Callable[..., Any], combine: Callable[..., pd.DataFrame], meta: pd.DataFrame
) -> dd.DataFrame:
    """Return one partition: `combine` of the list of results of `function` for all partitions."""
    parts = [delayed(ForwardWarnings(function), pure=True)(part) for part in posts.to_delayed()]
    return dd.from_delayed(delayed(combine, pure=True)(parts), meta)
