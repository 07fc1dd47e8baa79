"""The posts that are measured: synthetic pages as the API would send them, and the same with something odd in them."""

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
from ayrframe._platforms.spec import Column, Kind, Platform
from ayrframe._sandbox.synthetic.default_generators import set_at_path
from ayrframe._sandbox.synthetic.samples import synthetic_reply

# The networks whose history is documented: what is said of "all eight" is said of these.
DOCUMENTED = tuple(name for name in PLATFORMS if name not in ("snapchat", "threads"))
AS_OF = "2026-03-01"

# So many posts are made one by one; a longer history repeats them under other ids.
MADE = 20_000
_ODD_EVERY = 100
# What is sent where a value of this kind is declared.
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
    """One reply of one network, as bytes."""

    def __init__(self, platform: Platform, body: bytes) -> None:
        """Keep the bytes; everything else is worked out when it is asked for."""
        self.platform, self.body = platform, body

    def frame(self, validate: Any = "warn") -> pd.DataFrame:
        """Do our job: bytes to posts frame."""
        return ayr.read_json(self.body, platform=self.platform.name, as_of=AS_OF, validate=validate)

    def posts(self) -> list[dict[str, Any]]:
        """Return the posts as dicts, parsed anew at each call."""
        posts: list[dict[str, Any]] = json.loads(self.body)["posts"]
        return posts

    @cached_property
    def keys(self) -> dict[str, list[str]]:
        """The keys of each object whose keys are data, by its path: who writes a schema by hand has to know them."""
        paths = [column.path for column in sent_by(self.platform) if column.kind is Kind.MAPPING]
        found: dict[str, dict[str, None]] = {path: {} for path in paths}
        for post in self.posts() if paths else ():
            for path in paths:
                found[path].update(dict.fromkeys(value_at(post, path) or ()))
        return {path: list(keys) for path, keys in found.items()}


def value_at(post: Any, path: str) -> Any:
    """Return what stands at a path, None if nothing does."""
    for step in path.split("."):
        post = post.get(step) if isinstance(post, dict) else None
    return post


@cache
def page_of(name: str, count: int) -> Page:
    """Return a page of so many posts of a network."""
    platform = PLATFORMS[name]
    if count <= MADE:
        return Page(platform, msgspec.json.encode(synthetic_reply(platform, count)))
    return repeated(page_of(name, MADE), count)


def repeated(page: Page, count: int) -> Page:
    """Return a page of so many posts: those of this page over and over, under other ids."""
    sent = msgspec.json.decode(page.body)
    copies = range(-(-count // len(sent["posts"])))
    posts = [post | {"id": f"{post['id']}-{copy}"} for copy in copies for post in sent["posts"]]
    return Page(page.platform, msgspec.json.encode(sent | {"posts": posts[:count]}))


def with_undeclared(page: Page) -> Page:
    """Return the page with a field on every post that nobody declared."""
    return Page(page.platform, page.body.replace(b'{"id":', b'{"brandNew":7,"id":'))


def with_odd_values(page: Page) -> Page:
    """Return the page with an invalid value on each hundredth post, in another column each time."""
    sent = msgspec.json.decode(page.body)
    for post, column in zip(sent["posts"][::_ODD_EVERY], cycle(_kinds_in_turn(page.platform)), strict=False):
        set_at_path(post, column.path.split("."), _INVALID[column.kind])
    return Page(page.platform, msgspec.json.encode(sent))


def _kinds_in_turn(platform: Platform) -> list[Column]:
    """Return the columns that an invalid value can be sent for, so that each kind comes early."""
    columns = {kind: [column for column in sent_by(platform) if column.kind is kind] for kind in _INVALID}
    return [column for row in zip_longest(*columns.values()) for column in row if column]


def with_quoted_numbers(page: Page) -> Page:
    """Return the page with one of its whole numbers in quotation marks, on every post."""
    sent = msgspec.json.decode(page.body)
    path = next(column.path for column in page.platform.columns if column.kind is Kind.INTEGER)
    for post in sent["posts"]:
        set_at_path(post, path.split("."), str(value_at(post, path) or 0))
    return Page(page.platform, msgspec.json.encode(sent))


@contextmanager
def on_disk(pages: dict[str, Page]) -> Iterator[Path]:
    """Write pages to a folder of files for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        for name, page in pages.items():
            (Path(folder) / f"{name}.json").write_bytes(page.body)
        yield Path(folder)
