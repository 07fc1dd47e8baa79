"""Build dask DataFrames from tasks of which each returns a partition, or one combines all partitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import dask.dataframe as dd
import pandas as pd
from dask.delayed import delayed


def from_tasks(
    name: str, function: Callable[..., pd.DataFrame], arguments: Iterable[tuple[Any, ...]], meta: pd.DataFrame
) -> dd.DataFrame:
    """Return a partition for each tuple of arguments; without any, one empty partition.

    The name has to tell these partitions from all others: the keys of the tasks are made of it, and show no argument.
    """
    # Not `from_map`: dask may fuse that with what follows, and then a live load is made once for each method.
    parts = [
        delayed(function)(*given, dask_key_name=(f"{function.__name__.strip('_')}-{name}", number))
        for number, given in enumerate(arguments)
    ]
    return dd.from_delayed(parts or [delayed(meta, name=name)], meta, prefix=name)


def combined(
    posts: dd.DataFrame, each: Callable[..., Any], whole: Callable[..., pd.DataFrame], meta: pd.DataFrame
) -> dd.DataFrame:
    """Return one partition, which `whole` makes of the list of what `each` returns for every partition."""
    parts = [delayed(each, pure=True)(part) for part in posts.to_delayed()]
    return dd.from_delayed(delayed(whole, pure=True)(parts), meta)
