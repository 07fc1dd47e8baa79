"""Generate the measured pages: synthetic responses, and variants with invalid values."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from itertools import cycle, zip_longest
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd

import ayrframe as ayr
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import Column, Endpoint, Kind, Platform
from ayrframe._sandbox.synthetic.default_generators import set_at_path
from ayrframe._sandbox.synthetic.samples import synthetic_analytics_response, synthetic_response

# Platforms with a documented history; "all eight" refers to these.
DOCUMENTED = tuple(name for name in PLATFORMS if name not in ("snapchat", "threads"))
AS_OF = "2026-03-01"

# Larger pages repeat these posts with other ids.
MAX_GENERATED_POSTS = 20_000
_INVALID_EVERY = 100
# Invalid value for each kind of column.
_INVALID: dict[Kind, Any] = {
    Kind.INTEGER: "many",
    Kind.TIME: "yesterday",
    Kind.TEXT: 5,
    Kind.LIST: "none",
    Kind.MAPPING: [],
    Kind.BOOLEAN: "perhaps",
    Kind.FLOAT: "half",
    Kind.QUOTED_INTEGER: "few",
}


class Page:
    """A response of one platform, as bytes."""

    def __init__(self, platform: Platform, body: bytes) -> None:
        """Store the platform and the body."""
        self.platform, self.body = platform, body

    def frame(self, validate: Any = "warn") -> pd.DataFrame:
        """Return the posts frame of the page."""
        return ayr.read_json(self.body, platform=self.platform.name, as_of=AS_OF, validate=validate)

    def posts(self) -> list[dict[str, Any]]:
        """Return the posts as dicts, parsed at each call."""
        posts: list[dict[str, Any]] = json.loads(self.body)["posts"]
        return posts

    @cached_property
    def keys(self) -> dict[str, list[str]]:
        """Keys of each mapping by path, which a hand-written schema must list."""
        paths = [column.path for column in sent_by(self.platform) if column.kind is Kind.MAPPING]
        keys_by_path: dict[str, dict[str, None]] = {path: {} for path in paths}
        for post in self.posts() if paths else ():
            for path in paths:
                keys_by_path[path].update(dict.fromkeys(value_at(post, path) or ()))
        return {path: list(keys) for path, keys in keys_by_path.items()}


def value_at(post: Any, path: str) -> Any:
    """Return the value at a path; None if it is missing."""
    for step in path.split("."):
        post = post.get(step) if isinstance(post, dict) else None
    return post


@cache
def make_page(name: str, count: int) -> Page:
    """Return a page of `count` posts of a platform."""
    platform = PLATFORMS[name]
    if count <= MAX_GENERATED_POSTS:
        return Page(platform, msgspec.json.encode(synthetic_response(platform, count)))
    return repeat_posts(make_page(name, MAX_GENERATED_POSTS), count)


def make_analytics(name: str, count: int) -> Page:
    """Return a response with the post analytics of the posts of a page."""
    platform = PLATFORMS[name]
    return Page(platform, msgspec.json.encode(synthetic_analytics_response(platform, count)))


def repeat_posts(page: Page, count: int) -> Page:
    """Return a page of `count` posts that repeats the posts of a page with other ids."""
    envelope = msgspec.json.decode(page.body)
    copies = range(-(-count // len(envelope["posts"])))
    posts = [post | {"id": f"{post['id']}-{copy}"} for copy in copies for post in envelope["posts"]]
    return Page(page.platform, msgspec.json.encode(envelope | {"posts": posts[:count]}))


def with_undeclared(page: Page) -> Page:
    """Return the page with an undeclared field on every post."""
    return Page(page.platform, page.body.replace(b'{"id":', b'{"brandNew":7,"id":'))


def with_invalid_values(page: Page) -> Page:
    """Return the page with an invalid value on every hundredth post, each time in another column."""
    envelope = msgspec.json.decode(page.body)
    for post, column in zip(envelope["posts"][::_INVALID_EVERY], cycle(_columns_by_kind(page.platform)), strict=False):
        set_at_path(post, column.path.split("."), _INVALID[column.kind])
    return Page(page.platform, msgspec.json.encode(envelope))


def _columns_by_kind(platform: Platform) -> list[Column]:
    """Return the columns of the history that can have invalid values, alternating between kinds."""
    history = sent_by(platform, Endpoint.HISTORY)
    columns = {kind: [column for column in history if column.kind is kind] for kind in _INVALID}
    return [column for row in zip_longest(*columns.values()) for column in row if column]


def with_quoted_numbers(page: Page) -> Page:
    """Return the page with one integer field as quoted text on every post."""
    envelope = msgspec.json.decode(page.body)
    path = next(column.path for column in page.platform.columns if column.kind is Kind.INTEGER)
    for post in envelope["posts"]:
        set_at_path(post, path.split("."), str(value_at(post, path) or 0))
    return Page(page.platform, msgspec.json.encode(envelope))


@contextmanager
def write_pages(pages: dict[str, Page]) -> Iterator[Path]:
    """Write pages to a temporary folder, one file per platform."""
    with tempfile.TemporaryDirectory() as folder:
        for name, page in pages.items():
            (Path(folder) / f"{name}.json").write_bytes(page.body)
        yield Path(folder)
