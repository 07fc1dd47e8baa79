"""Read JSON from paths, glob patterns, gzip files, open files, bytes, Python objects and samples."""

from __future__ import annotations

import glob
import gzip
import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

from ayrframe._platforms.spec import Platform
from ayrframe.errors import ResponseError, quote

JSONSource = str | os.PathLike[str] | bytes | IO[bytes] | IO[str]

_PACKAGE = Path(__file__).parents[1]
_GZIP_MAGIC_BYTES = b"\x1f\x8b"
_SURROGATES = re.compile("[\ud800-\udfff]")
# Python writes small floats with a padded exponent, JavaScript without: 1e-07 and 1e-7.
_STRING_OR_EXPONENT = re.compile(r'"(?:[^"\\]|\\.)*"|(?<=e-)0(?=[0-9])', re.DOTALL)


class SourceBody(NamedTuple):
    """JSON bytes, their name in error messages, and the modification time of their file, if any."""

    content: bytes
    name: str
    modified: datetime | None = None


def iter_bodies(source: JSONSource) -> Iterator[SourceBody]:
    """Yield the content of each file of a source; the files of a glob pattern are sorted by name."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        yield _decompress(SourceBody(bytes(source), "the JSON bytes"))
    elif isinstance(source, (str, os.PathLike)):
        for path in _find_files(source):
            modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            yield _decompress(SourceBody(path.read_bytes(), repr(str(path)), modified))
    elif hasattr(source, "read"):
        yield _decompress(_read_open_file(source))
    else:
        raise TypeError(
            f"`source` must be a path, bytes or an open file, not {type(source).__name__}. "
            "Pass a list of posts to ayr.from_posts."
        )


def encode_posts(posts: Iterable[Any]) -> SourceBody:
    """Return posts that are Python objects as JSON."""
    if isinstance(posts, (str, bytes, bytearray, os.PathLike)):
        raise TypeError("`posts` must be a list of dicts. Pass a path or JSON bytes to ayr.read_json.")
    if isinstance(posts, dict):
        raise TypeError("`posts` must be a list of dicts, not a dict. Pass response['posts'] of a whole response.")
    if hasattr(posts, "columns"):
        raise TypeError("`posts` must be a list of dicts, not a DataFrame.")
    posts = list(posts)
    reason = ""
    try:
        text = json.dumps(posts, ensure_ascii=False, separators=(",", ":"), default=_reject_value)
    except RecursionError:
        reason = "they are nested too deeply (posts have a few levels)"
    except ValueError as error:
        reason = str(error)
    if reason:
        raise ResponseError(f"Cannot read `posts`: {reason}.")
    _check_keys_are_text(posts)
    if "e-0" in text:
        text = _STRING_OR_EXPONENT.sub(lambda match: match[0] if match[0][:1] == '"' else "", text)
    return SourceBody(_SURROGATES.sub("\ufffd", text).encode(), "`posts`")


def _check_keys_are_text(posts: list[Any]) -> None:
    """Raise a TypeError if a key is not a str, because `json.dumps` would convert it silently."""
    pending: list[Any] = [posts]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            for key in value:
                if not isinstance(key, str):
                    raise TypeError(
                        f"A post has the key {quote(str(key))} of type {type(key).__name__}; keys must be str."
                    )
            value = value.values()
        pending.extend(item for item in value if isinstance(item, (dict, list, tuple)))


def _reject_value(value: Any) -> Any:
    raise TypeError(
        f"A post contains an object of type {type(value).__name__}, which is not a JSON type. "
        "Pass posts as returned by json.loads or response.json()."
    )


def _find_files(source: str | os.PathLike[str]) -> list[Path]:
    text = os.fspath(source)
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
    content, name, modified = source.read(), getattr(source, "name", None), None
    if isinstance(name, str) and os.path.exists(name):
        modified = datetime.fromtimestamp(os.stat(name).st_mtime, UTC)
    label = repr(name) if isinstance(name, str) else "the open file"
    return SourceBody(content.encode() if isinstance(content, str) else content, label, modified)


def _decompress(body: SourceBody) -> SourceBody:
    if not body.content.startswith(_GZIP_MAGIC_BYTES):
        return body
    with suppress(OSError, EOFError, zlib.error):
        return body._replace(content=gzip.decompress(body.content))
    raise ResponseError(f"Cannot read {body.name}: the gzip file is corrupt or truncated.")


def sample_path(platform: Platform) -> Path:
    """Return the path of the sample response of a platform, in a wheel or in a checkout."""
    for folder in (_PACKAGE / "data", _PACKAGE.parent / "data"):
        path = folder / f"{platform.name}.json"
        if path.is_file():
            return path
    raise FileNotFoundError(f"The sample of {platform.title} is missing. Reinstall ayrframe.")
