"""Where saved replies come from: paths, globs, compressed files, open files, bytes, and posts in memory."""

from __future__ import annotations

import glob
import gzip
import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

from ayrframe.errors import ResponseError, quote

JSONSource = str | os.PathLike[str] | bytes | IO[bytes] | IO[str]

_GZIP_MAGIC_BYTES = b"\x1f\x8b"
_SURROGATES = re.compile("[\ud800-\udfff]")
# Python writes small floats with a padded exponent, JavaScript without: 1e-07 and 1e-7.
_STRING_OR_EXPONENT = re.compile(r'"(?:[^"\\]|\\.)*"|(?<=e-)0(?=[0-9])', re.DOTALL)


class SourceBody(NamedTuple):
    """Bytes of a saved reply, what to call them in an error, and the time of their file if there is one."""

    content: bytes
    name: str
    modified: datetime | None = None


def iter_bodies(source: JSONSource) -> Iterator[SourceBody]:
    """Yield what is to be read; a glob gives its files in the order of their names."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        yield _decompress(SourceBody(bytes(source), "the JSON given"))
    elif isinstance(source, (str, os.PathLike)):
        for path in _find_files(source):
            modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            yield _decompress(SourceBody(path.read_bytes(), repr(str(path)), modified))
    elif hasattr(source, "read"):
        yield _decompress(_read_open_file(source))
    else:
        raise TypeError(
            f"read_json reads a path, bytes or an open file, not {type(source).__name__}. "
            "Posts that are in memory already go to ayr.from_posts."
        )


def encode_posts(posts: Iterable[Any]) -> SourceBody:
    """Return posts that are Python objects as the JSON they came from."""
    if isinstance(posts, (str, bytes, bytearray, os.PathLike)):
        raise TypeError("from_posts takes a list of dicts. A path or JSON bytes go to ayr.read_json.")
    if isinstance(posts, dict):
        raise TypeError("from_posts takes a list of dicts. Of a whole reply, pass what stands in its 'posts'.")
    if hasattr(posts, "columns"):
        raise TypeError("from_posts takes a list of dicts, not a frame.")
    posts = list(posts)
    text: str | None
    try:
        text = json.dumps(posts, ensure_ascii=False, separators=(",", ":"), default=_reject_value)
    except RecursionError:
        text, reason = None, "they are nested too deep; no post of this API is"
    except ValueError as error:
        text, reason = None, str(error)
    if text is None:
        raise ResponseError(f"Cannot read the posts given: {reason}.")
    _check_keys_are_text(posts)
    if "e-0" in text:
        text = _STRING_OR_EXPONENT.sub(lambda match: match[0] if match[0][:1] == '"' else "", text)
    return SourceBody(_SURROGATES.sub("\ufffd", text).encode(), "the posts given")


def _check_keys_are_text(posts: list[Any]) -> None:
    """Raise on a key that is no text: JSON has no other, and Python's writer would turn it into one in silence."""
    pending: list[Any] = [posts]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            for key in value:
                if not isinstance(key, str):
                    raise TypeError(
                        f"A post has the key {quote(str(key))}, a {type(key).__name__}; JSON keys are texts."
                    )
            value = value.values()
        pending.extend(item for item in value if isinstance(item, (dict, list, tuple)))


def _reject_value(value: Any) -> Any:
    raise TypeError(
        f"A post holds a {type(value).__name__}, and JSON has no such thing. "
        "from_posts takes what json.loads or response.json() gives."
    )


def _find_files(source: str | os.PathLike[str]) -> list[Path]:
    text = os.fspath(source)
    if text.lstrip()[:1] in ("{", "["):
        raise ValueError("This is JSON text, not a path: pass it as bytes, text.encode().")
    path = Path(text)
    if path.is_dir():
        raise IsADirectoryError(
            f"{text!r} is a folder. To read all replies in it, pass {os.path.join(text, '*.json')!r}."
        )
    if path.exists():
        return [path]
    matches = sorted(Path(name) for name in glob.glob(text, recursive=True)) if glob.has_magic(text) else []
    files = [path for path in matches if path.is_file()]
    if not files:
        problem = "No file matches" if glob.has_magic(text) else "There is no file"
        raise FileNotFoundError(f"{problem} {text!r} (looked from {os.getcwd()!r}).")
    return files


def _read_open_file(source: IO[bytes] | IO[str]) -> SourceBody:
    content = source.read()
    name = getattr(source, "name", None)
    modified = None
    if isinstance(name, str) and os.path.exists(name):
        modified = datetime.fromtimestamp(os.stat(name).st_mtime, UTC)
    label = repr(name) if isinstance(name, str) else "the open file"
    return SourceBody(content.encode() if isinstance(content, str) else content, label, modified)


def _decompress(body: SourceBody) -> SourceBody:
    if not body.content.startswith(_GZIP_MAGIC_BYTES):
        return body
    try:
        return body._replace(content=gzip.decompress(body.content))
    except (OSError, EOFError, zlib.error):
        pass
    raise ResponseError(f"Cannot read {body.name}: it is a damaged or cut gzip file.")


def check_profile_label(label: object) -> str:
    """Return a profile label if it is a text."""
    if not isinstance(label, str):
        raise TypeError(f"profile has to be a text, the label of the profile, not {quote(str(label))}.")
    return label
