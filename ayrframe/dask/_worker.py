"""What one worker loads: the networks of one profile, as `load` does, and what becomes of an error."""

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
from ayrframe.dask._warnings import heard
from ayrframe.errors import AyrframeError, LoadErrors, SchemaError, quote, warn_user

Errors = Literal["warn", "raise"]


@dataclass(frozen=True)
class Job:
    """The networks of one profile, and how to load them. Who asks is sealed: logs show what failed tasks were given."""

    label: str
    platforms: tuple[str, ...]
    who: PickledClient | None
    archive: str | None
    errors: Errors
    options: Mapping[str, Any] = field(repr=False)


@heard
def loaded(job: Job, names: Sequence[str]) -> pd.DataFrame:
    """Return the posts of a job under the columns of all networks of these names."""
    failure = None
    try:
        posts: pd.DataFrame | None = _asked(job)
    except SchemaError:
        raise
    except AyrframeError as error:
        if job.errors == "raise":
            raise
        failure, posts = error, error.frame
    if failure is not None:
        _tell(job, failure, 0 if posts is None else len(posts))
    platforms = [PLATFORMS[name] for name in names]
    if posts is None:
        return to_frame(concat_tables([], platforms))
    columns = union_columns(platforms)
    return add_missing_columns(posts, columns)[[column.name for column in columns]]


def _asked(job: Job) -> pd.DataFrame:
    client, profile = (None, None) if job.who is None else job.who.open_client()
    try:
        return load(
            list(job.platforms),
            profile_key=None if profile is None else {job.label: profile},
            archive=None if job.archive is None else Archive(job.archive),
            errors=job.errors,
            progress=False,
            client=client,
            **job.options,
        )
    finally:
        if job.who is not None and client is not None and not job.who.is_local:
            client.close()


def _tell(job: Job, failure: AyrframeError, rows: int) -> None:
    """Warn of a profile of which nothing was loaded to the end."""
    errors = failure.exceptions if isinstance(failure, LoadErrors) else [failure]
    what = " ".join(dict.fromkeys(str(error) for error in errors))
    whose = f"Profile {quote(job.label)}: " if job.label else ""
    warn_user(f"{whose}{what} ({rows} of its posts had come and are there.)")
