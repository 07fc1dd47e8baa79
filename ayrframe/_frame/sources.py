"""Read JSON from paths, glob patterns, gzip files, open files, bytes, Python objects and samples."""

from __future__ import annotations

import glob
import gzip
import json
import os
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
import pandas as pd

from ayrframe._decode.json import repair_json
from ayrframe._platforms.spec import Platform
from ayrframe.errors import ResponseError, quote

JSONSource = str | os.PathLike[str] | bytes | IO[bytes] | IO[str]
JSONSources = JSONSource | Iterable[JSONSource]

_PACKAGE = Path(__file__).parents[1]
_GZIP_MAGIC_BYTES = b"\x1f\x8b"
_JSON_TYPES = (str, int, float, bool, type(None))
_SURROGATES = re.compile("[\ud800-\udfff]")


class SourceBody(NamedTuple):
    """JSON bytes, their name in error messages, and the modification time of their file, if any."""

    content: bytes
    name: str
    modified: datetime | None = None


BodyReader = Callable[[], SourceBody]


def iter_readers(source: JSONSources) -> Iterator[BodyReader]:
    """Yield a function for each file of a source, in the order of the source, that reads its content.

    The files of a glob pattern are sorted by name. The function raises OSError or ResponseError if it cannot read.
    """
    is_single = isinstance(source, (str, os.PathLike, bytes, bytearray, memoryview)) or hasattr(source, "read")
    if is_single or isinstance(source, Mapping) or hasattr(source, "columns") or not isinstance(source, Iterable):
        yield from _readers_of(source)
        return
    is_empty = True
    for item in source:
        is_empty = False
        yield from _readers_of(item)
    if is_empty:
        raise ValueError("`source` is empty. Pass at least one path.")


def _readers_of(source: Any) -> Iterator[BodyReader]:
    if isinstance(source, (bytes, bytearray, memoryview)):
        yield lambda: _decompress(SourceBody(bytes(source), "the JSON bytes"))
    elif isinstance(source, (str, os.PathLike)):
        try:
            files = _find_files(source)
        except OSError as error:
            yield partial(_raise, error)
            return
        for path in files:
            yield partial(_read_file, path)
    elif hasattr(source, "read"):
        yield lambda: _decompress(_read_open_file(source))
    else:
        raise TypeError(
            f"`source` must be a path, bytes, an open file or a list of them, got {type(source).__name__}. "
            "Pass a list of posts to ayr.from_posts."
        )


def _raise(error: OSError) -> SourceBody:
    raise error


def _read_file(path: Path) -> SourceBody:
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return _decompress(SourceBody(path.read_bytes(), repr(str(path)), modified))


def encode_posts(posts: Iterable[Any]) -> SourceBody:
    """Return posts that are Python objects as JSON."""
    if isinstance(posts, (str, bytes, bytearray, os.PathLike)):
        raise TypeError(
            f"`posts` must be a list of dicts, got {type(posts).__name__}. Pass a path or JSON bytes to ayr.read_json."
        )
    if isinstance(posts, dict):
        raise TypeError("`posts` must be a list of dicts, got a dict. Pass response['posts'] of a whole response.")
    if hasattr(posts, "columns"):
        raise TypeError("`posts` must be a list of dicts, got a DataFrame. It may be a posts frame already.")
    if not isinstance(posts, Iterable):
        raise TypeError(f"`posts` must be a list of dicts, got {type(posts).__name__}.")
    posts = list(posts)
    reason = ""
    try:
        text = json.dumps(posts, ensure_ascii=False, separators=(",", ":"), default=_to_json_type)
    except TypeError:
        _check_types(posts)
        raise  # pragma: no cover - the check raises an error that names the value
    except RecursionError:
        reason = "they are nested too deeply (posts have a few levels)"
    except ValueError as error:
        reason = str(error)
    if reason:
        raise ResponseError(f"Cannot read `posts`: {reason}.")
    _check_types(posts)
    content = _SURROGATES.sub("\ufffd", text).encode()
    # In memory, NaN means missing, so it does not cause a warning.
    return SourceBody(repair_json(content)[0] if b"NaN" in content else content, "`posts`")


def _check_types(posts: list[Any]) -> None:
    """Raise a TypeError that names the post and the key of what JSON cannot represent.

    `json.dumps` would convert a key that is not a str silently.
    """
    pending = [(f"Post {position}", "", post) for position, post in enumerate(posts)]
    while pending:
        post, key, value = pending.pop()
        if isinstance(value, dict):
            for name in value:
                if not isinstance(name, str):
                    raise TypeError(f"{post} has the key {quote(str(name))} of type {type(name).__name__}, not str.")
            pending.extend((post, key or name, item) for name, item in value.items())
        elif isinstance(value, (list, tuple)):
            pending.extend((post, key, item) for item in value)
        elif not isinstance(value, _JSON_TYPES):
            try:
                _to_json_type(value)
            except TypeError as error:
                where = f" at the key {quote(key)}" if key else ""
                raise TypeError(f"{post} has {error}{where}. Pass posts as returned by json.loads.") from None


def _to_json_type(value: Any) -> Any:
    """Convert the missing values, scalars and times of pandas and NumPy; called for what JSON does not have."""
    if value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, np.datetime64):
        return _to_json_type(pd.Timestamp(value))
    if isinstance(value, (np.bool_, np.integer, np.floating)):
        return value.item()
    raise TypeError(f"a value of type {type(value).__name__}, which is not a JSON type")


def _find_files(source: str | os.PathLike[str]) -> list[Path]:
    text = os.path.expanduser(os.fspath(source))
    if text.lstrip()[:1] in ("{", "["):
        raise ValueError("`source` is JSON text, not a path. Pass it as bytes: text.encode().")
    path = Path(text)
    if path.is_dir():
        raise IsADirectoryError(
            f"{text!r} is a folder. Pass {os.path.join(text, '*.json')!r} to read the JSON files in it."
        )
    if path.exists():
        return [path]
    files = sorted(path for path in map(Path, glob.glob(text, recursive=True)) if path.is_file())
    if not files:
        problem = "No file matches" if glob.has_magic(text) else "No such file:"
        raise FileNotFoundError(f"{problem} {text!r} (current folder: {os.getcwd()!r}).")
    return files


def _read_open_file(source: IO[bytes] | IO[str]) -> SourceBody:
    name, modified = getattr(source, "name", None), None
    if isinstance(name, str) and os.path.exists(name):
        modified = datetime.fromtimestamp(os.stat(name).st_mtime, UTC)
    label = repr(name) if isinstance(name, str) else "the open file"
    content: bytes | str | None = None
    with suppress(UnicodeDecodeError):
        content = source.read()
    if content is None:
        raise ResponseError(f"Cannot read {label}: it has another encoding. Open it with mode 'rb'.")
    text = _SURROGATES.sub("\ufffd", content).encode() if isinstance(content, str) else content
    return SourceBody(text, label, modified)


def _decompress(body: SourceBody) -> SourceBody:
    if not body.content.startswith(_GZIP_MAGIC_BYTES):
        return body
    with suppress(OSError, EOFError, zlib.error):
        return body._replace(content=gzip.decompress(body.content))
    raise ResponseError(f"Cannot read {body.name}: the gzip file is corrupt or truncated.")


def sample_path(platform: Platform, folder_name: str = "") -> Path:
    """Return the path of a sample response of a platform, in a wheel or in a checkout."""
    for folder in (_PACKAGE / "data", _PACKAGE.parent / "data"):
        path = folder / folder_name / f"{platform.name}.json"
        if path.is_file():
            return path
    raise FileNotFoundError(f"The sample of {platform.title} is missing. Reinstall ayrframe.")
