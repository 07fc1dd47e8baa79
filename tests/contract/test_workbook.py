"""Test what a client sees of a workbook: the overview, posts with links, number formats, and the printed pages."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

import ayrframe as ayr

LIBREOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
LIKES = {"2026-01-10": 7, **{f"2026-02-{day:02}": 2000 for day in (2, 5, 9, 14, 20)}, "2026-03-03": 5000}
UNSAFE = "javascript:alert(1)"


def make_posts(profile: str, likes_by_day: dict[str, int]) -> pd.DataFrame:
    """Return posts with likes and twenty times as many views; the link of the first is not a web address."""
    sent = [
        {
            "id": f"{profile}-{number}",
            "created": f"{day}T12:00:00Z",
            "post": f"=Text {number}",
            "postUrl": f"https://www.tiktok.com/@{profile}/video/{number}#a" if number else UNSAFE,
            "likeCount": likes,
            "videoViews": 20 * likes,
            "mediaType": "video",
            "impressionSources": [{"impression_source": "For You", "percentage": 0.25}],
        }
        for number, (day, likes) in enumerate(likes_by_day.items())
    ]
    return ayr.from_posts(sent, platform="tiktok", profile=profile, as_of="2026-04-20T12:00:00Z")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workbook") / "posts.xlsx"
    make_posts("bakery", LIKES).assign(campaign="spring", spend=[0.5, *[2026] * 6]).ayr.to_excel(
        path, tz="Europe/Berlin"
    )
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def texts(sheet: Worksheet) -> list[list[Any]]:
    """Return the values of each row, without the empty cells at its end."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    return rows


def column(sheet: Worksheet, header: str) -> list[Any]:
    """Return the cells below a header of the first row."""
    return next(cells[1:] for cells in sheet.columns if cells[0].value == header)


def test_first_sheet_compares_the_newest_complete_month(book: openpyxl.Workbook) -> None:
    sheet = book.worksheets[0]
    assert sheet.title == "Overview"
    assert texts(sheet) == [
        ["bakery: social media figures"],
        [],
        ["Profile", "bakery"],
        ["Networks", "TikTok"],
        ["Period", "all posts that were loaded"],
        ["Posts", "7, published from 10 January 2026 to 3 March 2026"],
        ["Time zone", "Europe/Berlin"],
        ["Numbers read", "2026-04-20 14:00"],
        [],
        ["Platform", "Metric", "February 2026", "March 2026", "Change", "All posts", "Posts with a value"],
        ["TikTok", "posts", 5, 1, -0.8, 7, 7],
        ["TikTok", "engagements", 10_000, 5000, -0.5, 15_007, 7],
        ["TikTok", "views", 200_000, 100_000, -0.5, 300_140, 7],
        ["TikTok", "engagements / views", 0.05, 0.05, 0, 0.05, 7],
        [],
        ["Networks count differently, so their numbers are not added. Reach counts people, so it is never summed."],
    ]
    formats = {cell.value: cell.number_format for row in sheet.iter_rows(min_row=11) for cell in row}
    assert formats[300_140] == "#,##0"
    assert formats[0.05].endswith("0.0 %")
    assert formats[-0.8].startswith("+#,##0.0 %;-")


def test_profiles_are_side_by_side_and_not_added(tmp_path: Path) -> None:
    posts = [make_posts("bakery", LIKES), make_posts("cafe", {"2026-03-05": 40, "2026-04-01": 2})]
    pd.concat(posts, ignore_index=True).ayr.to_excel(tmp_path / "posts.xlsx")
    book = openpyxl.load_workbook(tmp_path / "posts.xlsx")
    rows = texts(book["Overview"])
    assert rows[0] == ["Social media figures"]
    assert ["Posts", "9 of all profiles together, published from 10 January 2026 to 1 April 2026"] in rows
    note = "start may be missing"
    assert ["bakery", "TikTok", "engagements", 10_000, 5000, -0.5, 15_007, 7] in rows
    assert ["cafe", "TikTok", "engagements", None, 40, None, 42, 2, note] in rows
    assert [f"{note}: posts at the start of one of the periods were not loaded."] in rows
    likes = [row for row in texts(book["Summary"]) if row[2] == "likes"]
    assert [row[:6] for row in likes] == [
        ["tiktok", "bakery", "likes", 7, 7, 15_007],
        ["tiktok", "cafe", "likes", 2, 2, 42],
    ]
    assert [cell.value for cell in column(book["Posts"], "Profile")] == ["bakery"] * 7 + ["cafe"] * 2


def test_posts_have_metrics_formats_and_own_columns_but_no_empty_column(book: openpyxl.Workbook) -> None:
    sheet = book["Posts"]
    header, first, *_ = texts(sheet)
    assert header == [
        *("Published (Europe/Berlin)", "Platform", "Format", "Text", "Link", "Likes", "Views"),
        *("Engagements", "Engagements / views", "campaign", "spend", "Id"),
    ]
    noon = pd.Timestamp("2026-01-10 13:00")
    assert first == [noon, "TikTok", "video", "=Text 0", UNSAFE, 7, 140, 7, 0.05, "spring", 0.5, "bakery-0"]
    assert [cell.number_format for cell in sheet[2]][5:9] == ["#,##0", "#,##0", "#,##0", sheet["I2"].number_format]
    assert sheet["I2"].number_format.endswith("0.0 %")
    assert sheet["A2"].number_format == "yyyy-mm-dd hh:mm"
    assert [cell.number_format for cell in column(sheet, "spend")] == ["General"] * 7
    assert {cell.data_type for cell in column(sheet, "Text")} == {"s"}


def test_only_web_addresses_are_links(book: openpyxl.Workbook, path: Path) -> None:
    links = [cell.hyperlink for cell in column(book["Posts"], "Link")]
    assert links[0] is None
    targets = [f"{link.target}#{link.location}" for link in links[1:]]
    assert targets == [cell.value for cell in column(book["Posts"], "Link")][1:]
    assert targets[0] == "https://www.tiktok.com/@bakery/video/1#a"
    assert not any(cell.hyperlink for sheet in book if sheet.title != "Posts" for row in sheet for cell in row)


def test_one_row_per_post_of_the_latest_reading(tmp_path: Path) -> None:
    posts = make_posts("bakery", LIKES)
    earlier = posts.assign(as_of=posts["as_of"] - pd.Timedelta("9D"), like_count=1)
    pd.concat([earlier, posts], ignore_index=True).ayr.to_excel(tmp_path / "posts.xlsx")
    book = openpyxl.load_workbook(tmp_path / "posts.xlsx")
    assert [cell.value for cell in column(book["Posts"], "Likes")] == list(LIKES.values())
    assert book["All columns"].max_row == 15


def test_links_beyond_the_limits_of_excel_are_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ayrframe._export.sheet._MAX_LINKS", 3)
    posts = make_posts("bakery", LIKES)
    posts.loc[1, "post_url"] = f"https://example.com/{'[' * 900}"
    posts.ayr.to_excel(tmp_path / "posts.xlsx")
    cells = column(openpyxl.load_workbook(tmp_path / "posts.xlsx")["Posts"], "Link")
    assert [cell.hyperlink is not None for cell in cells] == [False, False, True, False, False, False, False]
    assert [cell.value for cell in cells] == posts["post_url"].tolist()


def test_details_have_formats_by_unit(book: openpyxl.Workbook) -> None:
    assert {cell.number_format for cell in column(book["impression_sources"], "fraction")} == {
        "[=0]0.0 %;[<0.001]0.000 %;0.0 %"
    }
    formats = {row[1].value: [cell.number_format for cell in row[2:]] for row in book["Summary"].iter_rows(min_row=2)}
    assert formats["likes"][:4] == ["#,##0"] * 4
    assert formats["er_views"][4].endswith("%")
    assert {cell.number_format for cell in column(book["All columns"], "like_count")} == {"#,##0"}


def test_sheets_are_printed_across_A4_with_repeated_headers(book: openpyxl.Workbook) -> None:
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        # Nothing is written for a width of one page, the default; the height is not limited.
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)
        assert sheet.print_title_rows == (None if sheet.title == "Overview" else "$1:$1")


def test_rows_of_long_texts_are_limited_and_cells_are_not(tmp_path: Path) -> None:
    posts = make_posts("bakery", LIKES)
    posts["post"] = ["short", *["many words " * 40] * 6]
    posts.ayr.to_excel(tmp_path / "posts.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "posts.xlsx")["Posts"]
    assert [sheet.row_dimensions[row].height for row in (2, 3)] == [None, 45]
    assert sheet["D3"].value == "many words " * 40
    assert sheet["D3"].alignment.wrap_text


@pytest.mark.skipif(LIBREOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.timeout(240)
def test_LibreOffice_shows_percents_and_prints_landscape_pages(path: Path, tmp_path: Path) -> None:
    posts = make_posts("bakery", {"2026-02-02": 3, "2026-03-01": 0})
    posts["video_views"] = [10_000, 50]
    posts.ayr.to_excel(tmp_path / "small.xlsx")
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [str(LIBREOFFICE), home, "--headless", "--convert-to"]
    for kind, file in {"fods": tmp_path / "small.xlsx", "pdf": path}.items():
        run = [*command, kind, "--outdir", str(tmp_path), str(file)]
        subprocess.run(run, check=True, capture_output=True, timeout=100)
    table = (
        (tmp_path / "small.fods").read_text("utf-8").partition('table:name="Posts"')[2].partition("</table:table>")[0]
    )
    shown = re.findall("<text:p>([^<]*)</text:p>", table)
    assert {"2026-02-02 12:00", "10,000", "0.030 %", UNSAFE, "2026-03-01 12:00", "50", "0.0 %"} <= set(shown)
    sizes = re.findall(rb"/MediaBox ?\[0 0 ([0-9.]+) ([0-9.]+)\]", (tmp_path / "posts.pdf").read_bytes())
    assert {(round(float(width)), round(float(height))) for width, height in sizes} == {(842, 595)}
