"""Load the posts of one profile in a dask task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from ayrframe._api.load import load
from ayrframe._api.pickled_client import PickledClient
from ayrframe._archive.archive import Archive
from ayrframe._frame.dtypes import concat_tables, to_frame, union_columns
from ayrframe._frame.to_arrow import add_missing_columns
from ayrframe._platforms import PLATFORMS
from ayrframe.errors import AyrframeError, LoadErrors, SchemaError, quote, warn_user

ErrorHandling = Literal["warn", "raise"]


@dataclass(frozen=True)
class WorkerTask:
    """The platforms of one profile and how to load them; the repr, which logs show, has no keys."""

    label: str
    platforms: tuple[str, ...]
    client: PickledClient | None
    archive: str | None
    errors: ErrorHandling
    options: Mapping[str, Any] = field(repr=False)


def load_partition(task: WorkerTask, names: Sequence[str]) -> pd.DataFrame:
    """Return the posts of a profile, with the columns of all platforms of these names."""
    failure = None
    try:
        posts: pd.DataFrame | None = _load_profile(task)
    except SchemaError:
        raise
    except AyrframeError as error:
        if task.errors == "raise":
            raise
        failure, posts = error, error.frame
    if failure is not None:
        errors = failure.exceptions if isinstance(failure, LoadErrors) else [failure]
        messages = " ".join(dict.fromkeys(str(error) for error in errors))
        profile = f"Profile {quote(task.label)}: " if task.label else ""
        count = 0 if posts is None else len(posts)
        arrived = (
            f" The result has the {count:,} {'post' if count == 1 else 'posts'} that had arrived." if count else ""
        )
        warn_user(f"{profile}{messages}{arrived}")
    platforms = [PLATFORMS[name] for name in names]
    if posts is None:
        return to_frame(concat_tables([], platforms))
    columns = union_columns(platforms)
    return add_missing_columns(posts, columns)[[column.name for column in columns]]


def _load_profile(task: WorkerTask) -> pd.DataFrame:
    client, profile = (None, None) if task.client is None else task.client.open_client()
    try:
        return load(
            list(task.platforms),
            profile_key=None if profile is None else {task.label: profile},
            archive=None if task.archive is None else Archive(task.archive),
            errors=task.errors,
            progress=False,
            client=client,
            **task.options,
        )
    finally:
        if task.client is not None and client is not None and not task.client.is_local:
            client.close()
