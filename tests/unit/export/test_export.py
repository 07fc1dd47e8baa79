"""Test CSV files and workbooks: sheets and their contents, people left out, columns of users, and failures."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe._export.privacy import people_columns
from ayrframe._export.sanitize import MAX_CELL_LENGTH, to_legal_text, truncate_text
from ayrframe._platforms import child_tables as tables
from ayrframe._platforms.spec import ChildTable

NETWORKS = ayr.platforms()["platform"].tolist()
ANN = {"id": "111222333", "name": "Ann Liker"}
URN = "urn:li:person:Liker42"
LIKED = {
    "facebook": {"id": "1", "post": "a", "likedBy": [ANN], "new": [1.0, {"a": 12345678901234567890}]},
    "linkedin": {"id": "2", "post": "b", "likeBy": [URN], "comments": ["urn:li:comment:7"]},
}


@pytest.fixture(scope="module")
def samples() -> pd.DataFrame:
    return ayr.load_sample()


@pytest.fixture(scope="module")
def book(samples: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("book") / "posts.xlsx"
    samples.ayr.to_excel(path)
    return openpyxl.load_workbook(path)


def rows(path: Path, sheet: str = "All columns") -> list[dict[str, Any]]:
    header, *cells = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in cells]


def liked() -> pd.DataFrame:
    return pd.concat([ayr.from_posts([post], platform=name) for name, post in LIKED.items()], ignore_index=True)


def all_text(path: Path) -> str:
    book = openpyxl.load_workbook(path)
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


# --- sheets -----------------------------------------------------------------------------------------------------------


def test_workbook_has_sheets_in_order(samples: pd.DataFrame, book: openpyxl.Workbook) -> None:
    children = [name for name in samples.ayr.expansions()["name"] if name != "liked_by"]
    assert book.sheetnames == ["Overview", "Posts", "Summary", "All columns", *children, "Coverage", "Definitions"]


def test_expansion_names_are_valid_sheet_names() -> None:
    names = [table.name for table in vars(tables).values() if isinstance(table, ChildTable)]
    assert all(re.fullmatch(r"[a-z_]{1,31}", name) for name in names)
    assert not {"overview", "posts", "summary", "all columns", "coverage", "definitions", "history"} & set(names)


@pytest.mark.parametrize("sheet", ["Summary", "Coverage", "media", "reactions", "impression_sources", "media_metrics"])
def test_sheet_matches_accessor_table(sheet: str, samples: pd.DataFrame, book: openpyxl.Workbook) -> None:
    table = getattr(samples.ayr, sheet.lower())()
    header, *cells = book[sheet].iter_rows(values_only=True)
    assert list(header) == [name if name != "as_of" else "as_of (UTC)" for name in table.columns]
    assert len(cells) == len(table)
    for number, name in enumerate(table.columns):
        for written, value in zip((row[number] for row in cells), table[name], strict=True):
            if pd.isna(value) or value == "":
                assert written is None
            elif isinstance(value, pd.Timestamp):
                assert abs(written - value.tz_localize(None)) <= pd.Timedelta("1ms")
            else:
                assert written == (value if isinstance(value, str) else pytest.approx(value))


def test_sheet_of_all_columns_matches_posts_frame(samples: pd.DataFrame, book: openpyxl.Workbook) -> None:
    header, *cells = book["All columns"].iter_rows(values_only=True)
    names = [name.removesuffix(" (UTC)") for name in header]
    assert names == [name for name in samples.columns if name not in ("liked_by", "like_by")]
    written = pd.DataFrame(cells, columns=names)
    for name in names:
        column = samples[name].replace("", pd.NA) if samples[name].dtype == "str" else samples[name]
        assert written[name].notna().tolist() == column.notna().tolist(), name
        if samples[name].dtype in ("Int64", "boolean", "float64", "str"):
            # The only difference: openpyxl reads 1.0 as 1.
            assert written[name].dropna().tolist() == pytest.approx(column.dropna().tolist()) or (
                written[name].dropna().tolist() == [to_legal_text(text) for text in column.dropna()]
            ), name


def test_every_sheet_has_frozen_header_and_filters(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert all(cell.font.b for cell in sheet[1])
        widths = [sheet.column_dimensions[name].width for name in sheet.column_dimensions]
        assert all(8 <= width <= 51 for width in widths)
        assert max(widths) > 8


def test_definitions_cover_columns_and_metrics_without_paths(samples: pd.DataFrame, book: openpyxl.Workbook) -> None:
    header, *cells = book["Definitions"].iter_rows(values_only=True)
    table = pd.DataFrame(cells, columns=list(header))
    columns = table[table["of"].eq("column")]
    assert columns["name"].tolist() == [name for name in samples.columns if name not in ("liked_by", "like_by")]
    assert columns["meaning"].notna().all()
    metrics = table[table["of"].eq("metric")]
    assert set(metrics["name"]) == set(samples.ayr.summary()["metric"])
    assert metrics["meaning"].notna().all()
    assert len(metrics) == len(ayr.metric_catalog()) + 4
    about = table[table["of"].eq("about")].set_index("name")["meaning"]
    assert about["made with"] == f"ayrframe {ayr.__version__}"
    assert about["numbers as of, first"] == f"{samples['as_of'].min():%Y-%m-%d %H:%M:%S} (UTC)"
    assert about["numbers as of, last"] == f"{samples['as_of'].max():%Y-%m-%d %H:%M:%S} (UTC)"
    assert not any(str(folder) in str(cell) for row in cells for cell in row for folder in (Path.home(), Path.cwd()))


def test_definitions_cover_only_platforms_in_frame(tmp_path: Path) -> None:
    ayr.load_sample("tiktok").ayr.to_excel(tmp_path / "posts.xlsx")
    platforms = {row["platforms"] for row in rows(tmp_path / "posts.xlsx", "Definitions") if row["of"] == "metric"}
    assert platforms == {"tiktok"}


@pytest.mark.parametrize("platform", NETWORKS)
def test_empty_frame_has_every_sheet_with_header(platform: str, tmp_path: Path) -> None:
    empty, full = ayr.from_posts([], platform=platform), ayr.from_posts([{"id": "1"}], platform=platform)
    for name, posts in {"empty": empty, "full": full}.items():
        posts.ayr.to_excel(tmp_path / f"{name}.xlsx")
    blank, filled = (openpyxl.load_workbook(tmp_path / f"{name}.xlsx") for name in ("empty", "full"))
    assert blank.sheetnames == filled.sheetnames
    for sheet in blank:
        if sheet.title not in ("Overview", "Posts", "Definitions"):
            assert [cell.value for cell in sheet[1]] == [cell.value for cell in filled[sheet.title][1]]
            assert sheet.max_row == 1 or sheet.title in ("Summary", "Coverage")


# --- people -----------------------------------------------------------------------------------------------------------


def test_export_leaves_out_people_by_default(tmp_path: Path) -> None:
    posts = liked()
    posts.ayr.to_excel(tmp_path / "posts.xlsx")
    posts.ayr.to_csv(tmp_path / "posts.csv")
    for text in (all_text(tmp_path / "posts.xlsx"), (tmp_path / "posts.csv").read_text("utf-8")):
        assert not any(word in text for word in (ANN["name"], ANN["id"], URN, "liked_by\n", "like_by"))
        assert "urn:li:comment:7" in text, "comments are not people"
    assert "liked_by" not in openpyxl.load_workbook(tmp_path / "posts.xlsx").sheetnames
    assert {"liked_by", "like_by"} <= set(posts.columns), "the frame is unchanged"


def test_export_includes_people_on_request(tmp_path: Path) -> None:
    liked().ayr.to_excel(tmp_path / "posts.xlsx", people=True)
    liked().ayr.to_csv(tmp_path / "posts.csv", people=True)
    people = [(row["person_id"], row["name"]) for row in rows(tmp_path / "posts.xlsx", "liked_by")]
    assert people == [(ANN["id"], ANN["name"]), (URN, None)]
    assert ANN["name"] in (tmp_path / "posts.csv").read_text("utf-8")
    assert rows(tmp_path / "posts.xlsx")[0]["liked_by"] == json.dumps([ANN], separators=(",", ":"))


@pytest.mark.parametrize("wrong", [{"data": [ANN]}, ANN["name"], {"likedBy": ANN}])
def test_people_of_wrong_type_are_removed_from_extra(wrong: object, tmp_path: Path) -> None:
    post = {**LIKED["facebook"], "likedBy": wrong, "deep": [{"likeBy": [URN], "kept": 1.0}]}
    posts = ayr.from_posts([post], platform="facebook", validate=None)
    assert ANN["name"] in posts["extra"].iloc[0]
    posts.ayr.to_excel(tmp_path / "posts.xlsx")
    posts.ayr.to_csv(tmp_path / "posts.csv")
    assert ANN["name"] not in all_text(tmp_path / "posts.xlsx")
    assert URN not in all_text(tmp_path / "posts.xlsx")
    left = '{"new":[1.0,{"a":12345678901234567890}],"deep":[{"kept":1.0}]}'
    assert rows(tmp_path / "posts.xlsx")[0]["extra"] == left
    with (tmp_path / "posts.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["extra"] == left
    assert {row["field"] for row in rows(tmp_path / "posts.xlsx", "extra")} == {"new", "deep"}


@pytest.mark.parametrize(
    "extra",
    [
        '{"likedBy":"Ann Liker"}',
        '{"liked\\u0042y":"Ann Liker"}',
        '{"likedBy":"Ann Liker"',
        '["no object",{"likedBy":"Ann Liker"}]',
        '{"a":' * 5_000 + '{"likedBy":"Ann Liker"}' + "}" * 5_000,
    ],
)
def test_people_are_removed_from_extra_in_any_notation(extra: str, tmp_path: Path) -> None:
    posts = ayr.from_posts([{"id": "1"}, {"id": "2", "b": 2}], platform="facebook")
    posts.loc[0, "extra"] = extra
    posts.ayr.to_csv(tmp_path / "posts.csv")
    text = (tmp_path / "posts.csv").read_text("utf-8")
    assert "Ann" not in text
    assert '"{""b"":2}"' in text


def test_merged_table_of_people_is_left_out() -> None:
    posts = liked()
    both = posts.merge(posts.ayr.liked_by(), on=ayr.KEY)
    assert people_columns(both) == {"liked_by", "like_by", "person_id", "name"}
    assert people_columns(posts.assign(name="a client's")) == {"liked_by", "like_by"}


# --- columns of users -------------------------------------------------------------------------------------------------


class FormulaObject:
    def __str__(self) -> str:
        return "=text"


OBJECTS = {
    "list": ([1, "a"], "[1, 'a']"),
    "dict": ({"a": 1}, "{'a': 1}"),
    "delta": (pd.Timedelta("90min"), "0 days 01:30:00"),
    "time": (dt.time(3, 4), "03:04:00"),
    "day": (dt.date(2026, 1, 2), pd.Timestamp(2026, 1, 2)),
    "old day": (dt.date(1850, 1, 2), "1850-01-02 00:00:00"),
    "moment": (pd.Timestamp(2026, 1, 2, 3), pd.Timestamp(2026, 1, 2, 3)),
    "other zone": (pd.Timestamp("2026-01-02", tz="Asia/Tokyo"), "2026-01-02 00:00:00+09:00"),
    "decimal": (Decimal("1.5"), 1.5),
    "no decimal": (Decimal("NaN"), None),
    "numpy": (np.int64(7), 7),
    "numpy flag": (np.bool_(True), True),
    "endless": (float("-inf"), "-inf"),
    "none": (None, None),
    "huge": (10**30, str(10**30)),
    "bytes": (b"=x", "b'=x'"),
    "object": (FormulaObject(), "=text"),
    "array": (np.array([1, 2]), "[1 2]"),
    "complex": (1 + 2j, "(1+2j)"),
    "interval": (pd.Interval(0, 1), "(0, 1]"),
    "period": (pd.Period("2026-01"), "2026-01"),
}


def test_mixed_objects_are_written_as_value_or_text(tmp_path: Path) -> None:
    posts = ayr.from_posts([{"id": name} for name in OBJECTS], platform="bluesky")
    posts["mixed"] = pd.Series([value for value, _ in OBJECTS.values()], dtype="object")
    posts.ayr.to_excel(tmp_path / "posts.xlsx")
    assert {row["id"]: row["mixed"] for row in rows(tmp_path / "posts.xlsx")} == {
        name: cell for name, (_, cell) in OBJECTS.items()
    }
    posts.ayr.to_csv(tmp_path / "posts.csv")
    with (tmp_path / "posts.csv").open(encoding="utf-8", newline="") as file:
        assert {row["id"]: row["mixed"] for row in csv.DictReader(file)}["object"] == "'=text"


DTYPES = {
    "delta": pd.to_timedelta([90, None], unit="min"),
    "category": pd.Categorical([3, None]),
    "sparse": pd.arrays.SparseArray([0.0, np.nan]),
    "tokyo": pd.to_datetime(["2026-01-01", None]).tz_localize("Asia/Tokyo"),
    "fixed": pd.to_datetime(["2026-01-01", None]).tz_localize("+05:30"),
    "plain": pd.to_datetime(["2026-01-01", None]),
    "arrow": pd.array([dt.datetime(2026, 1, 1, tzinfo=dt.UTC), None], "timestamp[us, tz=UTC][pyarrow]"),
    "arrow int": pd.array([3, None], "int64[pyarrow]"),
    "half": np.array([1.5, np.inf], dtype="float16"),
    "large": np.array([2**63 + 5, 1], dtype="uint64"),
    "period": pd.PeriodIndex(["2026-01", None], freq="M"),
    7: [1, 2],
    ("a", "b"): [1, 2],
}


@pytest.mark.parametrize("name", DTYPES, ids=str)
def test_columns_of_any_dtype_are_written(name: Any, tmp_path: Path) -> None:
    posts = ayr.from_posts([{"id": "1"}, {"id": "2"}], platform="bluesky")
    posts[name] = DTYPES[name]
    posts.ayr.to_excel(tmp_path / "posts.xlsx", tz="Europe/Berlin")
    posts.ayr.to_csv(tmp_path / "posts.csv")
    *_, (header, cells) = {
        key: [row[key] for row in rows(tmp_path / "posts.xlsx")] for key in rows(tmp_path / "posts.xlsx")[0]
    }.items()
    expected = {
        "delta": ["0 days 01:30:00", None],
        "tokyo": [pd.Timestamp(2025, 12, 31, 16), None],
        "fixed": [pd.Timestamp(2025, 12, 31, 19, 30), None],
        "plain": [pd.Timestamp(2026, 1, 1), None],
        "arrow": [pd.Timestamp(2026, 1, 1, 1), None],
        "half": [1.5, "inf"],
        "large": [str(2**63 + 5), 1],
        "sparse": [0, None],
        "period": ["2026-01", None],
    }
    assert cells == expected.get(name, [3, None] if isinstance(name, str) else [1, 2])
    assert header == (f"{name} (Europe/Berlin)" if name in ("tokyo", "fixed", "arrow") else str(name))


def test_columns_with_equal_names_are_both_written(tmp_path: Path) -> None:
    posts = ayr.from_posts([{"id": "1", "post": "first", "new": 1}], platform="bluesky")
    posts.insert(1, "post", "second", allow_duplicates=True)
    posts.insert(1, "extra", '{"likedBy":"Ann"}', allow_duplicates=True)
    posts.ayr.to_excel(tmp_path / "posts.xlsx")
    header, cells = openpyxl.load_workbook(tmp_path / "posts.xlsx")["All columns"].iter_rows(values_only=True)
    assert [cell for name, cell in zip(header, cells, strict=True) if name == "post"] == ["second", "first"]
    assert [cell for name, cell in zip(header, cells, strict=True) if name == "extra"] == [None, '{"new":1}']
    posts.ayr.to_csv(tmp_path / "posts.csv")
    assert "second" in (tmp_path / "posts.csv").read_text("utf-8")
    assert "first" in (tmp_path / "posts.csv").read_text("utf-8")


def test_export_ignores_the_index(tmp_path: Path) -> None:
    posts = ayr.load_sample("bluesky")
    for frame in (posts.set_index("id", drop=False), posts.set_axis([0] * len(posts)), posts.iloc[::-1]):
        frame.ayr.to_excel(tmp_path / "posts.xlsx")
        assert [row["id"] for row in rows(tmp_path / "posts.xlsx")] == frame["id"].tolist()
        frame.ayr.to_csv(tmp_path / "posts.csv")
        assert pd.read_csv(tmp_path / "posts.csv")["id"].tolist() == frame["id"].tolist()


def test_summary_counts_repeated_observations_once(tmp_path: Path) -> None:
    posts = ayr.load_sample("bluesky")
    both = pd.concat([posts, posts.assign(as_of=posts["as_of"] + pd.Timedelta("1D"))])
    for frame in (both, both.set_index("id", drop=False)):
        frame.ayr.to_excel(tmp_path / "posts.xlsx")
        assert {row["posts"] for row in rows(tmp_path / "posts.xlsx", "Summary")} == {len(posts)}
        assert len(rows(tmp_path / "posts.xlsx")) == len(both)


@pytest.mark.filterwarnings("ignore:The frame lacks:ayrframe.DataWarning")
@pytest.mark.parametrize("dropped", [["extra"], ["post"], ["post", "post_url", "extra"], ["reactions"]])
def test_frame_with_dropped_columns_is_written(dropped: list[str], tmp_path: Path) -> None:
    posts = ayr.load_sample("facebook").drop(columns=dropped)
    posts.ayr.to_excel(tmp_path / "posts.xlsx")
    assert not {name.partition(" ")[0] for name in rows(tmp_path / "posts.xlsx")[0]} & set(dropped)
    assert not set(openpyxl.load_workbook(tmp_path / "posts.xlsx").sheetnames) & set(dropped)


def test_posts_of_unknown_platform_have_no_workbook(tmp_path: Path) -> None:
    posts = ayr.load_sample("facebook").assign(platform="mars")
    with pytest.raises(ayr.AyrframeError, match="must have names of platforms, got 'mars'"):
        posts.ayr.to_excel(tmp_path / "posts.xlsx")
    assert not any(tmp_path.iterdir())
    posts.ayr.to_csv(tmp_path / "posts.csv")
    text = (tmp_path / "posts.csv").read_text("utf-8")
    assert not any(name in text for name in posts["liked_by"].dropna())


def test_warning_counts_shortened_cells_of_equal_names(tmp_path: Path) -> None:
    posts = ayr.from_posts([{"id": "1", "post": "a" * 40_000}], platform="bluesky")
    posts.insert(1, "post", ["b" * 40_000], allow_duplicates=True)
    with pytest.warns(ayr.DataWarning, match=r"2 cell.* 2 in All columns\.post\."):
        posts.ayr.to_excel(tmp_path / "posts.xlsx")


def test_posts_read_from_csv_are_written(tmp_path: Path) -> None:
    ayr.load_sample("tiktok").ayr.to_csv(tmp_path / "posts.csv")
    again = pd.read_csv(tmp_path / "posts.csv", dtype={"id": str})
    again.ayr.to_excel(tmp_path / "posts.xlsx")
    assert [row["id"] for row in rows(tmp_path / "posts.xlsx")] == again["id"].tolist()


# --- failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["posts.xlsx", "posts.csv"])
def test_failed_export_leaves_existing_file_unchanged(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise OSError("disk full")

    path = tmp_path / name
    path.write_text("old")
    monkeypatch.setattr("xlsxwriter.packager.Packager._create_package", fail)
    monkeypatch.setattr("pandas.DataFrame.to_csv", fail)
    posts = ayr.load_sample("bluesky")
    with pytest.raises(OSError, match="disk full"):
        posts.ayr.to_excel(path) if name.endswith("xlsx") else posts.ayr.to_csv(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_export_keeps_file_mode_and_follows_link(tmp_path: Path) -> None:
    path, link = tmp_path / "posts.xlsx", tmp_path / "link.xlsx"
    path.write_text("old")
    path.chmod(0o600)
    link.symlink_to(path)
    ayr.load_sample("bluesky").ayr.to_excel(str(link))
    assert link.is_symlink()
    assert openpyxl.load_workbook(path).sheetnames[0] == "Overview"
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(tmp_path.iterdir()) == [link, path]


def test_missing_XlsxWriter_raises_with_install_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(ImportError, match=re.escape("pip install 'ayrframe[excel]'")):
        ayr.load_sample("bluesky").ayr.to_excel(tmp_path / "posts.xlsx")
    assert not any(tmp_path.iterdir())


def test_import_of_ayrframe_does_not_need_XlsxWriter() -> None:
    import subprocess

    code = "import sys; sys.modules['xlsxwriter'] = None; import ayrframe; print(sorted(ayrframe.__all__)[0])"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout


@pytest.mark.parametrize("name", ["posts.xls", "posts", "posts.csv"])
def test_wrong_suffix_raises(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"must end in \.xlsx"):
        ayr.load_sample("bluesky").ayr.to_excel(tmp_path / name)


def test_missing_folder_and_unknown_time_zone_raise(tmp_path: Path) -> None:
    posts = ayr.load_sample("bluesky")
    for write in (posts.ayr.to_csv, posts.ayr.to_excel):
        with pytest.raises(FileNotFoundError, match="does not exist"):
            write(tmp_path / "nowhere" / "posts.xlsx")
    with pytest.raises(ValueError, match="Unknown time zone 'Mars/Base'"):
        posts.ayr.to_excel(tmp_path / "posts.xlsx", tz="Mars/Base")
    assert not any(tmp_path.iterdir())


def test_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "posts.csv"
    os.mkfifo(pipe)
    # Opened for reading and writing, so that the writer does not wait; the posts fit into the buffer of the pipe.
    end = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    try:
        ayr.from_posts([{"id": "1", "post": "hello"}], platform="bluesky").ayr.to_csv(pipe)
        assert b"hello" in os.read(end, 65_536)
    finally:
        os.close(end)
    assert pipe.is_fifo()


def test_long_text_is_cut_between_characters() -> None:
    for text in ("a" + "\U0001f600" * 20_000, "\U0001f600" * 20_000):
        short = truncate_text(text)
        assert len(short.encode("utf-16-le")) <= 2 * 32_767
        assert text.startswith(short.partition(" … [shortened")[0])
    assert MAX_CELL_LENGTH == 32_767


@pytest.mark.parametrize("text", ["é" * 32_767, "\U0001f980" * 16_383])
def test_longest_text_of_a_cell_is_not_shortened(text: str) -> None:
    """Excel counts the code units of UTF-16: an emoji is two."""
    assert truncate_text(text) == text
    shortened = truncate_text(text + text[:2])
    assert shortened.endswith(f" … [shortened; {len(text) + 2:,} characters in total]")
    assert len(shortened.encode("utf-16-le")) <= 2 * 32_767
