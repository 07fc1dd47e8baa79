"""Hashtags, links, campaigns and posts matched by URL, on a few posts with numbers that can be checked by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr

AS_OF = "2026-03-31T00:00:00Z"


def bluesky(*posts: tuple[str, int | None], profile: str = "") -> pd.DataFrame:
    """Return posts with these texts and likes, with ids from 0."""
    sent = [{"id": str(number), "post": text, "likeCount": likes} for number, (text, likes) in enumerate(posts)]
    return ayr.from_posts(sent, platform="bluesky", profile=profile, as_of=AS_OF)


def cells(table: pd.DataFrame, *columns: str) -> list[list[Any]]:
    """Return the values of columns, with None for missing ones."""
    return table[list(columns)].astype(object).where(table[list(columns)].notna(), None).to_numpy().tolist()


PLAIN = [("Bread", 10), ("Bread", 20), ("Bread", 30), ("Bread", 40), ("Bread", 50)]


# ── Hashtags ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_hashtags_compare_with_the_median_of_the_other_posts() -> None:
    posts = bluesky(*PLAIN, ("Fresh #Rye", 60), ("#RYE again #rye", 90), ("#rye and #oats", None))
    table = posts.ayr.hashtags("likes")
    # The others are 10 to 50, median 30; 60 / 30 = 2 and 90 / 30 = 3.
    assert cells(table, "hashtag", "posts", "posts_with", "median", "normal", "peers", "ratio", "posts_compared") == [
        ["#rye", 3, 2, 75.0, 30.0, 5, 2.5, 2],
        ["#oats", 1, 0, None, None, 0, None, 0],
    ]
    assert table["thin"].tolist() == [True, True]
    assert table.dtypes.astype(str).to_dict() == {
        **dict.fromkeys(["platform", "profile", "hashtag"], "str"),
        **dict.fromkeys(["posts", "posts_with", "peers", "posts_compared"], "Int64"),
        **dict.fromkeys(["median", "normal", "ratio"], "float64"),
        "thin": "boolean",
    }


def test_hashtags_with_four_other_posts_have_no_normal() -> None:
    table = bluesky(*PLAIN[:4], ("#rye", 60)).ayr.hashtags("likes")
    assert cells(table, "median", "normal", "peers", "ratio", "posts_compared", "thin") == [
        [60.0, None, 4, None, 0, True]
    ]


def test_hashtags_of_five_compared_posts_are_not_thin() -> None:
    table = bluesky(*PLAIN, *[("#rye", 15)] * 5).ayr.hashtags("likes")
    assert cells(table, "posts", "normal", "ratio", "thin") == [[5, 30.0, 0.5, False]]


def test_hashtags_compare_posts_with_those_of_the_same_format_only() -> None:
    def post(number: int, text: str, product: str, likes: int) -> dict[str, Any]:
        return {
            "id": f"{product}{number}",
            "caption": text,
            "mediaProductType": product,
            "mediaType": "VIDEO",
            "likeCount": likes,
        }

    reels = [post(number, "Bread", "REELS", 100) for number in range(5)]
    stories = [post(number, "Bread", "STORY", 10) for number in range(5)]
    tagged = [post(9, "#rye", "REELS", 150), post(9, "#rye", "STORY", 20)]
    posts = ayr.from_posts([*reels, *stories, *tagged], platform="instagram", as_of=AS_OF, validate=None)
    assert posts.ayr.metrics()["format"].unique().tolist() == ["reel", "story"]
    # 150 / 100 and 20 / 10; the median of both posts, 85, over that of all others, 55, would be 1.55.
    assert cells(posts.ayr.hashtags("likes"), "normal", "ratio", "peers") == [[55.0, 1.75, 10]]


def test_hashtags_of_two_profiles_are_not_added_up() -> None:
    posts = pd.concat([bluesky(*PLAIN, ("#rye", 60), profile="a"), bluesky(("#rye", 8), profile="b")])
    with pytest.warns(ayr.DataWarning, match="several profile labels"):
        posts.ayr.summary()  # the ids of both are 0 and 5
    table = posts.ayr.hashtags("likes")
    assert cells(table, "profile", "posts", "median", "ratio") == [["a", 1, 60.0, 2.0], ["b", 1, 8.0, None]]


def test_hashtags_use_the_latest_observation() -> None:
    earlier = bluesky(("#rye", 1)).assign(as_of=pd.Timestamp("2026-03-01", tz="UTC"))
    table = pd.concat([earlier, bluesky(("#oats", 5))]).ayr.hashtags("likes")
    assert cells(table, "hashtag", "posts", "median") == [["#oats", 1, 5.0]]


def test_hashtags_fold_letters_of_all_scripts() -> None:
    table = bluesky(
        ("#STRASSE", 1), ("#straße", 2), ("#ＲＹＥ", 3), ("#Cafe\u0301", 4), ("#caf\u00e9", 5)
    ).ayr.hashtags()
    assert cells(table, "hashtag", "posts") == [["#café", 2], ["#strasse", 2], ["#rye", 1]]


def test_hashtags_of_an_own_metric_and_of_an_unknown_one() -> None:
    posts = bluesky(*PLAIN, ("#rye", 60)).assign(spend=[1.0, 1, 1, 1, 1, 3])
    assert posts.ayr.hashtags("spend")["ratio"].tolist() == [3.0]
    with pytest.raises(ValueError, match=r"Unknown metric 'liks'\. Did you mean 'likes'"):
        posts.ayr.hashtags("liks")


def test_hashtags_without_posts_have_the_same_columns() -> None:
    posts = bluesky(*PLAIN, ("#rye", 60))
    for empty in (posts[:0], posts[:5]):
        assert empty.ayr.hashtags().dtypes.equals(posts.ayr.hashtags().dtypes)
        assert len(empty.ayr.hashtags()) == 0


# ── Links and campaigns ─────────────────────────────────────────────────────────────────────────────────────────────

SHOP = "https://www.bakery.example/shop"


def test_links_have_a_row_per_post_and_link_with_utm_parameters() -> None:
    posts = bluesky(
        (f"Menu {SHOP}?utm_source=Bsky&UTM_Campaign=spring%20menu&utm_content=, and {SHOP}.", 1),
        ("No link", 2),
        (f"{SHOP}?a=1&amp;utm_medium=social&utm_medium=other&utm_term=rye+bread {SHOP}", 3),
    )
    table = posts.ayr.links()
    assert table.columns.tolist() == [
        *ayr.KEY,
        *("position", "url", "host", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"),
    ]
    parameters = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"]
    assert cells(table, "id", "position", "host", *parameters) == [
        ["0", 0, "bakery.example", "Bsky", None, "spring menu", None, None],
        ["0", 1, "bakery.example", None, None, None, None, None],
        ["2", 0, "bakery.example", None, "social", None, "rye bread", None],
        ["2", 1, "bakery.example", None, None, None, None, None],
    ]
    assert table["url"][1] == SHOP
    assert posts[:0].ayr.links().dtypes.equals(table.dtypes)


def test_links_of_x_are_those_to_which_short_ones_lead() -> None:
    urls = [{"url": "https://t.co/abc", "expandedUrl": f"{SHOP}?utm_campaign=spring", "start": 5, "end": 20}]
    sent = [{"id": "1", "post": "Menu https://t.co/abc", "urls": urls}, {"id": "2", "post": "Menu https://t.co/other"}]
    posts = ayr.from_posts(sent, platform="x", as_of=AS_OF, validate=None)
    assert cells(posts.ayr.links(), "id", "url", "utm_campaign") == [
        ["1", f"{SHOP}?utm_campaign=spring", "spring"],
        ["2", "https://t.co/other", None],
    ]


def test_links_include_the_link_of_a_pin_once() -> None:
    sent = [{"id": "1", "post": f"Rye {SHOP}", "link": SHOP}, {"id": "2", "post": "Oats", "link": f"{SHOP}/oats"}]
    sent += [{"id": "3", "post": "Bread", "link": ""}]
    posts = ayr.from_posts(sent, platform="pinterest", as_of=AS_OF, validate=None)
    assert cells(posts.ayr.links(), "id", "position", "url") == [["1", 0, SHOP], ["2", 0, f"{SHOP}/oats"]]


def test_links_without_their_columns_warn() -> None:
    posts = ayr.load_sample(["pinterest", "x"]).drop(columns=["link", "urls"])
    with pytest.warns(ayr.DataWarning, match="'link' of Pinterest, 'urls' of X") as caught:
        posts.ayr.links()
    assert len(caught) == 1


def test_campaigns_compare_with_posts_of_no_such_campaign() -> None:
    spring, summer = (f"{SHOP}?utm_source=bsky&utm_campaign={name}" for name in ("spring", "summer"))
    posts = bluesky(*PLAIN, (spring, 60), (f"{spring} {spring}&x=1 {summer}", 90), (SHOP, 30))
    columns = ("utm_campaign", "posts", "median", "normal", "peers", "ratio")
    # Of spring, the others are 10 to 50 and 30, median 30. Of summer, 60 is added: median 30 of seven.
    assert cells(posts.ayr.campaigns("likes"), *columns) == [
        ["spring", 2, 75.0, 30.0, 6, 2.5],
        ["summer", 1, 90.0, 30.0, 7, 3.0],
    ]
    both = posts.ayr.campaigns("likes", by=["utm_source", "utm_medium"])
    assert cells(both, "utm_source", "utm_medium", "posts") == [["bsky", None, 2]]
    with pytest.raises(ValueError, match="Unknown parameter 'campaign' in `by`"):
        posts.ayr.campaigns(by="campaign")


# ── URLs ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.bakery.example/Rye/", "bakery.example/Rye"),
        ("HTTP://M.BAKERY.example:80/Rye?utm_source=x&fbclid=1&gclid=2&igshid=3&UTM_Term=4#top", "bakery.example/Rye"),
        ("bakery.example/Rye?", "bakery.example/Rye"),
        ("//user:word@www.bakery.example:443", "bakery.example"),
        ("https://bakery.example?b=2&a=1&utm_id=3", "bakery.example?a=1&b=2"),
        ("https://bakery.example/?a=1&amp;utm_source=2", "bakery.example?a=1"),
        ("https://bakery.example:8080/r%c3%a4d/%7Erye?q=%26", "bakery.example:8080/r%C3%A4d/~rye?q=%26"),
        ("https://bakery.example/räd", "bakery.example/r%C3%A4d"),
        ("https://bäckerei.example/", "xn--bckerei-5wa.example"),
        ("https://bakery.example/#/shop", "bakery.example#/shop"),
        ("https://www.uk/", "www.uk"),
        ("https://mobile.twitter.com/bakery/status/12?s=20&t=abc", "twitter.com/bakery/status/12"),
        ("https://x.com/bakery/status/12", "twitter.com/bakery/status/12"),
        ("https://www.youtube.com/watch?si=4&v=aBc&feature=share", "youtube.com/watch?v=aBc"),
        ("https://m.facebook.com/story.php?story_fbid=1&id=2&mibextid=3", "facebook.com/story.php?id=2&story_fbid=1"),
        ("https://www.instagram.com/p/AbC/?igsh=1&img_index=2", "instagram.com/p/AbC"),
        ("https://www.pinterest.co.uk/pin/1/", "pinterest.com/pin/1"),
        ("https://www.threads.com/@bakery/post/AbC?xmt=1", "threads.net/@bakery/post/AbC"),
        ("https://t.co/AbC", "t.co/AbC"),
        ("https://vm.tiktok.com/ZM1/", "vm.tiktok.com/ZM1"),
        (" mailto:rye@bakery.example ", "mailto:rye@bakery.example"),
        ("at://did:plc:1/app.bsky.feed.post/2", "at://did:plc:1/app.bsky.feed.post/2"),
        ("https://[::1", "https://[::1"),
        ("", ""),
        (None, None),
        (float("nan"), None),
        (pd.NA, None),
    ],
)
def test_normalize_url_gives_all_spellings_one_form(url: object, expected: str | None) -> None:
    assert ayr.normalize_url(url) == expected
    assert ayr.normalize_url(expected) == expected  # a key stays as it is


def test_normalize_url_of_another_object_raises() -> None:
    with pytest.raises(TypeError, match=r"`url` must be a str or missing, got '5' of type int. For a column, use"):
        ayr.normalize_url(5)


def tiktok() -> pd.DataFrame:
    urls = {number: f"https://www.tiktok.com/@bakery/video/{number}" for number in ("11", "12")}
    sent = [{"id": number, "postUrl": url, "likeCount": int(number)} for number, url in urls.items()]
    return ayr.from_posts([*sent, {"id": "13"}], platform="tiktok", as_of=AS_OF)


def test_match_url_returns_a_row_per_url_and_keeps_unmatched_ones() -> None:
    urls = pd.Series(
        ["tiktok.com/@bakery/video/12/?_r=1", "https://tiktok.com/@bakery/video/99", None, "rye"], [7, 7, 8, 9]
    )
    table = tiktok().ayr.match_url(urls)
    assert cells(table, "given_url", "matched_by", "id", "like_count") == [
        [urls.iloc[0], "post_url", "12", 12],
        [urls.iloc[1], None, None, None],
        [None, None, None, None],
        ["rye", None, None, None],
    ]
    assert table["like_count"].dtype == "Int64"
    assert table.columns[:5].tolist() == ["given_url", "matched_by", "platform", "profile", "id"]


def test_match_url_finds_posts_by_the_id_in_another_spelling() -> None:
    assert cells(tiktok().ayr.match_url("https://tiktok.com/@renamed/video/13"), "matched_by", "id") == [["id", "13"]]
    video = [{"id": "aB-c", "postUrl": "https://www.youtube.com/watch?v=aB-c"}]
    posts = ayr.from_posts(video, platform="youtube", as_of=AS_OF)
    urls = ["https://youtu.be/aB-c?si=1", "https://youtube.com/shorts/aB-c", "https://bakery.example/aB-c"]
    assert cells(posts.ayr.match_url(urls), "matched_by") == [["id"], ["id"], [None]]
    post = [{"id": "urn:li:share:7", "postUrl": "https://www.linkedin.com/posts/7"}]
    posts = ayr.from_posts(post, platform="linkedin", as_of=AS_OF)
    found = posts.ayr.match_url("https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7/")
    assert cells(found, "matched_by", "id") == [["id", "urn:li:share:7"]]


def test_match_url_returns_latest_observations_of_all_profiles() -> None:
    posts = pd.concat(
        tiktok().assign(profile=profile, as_of=pd.Timestamp(day, tz="UTC"))
        for profile, day in [("a", "2026-03-01"), ("a", "2026-03-02"), ("b", "2026-03-01")]
    )
    table = posts.ayr.match_url("tiktok.com/@bakery/video/11")
    assert [(row.profile, row.as_of.day) for row in table.itertuples()] == [("a", 2), ("b", 1)]


def test_match_url_result_merges_with_metrics() -> None:
    posts = tiktok()
    found = posts.ayr.match_url("tiktok.com/@bakery/video/11")[["given_url", *ayr.KEY]]
    assert cells(found.merge(posts.ayr.metrics(), on=ayr.KEY), "likes", "engagement_parts") == [[11, "likes"]]
    with pytest.raises(ValueError, match="lacks the column 'post_url'"):
        posts.drop(columns="post_url").ayr.match_url("x.com/1")
