"""Parse arguments of the command line."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

from ayrframe._export.report.period import choose_period
from ayrframe._frame.times import parse_time_argument
from ayrframe._metrics.periods import parse_duration, to_timezone
from ayrframe._platforms import ALL_PLATFORMS, find_platform


def parse_post_limit(text: str) -> int | None:
    """Return a number of posts, or None for all."""
    if text == ALL_PLATFORMS:
        return None
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) < 1:
        raise ArgumentTypeError(f"must be an integer of at least 1, or all, got {text!r}")
    return int(text)


def output_path(*suffixes: str) -> Callable[[str], Path]:
    """Return a parser of paths of files with one of these suffixes."""

    def parse_output(text: str) -> Path:
        path = Path(text).expanduser()
        if path.suffix not in suffixes:
            raise ArgumentTypeError(f"must end in one of {', '.join(suffixes)}, got {path.name!r}")
        return path

    return parse_output


def parse_report_path(text: str) -> Path:
    """Return the path of a page."""
    path = Path(text).expanduser()
    if path.suffix not in (".html", ".htm"):
        raise ArgumentTypeError(f"must end in .html, got {path.name!r}")
    return path


def parse_report_period(text: str) -> str:
    """Return the text of a year, quarter, month, week or day."""
    try:
        choose_period(text, None, None, UTC)
    except ValueError as error:
        raise ArgumentTypeError(str(error).removeprefix("`at` ")) from None
    return text


def parse_day(text: str) -> str:
    """Return the text of a date or time."""
    try:
        parse_time_argument(text, "since", UTC)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None
    return text


def parse_timezone(text: str) -> str:
    """Return the name of a time zone."""
    try:
        return str(to_timezone(text))
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def parse_platform(text: str) -> str:
    """Return the name of a platform, or "all"."""
    try:
        return text if text == ALL_PLATFORMS else find_platform(text).name
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def parse_age(text: str) -> str:
    """Return a duration; a number without a unit is of hours."""
    duration = f"{text}h" if re.fullmatch("[0-9]{1,6}", text) else text
    try:
        parse_duration(duration)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None
    return duration
