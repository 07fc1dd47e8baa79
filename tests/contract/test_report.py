"""Test `ayr.report` and `python -m ayrframe report`: the right numbers of the right profile, and clear errors."""

from __future__ import annotations

import base64
import io
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe.__main__ import main
from tests.page import Page, read_page

READ_IN_APRIL = "2026-04-20T12:00:00Z"
LOGO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def make_posts(
    likes_by_day: dict[str, int], *, profile: str = "", platform: str = "tiktok", as_of: str = READ_IN_APRIL
) -> pd.DataFrame:
    """Return posts with likes and ten times as many views, and no other numbers."""
    sent = [
        {
            "id": f"{profile}-{number}",
            "created": f"{day}T12:00:00Z",
            "post": f"Text {number} of {profile}",
            "postUrl": f"https://www.tiktok.com/@{profile}/video/{number}",
            "likeCount": likes,
            "videoViews": 10 * likes,
            **({"mediaType": "video"} if platform == "tiktok" else {}),
        }
        for number, (day, likes) in enumerate(likes_by_day.items())
    ]
    return ayr.from_posts(sent, platform=platform, profile=profile, as_of=as_of)


# Complete from 10 January on; 5 posts in February with 100 likes, 2 in March with 150.
QUARTER = {
    "2026-01-10": 7,
    **{f"2026-02-{day:02}": 20 for day in (2, 5, 9, 14, 20)},
    "2026-03-03": 50,
    "2026-03-20": 100,
    "2026-04-02": 3,
}


def write(source: object, folder: Path, **options: object) -> Page:
    ayr.report(source, folder / "report.html", **options)  # type: ignore[arg-type]
    return read_page(folder / "report.html")


def cell_texts(page: Page, table: str, metric: str) -> list[str]:
    return next([text for text, _ in row] for row in page.tables[table] if row[1][0] == metric)


@pytest.mark.timeout(240)
def test_X11_report_of_all_samples_is_complete_small_and_fast(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MPLBACKEND", "Agg")  # As on servers; the pictures must be there nevertheless.
    page = tmp_path / "report.html"
    start = time.process_time()
    assert main(["report", "all", "--sample", "--title", "R&D <monthly>", "-o", str(page)]) == 0
    assert time.process_time() - start < 20
    assert capsys.readouterr().out == f"Saved the report to {page}.\n"
    text = page.read_text("utf-8")
    assert len(text) < 5_000_000
    assert text.startswith("<!DOCTYPE html>")
    assert "<title>R&amp;D &lt;monthly&gt;</title>" in text
    assert "likeCount" in text
    assert "not in this endpoint" in text
    assert f"ayrframe {ayr.__version__}" in text
    assert text.count("<img ") > 15
    assert "nan" not in Page(text).text.lower().split()
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize(
    "period",
    [{"at": "2026-03"}, {"since": "2026-03-01", "until": "2026-03-31"}, {"at": pd.Period("2026-03", "M")}],
    ids=["at", "days", "period"],
)
def test_month_is_compared_with_the_month_before(tmp_path: Path, period: dict[str, object]) -> None:
    page = write(make_posts(QUARTER), tmp_path, **period)
    table = "March 2026 compared with February 2026"
    assert next(iter(page.tables)) == table
    assert cell_texts(page, table, "posts") == ["TikTok", "posts", "5", "2", "−60.0 %", ""]
    assert cell_texts(page, table, "likes") == ["TikTok", "likes", "100", "150", "+50.0 %", ""]
    assert cell_texts(page, "All figures", "likes") == ["TikTok", "likes", "150", "75", "2 of 2"]
    assert "2 posts" in page.text
    assert "+50.0 % against February 2026" in page.text
    assert "Complete, and so is the period before." in page.text


def test_open_ended_days_compare_the_newest_complete_month_in_them(tmp_path: Path) -> None:
    page = write(make_posts(QUARTER), tmp_path, since="2026-03-01")
    assert cell_texts(page, "March 2026 compared with February 2026", "likes")[2:5] == ["100", "150", "+50.0 %"]
    assert cell_texts(page, "All figures", "likes")[2] == "153"
    # The key figures are of other days than the comparison, so they have no change.
    assert "against February 2026" not in page.text


def test_days_without_a_complete_month_are_not_compared(tmp_path: Path) -> None:
    page = write(make_posts(QUARTER), tmp_path, since="2026-03-02", until="2026-03-31")
    assert not [label for label in page.tables if "compared" in label]
    assert cell_texts(page, "All figures", "likes")[2] == "150"


def test_incomplete_month_and_year_before_are_noted(tmp_path: Path) -> None:
    posts = make_posts({"2025-04-10": 5, "2025-04-20": 5, **QUARTER})
    page = write(posts, tmp_path, at="2026-04")
    year = cell_texts(page, "April 2026 compared with April 2025", "likes")
    assert year[2:5] == ["10", "3", "−70.0 %"]
    assert "incomplete period" in year[5]
    assert "start may be missing" in year[5]
    assert "Not complete; the period before is complete." in page.text
    # A change with a caution is not stated without it.
    assert "On TikTok, the likes" not in page.text


def test_normal_value_is_from_all_posts(tmp_path: Path) -> None:
    page = write(make_posts(QUARTER), tmp_path, at="2026-03")
    # The likes of the 8 other posts: 3, 7, 20, 20, 20, 20, 20, 50.
    assert "5.0 times the normal 20 (median of 8 other posts of this kind and format)" in page.text
    assert "On TikTok, the post of 20 March 2026 has 100 engagements: 5.0 times the median of 8" in page.text


def test_periods_follow_the_time_zone(tmp_path: Path) -> None:
    sent = [{"id": "1", "created": "2026-03-31T23:30:00Z", "likeCount": 4}]
    posts = ayr.from_posts(sent, platform="tiktok", as_of=READ_IN_APRIL)
    page = write(posts, tmp_path, at="2026-04", tz="Europe/Berlin")
    assert "1 April 2026" in page.text
    with pytest.raises(
        ValueError, match=r"No posts in the period: April 2026 \(UTC\). The posts are from 31 March 2026"
    ):
        ayr.report(posts, tmp_path / "r.html", at="2026-04")


def ten_profiles() -> list[pd.DataFrame]:
    """Return posts of ten profiles with texts, ids and numbers that no other profile has."""
    return [
        make_posts({f"2026-0{1 + day // 28}-{day % 28 + 1:02}": 100003 + 1009 * number + day for day in range(90)},
                   profile=f"Client{number}Quux")
        for number in range(10)
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["frame", "archive"])
def test_page_has_nothing_of_other_profiles(kind: str, tmp_path: Path) -> None:
    profiles = ten_profiles()
    everything = pd.concat(profiles, ignore_index=True)
    source: object = everything
    if kind == "archive":
        source = ayr.Archive(tmp_path / "pages")
        for posts in profiles:
            body = {"status": "success", "posts": posts.ayr.to_posts()}
            saved = tmp_path / "saved.json"
            saved.write_text(pd.io.json.ujson_dumps(body))
            source.add(saved, platform="tiktok", profile=posts["profile"].iloc[0], as_of=READ_IN_APRIL)
    ayr.report(source, tmp_path / "page.html", profile="Client3Quux", at="2026-03")  # type: ignore[arg-type]
    text = (tmp_path / "page.html").read_text("utf-8")
    assert "Client3Quux" in text
    assert "Text 83 of Client3Quux" in text
    for posts in [posts for posts in profiles if posts["profile"].iloc[0] != "Client3Quux"]:
        assert posts["profile"].iloc[0] not in text
        assert not [value for name in ("id", "post") for value in posts[name] if value in text]
        assert not [value for value in posts["like_count"] if f"{value:,}" in text or f'"{value}.0"' in text]
    if kind == "archive":
        pages = source.pages()  # type: ignore[attr-defined]
        assert [sha in text for sha in pages["sha256"]] == pages["profile"].eq("Client3Quux").tolist()
        assert "1 pages" in text
    # The same numbers as from a frame that never had other profiles.
    ayr.report(profiles[3], tmp_path / "alone.html", at="2026-03")
    assert Page(text).tables["All figures"] == read_page(tmp_path / "alone.html").tables["All figures"]


def test_several_profiles_are_side_by_side_and_not_added(tmp_path: Path) -> None:
    posts = pd.concat([make_posts(QUARTER, profile="bakery"), make_posts({"2026-03-05": 1000}, profile="cafe")])
    page = write(posts, tmp_path, at="2026-03")
    assert [heading for heading in page.headings if heading[0] == 2][:3] == [
        (2, "Profiles side by side"),
        (2, "bakery"),
        (2, "cafe"),
    ]
    rows = [[text for text, _ in row] for row in page.tables["Profiles side by side"]]
    assert rows == [["bakery", "TikTok", "2", "engagements", "150"], ["cafe", "TikTok", "1", "engagements", "1,000"]]
    assert 1150.0 not in page.numbers
    assert "1,150" not in page.text
    assert "3 of all profiles together" in page.text
    assert "not added" in page.text
    only = write(posts, tmp_path, at="2026-03", profile=["cafe"])
    assert "bakery" not in only.text
    assert only.headings[0] == (1, "cafe: Social media report, March 2026")


def test_placeholder_writes_one_page_per_profile(tmp_path: Path) -> None:
    bakery, cafe = make_posts(QUARTER, profile="bakery"), make_posts({"2026-03-05": 1000}, profile="cafe/2")
    archive = ayr.Archive(tmp_path / "pages")
    for posts in (cafe, bakery):
        (tmp_path / "saved.json").write_text(
            pd.io.json.ujson_dumps({"status": "success", "posts": posts.ayr.to_posts()})
        )
        archive.add(tmp_path / "saved.json", platform="tiktok", profile=posts["profile"].iloc[0], as_of=READ_IN_APRIL)
    (folder := tmp_path / "reports").mkdir()
    ayr.report(archive, folder / "march-{profile}.html", at="2026-03")
    assert sorted(path.name for path in folder.iterdir()) == ["march-bakery.html", "march-cafe_2.html"]
    page = read_page(folder / "march-bakery.html")
    assert page.headings[0] == (1, "bakery: Social media report, March 2026")
    assert "cafe" not in page.text
    sums = archive.pages().set_index("profile")["sha256"]
    assert [sums[label] in page.text for label in ("bakery", "cafe/2")] == [True, False]
    assert "Text 0 of cafe/2" in read_page(folder / "march-cafe_2.html").text
    same_file = pd.concat([bakery, cafe, cafe.assign(profile="cafe_2", id="other")])
    with pytest.raises(ValueError, match="Profiles 'cafe/2', 'cafe_2' would have the same file"):
        ayr.report(same_file, folder / "again-{profile}.html")
    assert len(list(folder.iterdir())) == 2


def test_profile_without_posts_in_the_period_is_shown_as_such(tmp_path: Path) -> None:
    posts = pd.concat([make_posts(QUARTER, profile="bakery"), make_posts({"2026-01-05": 9}, profile="cafe")])
    page = write(posts, tmp_path, at="2026-03")
    assert ["cafe", "TikTok", "0", "–", "–"] in [
        [text for text, _ in row] for row in page.tables["Profiles side by side"]
    ]
    assert "No posts in this period." in page.text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"profile": "bakry"}, "Unknown profile 'bakry'. Did you mean 'bakery'? The source has: 'bakery', 'cafe'."),
        ({"profile": ["cafe", "shop"]}, "Unknown profile 'shop'."),
        ({"platforms": "linkedin"}, "The source has no posts of LinkedIn. It has posts of: TikTok."),
        ({"platforms": ["tiktok", "x"], "profile": "cafe"}, "no posts of X of 'cafe'. It has posts of: TikTok."),
        ({"platforms": "myspace"}, "Unknown platform 'myspace'."),
        ({"at": "2031"}, "No posts in the period: 2031 (UTC). The posts are from 10 January 2026 to 2 April 2026."),
        ({"since": "2031-01-01"}, "No posts in the period: from 1 January 2031 (UTC)."),
        ({"at": "March"}, "`at` must be a year '2026'"),
        ({"at": "2026-03", "since": "2026-03-01"}, "`at` cannot be combined with `since` or `until`"),
        ({"tz": "Mars/Base"}, "Unknown time zone 'Mars/Base'"),
    ],
)
def test_invalid_arguments_raise_and_list_what_there_is(
    options: dict[str, object], message: str, tmp_path: Path
) -> None:
    posts = pd.concat([make_posts(QUARTER, profile="bakery"), make_posts({"2026-03-05": 9}, profile="cafe")])
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        ayr.report(posts, tmp_path / "report.html", **options)  # type: ignore[arg-type]
    assert message in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_other_sources_raise(tmp_path: Path) -> None:
    posts = make_posts(QUARTER)
    for source, message in {
        "table": (posts.ayr.summary(), "this table is a result of summary()"),
        "metrics": (posts.ayr.metrics(), "got a metrics frame"),
        "number": (3, "got int"),
    }.values():
        with pytest.raises(TypeError, match="`source` must be a posts frame") as caught:
            ayr.report(source, tmp_path / "report.html")  # type: ignore[arg-type]
        assert message in str(caught.value)
    with pytest.raises(FileNotFoundError):
        ayr.report(ayr.Archive(tmp_path / "none"), tmp_path / "report.html")
    with pytest.raises(FileNotFoundError):
        ayr.report(tmp_path / "none", tmp_path / "report.html")
    with pytest.raises(ValueError, match=r"must end in \.html"):
        ayr.report(posts, tmp_path / "report.pdf")


def test_logo_is_embedded_and_checked(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(LOGO)
    page = write(make_posts(QUARTER), tmp_path, logo=tmp_path / "logo.png", title="March")
    assert page.images()[0] == {"src": f"data:image/png;base64,{base64.b64encode(LOGO).decode()}", "alt": "Logo"}
    (tmp_path / "logo.svg").write_text("<svg/>")
    with pytest.raises(ValueError, match=r"`logo` must be a PNG, JPEG, GIF or WebP file .* got 'logo.svg'"):
        ayr.report(make_posts(QUARTER), tmp_path / "report.html", logo=tmp_path / "logo.svg")


def test_pictures_of_posts_are_shown_only_if_the_post_has_their_bytes(tmp_path: Path) -> None:
    embedded = f"data:image/png;base64,{base64.b64encode(LOGO).decode()}"
    pictures = [
        embedded,
        "https://example.com/picture.png",
        f"data:image/svg+xml;base64,{base64.b64encode(b'<svg onload=a()>').decode()}",
        f"data:image/png;base64,{base64.b64encode(b'<svg onload=a()>').decode()}",
        "data:image/png;base64,no base64",
    ]
    for picture in pictures:
        sent = [{"id": "1", "created": "2026-02-05T10:00:00Z", "likeCount": 3, "mediaUrl": picture}]
        page = write(ayr.from_posts(sent, platform="instagram", as_of="2026-03-01"), tmp_path, at="2026-02-05")
        found = [image for image in page.images() if not image["alt"].startswith("Plot: ")]
        expected = {"class": "post", "src": embedded, "alt": "Picture of the post of 5 February 2026"}
        assert found == ([expected] if picture == embedded else [])
        assert "example.com" not in page.text


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_in_terminals_only_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    posts = pd.concat([make_posts(QUARTER, profile="bakery"), make_posts({"2026-03-05": 9}, profile="cafe")])
    ayr.report(posts, tmp_path / "report.html", at="2026-03-03")
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    ayr.report(posts, tmp_path / "report.html", at="2026-03-03")
    assert "platforms" in screen.getvalue()
    assert not screen.getvalue().split("\r")[-1].strip(" \x1b[AK"), "the bar is removed"


def test_several_readings_and_own_columns_change_no_number(tmp_path: Path) -> None:
    once = write(make_posts(QUARTER), tmp_path, at="2026-03")
    earlier = make_posts({day: likes // 2 for day, likes in QUARTER.items()}, as_of="2026-04-19T12:00:00Z")
    twice = pd.concat([earlier, make_posts(QUARTER), make_posts(QUARTER).assign(campaign="spring", spend=1)])
    page = write(twice, tmp_path, at="2026-03")
    assert page.tables == once.tables
    assert page.numbers == once.numbers
    assert [image["alt"] for image in page.images()] == [image["alt"] for image in once.images()]


def test_headings_are_in_order_and_pictures_have_texts(tmp_path: Path) -> None:
    page = write(ayr.load_sample(["facebook", "tiktok", "x"]), tmp_path, at="2026-01")
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    alts = [image["alt"] for image in page.images()]
    assert len(set(alts)) == len(alts) >= 7
    trend = next(alt for alt in alts if alt.startswith("Plot: Sum of engagements, per month TikTok"))
    # The sums of engagements by month, from summary("month"): the highest is that of June 2025.
    months = ayr.load_sample("tiktok").ayr.summary("month").query("metric == 'engagements'").set_index("month")["sum"]
    assert f"latest value in 2026-01: {months['2026-01']:,.0f}." in trend
    assert any("For You: " in alt for alt in alts)


def test_calls_of_the_page_give_its_numbers(tmp_path: Path) -> None:
    posts = pd.concat([make_posts(QUARTER, profile="bakery"), make_posts({"2026-03-05": 9}, profile="cafe")])
    page = write(posts, tmp_path, at="2026-03", profile="bakery", tz="Europe/Berlin")
    code = [line for line in page.text.splitlines() if "posts.ayr." in line or "latest" in line or "shown" in line]
    names: dict[str, object] = {"posts": posts}
    calls = "".join(page.text.partition("these calls give its tables:")[2]).splitlines()
    results = {}
    for line in calls:
        for start in ("posts = ", "latest = ", "shown = "):
            if start in line:
                exec(line[line.index(start) :], names)
        for start in ("posts.ayr.", "shown.ayr."):
            if start in line and "=" not in line[: line.index(start)]:
                results[line[: line.index(start)]] = eval(line[line.index(start) :], names)
    assert code
    figures = results["key figures and all figures"]
    assert figures.query("metric == 'likes'")["sum"].tolist() == [150.0]
    assert len(figures) == len(page.tables["All figures"])
    changes = results["changes"].set_index("metric")
    assert changes.loc["likes", ["before", "this"]].tolist() == [100.0, 150.0]


SAMPLES = ayr.load_sample(["instagram", "x"])
TWO = pd.concat([SAMPLES.assign(profile="a"), SAMPLES.iloc[::3].assign(profile="b")], ignore_index=True)


@pytest.mark.parametrize(
    ("month", "period", "profile", "tz"),
    [(11, "month", "a", "UTC"), (8, "quarter", "b", "America/New_York"), (12, "week", "a", "Asia/Tokyo")],
)
def test_report_equals_summary_and_compare(month: int, period: str, profile: str, tz: str, tmp_path: Path) -> None:
    start = pd.Timestamp(2025, month, 15)
    year, week, _ = start.isocalendar()
    at = {"month": f"2025-{month:02}", "quarter": f"2025Q{start.quarter}", "week": f"{year}-W{week:02}"}[period]
    posts = TWO[TWO["profile"] == profile]
    expected = posts.ayr.summary(period, tz=tz).query(f"{period} == '{at}'")
    assert len(expected) > 0
    page = write(TWO, tmp_path, at=at, profile=profile, tz=tz)
    rates = expected["metric"].str.startswith("er_")
    values = expected["sum"].mask(expected["sum"].isna() & ~rates, expected["median"]).mask(rates, expected["rate"])
    shown = page.tables["All figures"]
    assert [row[2][1] for row in shown] == [None if pd.isna(value) else value for value in values]
    assert [row[4][0] for row in shown] == [f"{row.posts_with} of {row.posts}" for row in expected.itertuples()]
    changes = posts.ayr.compare(period, at=at, tz=tz)
    changes = changes[changes[["before", "this"]].notna().any(axis=1)]
    compared = next(rows for label, rows in page.tables.items() if " compared with " in label)
    for column, name in enumerate(["before", "this", "change"], start=2):
        assert [row[column][1] for row in compared] == [None if pd.isna(value) else value for value in changes[name]]
    assert [row[5][0] for row in compared] == changes["note"].fillna("").tolist()


@pytest.mark.timeout(240)
def test_report_of_archive_and_dataset_make_no_requests_and_list_checksums(tmp_path: Path) -> None:
    archive, page = tmp_path / "archive", tmp_path / "report.html"
    assert main(["load", "pinterest", "--sandbox", "--limit", "all", "--archive", str(archive)]) == 0
    assert main(["report", "all", "--archive", str(archive), "-o", str(page)]) == 0
    text = page.read_text("utf-8")
    assert text.count(".page</td>") == 2
    assert "not fetched" in text
    ayr.Archive(archive).to_parquet(tmp_path / "dataset")
    assert main(["report", "all", "--dataset", str(tmp_path / "dataset"), "-o", str(page)]) == 0
    assert Page(text).tables["All figures"] == read_page(page).tables["All figures"]


def test_command_line_shows_a_period_of_a_profile_and_opens_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = ayr.Archive(tmp_path / "pages")
    for label, likes in {"bakery": QUARTER, "cafe": {"2026-03-05": 9}}.items():
        (tmp_path / "saved.json").write_text(
            pd.io.json.ujson_dumps({"status": "success", "posts": make_posts(likes, profile=label).ayr.to_posts()})
        )
        archive.add(tmp_path / "saved.json", platform="tiktok", profile=label, as_of=READ_IN_APRIL)
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    page = tmp_path / "r.html"
    command = ["report", "tiktok", "--archive", archive.path, "--open", "-o", str(page), "--profile"]
    assert main([*command, "bakery", "--at", "2026-03", "--tz", "Europe/Berlin", "--title", "March"]) == 0
    parsed = read_page(page)
    assert cell_texts(parsed, "March 2026 compared with February 2026", "likes")[2:5] == ["100", "150", "+50.0 %"]
    assert "cafe" not in page.read_text("utf-8")
    assert opened == [page.as_uri()]
    assert main([*command, "bakry"]) == 1
    assert "Unknown profile 'bakry'. Did you mean 'bakery'?" in capsys.readouterr().err


def test_commands_of_the_guide_run_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide" / "report.md").read_text("utf-8")
    commands = [line.split()[3:] for line in guide.splitlines() if line.startswith("python -m ayrframe ")]
    assert [command[0] for command in commands] == ["report", "report", "load"]
    monkeypatch.chdir(tmp_path)
    for platform in ("instagram", "tiktok"):
        (tmp_path / "saved.json").write_text(
            pd.io.json.ujson_dumps(
                {"status": "success", "posts": make_posts(QUARTER, platform=platform).ayr.to_posts()}
            )
        )
        ayr.Archive("pages").add("saved.json", platform=platform, profile="bakery", as_of=READ_IN_APRIL)
    for command in commands:
        assert main(command) == 0
    assert openpyxl.load_workbook(tmp_path / "posts.xlsx").sheetnames[:2] == ["Overview", "Posts"]
    page = read_page(tmp_path / "march.html")
    # The month before has 5 posts; only the shown posts are those of March.
    assert [row[2][0] for row in page.tables["March 2026 compared with February 2026"] if row[1][0] == "posts"] == [
        "5",
        "5",
    ]
    example = next(line for line in guide.splitlines() if line.startswith("ayr.report(ayr.Archive("))
    (tmp_path / "logo.png").write_bytes(LOGO)
    eval(example, {"ayr": ayr})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["report", "tiktok", "--sample", "-o", "report.pdf"], "must end in .html"),
        (
            ["report", "tiktok", "--sample", "--since", "March", "-o", "r.html"],
            "argument --since: must be a date such as",
        ),
        (["report", "tiktok", "--sample", "--at", "March", "-o", "r.html"], "argument --at: must be a year '2026'"),
        (["report", "tiktok", "--sample", "--tz", "Mars/Base", "-o", "r.html"], "Unknown time zone 'Mars/Base'"),
        (["report", "tiktok", "--sample"], "-o"),
    ],
)
def test_invalid_options_exit_with_message(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["report", "myspace", "--sample", "-o", "r.html"], "Unknown platform 'myspace'. Choose from: bluesky"),
        (["report", "all", "--archive", "no-such-folder", "-o", "r.html"], "No archive found in '"),
        (["report", "all", "--dataset", "no-such-folder", "-o", "r.html"], "No dataset found in '"),
        (
            ["report", "tiktok", "--sample", "--profile", "a", "-o", "r.html"],
            "Unknown profile 'a'. The source has: ''.",
        ),
        (
            ["report", "tiktok", "--sample", "--since", "2031-01-01", "-o", "r.html"],
            "No posts in the period: from 1 Jan",
        ),
    ],
)
def test_invalid_combination_prints_message_without_traceback(
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_live_report_without_a_key_prints_the_reason_on_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AYRSHARE_API_KEY", raising=False)
    assert main(["report", "tiktok", "-o", str(tmp_path / "r.html")]) == 1
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "No API key found" in message
    assert not (tmp_path / "r.html").exists()


def test_pictures_ignore_the_settings_and_figures_of_the_caller(tmp_path: Path) -> None:
    script = """
import sys
import matplotlib
import ayrframe as ayr
matplotlib.rcParams.update({"figure.facecolor": "black", "font.size": 30})
ayr.report(ayr.load_sample("tiktok"), sys.argv[1], at="2026-01")
print("matplotlib.pyplot" in sys.modules, matplotlib.rcParams["font.size"])
"""
    page = tmp_path / "a.html"
    ran = subprocess.run([sys.executable, "-c", script, page], capture_output=True, text=True, check=True)
    assert ran.stdout == "False 30.0\n"
    ayr.report(ayr.load_sample("tiktok"), tmp_path / "b.html", at="2026-01")
    assert [image["src"] for image in read_page(page).images()] == [
        image["src"] for image in read_page(tmp_path / "b.html").images()
    ]
