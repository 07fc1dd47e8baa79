"""What `ayr.check` and `ayrframe check` find in archives, datasets, frames and live loads."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe.__main__ import main

NOON = pd.Timestamp("2026-03-20T12:00:00Z")


def days_before(days: float) -> str:
    return (NOON - pd.Timedelta(days=days)).isoformat()


def readings(
    days: Iterable[float], numbers: dict[float, list[int | None]], *, platform: str = "bluesky", profile: str = ""
) -> pd.DataFrame:
    """Return readings some days before noon of posts: their age in days, and their likes at each reading."""
    frames = [
        ayr.from_posts(
            [
                {"id": f"{age}", "created": days_before(age), "likeCount": likes[number]}
                for age, likes in numbers.items()
                if age >= day
            ],
            platform=platform,
            profile=profile,
            as_of=days_before(day),
        )
        for number, day in enumerate(days)
    ]
    return pd.concat(frames, ignore_index=True)


def once(*ages: float, **options: Any) -> pd.DataFrame:
    """Return one reading at noon of posts of these ages in days."""
    return readings([0], {age: [3] for age in ages}, **options)


def found(source: Any, **options: Any) -> list[tuple[str, str, str]]:
    """Return platform, profile and name of each finding at noon; missing ones are empty."""
    table = ayr.check(source, **{"now": NOON} | options)
    return list(table[["platform", "profile", "finding"]].fillna("").itertuples(index=False, name=None))


# ── Accounts that stopped posting ───────────────────────────────────────────────────────────────────────────────────


def test_daily_account_that_is_silent_for_three_days_stopped_posting() -> None:
    table = ayr.check(once(3, 4, 5, 6, 7, profile="bakery"), now=NOON)
    assert table.to_dict("records") == [
        {
            "platform": "bluesky",
            "profile": "bakery",
            "finding": "stopped posting",
            "since": pd.Timestamp("2026-03-17T12:00:00Z"),
            "detail": "newest post 2026-03-17, 3 days before the last reading; usually at most 1 day between days with "
            "posts",
        }
    ]


@pytest.mark.parametrize(
    "ages",
    [
        pytest.param([2, 3, 4, 5, 6], id="daily, silent for two days"),
        pytest.param([13, 20, 27, 34, 41], id="weekly, silent for 13 days"),
        pytest.param([5, 5.01, 5.02, 5.03, 12, 12.01, 12.02, 19, 19.01, 26, 26.01, 33], id="several at once, weekly"),
        pytest.param([40, 41, 42, 43], id="too few days to say what is usual"),
        pytest.param([], id="without posts"),
    ],
)
def test_account_within_its_usual_interval_has_no_finding(ages: list[float]) -> None:
    assert found(once(*ages)) == ([] if ages else [("", "", "not extended")])


def test_usual_interval_is_that_of_the_last_thirty_days_with_posts() -> None:
    weekly, daily = range(40, 400, 7), range(4, 34)
    assert found(once(*daily, *weekly)) == [("bluesky", "", "stopped posting")]
    assert found(once(*range(4, 10), *weekly)) == []  # weekly until lately


def test_reposts_and_posts_dated_after_the_reading_do_not_end_a_silence() -> None:
    future = {"id": "f", "created": days_before(-5)}
    frame = pd.concat([once(3, 4, 5, 6, 7), ayr.from_posts([future], platform="bluesky", as_of=NOON)])
    assert found(frame) == [("bluesky", "", "stopped posting")]
    sent = [{"id": f"{age}", "created": days_before(age), "post": "Bread"} for age in (3, 4, 5, 6, 7)]
    repost = {"id": "r", "created": days_before(0.5), "post": "RT @mill: Flour"}
    assert found(ayr.from_posts([*sent, repost], platform="x", as_of=NOON)) == [("twitter", "", "stopped posting")]


def test_silence_lasts_until_the_last_page_even_without_posts(tmp_path: Path) -> None:
    archive = ayr.Archive(tmp_path)
    posts = [{"id": f"{age}", "created": days_before(age)} for age in (4, 5, 6, 7, 8)]
    add(archive, posts, 3)
    assert found(archive, now=days_before(3)) == []
    add(archive, [], 0)
    assert found(archive) == [("bluesky", "", "stopped posting")]


def add(archive: ayr.Archive, posts: list[dict[str, Any]], day: float, **options: Any) -> None:
    options = {"platform": "bluesky"} | options
    archive.add(msgspec.json.encode({"posts": posts}), as_of=days_before(day), **options)


# ── Numbers that stopped moving ─────────────────────────────────────────────────────────────────────────────────────


def test_equal_numbers_in_three_readings_over_a_day_stopped_moving() -> None:
    table = ayr.check(readings([3, 2, 1, 0], {5: [2, 9, 9, 9], 4: [1, 7, 7, 7], 40: [5, 5, 5, 5]}), now=NOON)
    assert table[["platform", "finding", "since", "detail"]].to_numpy().tolist() == [
        [
            "bluesky",
            "numbers stopped moving",
            pd.Timestamp("2026-03-18T12:00:00Z"),
            "2 recent posts with equal numbers in 3 readings since 2026-03-18 12:00 (UTC)",
        ]
    ]


@pytest.mark.parametrize(
    ("days", "numbers"),
    [
        pytest.param([2, 1, 0], {5: [9, 9, 9], 4: [7, 7, 8]}, id="one of two posts moves"),
        pytest.param([1, 0], {5: [9, 9]}, id="two readings"),
        pytest.param([0.2, 0.1, 0], {5: [9, 9, 9]}, id="within hours"),
        pytest.param([2, 1, 0], {9: [9, 9, 9]}, id="old posts only"),
        pytest.param([2, 1, 0], {5: [0, 0, 0]}, id="no number above 0"),
        pytest.param([2, 1, 0], {5: [None, None, None]}, id="no numbers"),
        pytest.param([3, 2, 1, 0], {5: [9, 9, 9, 10]}, id="moves again"),
    ],
)
def test_numbers_that_may_move_have_no_finding(days: list[float], numbers: dict[float, list[int | None]]) -> None:
    assert found(readings(days, numbers)) == []


def test_missing_numbers_are_no_movement() -> None:
    assert found(readings([3, 2, 1, 0], {5: [9, None, 9, None]})) == [("bluesky", "", "numbers stopped moving")]


def test_numbers_older_than_the_reading_stopped_moving() -> None:
    lagging = once(1, 2).assign(as_of=NOON - pd.Timedelta(days=2.1))
    table = ayr.check(lagging, now=NOON)
    assert table["detail"].tolist() == ["the numbers are of 2026-03-18 09:36, last read 2026-03-20 12:00 (UTC)"]
    assert found(once(1, 2).assign(as_of=NOON - pd.Timedelta(days=1.9))) == []


# ── Drift ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_drift_of_the_last_readings_is_found_once_per_field(tmp_path: Path) -> None:
    archive = ayr.Archive(tmp_path)
    add(archive, [{"id": "0", "formerField": 1}], 9, profile="a")
    for profile in ("a", "b"):
        add(archive, [{"id": "1", "newField": [7], "likeCount": "many"}], 0, profile=profile)
    table = ayr.check(archive, now=NOON).fillna("")
    assert table[["platform", "profile", "finding", "detail"]].to_numpy().tolist() == [
        ["bluesky", "", "drift", "undeclared newField in 2 posts, e.g. [7]"],
        ["bluesky", "", "drift", 'wrong type likeCount in 2 posts, e.g. "many"'],
    ]


# ── Missing readings ────────────────────────────────────────────────────────────────────────────────────────────────


def test_source_without_a_reading_within_the_time_was_not_extended() -> None:
    frame = pd.concat([once(1, 2), once(1, profile="b")])
    table = ayr.check(frame, now=NOON + pd.Timedelta(hours=27))
    assert table.fillna("").to_numpy().tolist() == [
        ["", "", "not extended", NOON, "last reading 2026-03-20 12:00 (UTC), 1.1 days ago"]
    ]
    assert found(frame, now=NOON + pd.Timedelta(hours=25)) == []
    assert found(frame, now=NOON + pd.Timedelta(hours=27), max_age="2D") == []


def test_account_that_is_not_read_any_more_may_be_unlinked(tmp_path: Path) -> None:
    archive = ayr.Archive(tmp_path)
    add(archive, [{"id": "1"}], 2)
    add(archive, [], 0, platform="tiktok", profile="b")
    table = ayr.check(archive, now=NOON)
    assert table[["platform", "finding", "detail"]].to_numpy().tolist() == [
        [
            "bluesky",
            "no longer read",
            "last reading 2026-03-18 12:00 (UTC), 2.0 days ago, unlike other accounts; it may no longer be linked",
        ]
    ]
    assert found(archive, platform="tiktok") == []
    assert found(archive, platform=["tiktok", "x"]) == [("twitter", "", "no longer read")]
    assert found(archive, profile="b") == []
    assert found(archive, platform="bluesky") == [("", "", "not extended")]
    assert found(archive, since=days_before(1)) == []
    with pytest.raises(ValueError, match="Unknown profile 'c'"):
        ayr.check(archive, profile="c")


def test_empty_sources_were_not_extended(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert found(tmp_path / "empty") == [("", "", "not extended")]
    assert found(once(1)[:0]) == [("", "", "not extended")]
    with pytest.raises(FileNotFoundError):
        ayr.check(tmp_path / "none")


def test_archive_dataset_and_saved_frame_have_the_same_findings(tmp_path: Path) -> None:
    archive = ayr.Archive(tmp_path / "pages")
    add(archive, [{"id": f"{age}", "created": days_before(age)} for age in (4, 5, 6, 7, 8)], 0)
    archive.to_parquet(tmp_path / "dataset")
    archive.posts().to_csv(tmp_path / "posts.csv", index=False)
    expected = ayr.check(archive, now=NOON)
    assert expected["finding"].tolist() == ["stopped posting"]
    csv = pd.read_csv(tmp_path / "posts.csv", dtype={"id": "str"}).assign(own=1)
    for source in (archive.path, tmp_path / "dataset", archive.posts(), csv):
        pd.testing.assert_frame_equal(ayr.check(source, now=NOON), expected)
    assert expected.dtypes.astype(str).tolist() == ["str", "str", "str", "datetime64[us, UTC]", "str"]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (5, r"got int\.$"),
        (pd.DataFrame({"id": ["1"]}), "posts frame, got"),
        (once(1).ayr.metrics(), r"got a metrics frame\.$"),
    ],
)
def test_other_sources_are_refused(source: Any, problem: str) -> None:
    with pytest.raises(TypeError, match=f"`source` must be an ayr.Archive, .*{problem}"):
        ayr.check(source)


# ── Live, and on the command line ───────────────────────────────────────────────────────────────────────────────────


def test_live_check_finds_platforms_that_are_not_linked() -> None:
    with ayr.sandbox(posts={"bluesky": 20, "linkedin": 20}) as api:
        client = api.client()
        table = ayr.check(platform=["bluesky", "tiktok"], client=client)
        assert table[["platform", "finding"]].to_numpy().tolist() == [["tiktok", "not linked"]]
        assert "tiktok" in table["detail"][0].lower()
        assert found(None, platform="tiktok", client=client) == [("tiktok", "", "not linked")]
        api.misbehave("status", 403, platform="linkedin")
        assert found(None, platform=["bluesky", "linkedin"], client=client) == [("linkedin", "", "not loaded")]
        with pytest.raises(ayr.AuthError):
            ayr.check(platform=["linkedin", "tiktok"], client=client)


def test_command_prints_a_line_per_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = ayr.Archive(tmp_path)
    add(archive, [{"id": f"{age}", "created": days_before(age)} for age in (4, 5, 6, 7, 8)], 0, profile="bakery")
    add(archive, [{"id": "1"}], 2, platform="x")
    arguments = ["check", "--archive", str(tmp_path), "--now", NOON.isoformat()]
    assert main(arguments) == 1
    assert capsys.readouterr().out.splitlines() == [
        "X: no longer read: last reading 2026-03-18 12:00 (UTC), 2.0 days ago, unlike other accounts; "
        "it may no longer be linked",
        "Bluesky bakery: stopped posting: newest post 2026-03-16, 4 days before the last reading; "
        "usually at most 1 day between days with posts",
    ]
    assert main([*arguments, "x", "--max-age", "49"]) == 0
    assert main([*arguments, "--profile", "bakery", "--since", "2026-03-15"]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "arguments", [["tiktokk"], ["--max-age", "soon"], ["--since", "March"], ["--archive", "a", "--dataset", "b"]]
)
def test_command_with_wrong_arguments_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["check", *arguments])
    assert caught.value.code == 2
    assert "usage: " in capsys.readouterr().err


def test_command_without_an_archive_reports_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--archive", str(tmp_path / "none")]) == 1
    assert "No archive found" in capsys.readouterr().err


def test_command_checks_the_sandbox(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "bluesky", "--sandbox"]) == 0
    assert capsys.readouterr() == ("", "")
