"""Growth of metrics between observations, by period, at the same age, and its plot."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas.testing import assert_frame_equal

import ayrframe as ayr
from ayrframe._api.secrets import fingerprint as identity
from ayrframe._archive.cache import PageRecorder
from ayrframe._archive.page_file import make_request, new_load_id
from ayrframe._archive.page_store import PageStore
from ayrframe._decode.envelope import parse_envelopes
from ayrframe._metrics.growth import FREQUENCIES, GROWTH_METRICS, at_age, growth, velocity
from ayrframe._plots import growth as plots

mpl.use("agg")

PUBLISHED = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
DTYPES = {
    "platform": "str",
    "profile": "str",
    "id": "str",
    "as_of": "datetime64[us, UTC]",
    "created": "datetime64[us, UTC]",
    "age_hours": "float64",
    "value": "float64",
    "increment": "float64",
    "hours": "float64",
    "per_hour": "float64",
    "fell": "boolean",
}
LikesByHour = dict[float, int | None]


def at(hours: float) -> datetime:
    return PUBLISHED + timedelta(hours=hours)


def observe(hours: float, *sent: dict[str, Any], platform: str = "bluesky", profile: str = "") -> pd.DataFrame:
    return ayr.from_posts(list(sent), platform=platform, profile=profile, as_of=at(hours), validate=None)


def post(name: str = "a", likes: int | None = None, **more: Any) -> dict[str, Any]:
    sent = {"id": name, "created": PUBLISHED.isoformat(), "post": "text", **more}
    return sent if likes is None else sent | {"likeCount": likes}


def observations(likes_by_hour: LikesByHour, name: str = "a", **options: str) -> pd.DataFrame:
    """Return observations of one post from likes by hours after publication."""
    return pd.concat(
        [observe(hours, post(name, likes), **options) for hours, likes in likes_by_hour.items()], ignore_index=True
    )


def to_list(values: pd.Series) -> list[Any]:
    return [None if pd.isna(value) else value for value in values]


class TestPoints:
    def test_growth_of_observations_gives_increments(self) -> None:
        table = growth(observations({1: 10, 3: 30, 7: 26}), "likes")
        assert table.dtypes.astype(str).to_dict() == DTYPES
        assert to_list(table["age_hours"]) == [1, 3, 7]
        assert to_list(table["value"]) == [10, 30, 26]
        assert to_list(table["increment"]) == [None, 20, -4]
        assert to_list(table["hours"]) == [None, 2, 4]
        assert to_list(table["per_hour"]) == [None, 10, -1]
        assert to_list(table["fell"]) == [None, False, True]

    def test_growth_with_missing_value_spans_gap_in_next_increment(self) -> None:
        table = growth(observations({0: None, 1: 10, 2: None, 3: None, 5: 18, 6: 18}), "likes")
        assert to_list(table["value"]) == [None, 10, None, None, 18, 18]
        assert to_list(table["increment"]) == [None, None, None, None, 8, 0]
        assert to_list(table["hours"]) == [None, None, None, None, 4, 1]
        assert to_list(table["fell"]) == [None, None, None, None, False, False]

    def test_growth_of_rows_with_same_as_of_counts_one_observation(self) -> None:
        table = growth(observations({1: 10, 3: 30}), "likes")
        assert_frame_equal(growth(pd.concat([observations({1: 10, 3: 30}), observations({3: 30})]), "likes"), table)

    @pytest.mark.parametrize("order", [1, -1])
    def test_growth_of_copies_prefers_the_one_with_value(self, order: int) -> None:
        copies = [observations({1: 10}), observations({1: None})][::order]
        assert to_list(growth(pd.concat(copies), "likes")["value"]) == [10]

    def test_growth_of_same_id_keeps_profiles_and_platforms_apart(self) -> None:
        parts = [
            observations({1: 1, 2: 2}, profile="x"),
            observations({1: 100, 2: 90}, profile="y"),
            observations({1: 7, 2: 9}, platform="tiktok", profile="x"),
        ]
        table = growth(pd.concat(parts), "likes")
        platforms = ["bluesky", "bluesky", "bluesky", "bluesky", "tiktok", "tiktok"]
        assert table["platform"].tolist() == platforms
        assert table["profile"].tolist() == ["x", "x", "y", "y", "x", "x"]
        assert to_list(table["increment"]) == [None, 1, None, -10, None, 2]

    def test_growth_of_error_records_and_rows_without_id_leaves_them_out(self) -> None:
        failure = {"id": "a", "code": 400, "status": "error", "message": "no"}
        posts = pd.concat(
            [observations({1: 10}), observe(2, failure), observe(2, {"likeCount": 3}), observations({3: 12})]
        )
        table = growth(posts, "likes")
        assert to_list(table["value"]) == [10, 12]
        assert to_list(table["hours"]) == [None, 2]

    def test_growth_with_created_in_one_row_uses_it_for_all(self) -> None:
        bare = {"id": "a", "post": "text", "likeCount": 4}
        table = growth(pd.concat([observations({2: 1}), observe(3, bare)]), "likes")
        assert to_list(table["age_hours"]) == [2, 3]

    def test_growth_without_created_has_increments_but_no_age(self) -> None:
        bare = [observe(hours, {"id": "a", "post": "text", "likeCount": 4}) for hours in (1, 2)]
        table = growth(pd.concat(bare), "likes")
        assert to_list(table["age_hours"]) == [None, None]
        assert to_list(table["increment"]) == [None, 0]

    def test_growth_of_engagements_with_other_parts_has_no_increment(self) -> None:
        both = {"likeCount": 10, "replyCount": 5}
        posts = pd.concat(
            [observe(1, post() | both), observe(2, post("a", 11)), observe(3, post() | both | {"replyCount": 9})]
        )
        table = growth(posts)
        assert to_list(table["value"]) == [15, 11, 19]
        assert to_list(table["increment"]) == [None, None, 4]
        assert to_list(table["hours"]) == [None, None, 2]

    @pytest.mark.parametrize("metric", GROWTH_METRICS)
    def test_growth_of_samples_works_for_every_metric(self, metric: str) -> None:
        posts = ayr.load_sample()
        table = growth(posts, metric)
        assert table.dtypes.astype(str).to_dict() == DTYPES
        assert len(table) == len(posts)
        assert table["increment"].isna().all()

    @pytest.mark.parametrize("function", [growth, velocity])
    @pytest.mark.parametrize("metric", ["er_views", "er_impressions", "er_reach", "er_followers", "claps", 3])
    def test_growth_and_velocity_of_rate_or_unknown_metric_raise(self, function: Any, metric: Any) -> None:
        with pytest.raises(ValueError, match="engagements"):
            function(observations({1: 1}), metric)

    @pytest.mark.parametrize("freq", [None, *FREQUENCIES])
    def test_an_empty_frame_has_the_same_columns(self, freq: str | None) -> None:
        empty = growth(observations({1: 1}).iloc[:0], "likes", freq)
        assert_frame_equal(empty, growth(observations({1: 1}), "likes", freq).iloc[:0])


class TestPeriods:
    def test_growth_by_day_takes_last_value_and_leaves_gaps(self) -> None:
        posts = observations({1: 10, 20: 15, 30: 20, 47: None, 75: 40, 100: 44})
        table = growth(posts, "likes", "D")
        assert table.columns.tolist() == [*list(DTYPES)[:3], "period", *list(DTYPES)[3:]]
        assert to_list(table["period"]) == [pd.Timestamp(at(24 * day)) for day in range(5)]
        assert to_list(table["value"]) == [15, 20, None, 40, 44]
        # Day 2 has no observation, so neither it nor the next day has an increment.
        assert to_list(table["increment"]) == [None, 5, None, None, 4]
        assert to_list(table["hours"]) == [None, 10, None, None, 25]
        assert to_list(table["as_of"]) == [pd.Timestamp(at(hours)) if hours else None for hours in (20, 30, 0, 75, 100)]
        assert to_list(table["age_hours"]) == [20, 30, None, 75, 100]
        assert to_list(table["fell"]) == [None, False, None, None, False]

    def test_growth_by_day_without_value_has_as_of_but_no_value(self) -> None:
        table = growth(observations({1: 10, 25: None, 49: 12}), "likes", "D")
        assert to_list(table["value"]) == [10, None, 12]
        assert table["as_of"].notna().all()
        assert table["increment"].isna().all()

    def test_growth_by_day_uses_utc(self) -> None:
        table = growth(observations({23.99: 1, 24: 5}), "likes", "D")
        assert to_list(table["period"]) == [pd.Timestamp(at(0)), pd.Timestamp(at(24))]
        assert to_list(table["increment"]) == [None, 4]

    @pytest.mark.parametrize(
        ("freq", "starts"),
        [
            ("h", ["2026-03-02 00:00", "2026-03-02 01:00"]),
            ("W", ["2026-02-23", "2026-03-02"]),
            ("M", ["2026-02-01", "2026-03-01"]),
        ],
    )
    def test_growth_by_hour_week_and_month_starts_periods(self, freq: str, starts: list[str]) -> None:
        likes_by_hour: LikesByHour = (
            {0.5: 1, 1.5: 2} if freq == "h" else {-1 if freq == "W" else -24.5 * 1.1: 1, 0.5: 2}
        )
        table = growth(observations(likes_by_hour), "likes", freq)
        assert to_list(table["period"]) == [pd.Timestamp(start, tz="UTC") for start in starts]
        assert to_list(table["increment"]) == [None, 1]

    def test_growth_by_day_covers_first_to_last_observation_of_each_post(self) -> None:
        posts = pd.concat([observations({1: 1, 50: 2}), observations({25: 5}, "b")])
        table = growth(posts, "likes", "D")
        assert table["id"].tolist() == ["a", "a", "a", "b"]
        assert table["created"].notna().all()

    @pytest.mark.parametrize("freq", ["day", "2D", "", 7, "Y"])
    def test_growth_with_unknown_frequency_raises(self, freq: Any) -> None:
        with pytest.raises(ValueError, match="h, D, W, M"):
            growth(observations({1: 1}), "likes", freq)


class TestAtAge:
    def at_age_row(self, likes_by_hour: LikesByHour, age: str = "8h", **options: Any) -> dict[str, Any]:
        (row,) = at_age(observations(likes_by_hour), age, **options).to_dict("records")
        return row

    @pytest.mark.parametrize(
        ("likes_by_hour", "likes"),
        [
            ({8: 5, 9: 9}, 5),  # exactly at the age
            ({7: 4, 8.0001: 5}, 4),
            ({4: 3, 9: 9}, 3),  # at half of the age
            ({3.9999: 3, 9: 9}, None),
            ({4: 3, 8: None, 9: 9}, 3),  # an observation without a value is not used
            ({4: 3}, None),  # never read again
        ],
    )
    def test_at_age_uses_last_observation_within_tolerance(self, likes_by_hour: LikesByHour, likes: int | None) -> None:
        row = self.at_age_row(likes_by_hour)
        assert (None if pd.isna(row["likes"]) else row["likes"]) == likes
        assert (row["status"] == "observed") == (likes is not None)
        assert math.isnan(row["observed_age_days"]) == (likes is None)

    def test_at_age_with_tolerance_limits_observations(self) -> None:
        assert self.at_age_row({7: 4, 9: 9}, tolerance="1h")["likes"] == 4
        assert self.at_age_row({7: 4, 9: 9}, tolerance="59min")["status"] == "no observation"
        assert self.at_age_row({8: 4}, tolerance=timedelta(0))["likes"] == 4

    def test_at_age_of_post_is_reached_only_if_account_was_read_later(self) -> None:
        posts = pd.concat([observations({7: 4}), observations({9: 1}, "b", profile="other")])
        assert at_age(posts, "8h")["status"].tolist() == ["not yet that old", "no observation"]
        # The post was deleted before its account was read again.
        posts = pd.concat([observations({7: 4}), observations({9: 1}, "b")])
        assert at_age(posts, "8h")["status"].tolist() == ["observed", "no observation"]

    def test_at_age_keeps_every_post_with_status(self) -> None:
        failure = {"code": 400, "status": "error", "message": "no"}
        posts = pd.concat(
            [observations({20: 9}), observe(20, {"id": "b", "post": "x", "likeCount": 1}, failure, failure)]
        )
        table = at_age(posts, "8h")
        assert to_list(table["id"]) == ["a", "b", None, None]
        assert table["status"].tolist() == ["no observation", "no date", "no date", "no date"]
        assert table["likes"].isna().all()
        assert table["engagement_parts"].isna().all()

    def test_at_age_row_equals_metrics_of_observation(self) -> None:
        table = at_age(observations({7: 4, 9: 9}), "8h")
        expected = observations({7: 4}).ayr.metrics()
        assert_frame_equal(table.drop(columns=["observed_age_days", "status"]), expected)
        assert table["observed_age_days"].tolist() == [7 / 24]

    def test_an_empty_frame_has_the_same_columns(self) -> None:
        posts = observations({7: 4})
        assert_frame_equal(at_age(posts.iloc[:0]), at_age(posts).iloc[:0])
        assert_frame_equal(velocity(posts.iloc[:0]), velocity(posts).iloc[:0])

    @pytest.mark.parametrize("age", ["7", "seven days", " ", "-1D", "0s", 8, None, "9" * 30 + "D"])
    def test_at_age_with_invalid_age_raises(self, age: Any) -> None:
        with pytest.raises(ValueError, match=r"Invalid duration|must be positive"):
            at_age(observations({1: 1}), age)

    @pytest.mark.parametrize("tolerance", ["1", "-1h"])
    def test_at_age_with_invalid_tolerance_raises(self, tolerance: Any) -> None:
        with pytest.raises(ValueError, match="Invalid duration"):
            at_age(observations({1: 1}), "7D", tolerance)


class TestVelocity:
    def test_velocity_of_observations_gives_rates_per_hour(self) -> None:
        (row,) = velocity(observations({0.5: 10, 20: 49, 150: 309, 200: 400}), "likes").to_dict("records")
        assert [row[f"value_{name}"] for name in ("1h", "24h", "7d")] == [10, 49, 309]
        assert [row[f"hours_{name}"] for name in ("1h", "24h", "7d")] == [0.5, 20, 150]
        assert [row[f"per_hour_{name}"] for name in ("1h", "24h", "7d")] == [20, 49 / 20, 309 / 150]
        assert [row["per_hour_1h_to_24h"], row["per_hour_24h_to_7d"]] == [39 / 19.5, 2]

    def test_velocity_of_unobserved_age_is_na(self) -> None:
        table = velocity(observations({20: 49, 30: 60}), "likes")
        assert to_list(table.iloc[0, 4:]) == [None, 49, None, None, 20, None, None, 49 / 20, None, None, None]
        assert table.dtypes.iloc[4:].astype(str).eq("float64").all()

    def test_velocity_prefers_observation_with_metric(self) -> None:
        posts = pd.concat([observations({15: 7}), observe(20, post() | {"replyCount": 3}), observations({30: 9})])
        assert velocity(posts, "likes")["value_24h"].tolist() == [7]

    def test_velocity_of_engagements_with_other_parts_is_na(self) -> None:
        posts = pd.concat(
            [observations({1: 10}), observe(20, post("a", 10) | {"replyCount": 99}), observations({30: 10})]
        )
        table = velocity(posts)
        assert table["value_24h"].tolist() == [109]
        assert table["per_hour_1h_to_24h"].isna().all()


moments = st.integers(0, 2000).map(lambda quarters: quarters / 4)
values = st.none() | st.integers(-1, 2**53)
rows = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["", "x"]), moments, values), max_size=14)


def to_frame(rows: list[tuple[str, str, float, int | None]]) -> pd.DataFrame:
    empty = observations({1: 1}).iloc[:0]
    return pd.concat(
        [empty, *(observe(hours, post(name, likes), profile=profile) for name, profile, hours, likes in rows)]
    )


class TestAlways:
    @settings(deadline=None, max_examples=40)
    @given(rows)
    def test_growth_of_any_posts_has_increments_that_add_up(self, drawn: list[Any]) -> None:
        groups = growth(to_frame(drawn), "likes").dropna(subset="value").groupby(["profile", "id"])
        gained = groups["value"].last() - groups["value"].first()
        assert np.allclose(groups["increment"].sum(), gained, rtol=1e-9, atol=8)

    @settings(deadline=None, max_examples=40)
    @given(rows, st.randoms(use_true_random=False), st.sampled_from([None, *FREQUENCIES]))
    def test_growth_of_any_posts_does_not_depend_on_row_order(
        self, drawn: list[Any], rng: Any, freq: str | None
    ) -> None:
        once = list({row[:3]: row for row in drawn}.values())
        shuffled = once.copy()
        rng.shuffle(shuffled)
        assert_frame_equal(growth(to_frame(once), "likes", freq), growth(to_frame(shuffled), "likes", freq))
        keys = ["profile", "id"]
        expected, result = (
            table.sort_values(keys).reset_index(drop=True)
            for table in (at_age(to_frame(once)), at_age(to_frame(shuffled)))
        )
        assert_frame_equal(expected, result)

    @settings(deadline=None, max_examples=40)
    @given(rows, st.sampled_from([None, "D", "W", "M"]))
    def test_growth_of_any_posts_has_no_duplicate_rows(self, drawn: list[Any], freq: str | None) -> None:
        posts = to_frame(drawn)
        table = growth(posts, "likes", freq)
        assert not table.duplicated(["profile", "id", "as_of" if freq is None else "period"]).any()
        assert (table["fell"].fillna(value=False) == (table["increment"] < 0)).all()
        assert (
            len(at_age(posts, "3D"))
            == len(velocity(posts, "likes"))
            == posts[["profile", "id"]].drop_duplicates().shape[0]
        )

    def test_growth_at_calendar_limits_works(self) -> None:
        sent = [post("a", 1) | {"created": text} for text in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")]
        posts = pd.concat([observe(1, sent[0]), observe(2, sent[1] | {"id": "b"})])
        for freq in (None, *FREQUENCIES):
            assert len(growth(posts, "likes", freq)) == 2
        assert at_age(posts)["status"].tolist() == ["no observation", "not yet that old"]


def test_archive_growth_equals_growth_of_its_frame(tmp_path: Path) -> None:
    store = PageStore(tmp_path / "archive")
    request = make_request("bluesky", identity=identity("key", "https://api.ayrshare.com/api"))
    for hours, likes in {1: 3, 2: 8, 30: 5}.items():
        response = {"status": "success", "posts": [post("a", likes), post("b")], "lastUpdated": at(hours).isoformat()}
        body = json.dumps(response).encode()
        for delay in (0, 1):  # the same cached response, read twice
            received_at = at(hours + delay / 10)
            recorder = PageRecorder(store, request, load=new_load_id(received_at))
            (envelope,) = parse_envelopes(body, "a page")
            assert recorder.record(body, envelope, received_at=received_at, is_last=True)
    archive = ayr.Archive(store.path)
    table = archive.growth("likes")
    assert table["id"].tolist() == ["a"] * 3 + ["b"] * 3
    assert to_list(table["value"]) == [3, 8, 5, None, None, None]
    assert to_list(table["increment"]) == [None, 5, -3, None, None, None]
    assert_frame_equal(table, archive.posts().ayr.growth("likes"))
    assert_frame_equal(archive.growth("likes", "D", platform="bluesky"), archive.posts().ayr.growth("likes", "D"))
    assert len(archive.growth("likes", platform="tiktok")) == 0
    with pytest.raises(ValueError, match="Unknown profile 'cafe'"):
        archive.growth("likes", profile="cafe")


class TestPlot:
    def axes(self) -> Axes:
        return Figure(layout="constrained").subplots()

    def posts_with_growth(self, n: int, *, likes_by_hour: LikesByHour | None = None, **options: str) -> pd.DataFrame:
        """Return n posts with 1, 2, …, n times as many likes."""
        likes_by_hour = likes_by_hour or {24: 10, 48: 20, 72: 18}
        posts = [
            {hours: likes and likes * (position + 1) for hours, likes in likes_by_hour.items()} for position in range(n)
        ]
        return pd.concat([observations(part, str(position), **options) for position, part in enumerate(posts)])

    def test_plot_growth_of_five_posts_draws_lines_and_median(self) -> None:
        ax = self.posts_with_growth(5).ayr.plot.growth("likes", ax=self.axes())
        thin, bold, falls = ax.get_lines()
        x, y = (np.asarray(data, dtype=float) for data in thin.get_data())
        assert x[:3].tolist() == [1, 2, 3]
        assert y[:3].tolist() == [10, 20, 18]
        assert np.isnan(y).sum() == 5  # a break after each post
        assert [list(part) for part in bold.get_data()] == [[1, 2, 3], [30, 60, 54]]
        assert [list(part) for part in falls.get_data()] == [[3] * 5, [18, 36, 54, 72, 90]]
        assert "Bluesky: n = 5 posts, 5 with at least two observations" in ax.get_title()
        assert [text.get_text() for text in ax.get_legend().get_texts()] == [
            "Bluesky (n = 5)", "Bluesky, median of the same 5", "fell (n = 5)",
        ]  # fmt: skip
        assert ax.get_yscale() == "linear"

    def test_plot_growth_with_fewer_than_five_posts_has_no_median(self) -> None:
        ax = self.posts_with_growth(4, likes_by_hour={1: 1, 2: 2}).ayr.plot.growth("likes", ax=self.axes())
        assert len(ax.get_lines()) == 1
        posts = pd.concat(
            [self.posts_with_growth(5, likes_by_hour={24: 1, 48: 2}), observations({24: 1, 48: 2, 96: 8}, "long")]
        )
        _, bold = posts.ayr.plot.growth("likes", ax=self.axes()).get_lines()
        assert [list(part) for part in bold.get_data()] == [[1, 2], [2.5, 5]]  # of 1 to 5 likes, and 1 of the long one

    def test_plot_growth_of_posts_observed_at_other_ages_has_a_median_of_the_same_posts(self) -> None:
        early = self.posts_with_growth(5, likes_by_hour={24: 1000, 48: 1100})
        late = [observations({72: 10, 96: 11, 120: 12}, f"late {number}") for number in range(5)]
        _, bold = pd.concat([early, *late]).ayr.plot.growth("likes", ax=self.axes()).get_lines()
        assert [list(part) for part in bold.get_data()] == [[3, 4, 5], [10, 11, 12]]
        assert bold.get_label() == "Bluesky, median of the same 5"

    def test_median_curve_between_observations_interpolates_lines(self) -> None:
        table = growth(
            pd.concat(
                [
                    self.posts_with_growth(4, likes_by_hour={24: 10, 72: 30}),
                    observations({24: 100, 48: 100, 72: 100}, "z"),
                ]
            ),
            "likes",
        )
        n, ages, middle = plots.median_curve(plots.growth_lines(table, "age"))
        assert (n, ages.tolist()) == (5, [1, 2, 3])
        assert middle.tolist() == [30, 60, 90]  # of 10 20 30 40 100; of 20 40 60 80 100; of 30 60 90 120 100

    def test_median_curve_of_posts_with_a_gap_ends_at_the_gap(self) -> None:
        whole = self.posts_with_growth(4, likes_by_hour={24: 10, 48: 20, 72: 30, 96: 40})
        gap = observations({24: 10, 48: 20, 72: None, 96: 40}, "gap")
        assert plots.median_curve(plots.growth_lines(growth(whole, "likes"), "age"))[0] == 0
        n, ages, _ = plots.median_curve(plots.growth_lines(growth(pd.concat([whole, gap]), "likes"), "age"))
        assert (n, ages.tolist()) == (5, [1, 2])

    def test_plot_growth_of_engagements_breaks_line_where_the_parts_change(self) -> None:
        sent = {"id": "a", "created": "2026-03-01T00:00:00Z", "post": "x", "likeCount": 5}
        numbers = [{"replyCount": 100}, {"replyCount": 101}, {}, {"replyCount": 103}, {"replyCount": 104}]
        posts = pd.concat([observe(hour, sent | more) for hour, more in enumerate(numbers, start=1)])
        ax = posts.ayr.plot.growth(ax=self.axes())
        values = to_list(pd.Series(ax.get_lines()[0].get_ydata()))
        assert values == [105, 106, None, 5, None, 108, 109, None]
        assert len(ax.get_lines()) == 1, "no observation fell"
        assert "likes+comments or likes" in " ".join(ax.get_title().split())

    def test_plot_growth_of_missing_value_breaks_line(self) -> None:
        (thin,) = observations({1: 1, 2: None, 3: 3}).ayr.plot.growth("likes", ax=self.axes()).get_lines()
        assert to_list(pd.Series(thin.get_ydata()))[:3] == [1, None, 3]

    def test_plot_growth_by_time_has_no_median(self) -> None:
        ax = self.posts_with_growth(6, likes_by_hour={1: 1, 2: 2}).ayr.plot.growth("likes", by="time", ax=self.axes())
        assert len(ax.get_lines()) == 1
        assert "median" not in ax.get_title()
        assert ax.get_xlabel() == "time of the observation (UTC)"

    def test_plot_growth_of_distant_values_uses_log_axis(self) -> None:
        far = pd.concat([observations({1: 1, 2: 2}), observations({1: 1000, 2: 2000}, platform="tiktok")])
        ax = far.ayr.plot.growth("likes", ax=self.axes())
        assert ax.get_yscale() == "log"
        assert "log scale" in ax.get_ylabel()
        posts = pd.concat(
            [self.posts_with_growth(3, likes_by_hour={1: 1, 2: 2}), observations({1: 900, 2: 1000}, "viral")]
        )
        assert posts.ayr.plot.growth("likes", ax=self.axes()).get_yscale() == "log"

    def test_plot_growth_of_posts_observed_once_counts_them_in_title(self) -> None:
        posts = pd.concat([observations({1: 1, 2: 2}), observations({1: 5}, "b"), observations({1: None, 2: 5}, "c")])
        title = posts.ayr.plot.growth("likes", ax=self.axes()).get_title()
        assert "n = 3 posts, 1 with at least two observations" in " ".join(title.split())

    @pytest.mark.parametrize(
        ("posts", "why"),
        [
            (observations({1: 1}), "No post has two observations of likes."),
            (observations({1: 1, 2: None}), "No post has two observations of likes."),
            (observations({1: 1}).iloc[:0], "No post has two observations of likes."),
            (
                pd.concat([observe(hours, {"id": "a", "post": "x", "likeCount": 1}) for hours in (1, 2)]),
                "No post with a date has two observations of likes.",
            ),
        ],
    )
    def test_plot_growth_without_two_observations_explains_empty_axes(self, posts: pd.DataFrame, why: str) -> None:
        ax = posts.ayr.plot.growth("likes", ax=self.axes())
        assert [" ".join(text.get_text().split()) for text in ax.texts] == [why]
        assert not ax.get_lines()
        ax.get_figure().draw_without_rendering()

    @pytest.mark.parametrize("by", ["age", "time"])
    def test_plot_growth_of_samples_works_for_every_metric(self, by: Any) -> None:
        once = ayr.load_sample(["bluesky", "youtube"])
        later = once.assign(as_of=once["as_of"] + pd.Timedelta("1D"))
        for metric in GROWTH_METRICS:
            ax = pd.concat([once, later]).ayr.plot.growth(metric, by=by, ax=self.axes())
            ax.get_figure().draw_without_rendering()

    def test_plot_growth_by_unknown_axis_raises(self) -> None:
        with pytest.raises(ValueError, match="Choose from: age, time"):
            observations({1: 1}).ayr.plot.growth("likes", by="day", ax=self.axes())
