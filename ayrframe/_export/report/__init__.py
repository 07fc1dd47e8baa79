"""Write a report for readers: one self-contained HTML page with the numbers of a period."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pandas as pd

from ayrframe._export.atomic_write import atomic_write
from ayrframe._export.report.collect import collect_profile
from ayrframe._export.report.images import read_logo
from ayrframe._export.report.page import render_page
from ayrframe._export.report.period import ReportPeriod, choose_period, describe_period, format_day
from ayrframe._export.report.source import Source, read_report_posts, select_pages
from ayrframe._export.report.tables import profile_name
from ayrframe._frame.progress import Progress
from ayrframe._frame.times import TimeLike, TimeZone
from ayrframe._platforms import PlatformNames
from ayrframe._platforms.columns import CREATED, PROFILE
from ayrframe.errors import WarningsOnce, quote

__all__ = ["report"]

_PLACEHOLDER = "{profile}"


def report(
    source: Source,
    path: str | os.PathLike[str],
    *,
    platforms: PlatformNames = None,
    profile: str | Sequence[str] | None = None,
    at: object = None,
    since: TimeLike | None = None,
    until: TimeLike | None = None,
    tz: TimeZone = "UTC",
    title: str | None = None,
    logo: str | os.PathLike[str] | None = None,
) -> None:
    """Write one self-contained HTML page with the numbers of a period, for readers without Python.

    The page has key figures with their changes, highlights, the trend, top posts, formats, reactions and audience,
    the best times, missing values with reasons, definitions, and the calls that give each number. The period only
    selects what is shown: comparisons, normal values and completeness use all posts of `source`, so load more than the
    period. Other profiles are removed before anything is computed. Several profiles are shown side by side on one page,
    or on a page each, and numbers of different profiles or platforms are never added.

    Parameters
    ----------
    source : DataFrame, Archive, str or path
        Posts frame, archive, or folder of a dataset.
    path : str or path
        File to write; the name must end in .html. `"march-{profile}.html"` writes one page per profile, with the labels
        in the file names; otherwise one page shows all profiles.
    platforms : str or list of str, optional
        Platforms to show. Default: all platforms with posts.
    profile : str or list of str, optional
        Labels of the profiles to show. Default: all profiles with posts.
    at : str or pandas.Period, optional
        Period to show: a year `"2026"`, quarter `"2026Q1"`, month `"2026-03"`, week `"2026-W02"` or day
        `"2026-01-05"`, which is compared with the previous one and with the same one a year before.
    since, until : str, date or datetime, optional
        Show posts that were published in this period instead: dates (whole days in `tz`) or times, both inclusive. If
        they delimit a calendar period, it is compared as with `at`; otherwise the newest complete month in it is.
    tz : str or tzinfo, default "UTC"
        Time zone of days and periods, such as `"Europe/Berlin"`.
    title : str, optional
        Title of the page. Default: the profile and the period.
    logo : str or path, optional
        PNG, JPEG, GIF or WebP file to embed at the top of the page.

    Raises
    ------
    ValueError
        If a profile, a platform or the period has no posts (the message lists what there is), an argument is invalid,
        or the file name does not end in .html.
    TypeError
        If `source` is something else.
    FileNotFoundError
        If the folder of `path`, the archive, the dataset or the logo does not exist.

    Warns
    -----
    DataWarning
        As `posts.ayr.summary()`.

    Examples
    --------
    >>> ayr.report(ayr.load_sample(["instagram", "tiktok"]), folder / "january.html", at="2026-01", tz="Europe/Berlin")
    """
    write_reports(source, path, platforms, profile, choose_period(at, since, until, tz), title=title, logo=logo)


def write_reports(
    source: Source,
    path: str | os.PathLike[str],
    platforms: PlatformNames,
    profile: str | Sequence[str] | None,
    period: ReportPeriod,
    *,
    title: str | None,
    logo: str | os.PathLike[str] | None,
) -> list[Path]:
    """Write one page, or one per profile if the name of the file has `{profile}`; return the files."""
    target = Path(path).expanduser()
    if target.suffix.lower() not in (".html", ".htm"):
        raise ValueError(f"Cannot write {quote(target.name)}: the file name must end in .html.")
    image = None if logo is None else read_logo(logo)
    # The methods that a report calls repeat warnings.
    with WarningsOnce(), closing(Progress(None, "platforms")) as progress:
        posts = read_report_posts(source, platforms, profile)
        _check_period(posts, period)
        pages = select_pages(source, posts)
        labels = list(posts[PROFILE.name].unique())
        files = _profile_files(target, labels) if _PLACEHOLDER in target.name else {target: sorted(labels)}
        for file, shown in files.items():
            with atomic_write(file) as temporary:
                sections = [
                    collect_profile(posts[posts[PROFILE.name] == label].reset_index(drop=True), label, period, progress)
                    for label in shown
                ]
                of_file = None if pages is None else pages[pages[PROFILE.name].isin(shown)]
                page = render_page(sections, period, pages=of_file, title=title, logo=image)
                temporary.write_text(page, encoding="utf-8")
    return list(files)


def _profile_files(target: Path, labels: Sequence[str]) -> dict[Path, list[str]]:
    """Return the file of each profile; other characters than letters, digits, `-`, `_` and `.` become `_`."""
    files = dict[Path, list[str]]()
    for label in sorted(labels):
        name = re.sub(r"[^\w.-]", "_", profile_name(label))
        files.setdefault(target.with_name(target.name.replace(_PLACEHOLDER, name)), []).append(label)
    if shared := [labels for labels in files.values() if len(labels) > 1]:
        raise ValueError(f"Profiles {', '.join(map(quote, shared[0]))} would have the same file; report one at a time.")
    return files


def _check_period(posts: pd.DataFrame, period: ReportPeriod) -> None:
    """Raise a ValueError that names the dates of the posts if none is in the period."""
    if period.contains(posts).any():
        return
    days = [format_day(posts[CREATED.name].agg(end), period.zone) for end in ("min", "max")]
    have = "have no date" if posts[CREATED.name].isna().all() else f"are from {days[0]} to {days[1]}"
    raise ValueError(f"No posts in the period: {describe_period(period)} ({period.zone}). The posts {have}.")
