"""The properties of documents of each kind."""

from __future__ import annotations

import gzip
import io
import json
import math
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd

import ayrframe as ayr
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import Endpoint, Platform
from tests.fuzz import live, methods
from tests.fuzz.cases import EXOTIC, Case
from tests.fuzz.frames import check_cells, check_equal, check_restored, check_shape, column_values, same_json
from tests.fuzz.model import expected_row, microseconds
from tests.fuzz.observe import Finding, call, outcome
from tests.fuzz.text import Array, Object, read, write

MOMENT = "2026-02-03T04:05:06.000007Z"
NOW = microseconds(MOMENT)
_BLOCK_FIELDS = {"analytics", "lastUpdated", "nextUpdate"}
_RESPONSE_TIMES = ("as_of", "read_at", "listed_from")


def read_page(body: Any, platform: str | None, **options: Any) -> pd.DataFrame:
    """Read a document as all checks do."""
    return ayr.read_json(body, platform=platform, profile="café", as_of=MOMENT, **options)


@dataclass
class Page:
    """A page of valid posts: its case, its frame, its source as text and parsed."""

    case: Case
    rng: Random
    frame: pd.DataFrame
    envelope: dict[str, Any]
    items: list[Any]

    @property
    def text(self) -> str:
        """The list of posts as text without white space."""
        return write(self.array, "")

    @property
    def array(self) -> Array:
        """The list of posts."""
        assert isinstance(self.case.root, Object)
        posts = dict(self.case.root.members)['"posts"']
        assert isinstance(posts, Array)
        return posts

    def has(self, *words: str) -> bool:
        """Return whether the text has one of these words."""
        return any(word in self.text for word in words)


def check_posts(case: Case) -> None:
    """Check a page of posts of one platform against the model, the other ways to read it, and all methods."""
    platform, body = PLATFORMS[case.platform], case.body
    envelope = read(body.decode("utf-8", "surrogatepass"))
    frame = call("read_json", read_page, body, case.platform, size=len(body))
    items = envelope["posts"]
    check_shape(frame, [platform], len(items))
    own = microseconds(envelope.get("lastUpdated"))
    check_cells(frame, [(platform, item) for item in items], NOW if own is None else own)
    _check_listed_from(frame)
    page = Page(case, Random(case.choice), frame, envelope, items)
    names = page.rng.sample(sorted(WAYS), 3 if len(items) <= 8 else 2 if len(items) <= 600 else 1)
    for name in names:
        WAYS[name](page)
    restored = call("to_posts", frame.ayr.to_posts)
    for item, post in zip(items, restored, strict=True):
        check_restored(platform, item, post)
    if len(items) <= 600 or page.rng.random() < 0.5:
        _check_round_trip(page, restored)
    methods.check_methods(frame, page.rng, is_small=len(items) <= 8)


def _check_listed_from(frame: pd.DataFrame) -> None:
    oldest = frame["created"].min()
    if not (frame["listed_from"].isna().all() if pd.isna(oldest) else frame["listed_from"].eq(oldest).all()):
        raise Finding("cells", f"listed_from is {frame['listed_from'].unique()}, expected {oldest}")
    if not (frame["read_at"] == pd.Timestamp(MOMENT)).all() or not frame["profile"].eq("café").all():
        raise Finding("cells", "read_at or profile differs from the argument")


def _check_round_trip(page: Page, restored: list[Any]) -> None:
    try:
        json.dumps(restored, allow_nan=False)
    except ValueError as error:
        raise Finding("round trip", f"to_posts is not JSON: {error}") from error
    if page.case.exotic & {"lossy", "overflow", "constant", "negative zero"}:
        return  # A number that no float holds is another one, or a text, when it is read again.
    again = call("from_posts", ayr.from_posts, restored, platform=page.case.platform, profile="café", as_of=MOMENT)
    check_equal("to_posts, from_posts", page.frame, again, _without(page), name="round trip")


def _without(page: Page, *names: str) -> tuple[str, ...]:
    """Return the columns that differ if the posts are read without their envelope."""
    return (*names, "as_of") if "lastUpdated" in page.envelope else names


def _from_file(page: Page) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain, packed = Path(folder, "page.json"), Path(folder, "page.json.gz")
        plain.write_bytes(page.case.body)
        packed.write_bytes(gzip.compress(page.case.body, 1))
        for path in (plain, str(packed)):
            check_equal(str(path), page.frame, call("read_json of a file", read_page, path, page.case.platform))
        with plain.open("rb") as file:
            check_equal("open file", page.frame, call("read_json of an open file", read_page, file, page.case.platform))


def _from_text(page: Page) -> None:
    text = page.case.body.decode("utf-8", "surrogatepass")
    check_equal("text", page.frame, call("read_json of text", read_page, io.StringIO(text), page.case.platform))


def _from_objects(page: Page) -> None:
    if page.case.exotic & set(EXOTIC):
        return  # `json.loads` changes these tokens.
    posts = json.loads(page.text)
    other = call("from_posts", ayr.from_posts, posts, platform=page.case.platform, profile="café", as_of=MOMENT)
    check_equal("from_posts", page.frame, other, _without(page))


def _from_list(page: Page) -> None:
    for space in ("", " \n"):
        body = write(page.array, space).encode("utf-8", "surrogatepass")
        check_equal(
            "list", page.frame, call("read_json of a list", read_page, body, page.case.platform), _without(page)
        )


def _from_lines(page: Page) -> None:
    if len(page.items) < 2 or not all(isinstance(item, dict) for item in page.items):
        return
    foreign = {"posts", "postIds", "history", *PLATFORMS}
    if page.has('"analytics"', '"commentId"') or any(foreign & item.keys() for item in page.items):
        return
    body = "\n".join(write(item, "") for item in page.array.items).encode("utf-8", "surrogatepass")
    check_equal("lines", page.frame, call("read_json of lines", read_page, body, page.case.platform), _without(page))


def _by_page(page: Page) -> None:
    """Read the posts in several pages, as one call and as several calls."""
    step = page.rng.choice((1, 2, 7)) if len(page.items) < 20 else max(len(page.items) // 3, 1)
    parts = [Array(page.array.items[start : start + step]) for start in range(0, len(page.items), step)]
    bodies = [f'{{"posts":{write(part, "")}}}'.encode("utf-8", "surrogatepass") for part in parts]
    if not bodies:
        return
    frames = [call("read_json of a page", read_page, body, page.case.platform) for body in bodies]
    check_equal("pages", page.frame, pd.concat(frames, ignore_index=True), _without(page, "listed_from"))
    together = call("read_json of pages", read_page, bodies, page.case.platform)
    check_equal("list of pages", page.frame, together, _without(page, "listed_from"))


def _without_validation(page: Page) -> None:
    body = page.case.body
    check_equal("validate=None", page.frame, call("read_json", read_page, body, page.case.platform, validate=None))
    result = outcome("validate='raise'", read_page, body, page.case.platform, validate="raise")
    if isinstance(result, ayr.SchemaError):
        assert result.frame is not None
        check_equal("SchemaError.frame", page.frame, result.frame)
    elif isinstance(result, Exception):
        raise result
    else:
        check_equal("validate='raise'", page.frame, result)


def _has_duplicates(page: Page) -> bool:
    ids = page.frame["id"].dropna()
    return not ids.is_unique


def _from_archive(page: Page) -> None:
    if _has_duplicates(page):
        return
    with tempfile.TemporaryDirectory() as folder:
        archive = ayr.Archive(folder)
        call("Archive.add", archive.add, page.case.body, platform=page.case.platform, profile="café", as_of=MOMENT)
        check_equal("archive", page.frame, call("Archive.posts", archive.posts))


def _from_dataset(page: Page) -> None:
    if _has_duplicates(page) or page.frame["id"].isna().any():
        return
    with tempfile.TemporaryDirectory() as folder:
        archive = ayr.Archive(Path(folder, "a"))
        call("Archive.add", archive.add, page.case.body, platform=page.case.platform, profile="café", as_of=MOMENT)
        call("Archive.to_parquet", archive.to_parquet, Path(folder, "d"))
        found = call("read_parquet", ayr.read_parquet, Path(folder, "d"))
        if len(page.items):
            order = page.frame.sort_values("id", ignore_index=True)
            check_equal("dataset", order, found.sort_values("id", ignore_index=True))


def _from_parquet(page: Page) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "posts.parquet")
        page.frame.to_parquet(path)
        check_equal("to_parquet", page.frame, pd.read_parquet(path))


def _from_csv(page: Page) -> None:
    """Check that the numbers of a CSV file are those of the posts; its texts are for reading by people."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "posts.csv")
        call("to_csv", page.frame.ayr.to_csv, path)
        if b"\x00" in path.read_bytes():
            return
        found = pd.read_csv(path, dtype="str")
    if len(found) != len(page.frame):
        raise Finding("ways in", f"CSV: {len(found)} rows, expected {len(page.frame)}")
    if found["id"].isna().equals(page.frame["id"].isna()):
        numbers = page.frame.ayr.metrics().select_dtypes("number")
        again = call("metrics of CSV", found.ayr.metrics).select_dtypes("number")
        check_equal("metrics of CSV", numbers[["likes", "comments", "saves"]], again[["likes", "comments", "saves"]])


def _from_api(page: Page) -> None:
    if _has_duplicates(page) or not page.items:
        return
    result = outcome("load", live.load_posts, page.case.platform, page.case.body)
    if isinstance(result, Exception):
        raise Finding("ways in", f"load raised {result!r}")
    check_equal("load", page.frame.drop(columns="profile"), result.drop(columns="profile"), _RESPONSE_TIMES)


WAYS: dict[str, Callable[[Page], None]] = {
    "file": _from_file,
    "text": _from_text,
    "objects": _from_objects,
    "list": _from_list,
    "lines": _from_lines,
    "pages": _by_page,
    "validation": _without_validation,
    "archive": _from_archive,
    "dataset": _from_dataset,
    "parquet": _from_parquet,
    "csv": _from_csv,
    "api": _from_api,
}


def check_mixed(case: Case) -> None:
    """Check posts of several platforms, which are detected from the posts."""
    body = case.body
    items = read(body.decode("utf-8", "surrogatepass"))["posts"]
    platforms = [PLATFORMS[item["platform"]] for item in items]
    if not items:
        return
    frame = call("read_json", read_page, body, None, size=len(body))
    check_shape(frame, [platform for platform in PLATFORMS.values() if platform in platforms], len(items))
    check_cells(frame, list(zip(platforms, items, strict=True)), NOW)
    for platform, item, post in zip(platforms, items, frame.ayr.to_posts(), strict=True):
        check_restored(platform, item, post)
    methods.check_methods(frame, Random(case.choice), is_small=len(items) <= 8)


def _parse(body: bytes) -> Any:
    """Return a body that is JSON as the standard library parses it; NaN of floats for other bodies."""
    try:
        return read(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return math.nan


def _repeats_keys(body: bytes) -> bool:
    repeated = []

    def check(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        repeated.append(len({key for key, _ in pairs}) < len(pairs))
        return dict(pairs)

    json.loads(body.decode("utf-8-sig", "surrogatepass"), object_pairs_hook=check, parse_int=str, parse_float=str)
    return any(repeated)


def check_any_body(case: Case) -> None:
    """Check that a document gives an error of ayrframe, or a frame that has its items as rows."""
    body, platform = case.body, PLATFORMS[case.platform]
    result = outcome("read_json", read_page, body, case.platform, size=len(body), allowed=(ValueError,))
    parsed = _parse(body)
    has_posts = isinstance(parsed, dict) and isinstance(parsed.get("posts"), list)
    if isinstance(result, pd.DataFrame):
        check_shape(result, [platform], len(parsed["posts"]) if has_posts else None)
        _check_result(case, result, parsed)
    elif has_posts and not _repeats_keys(body) and not _has_long_number(body):
        raise Finding("rows", f"an envelope with {len(parsed['posts'])} posts raised {result!r}")
    elif isinstance(result, ValueError) and not isinstance(result, ayr.AyrframeError) and b'"analytics"' not in body:
        raise Finding("foreign exception", f"read_json raised {result!r}")
    _check_other_ways(case, result, Random(case.choice))


def _has_long_number(body: bytes) -> bool:
    return b"1" * 4301 in body


def _check_result(case: Case, frame: pd.DataFrame, parsed: Any) -> None:
    """Check the rows of a frame against the items of a document, if it is an envelope or a list of posts."""
    platform = PLATFORMS[case.platform]
    items, own = None, None
    if isinstance(parsed, dict) and isinstance(parsed.get("posts"), list):
        items, own = parsed["posts"], microseconds(parsed.get("lastUpdated"))
    elif isinstance(parsed, list):
        items = parsed
    if items is not None:
        check_shape(frame, [platform], len(items))
        check_cells(frame, [(platform, item) for item in items], NOW if own is None else own)
        for item, post in zip(items, frame.ayr.to_posts(), strict=True):
            check_restored(platform, item, post)
    methods.check_methods(frame, Random(case.choice), is_small=False)


def _check_other_ways(case: Case, result: pd.DataFrame | Exception, rng: Random) -> None:
    """Check that a file gives the same frame or error, and that detection, archive and API raise nothing foreign."""
    body = case.body
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page")
        path.write_bytes(body)
        other = outcome("read_json of a file", read_page, path, case.platform, allowed=(ValueError,))
        if isinstance(result, pd.DataFrame) and isinstance(other, pd.DataFrame):
            check_equal("file", result, other)
        elif type(result) is not type(other):
            raise Finding("ways in", f"a file gave {other!r}, bytes gave {result!r}")
        if rng.random() < 0.3:
            archive = ayr.Archive(Path(folder, "archive"))
            options = {"platform": case.platform, "profile": "café", "as_of": MOMENT}
            added = outcome("Archive.add", archive.add, body, allowed=(ValueError,), **options)
            if isinstance(added, Exception) and isinstance(result, pd.DataFrame):
                raise Finding("ways in", f"Archive.add raised {added!r}")
            if not isinstance(added, Exception):
                call("Archive.posts", archive.posts)
    outcome("read_json without platform", read_page, body, None, allowed=(ValueError,))
    if rng.random() < 0.5:
        outcome("load", live.load_posts, case.platform, body)
    if rng.random() < 0.2:
        outcome("check", live.check, body)


def check_analytics(case: Case) -> None:
    """Check a response with post analytics: read, merged into a history, and loaded."""
    body, platform = case.body, PLATFORMS[case.platform]
    result = outcome("read_json", read_page, body, None, size=len(body), allowed=())
    parsed = _parse(body)
    if isinstance(result, pd.DataFrame):
        found = [PLATFORMS[name] for name in PLATFORMS if name in set(result["platform"])]
        check_shape(result, found or [platform], None)
        _check_analytics_ids(result, parsed)
        _check_analytics_cells(result, parsed)
        methods.check_methods(result, Random(case.choice), is_small=False)
        ids = result.loc[result["platform"].eq(platform.name), "id"].dropna().unique().tolist()
        options = {"platform": platform.name, "profile": "café", "as_of": MOMENT}
        history = call("from_posts", ayr.from_posts, [{"id": id_} for id_ in (ids or ["1"])], **options)
        merged = call("enrich", history.ayr.enrich, result)
        check_shape(merged, [platform], len(history))
        methods.check_methods(merged, Random(case.choice), is_small=False)
        loaded = outcome("load with analytics", live.load_analytics, platform.name, ids or ["1"], body)
        if isinstance(loaded, pd.DataFrame):
            check_shape(loaded, [platform], len(ids or ["1"]))
        else:
            raise Finding("rows", f"load(analytics=True) raised {loaded!r}")
    _check_other_ways(
        case, outcome("read_json", read_page, body, case.platform, allowed=(ValueError,)), Random(case.choice)
    )


def _check_analytics_ids(frame: pd.DataFrame, parsed: Any) -> None:
    """Check that each id is that of a block, or of its analytics."""
    known = {None}
    for name in PLATFORMS:
        value = parsed.get(name) if isinstance(parsed, dict) else None
        for block in value if isinstance(value, list) else [value]:
            if isinstance(block, dict):
                inner = block.get("analytics")
                for part in (block, inner, *(inner if isinstance(inner, list) else ())):
                    known |= {str(part.get(key)) for key in ("id", "itemId")} if isinstance(part, dict) else set()
    unknown = [value for value in frame["id"].dropna() if value not in known]
    if unknown:
        raise Finding("ids", f"ids {unknown[:3]} are not in the response")


def _check_analytics_cells(frame: pd.DataFrame, parsed: Any) -> None:
    """Compare each cell of the blocks whose id no other row has; analytics are preferred to what is beside them."""
    ids = Counter(zip(frame["platform"], frame["id"], strict=True))
    rows = {key: row for row, key in enumerate(zip(frame["platform"], frame["id"], strict=True)) if ids[key] == 1}
    for platform in PLATFORMS.values():
        value = parsed.get(platform.name) if isinstance(parsed, dict) else None
        for block in value if isinstance(value, list) else [value]:
            row = rows.get((platform.name, block["id"])) if _has_own_id(block) else None
            if row is None or platform.unmeasured_zeros is not None:
                continue
            fields = {key: value for key, value in block.items() if key not in _BLOCK_FIELDS}
            cells = expected_row(platform, fields | block["analytics"] | {"id": block["id"]}).cells
            for column in sent_by(platform, Endpoint.POST_ANALYTICS):
                found, expected = column_values(frame[column.name].iloc[[row]]), [cells.get(column.name)]
                if (
                    column.path not in _BLOCK_FIELDS
                    and found != expected
                    and not same_json(found, expected, column.kind)
                ):
                    raise Finding("cells", f"analytics: {column.name} is {found[0]!r}, expected {expected[0]!r}")


def _has_own_id(block: Any) -> bool:
    if not isinstance(block, dict) or not isinstance(block.get("analytics"), dict):
        return False
    return type(block.get("id")) is str and "id" not in block["analytics"]


def check_accounts(case: Case) -> None:
    """Check a response with account analytics: loaded, stored, read again, and all methods of accounts frames."""
    body, declaration = case.body, PLATFORMS[case.platform].of_accounts
    with tempfile.TemporaryDirectory() as folder:
        archive = ayr.Archive(folder)
        result = outcome("accounts", live.load_accounts, case.platform, body, archive)
        if isinstance(result, pd.DataFrame):
            live.check_account(result, declaration, _parse(body), case.platform)
            stored = call("Archive.accounts", archive.accounts)
            check_equal("Archive.accounts", result, stored)
            methods.check_account_methods(result)
    if Random(case.choice).random() < 0.5:
        _check_other_ways(
            case, outcome("read_json", read_page, body, case.platform, allowed=(ValueError,)), Random(case.choice)
        )


CHECKS: dict[str, Callable[[Case], None]] = {
    "posts": check_posts,
    "mixed": check_mixed,
    "envelope": check_any_body,
    "analytics": check_analytics,
    "accounts": check_accounts,
    "bytes": check_any_body,
}


def find(case: Case) -> Finding | None:
    """Return the property that does not hold for a case; None if all hold."""
    try:
        CHECKS[case.kind](case)
    except Finding as finding:
        return finding
    except ayr.AyrframeError as error:
        return Finding("unexpected error", repr(error))
    except Exception as error:  # noqa: BLE001 - what a check itself did with a frame
        finding = Finding("foreign exception", repr(error))
        finding.__cause__ = error
        return finding
    return None


__all__ = ["CHECKS", "Finding", "Platform", "find"]
