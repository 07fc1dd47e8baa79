"""A data set → the posts frame: only the parts, rows and columns that are asked for are read."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence

import pandas as pd
import pyarrow as pa

from ayrframe._dataset import file as part_file
from ayrframe._dataset.layout import PAGES, Part, foreign_networks, parts_in
from ayrframe._frame import frame, united
from ayrframe._periods import Moment, Window, window_of
from ayrframe._platforms import find, in_order, several
from ayrframe._schema import Severity, known_severity, validated
from ayrframe.errors import DataWarning, outside
from ayrframe.spec import Platform

Names = str | Sequence[str] | None


class Selection:
    """What is asked of a data set: the parts that can have it, and how their files are read."""

    def __init__(
        self,
        folder: str | os.PathLike[str],
        platform: Names,
        profile: Names,
        since: Moment | None,
        until: Moment | None,
        tz: str,
    ) -> None:
        """Look for the parts; nothing is read yet."""
        self.folder = os.path.abspath(os.path.expanduser(os.fspath(folder)))
        self.window: Window = window_of(since, until, tz)
        self.profiles = None if profile is None else several(profile, "profile")
        asked = None if platform is None else [find(name) for name in several(platform)]
        if not os.path.isdir(os.path.join(self.folder, PAGES)):
            raise FileNotFoundError(f"There is no data set in {self.folder!r}. Archive.to_parquet makes one.")
        parts = list(parts_in(self.folder))
        self.platforms: list[Platform] = in_order(part.platform for part in parts) if asked is None else in_order(asked)
        self.parts = [part for part in parts if part.platform in self.platforms and part.may_hold(self.window)]
        if foreign := foreign_networks(self.folder):
            text = f"The data set {self.folder!r} has posts of networks that this version does not know, and which are "
            warnings.warn(text + f"left out: {', '.join(foreign)}.", DataWarning, stacklevel=outside())

    def read(self, part: Part, columns: Sequence[str] | None = None) -> pa.Table:
        """Return the posts of a part that are asked for."""
        path = os.path.join(self.folder, part.place)
        return part_file.read(path, part.platform, window=self.window, profiles=self.profiles, columns=columns)


def read_parquet(
    source: str | os.PathLike[str],
    *,
    platform: Names = None,
    profile: Names = None,
    since: Moment | None = None,
    until: Moment | None = None,
    tz: str = "UTC",
    validate: Severity = "warn",
) -> pd.DataFrame:
    """Read posts from a data set that :meth:`Archive.to_parquet` wrote.

    Only files of the networks and months that are asked for are opened, and of those only the groups of rows that can
    hold the profiles and the period.

    Parameters
    ----------
    source : str or path
        The folder of the data set.
    platform : str or list of str, optional
        Only posts of these networks; the frame has their columns, also where there are no posts.
    profile : str or list of str, optional
        Only posts of the profiles with these labels.
    since, until : str, date or datetime, optional
        Only posts that were published in this period: dates (whole days in `tz`) or times, both inclusive. Posts of
        which nobody knows when they were published are not left out.
    tz : str, default "UTC"
        The time zone in which the days of `since` and `until` begin and end.
    validate : {"warn", "raise", None}, default "warn"
        What to do about values that should not be: see :func:`schema`.

    Returns
    -------
    pandas.DataFrame
        The posts frame with every observation, as :meth:`Archive.posts` gives it, in another order: by network, month,
        profile, `created`, `id` and `as_of`. A column that was declared after a file was written is NA for its posts.

    Raises
    ------
    FileNotFoundError
        If there is no data set.
    AyrframeError
        If a file of it is damaged.
    ValueError
        If there is no such platform or time zone, or the period makes no sense.
    SchemaError
        With `validate="raise"`, if a check fails.

    Examples
    --------
    >>> with ayr.sandbox() as api:
    ...     archive = ayr.Archive(folder / "replies")
    ...     posts = ayr.load(["tiktok", "x"], limit=None, client=api.client(), archive=archive)
    >>> written = archive.to_parquet(folder / "posts")
    >>> winter = ayr.read_parquet(folder / "posts", platform="x", since="2026-01-01", until="2026-01-31")
    >>> winter["created"].dt.strftime("%Y-%m").unique().tolist()
    ['2026-01']
    """
    known_severity(validate)
    asked = Selection(source, platform, profile, since, until, tz)
    posts = frame(united([asked.read(part) for part in asked.parts], asked.platforms))
    return validated(posts, validate if asked.platforms else None, asked.platforms)
