"""Test workbooks with formulas, times, control characters and long texts (X5); openpyxl reads them back."""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe._export import excel

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(A1)",
    "\t=1+1",
    "{=1+1}",
    '=HYPERLINK("https://example.org?"&A1;"x")',
    "=" + "1+" * 200 + "1",
    "https://example.org",
    "internal:Posts!A1",
    "#N/A",
    "TRUE",
    "1e5",
]


@pytest.fixture(params=["in memory", "on disk"])
def storage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write the workbook in memory, and on disk as large workbooks are."""
    if request.param == "on disk":
        monkeypatch.setattr(excel, "_MAX_CELLS_IN_MEMORY", 0)
    return str(request.param)


def with_texts(*texts: str) -> pd.DataFrame:
    return ayr.from_posts([{"id": str(row), "post": text} for row, text in enumerate(texts)], platform="bluesky")


def read(path: Path, sheet: str = "All columns") -> dict[str, list[Any]]:
    """Return the cells below each header, as read by openpyxl."""
    header, *rows = openpyxl.load_workbook(path)[sheet].iter_rows()
    return {str(name.value): [row[number] for row in rows] for number, name in enumerate(header)}


def values(path: Path, name: str, sheet: str = "All columns") -> list[Any]:
    return [cell.value for cell in read(path, sheet)[name]]


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def test_X5_texts_are_not_written_as_formula_or_link(tmp_path: Path, storage: str) -> None:
    posts = with_texts(*FORMULAS).assign(**{"=cmd()": FORMULAS, "note": pd.Series(FORMULAS, dtype="category")})
    posts.ayr.to_excel(tmp_path / "posts.xlsx")
    for name in ("post", "=cmd()", "note"):
        cells = read(tmp_path / "posts.xlsx")[name]
        assert [cell.value for cell in cells] == FORMULAS
        assert {cell.data_type for cell in cells} == {"s"}
    for name, text in parts(tmp_path / "posts.xlsx").items():
        assert "<f>" not in text, name
        assert "<f " not in text, name
        assert "<hyperlink" not in text, name
        assert "relationships/hyperlink" not in text, name


def test_X5_edited_text_cell_remains_text(tmp_path: Path) -> None:
    with_texts(*FORMULAS).ayr.to_excel(tmp_path / "posts.xlsx")
    for cell in read(tmp_path / "posts.xlsx")["post"]:
        assert cell.number_format == "@" or cell.quotePrefix, cell.value


def test_X5_ids_keep_all_digits(tmp_path: Path, storage: str) -> None:
    ids = ["7376767676767676761", "0012", "9" * 30, "1e5", "-7"]
    posts = ayr.from_posts([{"id": post_id} for post_id in ids], platform="bluesky")
    posts["number"] = [7376767676767676761, -7376767676767676761, 10**15, 10**15 - 1, 0]
    posts.ayr.to_excel(tmp_path / "posts.xlsx")
    cells = read(tmp_path / "posts.xlsx")
    assert [cell.value for cell in cells["id"]] == ids
    assert {cell.data_type for cell in cells["id"]} == {"s"}
    numbers = ["7376767676767676761", "-7376767676767676761", "1000000000000000", 10**15 - 1, 0]
    assert [cell.value for cell in cells["number"]] == numbers, "Excel has fifteen digits"


@pytest.mark.parametrize("tz", [None, "Europe/Berlin", "America/New_York", "Asia/Kathmandu"])
def test_X5_times_are_excel_dates_in_zone_of_header(tz: str | None, tmp_path: Path) -> None:
    times = ["2026-03-29T00:59:59.123Z", "2026-03-29T01:00:00Z", "1900-03-02T00:00:00Z", "2024-02-29T23:30:00Z"]
    posts = ayr.from_posts([{"id": time, "created": time} for time in times], platform="bluesky")
    posts["observed"] = posts["created"].dt.tz_convert("Asia/Tokyo")
    posts.ayr.to_excel(tmp_path / "posts.xlsx", tz=tz)
    zone = ZoneInfo(tz or "UTC")
    local = [datetime.fromisoformat(time).astimezone(zone).replace(tzinfo=None) for time in times]
    cells = read(tmp_path / "posts.xlsx")
    assert [cell.value for cell in cells[f"created ({zone.key})"]] == local
    assert [cell.value for cell in cells[f"observed ({zone.key})"]] == local
    assert all(cell.is_date for cell in cells[f"created ({zone.key})"])
    assert f"as_of ({zone.key})" in read(tmp_path / "posts.xlsx", "extra"), "in child tables too"


@pytest.mark.filterwarnings("ignore:1 post.s. are dated after:ayrframe.DataWarning")
def test_X5_times_out_of_range_are_texts(tmp_path: Path) -> None:
    times = ["1899-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
    posts = ayr.from_posts([{"id": time, "created": time} for time in times], platform="bluesky", validate=None)
    posts["day"] = pd.Series(["1850-01-01", "2026-01-01", None], dtype="datetime64[us]")
    for tz in ("America/New_York", "Asia/Tokyo"):
        posts.ayr.to_excel(tmp_path / "posts.xlsx", tz=tz)
        written = values(tmp_path / "posts.xlsx", f"created ({tz})")
        assert [datetime.fromisoformat(time) for time in written] == [datetime.fromisoformat(time) for time in times]
        assert values(tmp_path / "posts.xlsx", "day") == [
            "1850-01-01T00:00:00.000000",
            pd.Timestamp("2026-01-01"),
            None,
        ]


CONTROLS = {
    "a\x00b\x07\x1b[31m\x7f": "a\u2400b\u2407\u241b[31m\u2421",
    "one\r\ntwo\rthree\x0bfour\nfive\tsix": "one\ntwo\nthree\u240bfour\nfive\tsix",
    "\ufffe\uffff": "\ufffd\ufffd",
}
VERBATIM = [
    *("_x0041_", "_x000D_", "a_x005F_", "<r>hello</r>", "<r><t>&</t></r>", "<b>&amp;", " lead and trail ", "\n", "\t"),
    *(
        "NA",
        "null",
        "'quoted",
        "\u05e2\u05d1\u05e8\u05d9\u05ea",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467",
        "\u2028",
    ),
]


def test_X5_control_characters_become_visible_symbols(tmp_path: Path, storage: str) -> None:
    posts = with_texts(*CONTROLS).assign(mine=pd.Series(["a\ud800"] * 3, dtype="object"), **{"head\x00": 1})
    posts.ayr.to_excel(tmp_path / "posts.xlsx")
    assert values(tmp_path / "posts.xlsx", "post") == list(CONTROLS.values())
    assert values(tmp_path / "posts.xlsx", "mine") == ["a\ufffd"] * 3
    assert "head\u2400" in read(tmp_path / "posts.xlsx")


def test_X5_other_texts_are_unchanged(tmp_path: Path, storage: str) -> None:
    with_texts(*VERBATIM).ayr.to_excel(tmp_path / "posts.xlsx")
    written = values(tmp_path / "posts.xlsx", "post")
    if storage == "on disk":  # openpyxl does not undo the escape in this mode; Excel and LibreOffice do
        written = [text.replace("_x005F_x", "_x") for text in written]
    if storage == "in memory":  # openpyxl removes every `x005F_`, even if it is part of the text
        assert written.pop(VERBATIM.index("a_x005F_")).startswith("a_")
        assert written == [text for text in VERBATIM if text != "a_x005F_"]
    else:
        assert written == VERBATIM


def test_X5_too_long_texts_are_shortened_with_one_warning(tmp_path: Path, storage: str) -> None:
    fits, emoji = "a" * 32_767, "\U0001f600" * 16_384
    posts = with_texts(fits, f"{fits}b", emoji).assign(mine=["c" * 40_000, None, "d"])
    with pytest.warns(ayr.DataWarning) as caught:
        posts.ayr.to_excel(tmp_path / "posts.xlsx")
    assert [str(warning.message) for warning in caught] == [
        "Shortened 3 cell(s) to 32,767 characters, the limit of Excel: 2 in All columns.post, 1 in All columns.mine. "
        "Each ends with a note of its full length; `posts.to_parquet(path)` writes complete texts."
    ]
    assert caught[0].filename == __file__
    complete, shortened, emojis = values(tmp_path / "posts.xlsx", "post")
    assert complete == fits
    assert shortened.endswith("aaa … [shortened; 32,768 characters in total]")
    assert emojis.endswith("\U0001f600 … [shortened; 16,384 characters in total]")
    assert len(shortened) == 32_767
    assert len(emojis.encode("utf-16-le")) in (2 * 32_767, 2 * 32_766), "no emoji is split"


def test_X5_texts_that_fit_cause_no_warning(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with_texts("a" * 32_767, "\U0001f600" * 16_383).ayr.to_excel(tmp_path / "posts.xlsx")


def test_X5_missing_values_are_empty_and_booleans_stay_booleans(tmp_path: Path, storage: str) -> None:
    items = [{"id": "1", "likeCount": 0, "viewer": {"threadMuted": True}}, {"id": "2"}]
    posts = ayr.from_posts(items, platform="bluesky").assign(ratio=[float("inf"), float("nan")], flag=[True, None])
    posts.ayr.to_excel(tmp_path / "posts.xlsx")
    cells = {name: [cell.value for cell in column] for name, column in read(tmp_path / "posts.xlsx").items()}
    assert cells["like_count"] == [0, None]
    assert cells["viewer_thread_muted"] == [True, None]
    assert cells["flag"] == [True, None]
    assert cells["ratio"] == ["inf", None]
    assert cells["post"] == cells["created (UTC)"] == [None, None]


def test_X5_too_many_rows_raise_before_writing(tmp_path: Path) -> None:
    posts = with_texts("hello")[ayr.COMMON].take([0] * 1_048_576)
    with pytest.raises(ValueError, match=r"Sheet All columns would have 1,048,576 rows .* allows 1,048,575 rows"):
        posts.ayr.to_excel(tmp_path / "posts.xlsx")
    wide = with_texts("hello")
    wide = pd.concat([wide, pd.DataFrame(0, wide.index, range(16_384))], axis=1)
    with pytest.raises(ValueError, match=r"16,405 columns; .* and 16,384 columns"):
        wide.ayr.to_excel(tmp_path / "posts.xlsx")
    assert not any(tmp_path.iterdir())


def test_X5_too_long_child_table_raises_before_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posts = ayr.from_posts([{"id": "1", "labels": ["a"] * 30}], platform="bluesky")
    monkeypatch.setattr(excel, "MAX_ROWS", 30)
    with pytest.raises(ValueError, match="Sheet labels would have 30 rows"):
        posts.ayr.to_excel(tmp_path / "posts.xlsx")
    assert not any(tmp_path.iterdir())


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_X5_LibreOffice_reads_same_texts_and_no_formula(tmp_path: Path, storage: str) -> None:
    texts = [*FORMULAS, *CONTROLS, *VERBATIM]
    posts = with_texts(*texts).assign(created=pd.Timestamp("2026-03-29T12:00Z"), flag=True)
    posts.ayr.to_excel(tmp_path / "posts.xlsx", tz="Europe/Berlin")
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    # The flat format of LibreOffice states the type of each cell.
    command = [str(shutil.which("soffice")), home, "--headless", "--convert-to", "fods", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "posts.xlsx")], check=True, capture_output=True, timeout=120)
    converted = (tmp_path / "posts.fods").read_text("utf-8")
    formulas = set(re.findall('table:formula="([^"]*)"', converted))
    assert formulas == {"of:=TRUE()", "of:=FALSE()"}, "LibreOffice stores booleans as these formulas"
    assert "xlink:href" not in converted.partition("<office:body>")[2]
    assert 'office:date-value="2026-03-29T14:00:00"' in converted
    command[4] = "csv:Text - txt - csv (StarCalc):9,34,76,1,,0,false,true,false,false,false,4"
    subprocess.run([*command, str(tmp_path / "posts.xlsx")], check=True, capture_output=True, timeout=120)
    again = pd.read_csv(
        tmp_path / "posts-All columns.csv", sep="\t", dtype=str, keep_default_na=False, lineterminator=None
    )
    assert again["id"].tolist() == posts["id"].tolist()
    assert again["post"].tolist() == [CONTROLS.get(text, text) for text in texts]
