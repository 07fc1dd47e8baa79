"""Compare the time of pathological documents at two sizes: each must grow linearly."""

from __future__ import annotations

import gc
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import pandas as pd

import ayrframe as ayr

FACTOR = 8
MAX_RATIO = 3.0  # of the times per unit at the two sizes
_FIXED_SECONDS = 0.03  # of a call, whatever the size
_SECONDS, _SECONDS_PER_BYTE = 0.5, 20e-6  # An envelope per line takes 1 ms.


def _page(*members: str) -> bytes:
    """Return a page of posts, each given by its members."""
    return f'{{"posts":[{",".join(f"{{{member}}}" for member in members)}]}}'.encode()


def _texts(*texts: str) -> bytes:
    escaped = [text.replace("\\", "\\\\").replace('"', '\\"') for text in texts]
    return _page(
        *(
            f'"id":"{n}","created":"2026-01-01T00:00:00Z","likeCount":{n},"post":"{text}"'
            for n, text in enumerate(escaped)
        )
    )


def _day(number: int) -> str:
    return f'"created":"{2000 + number // 336:04}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}T00:00:00Z"'


# Number of units at the smaller size, and a function that returns a document of n units.
BODIES: dict[str, tuple[int, Callable[[int], bytes]]] = {
    "undeclared fields in a post": (4000, lambda n: _page(",".join(f'"k{i}":{i}' for i in range(n)))),
    "undeclared fields in an object": (
        4000,
        lambda n: _page('"viewer":{' + ",".join(f'"k{i}":{i}' for i in range(n)) + "}"),
    ),
    "duplicate keys": (8000, lambda n: _page(",".join(['"likeCount":1'] * n))),
    "escapes": (40_000, lambda n: _page('"post":"' + r"\n" * n + '"')),
    "lone surrogates": (20_000, lambda n: _page('"post":"' + r"\ud800" * n + '"')),
    "backslashes": (40_000, lambda n: _page('"post":"' + r"\\" * n + r'\ud800"')),
    "quotation marks without end": (60_000, lambda n: b'{"posts":[' + b'"' * n),
    "white space": (400_000, lambda n: b'{"posts":[' + b" " * n + b"{}]}"),
    "line breaks": (60_000, lambda n: b'{"posts":' + b"\n" * n + b"[{]}"),
    "long numbers": (60, lambda n: _page(*['"likeCount":' + "1" * 4300] * n)),
    "digits in texts": (300_000, lambda n: _page('"post":"' + "1" * n + '"')),
    "NaN": (4000, lambda n: _page(*['"likeCount":NaN'] * n)),
    "invalid values": (2000, lambda n: _page(*[f'"id":"{i}","likeCount":"x{i}"' for i in range(n)])),
    "values in every second post invalid": (
        2000,
        lambda n: _page(*[f'"id":"{i}","likeCount":{"[]" if i % 2 else i}' for i in range(n)]),
    ),
    "invalid times": (2000, lambda n: _page(*[f'"created":"2026-01-01T00:00:0{i}Z"' for i in range(n)])),
    "posts that are not objects": (4000, lambda n: b'{"posts":[' + b",".join([b"1"] * n) + b"]}"),
    "assumed boundaries in texts": (
        20_000,
        lambda n: _page('"id":"1","post":"' + r"},{\"id\":\"1\",\"post\":" * n + '"', '"id":"2"'),
    ),
    "assumed boundaries in lists": (
        20_000,
        lambda n: _page('"id":"1","post":"x","new":[' + ",".join(['{"id":"1","post":"x"}'] * n) + "]"),
    ),
    "brackets after the posts": (200_000, lambda n: b'{"posts":[],"x":[' + b",".join([b"[]"] * n) + b"]}"),
    "brackets without end": (60_000, lambda n: b'{"posts":[{}],"x":' + b"[" * n),
    "lists of odd elements": (
        4000,
        lambda n: _page('"labels":[' + ",".join(f'"x",{i},null,[]' for i in range(n)) + "]"),
    ),
    "lines": (2000, lambda n: b"\n".join(b'{"id":"%d","likeCount":%d}' % (i, i) for i in range(n))),
    "lines with lone surrogates": (2000, lambda n: b"\n".join(b'{"id":"%d","post":"\\ud800"}' % i for i in range(n))),
    "lines that end too early": (4000, lambda n: b"\n".join([*[b'{"id":"1"}'] * n, b"{"])),
    "envelopes on lines": (500, lambda n: b"\n".join(b'{"posts":[{"id":"%d"}]}' % i for i in range(n))),
    "errors in an envelope": (
        4000,
        lambda n: b'{"posts":[],"errors":[' + b",".join([b'{"code":1,"message":"x"}'] * n) + b"]}",
    ),
    "error records": (2000, lambda n: _page(*['"status":"error","code":1,"message":"x"'] * n)),
    "blocks of analytics": (
        1000,
        lambda n: b'{"bluesky":[' + b",".join(b'{"id":"%d","analytics":{"likeCount":1}}' % i for i in range(n)) + b"]}",
    ),
    "post key repeated": (1000, lambda n: _page(*['"id":"1","likeCount":1'] * n)),
    "hashtags": (4000, lambda n: _texts(" ".join(f"#tag{i}" for i in range(n)))),
    "number signs": (40_000, lambda n: _texts("#" * n)),
    "mentions": (40_000, lambda n: _texts("@" * n + "@cafe" * (n // 8))),
    "addresses": (1000, lambda n: _texts(" ".join(f"https://example.com/{i}?utm_source=a" for i in range(n)))),
    "beginnings of addresses": (10_000, lambda n: _texts("http://" * n)),
    "dots": (40_000, lambda n: _texts("a." * n, "http://" + "a." * n)),
    "percent signs": (20_000, lambda n: _texts("https://x.com/?" + "%" * n, "https://x.com/" + "&=" * n)),
    "long word": (100_000, lambda n: _texts("a" * n)),
    "joined emoji": (10_000, lambda n: _texts("👩\u200d" * n)),
    "flags": (10_000, lambda n: _texts("🇩🇪" * n)),
    "combining marks": (40_000, lambda n: _texts("e" + "\u0301" * n)),
    "spaces": (100_000, lambda n: _texts(" " * n, "\u00a0" * n)),
    "one text in all posts": (1000, lambda n: _texts(*["Fresh rye from the oven today"] * n)),
    "similar texts": (1000, lambda n: _texts(*[f"Fresh rye from the oven today {i}" for i in range(n)])),
    "one text once per day": (500, lambda n: _page(*(f'"id":"{i}",{_day(i)},"post":"Fresh rye"' for i in range(n)))),
}

METHODS = (
    "drift", "to_posts", "metrics", "latest", "text", "hashtags", "links", "campaigns", "crossposts", "extra",
    "expansions", "coverage",
)  # fmt: skip


def check_growth(part: float = 1.0, methods: Sequence[str] = METHODS) -> list[str]:
    """Return a description of each document whose time per unit grows with its size, or is too long per byte.

    With a `part` of less than 1, the documents are shorter.
    """
    slow = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ayr.DataWarning)
        for name, (full, make) in BODIES.items():
            units = int(full * part)
            small, large = make(units), make(units * FACTOR)
            slow += _compare(f"read_json: {name}", small, large, _read)
            frames = _read(small), _read(large)
            if all(frame is not None for frame in frames):
                for method in methods:
                    slow += _compare(f"{method}: {name}", *frames, partial(_call, method), size=len(large))
    return slow


def _read(body: bytes) -> pd.DataFrame | None:
    with suppress(ayr.ResponseError):
        platform = None if body.startswith(b'{"bluesky"') else "bluesky"
        return ayr.read_json(body, platform=platform, as_of="2026-02-01")
    return None


def _call(method: str, posts: pd.DataFrame) -> None:
    getattr(posts.ayr, method)()


def _compare(name: str, small: Any, large: Any, function: Callable[[Any], Any], size: int = 0) -> list[str]:
    """Return a description if a function takes too long for the large input; measured again before that."""
    long = _seconds(function, large, 1)
    if long < _FIXED_SECONDS * FACTOR / 2:
        return []
    short, long = _seconds(function, small, 3), min(long, _seconds(function, large, 2))
    ratio = (long - _FIXED_SECONDS) / FACTOR / max(short, _FIXED_SECONDS / 2)
    limit = _SECONDS + _SECONDS_PER_BYTE * (size or len(large))
    if ratio <= MAX_RATIO and long <= limit:
        return []
    return [f"time: {name}: {short:.3f} s, and {long:.3f} s for {FACTOR} times as much; limit {limit:.2f} s"]


def _seconds(function: Callable[[Any], Any], argument: Any, rounds: int) -> float:
    seconds = []
    gc.collect()
    gc.disable()  # Its time depends on all objects of the process.
    for _ in range(rounds):
        start = time.process_time()
        function(argument)
        seconds.append(time.process_time() - start)
    gc.enable()
    return min(seconds)
