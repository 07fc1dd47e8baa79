"""Read posts from files, bytes and Python objects into a posts frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import Any, Literal, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.detect_platform import detect_platforms
from ayrframe._decode.envelope import Envelope, parse_envelopes, peek_envelope
from ayrframe._decode.posts import decode_posts, decode_unparsed, list_from_oldest
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._frame.saved_analytics import decode_saved_analytics
from ayrframe._frame.schema import Severity, validate_frame
from ayrframe._frame.sources import BodyReader, JSONSources, SourceBody, encode_posts, iter_readers
from ayrframe._frame.times import TimeLike, parse_time_argument
from ayrframe._platforms import find_platform, in_registry_order
from ayrframe._platforms.spec import Platform
from ayrframe.errors import ResponseError, check_option, check_text, describe, warn_user


def read_json(
    source: JSONSources,
    *,
    platform: str | None = None,
    profile: str = "",
    as_of: TimeLike | None = None,
    errors: Literal["raise", "warn"] = "raise",
    validate: Severity = "warn",
) -> pd.DataFrame:
    """Read saved responses of `GET /history/:platform` into a posts frame.

    Parameters
    ----------
    source : str, path object, bytes, file-like object, or list of them
        Path of a JSON file, also gzip-compressed; glob pattern, whose files are read in alphabetical order; JSON as
        bytes; or an open file. `~` is the home folder. Each file contains an envelope `{"posts": [...]}`, a list of
        posts, or one post or envelope per line.
    platform : str, optional
        Platform of the posts, such as `"tiktok"`. By default, the platform of each post is detected from its field
        `platform` or the host of its URL; posts with neither get the platform of the other posts in their file.
    profile : str, default ""
        Label of the profile, stored in the column `profile`.
    as_of : str, date or datetime, optional
        When the numbers were read, for posts and envelopes that do not say. A time without a time zone is taken as
        UTC, and a date as its start. Default: the modification time of the file, or now if the source is not a file.
    errors : {"raise", "warn"}, default "raise"
        What happens if a file cannot be read: an error, or a warning and the posts of the other files. If no file can
        be read, an error is raised.
    validate : {"warn", "raise", None}, default "warn"
        Whether invalid values cause a warning, an error, or nothing. See `ayr.schema()` for the checks.

    Returns
    -------
    pandas.DataFrame
        One row per post, in the order of the source. Text and ids are str, integers Int64, other numbers float64,
        true or false boolean, times datetime64[us, UTC]. Missing values are NA. The columns depend only on the
        platforms.

    Raises
    ------
    ResponseError
        If a file is not valid JSON or not a response with posts, or if the platform of a post cannot be detected. The
        posts of the files before it are in `.frame`.
    SchemaError
        With `validate="raise"`, if a value is invalid.
    OSError
        If no file matches `source`, or a file cannot be opened; `.frame` as above.
    ValueError
        If `platform` is unknown, or `source` is empty, or JSON text instead of a path.

    Warns
    -----
    DataWarning
        With `validate="warn"`, if values are invalid. Also if an envelope reports an error in addition to its posts, or
        says that more pages exist, and with `errors="warn"`, if files are skipped.

    See Also
    --------
    from_posts : Convert posts that are already Python objects.
    load : Request posts from the API.

    Examples
    --------
    >>> posts = ayr.read_json(b'{"posts": [{"id": "9007199254740993", "likeCount": 3}]}', platform="bluesky")
    >>> posts[["id", "like_count"]]
                     id  like_count
    0  9007199254740993           3
    """
    check_option(errors, "errors", ("raise", "warn"))
    return _read_bodies(iter_readers(source), platform, profile, as_of, validate, skip_unreadable=errors == "warn")


def from_posts(
    posts: Iterable[Any],
    *,
    platform: str | None = None,
    profile: str = "",
    as_of: TimeLike | None = None,
    validate: Severity = "warn",
) -> pd.DataFrame:
    """Convert a list of dicts to a posts frame.

    Parameters
    ----------
    posts : iterable of dict
        Value of `posts` in a response, as returned by `json.loads` or `response.json()`.
    platform, profile, as_of, validate
        As in `ayr.read_json()`; `as_of` defaults to now.

    Returns
    -------
    pandas.DataFrame
        One row per post, as from `ayr.read_json()`.

    Raises
    ------
    ResponseError
        If the platform of a post cannot be detected.
    SchemaError
        With `validate="raise"`, if a value is invalid.
    TypeError
        If `posts` is not a list of dicts, or a post contains an object that JSON cannot represent.

    Warns
    -----
    DataWarning
        With `validate="warn"`, if values are invalid.

    See Also
    --------
    read_json : Read files and JSON bytes.

    Examples
    --------
    >>> ayr.from_posts([{"id": "1", "likeCount": 3}], platform="bluesky")["like_count"].tolist()
    [3]
    """
    return _read_bodies([lambda: encode_posts(posts)], platform, profile, as_of, validate)


class DecodedBody(NamedTuple):
    """Posts of a body in their order, their platforms, and whether an envelope says that more pages exist."""

    table: pa.Table
    platforms: Iterable[Platform]
    has_more: bool


def parse_origin(platform: str | None, profile: str, as_of: TimeLike | None) -> tuple[Platform | None, datetime | None]:
    """Return platform and time of saved posts, or raise TypeError or ValueError for invalid arguments."""
    requested = None if platform is None else find_platform(platform)
    if not isinstance(profile, str):
        raise TypeError(f"`profile` must be a str, got {describe(profile)}.")
    check_text(profile, "profile")
    return requested, None if as_of is None else parse_time_argument(as_of, "as_of", UTC).first


def _read_bodies(
    readers: Iterable[BodyReader],
    platform: str | None,
    profile: str,
    as_of: TimeLike | None,
    validate: Severity,
    *,
    skip_unreadable: bool = False,
) -> pd.DataFrame:
    requested, time = parse_origin(platform, profile, as_of)
    decoded: list[DecodedBody] = []
    incomplete: list[str] = []
    problems: list[OSError | ResponseError] = []
    for read in readers:
        try:
            body = read()
            decoded.append(decode_source(body, requested, profile, time))
        except (OSError, ResponseError) as error:
            if not skip_unreadable:
                error.frame = _build_frame(decoded)[0] if decoded else None  # type: ignore[union-attr]
                raise
            problems.append(error)
        else:
            incomplete += [body.name] if decoded[-1].has_more else []
    _report_problems(problems, incomplete, len(decoded))
    posts, platforms = _build_frame(decoded)
    if not platforms:
        raise ResponseError(
            "Cannot detect the platform of an empty list of posts. Pass `platform`, e.g. platform='tiktok'."
        )
    return validate_frame(posts, validate, platforms)


def _report_problems(problems: Sequence[OSError | ResponseError], incomplete: Sequence[str], count: int) -> None:
    """Warn about unreadable files and about pages after which more exist; raise if no file was readable."""
    text = " ".join(map(str, problems))
    if problems and not count:
        raise (
            problems[0] if len(problems) == 1 else ResponseError(f"None of {len(problems):,} files can be read. {text}")
        )
    if problems:
        warn_user(f"Skipped {len(problems):,} of {len(problems) + count:,} files. {text}")
    if incomplete:
        warn_user(
            f"More pages exist after {len(incomplete):,} of {count:,} saved pages: {', '.join(incomplete)}. "
            "Posts are missing unless `source` has the following pages as well."
        )


def _build_frame(decoded: Sequence[DecodedBody]) -> tuple[pd.DataFrame, list[Platform]]:
    platforms = in_registry_order(platform for body in decoded for platform in body.platforms)
    return to_frame(concat_tables([body.table for body in decoded], platforms)), platforms


def decode_source(body: SourceBody, requested: Platform | None, profile: str, as_of: datetime | None) -> DecodedBody:
    """Decode the posts of a body; `as_of` is used before the time of its file, for envelopes that do not say."""
    read_at = as_of or body.modified or datetime.now(UTC)
    if requested is not None and (peeked := peek_envelope(body.content, body.name)) is not None:
        envelope, unparsed = peeked
        last_updated = envelope.last_updated
        table = decode_unparsed(unparsed, requested, profile=profile, read_at=read_at, last_updated=last_updated)
        if table is not None:
            return DecodedBody(table, [requested], envelope.has_more)
    if (analytics := decode_saved_analytics(body, requested, profile, read_at)) is not None:
        return DecodedBody(*analytics, has_more=False)
    envelopes = parse_envelopes(body.content, body.name)
    for warning in chain.from_iterable(envelope.warnings + envelope.value_warnings for envelope in envelopes):
        warn_user(warning[:1].upper() + warning[1:])
    items = [envelope.items for envelope in envelopes]
    platforms = [[requested] * len(posts) for posts in items] if requested else detect_platforms(items, body.name)
    tables = [
        _decode_envelope_posts(envelope, envelope_platforms, profile, read_at)
        for envelope, envelope_platforms in zip(envelopes, platforms, strict=True)
    ]
    seen = {requested} if requested else set(chain.from_iterable(platforms))
    has_more = any(envelope.has_more for envelope in envelopes)
    table = pa.concat_tables(tables, promote_options="default")
    return DecodedBody(list_from_oldest(table, seen) if len(table) else table, seen, has_more)


def _decode_envelope_posts(
    envelope: Envelope, platforms: Sequence[Platform], profile: str, read_at: datetime
) -> pa.Table:
    """Return the posts of an envelope, each decoded for its platform, in their order."""
    decode = partial(decode_posts, profile=profile, read_at=read_at, last_updated=envelope.last_updated)
    if len(set(platforms)) == 1:
        return decode(envelope.items, platforms[0])
    positions: dict[Platform, list[int]] = {}
    for position, platform in enumerate(platforms):
        positions.setdefault(platform, []).append(position)
    tables = [decode([envelope.items[row] for row in rows], platform) for platform, rows in positions.items()]
    order = pa.array(list(chain.from_iterable(positions.values())), pa.int64())
    return pa.concat_tables(tables, promote_options="default").take(pc.sort_indices(order)) if tables else pa.table({})
