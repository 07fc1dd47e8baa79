"""The doors into the posts frame, readable aloud: find the bytes, read the replies, decode, check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.detect_platform import detect_platforms
from ayrframe._decode.envelope import Envelope, parse_envelopes
from ayrframe._decode.posts import decode_body, decode_posts
from ayrframe._frame import sources as _sources
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._frame.samples import sample_path
from ayrframe._frame.schema import Severity, validate_frame
from ayrframe._frame.sources import JSONSource, SourceBody
from ayrframe._platforms import PLATFORMS, find_platform, find_platforms
from ayrframe._platforms.spec import Platform
from ayrframe.errors import ResponseError, warn_user

TimeArgument = str | datetime | pd.Timestamp


def read_json(
    source: JSONSource,
    *,
    platform: str | None = None,
    profile: str = "",
    as_of: TimeArgument | None = None,
    validate: Severity = "warn",
) -> pd.DataFrame:
    """Read saved responses of `GET /history/:platform` into the posts frame.

    Parameters
    ----------
    source : str, path, bytes or open file
        A path, also of a gzip file; a glob, whose files are read in the order of their names; the bytes themselves;
        or an open file. Each holds an envelope `{"posts": [...]}`, a bare list of posts, or one JSON text a line.
    platform : str, optional
        The network the posts are of, such as `"tiktok"`. Not given, each post tells by its `platform` field or by
        the host of its address; posts that tell nothing take the one network of their file.
    profile : str, default ""
        Your label for the profile; it becomes the column `profile`.
    as_of : str or datetime, optional
        The moment of the numbers, where neither post nor reply tells it. Not given: the file's time, else now.
    validate : {"warn", "raise", None}, default "warn"
        What to do about values that should not be: see :func:`schema`.

    Returns
    -------
    pandas.DataFrame
        One row per post. Text is str, ids included; whole numbers are Int64, numbers with a fraction float64, flags
        boolean, times datetime64[us, UTC]. Missing stays NA. Columns depend on the network only.

    Raises
    ------
    ResponseError
        If the source is no JSON or no history, or a post's network cannot be told.
    SchemaError
        With `validate="raise"`, if a check fails.
    FileNotFoundError
        If there is no such file.

    Examples
    --------
    >>> posts = ayr.read_json(b'{"posts": [{"id": "9007199254740993", "likeCount": 3}]}', platform="bluesky")
    >>> posts[["id", "like_count"]]
                     id  like_count
    0  9007199254740993           3
    """
    requested = None if platform is None else find_platform(platform)
    return _read_bodies(
        _sources.iter_bodies(source), requested, _sources.check_profile_label(profile), _parse_as_of(as_of), validate
    )


def from_posts(
    posts: Iterable[Any],
    *,
    platform: str | None = None,
    profile: str = "",
    as_of: TimeArgument | None = None,
    validate: Severity = "warn",
) -> pd.DataFrame:
    """Turn posts that are in memory already, a list of dicts, into the posts frame.

    Parameters
    ----------
    posts : iterable of dict
        What stands in `posts` of a reply, as `json.loads` or `response.json()` gives it.
    platform, profile, as_of, validate
        As in :func:`read_json`; `as_of` not given is now.

    Returns
    -------
    pandas.DataFrame
        The posts frame, as :func:`read_json` returns it.

    Raises
    ------
    ResponseError
        If a post's network cannot be told.
    TypeError
        If a post holds something that JSON has not.

    Examples
    --------
    >>> ayr.from_posts([{"id": "1", "likeCount": 3}], platform="bluesky")["like_count"].tolist()
    [3]
    """
    requested = None if platform is None else find_platform(platform)
    return _read_bodies(
        [_sources.encode_posts(posts)], requested, _sources.check_profile_label(profile), _parse_as_of(as_of), validate
    )


def load_sample(platform: str | Sequence[str] = "all", *, validate: Severity = "warn") -> pd.DataFrame:
    """Load the synthetic posts that ship with the package: no key and no network needed.

    Parameters
    ----------
    platform : str or list of str, default "all"
        A network, several, or all ten.
    validate : {"warn", "raise", None}, default "warn"
        As in :func:`read_json`.

    Returns
    -------
    pandas.DataFrame
        The posts frame of an invented brand: about a year of posts on each network, and the same every time.

    Examples
    --------
    >>> posts = ayr.load_sample("tiktok")
    >>> posts.ayr.impression_sources()["fraction"].between(0, 1).all()
    np.True_
    """
    platforms = find_platforms(platform)
    tables = [_decode_source(next(_sources.iter_bodies(sample_path(sample))), sample, "", None) for sample in platforms]
    return _build_frame([table for table, _ in tables], platforms, validate)


def _read_bodies(
    bodies: Iterable[SourceBody], requested: Platform | None, profile: str, as_of: datetime | None, validate: Severity
) -> pd.DataFrame:
    tables: list[pa.Table] = []
    seen: set[str] = set() if requested is None else {requested.name}
    for body in bodies:
        table, platforms = _decode_source(body, requested, profile, as_of)
        seen.update(platform.name for platform in platforms)
        tables.append(table)
    if not seen:
        raise ResponseError("There are no posts to tell the platform by: pass platform=, such as platform='tiktok'.")
    return _build_frame(tables, [PLATFORMS[name] for name in PLATFORMS if name in seen], validate)


def _build_frame(tables: Sequence[pa.Table], platforms: Sequence[Platform], validate: Severity) -> pd.DataFrame:
    return validate_frame(to_frame(concat_tables(tables, platforms)), validate, platforms)


def _decode_source(
    body: SourceBody, requested: Platform | None, profile: str, as_of: datetime | None
) -> tuple[pa.Table, Sequence[Platform]]:
    """Return all posts of a body in their order, and the platforms they are of."""
    as_of_default = as_of or body.modified or datetime.now(UTC)
    if requested is not None:
        table = decode_body(body.content, body.name, requested, profile=profile, as_of=as_of_default)
        if table is not None:
            return table, [requested]
    envelopes = parse_envelopes(body.content, body.name)
    for warning in (warning for envelope in envelopes for warning in envelope.warnings):
        warn_user(warning[:1].upper() + warning[1:])
    if requested is not None:
        platforms = [[requested] * len(envelope.items) for envelope in envelopes]
    else:
        platforms = detect_platforms([envelope.items for envelope in envelopes], body.name)
    tables = [
        _decode_envelope_posts(envelope, envelope_platforms, profile, as_of_default)
        for envelope, envelope_platforms in zip(envelopes, platforms, strict=True)
    ]
    seen = {platform.name: platform for envelope_platforms in platforms for platform in envelope_platforms}
    return pa.concat_tables(tables, promote_options="default"), list(seen.values())


def _decode_envelope_posts(
    envelope: Envelope, platforms: Sequence[Platform], profile: str, as_of_default: datetime
) -> pa.Table:
    """Return a reply's posts as a table, each read as a post of its own platform."""
    as_of = envelope.last_updated or as_of_default
    if len(set(platforms)) == 1:
        return decode_posts(envelope.items, platforms[0], profile=profile, as_of=as_of)
    positions: dict[Platform, list[int]] = {}
    for position, platform in enumerate(platforms):
        positions.setdefault(platform, []).append(position)
    tables = [
        decode_posts(
            [envelope.items[position] for position in platform_positions], platform, profile=profile, as_of=as_of
        )
        for platform, platform_positions in positions.items()
    ]
    order = pa.array(
        [position for platform_positions in positions.values() for position in platform_positions], pa.int64()
    )
    return pa.concat_tables(tables, promote_options="default").take(pc.sort_indices(order)) if tables else pa.table({})


def _parse_as_of(value: TimeArgument | None) -> datetime | None:
    """Return what the caller said as a moment in UTC; a time without a zone is taken as UTC."""
    if value is None:
        return None
    timestamp = pd.Timestamp(value)
    if pd.isna(timestamp):
        raise ValueError("as_of has to be a moment, not NaT.")
    utc = timestamp.tz_localize("UTC") if timestamp.tzinfo is None else timestamp.tz_convert("UTC")
    return utc.floor("us").to_pydatetime()
