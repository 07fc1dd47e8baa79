"""Posts of any number on any number of machines: the engine is dask's, the verbs are those of a posts frame.

Once this is imported, or `ayr.dask` was looked at, dask DataFrames of posts have `ddf.ayr`.

>>> import dask.dataframe as dd
>>> ddf = dd.from_pandas(ayr.load_sample(["tiktok", "x"]), npartitions=4)
>>> ddf.ayr.summary("month").compute(scheduler="sync")["month"].nunique()
13
"""

from __future__ import annotations

try:
    import dask.dataframe as _dataframe  # noqa: F401
    import distributed as _distributed  # noqa: F401
except ImportError as error:
    raise ImportError("ayr.dask needs dask. Get it with: pip install 'ayrframe[dask]'", name=error.name) from error

from ayrframe.dask._accessor import DaskAccessor
from ayrframe.dask._archive import read_archive
from ayrframe.dask._load import load
from ayrframe.dask._parquet import read_parquet

__all__ = ["DaskAccessor", "load", "read_archive", "read_parquet"]
