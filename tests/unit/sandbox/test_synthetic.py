"""Test the generator of synthetic posts and the sample files in `data/`, which it writes."""

from __future__ import annotations

import json
import math
import re
import statistics
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ayrframe._decode.envelope import parse_envelopes
from ayrframe._decode.posts import decode_posts
from ayrframe._platforms import PLATFORMS, columns as c
from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import Endpoint, Evidence, Field, Kind, KnownGap, Platform, Role, Unit
from ayrframe._sandbox.synthetic.brand import BRAND, Brand, Product
from ayrframe._sandbox.synthetic.profiles import SYNTHETIC_PROFILES
from ayrframe._sandbox.synthetic.samples import SAMPLE_TIME, synthetic_posts, synthetic_response, write_samples

DATA = Path(__file__).parents[3] / "data"
NAMES = tuple(PLATFORMS)
Post = dict[str, Any]
each_platform = pytest.mark.parametrize("name", NAMES)


@cache
def envelope(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def sample(name: str) -> list[Post]:
    return list(envelope(name)["posts"])


def value(post: Post, path: str) -> Any:
    result: Any = post
    for step in path.split("."):
        result = result.get(step) if isinstance(result, dict) else None
    return result


def present(name: str, path: str) -> list[Post]:
    return [post for post in sample(name) if value(post, path) is not None]


def values(name: str, path: str) -> list[Any]:
    return [value(post, path) for post in present(name, path)]


def text(post: Post) -> str:
    return str(post["post"] if "post" in post else post["text"])


def moment(post: Post) -> datetime:
    return datetime.fromisoformat(post["created"] if "created" in post else post["timestamp"])


def age(post: Post) -> timedelta:
    return SAMPLE_TIME - moment(post)


def all_posts() -> list[tuple[str, Post]]:
    return [(name, post) for name in NAMES for post in sample(name)]


# Sample files.
def test_samples_equal_the_generated_files(tmp_path: Path) -> None:
    write_samples(tmp_path)

    generated, committed = (
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.json")}
        for folder in (tmp_path, DATA)
    )

    remedy = "Regenerate the samples: see `write_samples` in ayrframe/_sandbox/synthetic/samples.py"
    names = {f"{folder}{name}.json" for folder in ("", "analytics/") for name in NAMES}
    assert generated.keys() == committed.keys() == names, remedy
    assert [name for name in generated if generated[name] != committed[name]] == [], remedy


@each_platform
def test_sample_starts_with_a_notice(name: str) -> None:
    assert next(iter(envelope(name))) == "synthetic"
    assert "no real account" in envelope(name)["synthetic"]


@each_platform
def test_sample_has_the_envelope_of_the_api(name: str) -> None:
    assert {key: envelope(name)[key] for key in ("status", "lastUpdated", "nextUpdate")} == {
        "status": "success",
        "lastUpdated": "2026-02-27T06:30:00.125Z",
        "nextUpdate": "2026-02-27T07:02:30.125Z",
    }


@each_platform
def test_sample_has_one_post_per_line_without_escapes(name: str) -> None:
    lines = (DATA / f"{name}.json").read_text(encoding="utf-8").splitlines()

    assert sum(line.startswith('{"id":') for line in lines) == len(sample(name))
    assert not any(re.search(r"\\u[0-9a-f]{4}", line) for line in lines)


def test_samples_are_small() -> None:
    assert sum(path.stat().st_size for path in DATA.glob("*.json")) < 2_500_000


@each_platform
def test_posts_conform_to_the_declarations(name: str) -> None:
    (read,) = parse_envelopes((DATA / f"{name}.json").read_bytes(), name)

    table = decode_posts(read.items, PLATFORMS[name], profile="", read_at=SAMPLE_TIME)

    assert table["extra"].null_count == len(table) == len(sample(name))
    assert all(table[column].null_count == 0 for column in ("id", "created", "post", "post_url", "as_of"))


@each_platform
def test_nested_fields_are_declared(name: str) -> None:
    for column in sent_by(PLATFORMS[name]):
        if column.inner:
            for nested in values(name, column.path):
                assert leaves(nested if isinstance(nested, list) else [nested]) <= paths(column.inner), column.path


def paths(inner: tuple[Field, ...], start: str = "") -> set[str]:
    return {start + field.path for field in inner} | {
        path for field in inner for path in paths(field.inner, f"{start}{field.path}.")
    }


def leaves(elements: list[Any], start: str = "") -> set[str]:
    result = set()
    for element in elements:
        if not isinstance(element, dict):
            result.add("")
        for key, inner in element.items() if isinstance(element, dict) else ():
            if isinstance(inner, dict):
                result |= leaves([inner], f"{start}{key}.")
            elif isinstance(inner, list):
                result |= {start + key} | leaves(inner, f"{start}{key}.")
            else:
                result.add(start + key)
    return result


@each_platform
def test_samples_contain_no_null(name: str) -> None:
    assert "null" not in re.sub(r'"(?:[^"\\]|\\.)*"', "", (DATA / f"{name}.json").read_text(encoding="utf-8"))


@each_platform
def test_every_declared_column_occurs(name: str) -> None:
    from_history = sent_by(PLATFORMS[name], Endpoint.HISTORY)
    never = {column.path for column in from_history if not present(name, column.path)}

    # Threads sends these three under other names.
    assert never == ({"post", "postUrl", "created"} if name == "threads" else set())


@each_platform
def test_every_expansion_has_rows(name: str) -> None:
    sources = {column.name: column.path for column in sent_by(PLATFORMS[name], Endpoint.HISTORY)}

    for expansion in PLATFORMS[name].expansions:
        if expansion.source in sources:
            assert any(values(name, sources[expansion.source])), expansion.table.name


@each_platform
def test_every_format_occurs(name: str) -> None:
    for form in PLATFORMS[name].formats:
        assert any(
            all(value(post, path) == expected for path, expected in form.values.items()) for post in sample(name)
        ), form


# Generator.
@each_platform
def test_samples_span_a_year_latest_first(name: str) -> None:
    moments = [moment(post) for post in sample(name)]

    assert len(moments) >= 120
    assert moments == sorted(moments, reverse=True)
    assert timedelta(days=290) < moments[0] - moments[-1] < timedelta(days=400)
    assert timedelta(0) < SAMPLE_TIME - moments[0] < timedelta(days=3)


def test_equal_arguments_give_equal_posts_in_another_process() -> None:
    code = (
        "import json\n"
        "from ayrframe._platforms import PLATFORMS\n"
        "from ayrframe._sandbox.synthetic.samples import synthetic_posts\n"
        "print(json.dumps([synthetic_posts(p, 5, seed=3) for p in PLATFORMS.values()]))"
    )

    other = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout

    assert json.loads(other) == [synthetic_posts(platform, 5, seed=3) for platform in PLATFORMS.values()]


def test_another_seed_gives_different_posts() -> None:
    assert synthetic_posts(PLATFORMS["tiktok"], 5, seed=1) != synthetic_posts(PLATFORMS["tiktok"], 5, seed=2)


@each_platform
def test_fewer_posts_are_the_latest_of_more(name: str) -> None:
    few, more = synthetic_posts(PLATFORMS[name], 20), synthetic_posts(PLATFORMS[name], 80)

    assert few == more[:20]


@each_platform
def test_content_is_the_same_at_a_later_reading(name: str) -> None:
    before = {post["id"]: post for post in synthetic_posts(PLATFORMS[name], 60)}
    later = {post["id"]: post for post in synthetic_posts(PLATFORMS[name], 60, until=SAMPLE_TIME + timedelta(days=3))}

    assert len(before.keys() & later.keys()) > 50
    for column in sent_by(PLATFORMS[name]):
        if column.role in (Role.KEY, Role.CONTENT) and column.kind is not Kind.LIST:
            for key in before.keys() & later.keys():
                assert value(before[key], column.path) == value(later[key], column.path), column.path


def test_numbers_grow_at_a_later_reading() -> None:
    first, second, third = (
        {
            post["id"]: post["videoViews"]
            for post in synthetic_posts(PLATFORMS["tiktok"], 60, until=until)
            if "videoViews" in post
        }
        for until in (SAMPLE_TIME, SAMPLE_TIME + timedelta(days=3), SAMPLE_TIME + timedelta(days=30))
    )

    assert all(first[key] <= second[key] for key in first.keys() & second.keys())
    assert all(second[key] <= third[key] for key in second.keys() & third.keys())
    assert any(first[key] < third[key] for key in first.keys() & third.keys())


def test_many_posts_are_spread_over_the_same_period() -> None:
    many = synthetic_posts(PLATFORMS["instagram"], 3000)

    assert len({post["id"] for post in many}) == 3000
    assert moment(many[-1]) > SAMPLE_TIME - timedelta(days=800)


def test_zero_posts_is_an_empty_list() -> None:
    assert synthetic_response(PLATFORMS["twitter"], 0)["posts"] == []


def test_another_brand_has_its_own_texts_and_links() -> None:
    bikes = Brand(
        name="Spoke & Example",
        handle="spoke.example",
        site="https://spoke.example",
        products=(Product("gravel bike", "$900", "🚲"), Product("bell", "$9", "🔔")),
        tags=("bikes", "repair", "tour", "city"),
        people=("Ida Sample",),
    )

    posts = synthetic_posts(PLATFORMS["bluesky"], 60, brand=bikes)

    assert all(post["postUrl"].startswith("https://bsky.app/profile/spoke.example/") for post in posts)
    assert any("gravel bike" in post["post"] for post in posts)
    assert not any("quillfern" in post["post"] for post in posts)


def test_platform_without_profile_uses_the_default_generators() -> None:
    inner = (
        c.text_field("who"),
        c.float_field("score", Unit.PERCENT),
        c.quoted_integer_field("times", Unit.COUNT),
        c.list_field("deep", "", (c.TEXT_ELEMENT,)),
    )
    eleventh = Platform(
        name="agora",
        title="Agora",
        hosts=("agora.example",),
        columns=(
            c.views_column(path="numbers.views", meaning="", gaps=(KnownGap.TOO_FRESH,)),
            c.reach_column(path="numbers.reach", meaning=""),
            c.engagement_column(path="cheers", meaning="", evidence=Evidence.ANALYTICS),
            c.watch_time_column(path="watched", unit=Unit.MILLISECONDS, meaning=""),
            c.rate_column(path="rate", unit=Unit.PERCENT, meaning=""),
            c.boolean_column(path="pinned", meaning=""),
            c.time_column(path="edited", meaning=""),
            c.status_column(path="mood", meaning="", values=("calm", "loud")),
            c.pixel_column(path="width", meaning=""),
            c.list_column(path="voters", role=Role.PEOPLE, meaning="", inner=inner),
            c.list_column(path="topics", role=Role.CONTENT, meaning="", inner=(c.TEXT_ELEMENT,)),
            c.mapping_column(path="votes", role=Role.REACTIONS, meaning="", inner=(c.integer_field("up", Unit.COUNT),)),
        ),
    )

    body = json.dumps(synthetic_response(eleventh, 200)).encode()

    table = decode_posts(parse_envelopes(body, "agora")[0].items, eleventh, profile="", read_at=SAMPLE_TIME)
    assert table["extra"].null_count == len(table) == 200
    assert all(table[column.name].null_count < 200 for column in sent_by(eleventh))
    assert len(set(table["id"].to_pylist())) == 200
    assert {*table["mood"].to_pylist()} == {"calm", "loud"}
    assert all(url.startswith("https://www.agora.example/") for url in table["post_url"].to_pylist())


@each_platform
def test_profile_names_declared_columns_and_formats_only(name: str) -> None:
    declared = {column.path for column in sent_by(PLATFORMS[name])}
    profile = SYNTHETIC_PROFILES[name]

    assert {*profile.columns, *profile.only_formats, *profile.since} <= declared
    assert {form for forms in profile.only_formats.values() for form in forms} <= {
        form.name for form in PLATFORMS[name].formats
    }


def test_profiles_exist_for_registered_platforms_only() -> None:
    assert tuple(SYNTHETIC_PROFILES) == NAMES


# Ids and URLs.
@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("bluesky", r"at://did:plc:[a-z2-7]{24}/app\.bsky\.feed\.post/3[a-z2-7]{12}"),
        ("facebook", r"[0-9]{15}_[0-9]{15}|[0-9]{16}"),
        ("instagram", r"179[0-9]{14}"),
        ("linkedin", r"urn:li:share:7[0-9]{18}"),
        ("pinterest", r"71[0-9]{16}"),
        ("snapchat", r"W7_[\w-]{22}"),
        ("threads", r"180[0-9]{14}"),
        ("tiktok", r"7[0-9]{18}"),
        ("twitter", r"[12][0-9]{18}"),
        ("youtube", r"[\w-]{11}"),
    ],
)
def test_ids_have_the_format_of_the_platform_and_are_unique(name: str, shape: str) -> None:
    ids = [post["id"] for post in sample(name)]

    assert [key for key in ids if not re.fullmatch(shape, key)] == []
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", ["tiktok", "twitter", "linkedin"])
def test_ids_are_too_large_for_a_float(name: str) -> None:
    assert all(int(post["id"].rpartition(":")[2]) > 2**53 for post in sample(name))


@each_platform
def test_urls_have_a_host_of_the_platform(name: str) -> None:
    hosts = "|".join(map(re.escape, PLATFORMS[name].hosts))

    for post in sample(name):
        assert re.match(rf"https://(www\.)?({hosts})/", post.get("postUrl") or post["permalink"])


def test_threads_uses_different_field_names() -> None:
    for post in sample("threads"):
        assert {"text", "permalink", "timestamp"} <= post.keys()
        assert not {"post", "postUrl", "created"} & post.keys()


# Texts.
@pytest.mark.parametrize(
    "pattern",
    [
        r"\$4\.50 or \$5",
        r"^=",
        r"^\+1",
        r"^-10 %",
        r"^@",
        "\U0001f469\u200d\U0001f373",
        "\U0001f3f3\ufe0f\u200d\U0001f308",
        "[\u0600-\u06ff]{3}",
        "[\u0590-\u05ff]{3}",
        "[\u3040-\u30ff]{2}",
        "[\u4e00-\u9fff]{2}",
        "[\uac00-\ud7a3]{2}",
        "<b>&</b>",
        "\n",
        r"\\",
        "[éè]",
    ],
)
def test_edge_case_texts_occur_on_every_platform(pattern: str) -> None:
    for name in NAMES:
        assert any(re.search(pattern, text(post)) for post in sample(name)), name


@pytest.mark.parametrize(("name", "limit"), [("bluesky", 300), ("threads", 500), ("pinterest", 500), ("snapchat", 160)])
def test_texts_respect_the_maximum_length(name: str, limit: int) -> None:
    assert max(len(text(post)) for post in sample(name)) <= limit


def test_facebook_story_has_empty_text_and_pinterest_carousel_a_blank() -> None:
    assert any(text(post) == "" for post in sample("facebook"))
    assert any(text(post) == " " and "mediaUrls" in post for post in sample("pinterest"))


def test_brand_uses_example_domains() -> None:
    assert BRAND.handle.endswith(".example")
    assert BRAND.site.endswith(".example")
    assert {post["username"] for post in sample("instagram")} == {BRAND.handle}


def test_items_appear_on_several_platforms_within_minutes() -> None:
    published: dict[tuple[str, str], list[tuple[str, datetime]]] = {}
    for name, post in all_posts():
        published.setdefault((text(post)[:25], moment(post).date().isoformat()), []).append((name, moment(post)))

    crossposts = [copies for (start, _), copies in published.items() if start.strip() and len(copies) > 1]
    assert len(crossposts) > 150
    for copies in crossposts:
        moments = [when for _, when in copies]
        assert max(moments) - min(moments) <= timedelta(minutes=35)
        assert len({name for name, _ in copies}) == len(copies)


def test_crossposted_texts_differ_in_tags_and_links() -> None:
    opening = "100% rye, 0% hurry"

    variants = {text(post) for _, post in all_posts() if text(post).startswith(opening)}

    assert len(variants) > 3


# Times.
@pytest.mark.parametrize("name", [name for name in NAMES if name != "threads"])
def test_times_have_mixed_precision_on_one_platform(name: str) -> None:
    formatted = [post["created"] for post in sample(name)]

    assert any(re.fullmatch(r".{19}Z", time) for time in formatted)
    assert any(re.fullmatch(r".{19}\.[0-9]{3}Z", time) for time in formatted)


def test_threads_times_have_an_offset() -> None:
    assert all(time.endswith("+0000") for time in values("threads", "timestamp"))


@pytest.mark.parametrize("name", ["facebook", "instagram"])
def test_some_posts_have_the_time_of_reading(name: str) -> None:
    with_time = present(name, "lastUpdated")

    assert 0.2 < len(with_time) / len(sample(name)) < 0.8
    assert with_time == present(name, "nextUpdate")
    for post in with_time:
        assert post["created"] < post["lastUpdated"] < post["nextUpdate"]
        assert post["lastUpdated"] <= envelope(name)["lastUpdated"]


# Numbers.
@pytest.mark.parametrize(
    ("name", "smaller", "larger"),
    [
        ("facebook", "totalMediaViewUnique", "mediaView"),
        ("facebook", "likeCount", "totalMediaViewUnique"),
        ("facebook", "impressionsOrganicUnique", "impressionsUnique"),
        ("facebook", "impressionsFanPaidUnique", "impressionsPaidUnique"),
        ("facebook", "negativeFeedbackUnique", "negativeFeedback"),
        ("facebook", "videoViews", "mediaView"),
        ("facebook", "videoViewsUnique", "videoViews"),
        ("instagram", "reachCount", "viewsCount"),
        ("instagram", "likeCount", "reachCount"),
        ("instagram", "savedCount", "reachCount"),
        ("linkedin", "uniqueImpressionsCount", "impressionCount"),
        ("linkedin", "totalFirstLevelComments", "commentCount"),
        ("linkedin", "likeCount", "uniqueImpressionsCount"),
        ("linkedin", "videoViewers", "videoViews"),
        ("snapchat", "viewers", "views"),
        ("threads", "likes", "views"),
        ("tiktok", "reach", "videoViews"),
        ("tiktok", "likeCount", "reach"),
        ("twitter", "publicMetrics.likeCount", "publicMetrics.impressionCount"),
        ("twitter", "organicMetrics.likeCount", "publicMetrics.likeCount"),
        ("twitter", "organicMetrics.replyCount", "publicMetrics.replyCount"),
        ("twitter", "organicMetrics.retweetCount", "publicMetrics.retweetCount"),
        ("twitter", "organicMetrics.impressionCount", "publicMetrics.impressionCount"),
        ("twitter", "organicMetrics.userProfileClicks", "nonPublicMetrics.userProfileClicks"),
    ],
)
def test_part_is_at_most_its_whole(name: str, smaller: str, larger: str) -> None:
    both = [
        (value(post, smaller), value(post, larger))
        for post in present(name, smaller)
        if value(post, larger) is not None
    ]

    assert len(both) > 3
    assert all(part <= whole for part, whole in both)
    assert any(part > 0 for part, _ in both)


@pytest.mark.parametrize(
    ("name", "path"),
    [("tiktok", "videoViews"), ("instagram", "viewsCount"), ("linkedin", "impressionCount"), ("threads", "views")],
)
def test_numbers_have_a_realistic_distribution(name: str, path: str) -> None:
    numbers = [number for number in values(name, path) if number > 0]

    assert statistics.mean(numbers) > 1.15 * statistics.median(numbers)
    assert 0.4 < statistics.stdev(map(math.log, numbers)) < 1.6


def test_fresh_posts_have_small_numbers() -> None:
    published = moment(sample("twitter")[0])

    after_an_hour, after_a_day, after_a_month = (
        next(
            post["publicMetrics"]["impressionCount"]
            for post in synthetic_posts(PLATFORMS["twitter"], 40, until=published + timedelta(hours=hours))
            if post["id"] == sample("twitter")[0]["id"]
        )
        for hours in (1, 24, 720)
    )

    assert after_an_hour < 0.3 * after_a_day
    assert after_a_day < after_a_month


def test_reels_have_more_views_than_images() -> None:
    def seen(kind: str, key: str) -> float:
        posts_seen = [post for post in present("instagram", "viewsCount") if post[key] == kind]
        return float(statistics.median(post["viewsCount"] for post in posts_seen))

    assert seen("REELS", "mediaProductType") > 1.5 * seen("IMAGE", "mediaType")


def test_linkedin_has_fewer_views_at_weekends() -> None:
    many = [post for post in synthetic_posts(PLATFORMS["linkedin"], 2000) if "impressionCount" in post]
    weekend, week = (
        statistics.median(post["impressionCount"] for post in many if (moment(post).isoweekday() > 5) is weekend_day)
        for weekend_day in (True, False)
    )

    assert weekend < 0.7 * week


# Missing columns.
@pytest.mark.parametrize("name", ["instagram", "linkedin", "snapchat", "threads", "tiktok"])
def test_fresh_posts_lack_columns_declared_as_too_fresh(name: str) -> None:
    late = [column.path for column in PLATFORMS[name].columns if KnownGap.TOO_FRESH in column.gaps]
    fresh = [post for post in sample(name) if age(post) < timedelta(hours=24)]

    assert fresh
    assert late
    assert not any(value(post, path) is not None for post in fresh for path in late)


@each_platform
def test_retired_columns_end_on_the_declared_day(name: str) -> None:
    for column in PLATFORMS[name].columns:
        if column.retired_on and column in sent_by(PLATFORMS[name], Endpoint.HISTORY):
            last = max(moment(post) for post in present(name, column.path))
            assert last.date().isoformat() < column.retired_on


def test_facebook_views_overlap_with_older_impressions() -> None:
    assert any("impressionsUnique" in post for post in present("facebook", "mediaView"))
    assert all("mediaView" in post for post in sample("facebook") if post["created"] >= "2025-11-14")


@each_platform
def test_analytics_columns_occur_on_some_posts(name: str) -> None:
    newer = [column.path for column in PLATFORMS[name].columns if column.evidence is Evidence.ANALYTICS]
    share = len([post for post in sample(name) if any(value(post, path) is not None for path in newer)]) / len(
        sample(name)
    )

    assert share < 0.9
    assert (share > 0) is bool(newer)


# Platform by platform.
def test_facebook_story_has_zeros_only() -> None:
    stories = [post for post in sample("facebook") if post.get("statusType") == "published"]
    numbers = [column.path for column in PLATFORMS["facebook"].columns if column.kind is Kind.INTEGER]

    assert len(stories) > 3
    for post in stories:
        assert post["reactions"] == {}
        assert post["id"] == post["mediaId"] != post["postId"]
        assert post["mediaUrls"][0]["type"] == "story"
        assert {post[path] for path in numbers if path in post} == {0}


def test_facebook_reactions_sum_to_total_and_differ_from_likes() -> None:
    counted = [post for post in sample("facebook") if post["reactions"]]

    for post in counted:
        kinds = dict(post["reactions"])
        assert kinds.pop("total") == sum(kinds.values())
    assert any(post["likeCount"] < post["reactions"]["like"] for post in counted if "likeCount" in post)
    assert any(post["likeCount"] > post["reactions"]["like"] for post in counted if "likeCount" in post)


def test_facebook_link_has_its_type_in_media_url() -> None:
    links = [post["mediaUrls"] for post in sample("facebook") if post.get("statusType") == "shared_story"]

    assert len(links) > 3
    assert all(entry["mediaUrl"] == "link" and entry["url"].startswith("https://") for (entry,) in links)


def test_facebook_likes_are_by_invented_people_with_stable_ids() -> None:
    people = {(person["id"], person["name"]) for liked in values("facebook", "likedBy") for person in liked}

    assert len(people) == len({key for key, _ in people}) == len({name for _, name in people}) > 5
    assert {name for _, name in people} <= set(BRAND.people)


def test_facebook_flags_popular_and_shared_posts() -> None:
    assert set(values("facebook", "isPopular")) == {True, False}
    assert 0 < len(present("facebook", "parentId")) < 25


def test_instagram_carousel_has_a_media_list_and_no_single_url() -> None:
    carousels = present("instagram", "mediaUrls")

    assert len(carousels) > 5
    for post in carousels:
        assert post["mediaType"] == "CAROUSEL_ALBUM"
        assert not {"mediaUrl", "thumbnailUrl", "permalink"} & post.keys()
        assert len(post["mediaUrls"]) >= 2
    assert any("thumbnailUrl" in medium for post in carousels for medium in post["mediaUrls"])
    assert all("mediaUrls" in post for post in sample("instagram") if post["mediaType"] == "CAROUSEL_ALBUM")


def test_some_instagram_reels_lack_their_url_for_copyright() -> None:
    reels = [post for post in sample("instagram") if post["mediaProductType"] == "REELS"]
    muted = [post for post in reels if "mediaUrl" not in post]

    assert 0 < len(muted) < len(reels) / 3


def test_instagram_story_taps_sum_to_navigation() -> None:
    for post in present("instagram", "navigationCount"):
        parts = ("tapForwardCount", "tapBackCount", "tapExitCount", "swipeForwardCount")
        assert post["mediaProductType"] == "STORY"
        assert post["navigationCount"] == sum(post[part] for part in parts)


def test_linkedin_engagement_equals_its_ratio() -> None:
    for post in present("linkedin", "engagement"):
        interactions = post["clickCount"] + post["likeCount"] + post["commentCount"] + post["shareCount"]
        assert post["engagement"] == pytest.approx(interactions / post["impressionCount"])


def test_linkedin_personal_period_lacks_organization_metrics() -> None:
    personal = [post for post in sample("linkedin") if "2025-09-08" <= post["created"][:10] <= "2025-11-02"]
    outside = [post for post in sample("linkedin") if post not in personal and age(post) > timedelta(hours=48)]

    hidden = {"engagement", "impressionCount", "uniqueImpressionsCount", "shareCount"}
    assert len(personal) > 10
    assert not any(hidden & post.keys() for post in personal)
    assert all(hidden <= post.keys() for post in outside)
    assert all("likeCount" in post for post in personal)


def test_linkedin_lists_comments_and_likers_as_urns() -> None:
    comments = [urn for urns in values("linkedin", "comments") for urn in urns]
    likers = [urn for urns in values("linkedin", "likeBy") for urn in urns]

    assert comments
    assert likers
    assert all(urn.startswith("urn:li:comment:(urn:li:activity:") for urn in comments)
    assert all(urn.startswith("urn:li:person:") for urn in likers)


def test_linkedin_reactions_have_no_total_and_differ_from_likes() -> None:
    assert not any("total" in reactions for reactions in values("linkedin", "reactions"))
    assert any(sum(post["reactions"].values()) != post["likeCount"] for post in sample("linkedin"))


def test_pinterest_carousel_has_sizes_per_medium_only() -> None:
    carousels = present("pinterest", "mediaUrls")

    assert len(carousels) > 5
    for post in carousels:
        assert post["mediaType"].startswith("multiple_")
        assert not {"mediaUrl", "width", "height", "duration", "coverImageUrl"} & post.keys()
        assert all(("duration" in medium) is (medium["mediaType"] == "video") for medium in post["mediaUrls"])
    assert all(post["duration"] > 4000 for post in sample("pinterest") if post["mediaType"] == "video")


def test_tiktok_watch_times_are_consistent() -> None:
    watched = present("tiktok", "averageTimeWatched")

    assert len(watched) > 40
    for post in watched:
        assert 0 < post["averageTimeWatched"] <= post["videoDuration"]
        assert 0 <= post["fullVideoWatchedRate"] <= 1
        assert post["totalTimeWatched"] == pytest.approx(post["averageTimeWatched"] * post["videoViews"], abs=1)


def test_tiktok_shares_are_fractions_except_for_cities() -> None:
    for post in present("tiktok", "impressionSources"):
        sources, countries, cities = (
            sum(part["percentage"] for part in post[path])
            for path in ("impressionSources", "audienceCountries", "audienceCities")
        )
        assert sources == pytest.approx(1)
        assert countries == pytest.approx(1, abs=0.02)
        assert 10 < cities <= 100


def test_tiktok_retention_starts_near_one_and_falls() -> None:
    curves = values("tiktok", "videoViewRetention")

    assert len(curves) > 40
    for curve in curves:
        fractions = [point["percentage"] for point in curve]
        assert 0.9 < fractions[0] <= 1
        assert fractions == sorted(fractions, reverse=True)
        assert all(isinstance(point["second"], str) for point in curve)


def test_tiktok_inactive_old_posts_lack_some_metrics() -> None:
    quiet = [post for post in sample("tiktok") if "videoViews" in post and "reach" not in post]

    assert 10 < len(quiet) < 80
    assert all(age(post) > timedelta(days=45) for post in quiet)
    assert not any({"impressionSources", "audienceCountries", "averageTimeWatched"} & post.keys() for post in quiet)


def test_x_private_metrics_end_after_thirty_days() -> None:
    for post in sample("twitter"):
        recent = age(post) <= timedelta(days=30)
        assert recent is ("nonPublicMetrics" in post) is ("organicMetrics" in post)
        for medium in post.get("media", []):
            if medium["type"] == "video":
                assert recent is ("nonPublicMetrics" in medium) is ("organicMetrics" in medium)


def test_x_video_viewers_decrease_by_quarter() -> None:
    quarters = [f"playback{quarter}Count" for quarter in (0, 25, 50, 75, 100)]
    media = [medium for media in values("twitter", "media") for medium in media if "nonPublicMetrics" in medium]

    assert media
    for medium in media:
        for scope in ("nonPublicMetrics", "organicMetrics"):
            counts = [medium[scope][quarter] for quarter in quarters]
            assert counts == sorted(counts, reverse=True)
        assert medium["organicMetrics"]["viewCount"] <= medium["publicMetrics"]["viewCount"]
        assert all(medium["organicMetrics"][name] <= medium["nonPublicMetrics"][name] for name in quarters)


def test_x_media_types_and_playlist_without_bit_rate() -> None:
    media = [medium for media in values("twitter", "media") for medium in media]
    encodings = [encoding for medium in media if medium["type"] == "video" for encoding in medium["mediaUrls"]]

    assert {medium["type"] for medium in media} == {"video", "photo", "animated_gif"}
    assert all(("bitRate" in encoding) is (encoding["contentType"] == "video/mp4") for encoding in encodings)
    assert any(".m3u8" in encoding["mediaUrl"] for encoding in encodings)


def test_x_references_older_posts() -> None:
    references = [
        (post, reference) for post in present("twitter", "referencedTweets") for reference in post["referencedTweets"]
    ]

    assert {reference["type"] for _, reference in references} == {"quoted", "replied_to"}
    assert all(int(reference["id"]) < int(post["id"]) for post, reference in references)


def test_x_lists_links_of_long_posts_with_positions() -> None:
    linked = present("twitter", "urls")

    assert linked
    for post in linked:
        assert len(post["post"]) > 280
        for url in post["urls"]:
            assert post["post"][url["start"] : url["end"]] == url["url"]
            assert url["url"].startswith("https://t.co/")


def test_x_sends_text_and_time_twice() -> None:
    for post in sample("twitter"):
        assert (post["createdAt"], post["text"], post["editHistoryTweetIds"]) == (
            post["created"],
            post["post"],
            [post["id"]],
        )


def test_youtube_position_counts_from_the_latest() -> None:
    assert values("youtube", "position") == list(range(len(sample("youtube"))))
    assert all(post["description"] == post["post"] for post in sample("youtube"))
    assert {"public", "unlisted"} <= set(values("youtube", "privacyStatus"))


def test_sample_time_is_in_utc() -> None:
    assert SAMPLE_TIME.tzinfo is UTC
    assert datetime.fromisoformat(envelope("tiktok")["lastUpdated"]) == SAMPLE_TIME
