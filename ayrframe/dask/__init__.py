"""Load, read and analyze more posts than fit into memory, on one machine or several, with dask.

Importing this module, or using `ayr.dask`, adds the accessor `ddf.ayr` to dask DataFrames.

>>> import dask.dataframe as dd
>>> ddf = dd.from_pandas(ayr.load_sample(["tiktok", "x"]), npartitions=4)
>>> ddf.ayr.summary("month").compute(scheduler="sync")["month"].nunique()
13
"""

from __future__ import annotations

try:
    import dask.dataframe as _dataframe  # noqa: F401
    import distributed as _distributed  # noqa: F401
except ImportError as error:  # pragma: no cover - tested in a process without dask
    raise ImportError("ayr.dask needs dask. Get it with: pip install 'ayrframe[dask]'", name=error.name) from error

from ayrframe.dask._accessor import DaskAccessor
from ayrframe.dask._archive import read_archive
from ayrframe.dask._load import load
from ayrframe.dask._parquet import read_parquet

__all__ = ["DaskAccessor", "load", "read_archive", "read_parquet"]
