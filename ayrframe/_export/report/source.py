"""Read the posts of a report, and select its platforms and profiles; other profiles are removed before any number."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

import pandas as pd

from ayrframe._archive.archive import Archive
from ayrframe._archive.parquet.read import read_parquet
from ayrframe._frame.key import check_frame, post_keys
from ayrframe._frame.to_arrow import restore_column
from ayrframe._metrics.columns import own_columns
from ayrframe._metrics.frames import is_metrics_frame
from ayrframe._platforms import ALL_PLATFORMS, PLATFORMS, PlatformNames, as_names, find_platforms
from ayrframe._platforms.columns import CREATED, PLATFORM, PROFILE
from ayrframe.errors import describe_table, quote, suggest

Source = pd.DataFrame | Archive | str | os.PathLike[str]

_LISTED_PROFILES = 20


def read_report_posts(source: Source, platforms: PlatformNames, profile: str | Sequence[str] | None) -> pd.DataFrame:
    """Return all observations of the requested platforms and profiles; raise a ValueError if one has no posts."""
    names = None if platforms in (None, ALL_PLATFORMS) else [found.name for found in find_platforms(platforms or ())]
    labels = None if profile is None else list(dict.fromkeys(as_names(profile, "profile")))
    posts = _read(source, names, labels)
    selected = posts if labels is None else posts[posts[PROFILE.name].isin(labels)]
    _check_labels(labels, set(selected[PROFILE.name]), posts)
    if names is not None:
        selected = selected[selected[PLATFORM.name].isin(names)]
    missing = [name for name in names or () if not selected[PLATFORM.name].eq(name).any()]
    if missing or selected.empty:
        available = _read(source, None, labels)
        available = available if labels is None else available[available[PROFILE.name].isin(labels)]
        of = f" of {_titles(missing)}" if missing else ""
        profiles = f" of {_list(labels)}" if labels else ""
        raise ValueError(
            f"The source has no posts{of}{profiles}. It has posts of: {_titles(available[PLATFORM.name]) or 'nothing'}."
        )
    return selected.reset_index(drop=True)


def select_pages(source: Source, posts: pd.DataFrame) -> pd.DataFrame | None:
    """Return the archive's pages of the accounts in a posts frame; None for other sources."""
    if not isinstance(source, Archive):
        return None
    pages = source.pages()
    accounts = [PLATFORM.name, PROFILE.name]
    wanted = pd.MultiIndex.from_frame(posts[accounts].drop_duplicates())
    return pages[pd.MultiIndex.from_frame(pages[accounts]).isin(wanted)].reset_index(drop=True)


def _read(source: Source, platforms: list[str] | None, profiles: list[str] | None) -> pd.DataFrame:
    """Return the posts of known platforms, without own columns; frames that were saved as CSV get times and texts."""
    posts = _read_frame(source, platforms, profiles)
    posts = posts.drop(columns=own_columns(posts))
    posts = posts.assign(**post_keys(posts), **{CREATED.name: restore_column(posts, CREATED)})
    return posts[posts[PLATFORM.name].isin(list(PLATFORMS))].reset_index(drop=True)


def _read_frame(source: Source, platforms: list[str] | None, profiles: list[str] | None) -> pd.DataFrame:
    if isinstance(source, Archive):
        return source.posts(platforms, profiles)
    if isinstance(source, str | os.PathLike):
        return read_parquet(source, platform=platforms, profile=profiles)
    if not isinstance(source, pd.DataFrame):
        raise TypeError(
            f"`source` must be a posts frame, an ayr.Archive, or the path of a dataset, got {describe_table(source)}"
        )
    try:
        source.ayr  # noqa: B018 - raises an AttributeError that explains which frames have it
    except AttributeError as error:
        raise TypeError(f"`source` must be a posts frame. {error}") from None
    if is_metrics_frame(source):
        raise TypeError("`source` must be a posts frame, got a metrics frame, which lacks texts and child tables.")
    return check_frame(source).reset_index(drop=True)


def _check_labels(requested: list[str] | None, present: set[str], posts: pd.DataFrame) -> None:
    known = sorted(posts[PROFILE.name].unique())
    for label in requested or ():
        if label not in present and known:
            raise ValueError(f"Unknown profile {quote(label)}.{suggest(label, known)} The source has: {_list(known)}.")


def _list(labels: Sequence[str]) -> str:
    more = f" and {len(labels) - _LISTED_PROFILES:,} more" if len(labels) > _LISTED_PROFILES else ""
    return ", ".join(map(quote, labels[:_LISTED_PROFILES])) + more


def _titles(names: Iterable[str]) -> str:
    found = set(names)
    return ", ".join(platform.title for platform in PLATFORMS.values() if platform.name in found)
