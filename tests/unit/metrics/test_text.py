"""Counts and parts of the texts of posts."""

from __future__ import annotations

import time
from typing import Any

import pandas as pd
import pytest
import regex
from hypothesis import given, settings, strategies as st

import ayrframe as ayr
from ayrframe._metrics.text import _PATTERNS, SIMPLE_CHARACTERS, _count_parts, strip_parts, text_features

KEY = {"platform": "str", "profile": "str", "id": "str", "as_of": "datetime64[us, UTC]"}
COUNTS = ["characters", "words", "lines", "hashtags", "mentions", "links", "emoji"]
PARTS = COUNTS[3:]


def posts_with(*texts: str | None, as_of: str = "2026-03-10") -> pd.DataFrame:
    sent = [{"id": str(position), "post": text} for position, text in enumerate(texts)]
    return ayr.from_posts(sent, platform="bluesky", as_of=as_of, validate=None)


def parts_of(text: str, part: str) -> list[str]:
    return text_features(posts_with(text), part)["value"].tolist()


def count_of(text: str, column: str) -> int:
    return int(text_features(posts_with(text))[column].iloc[0])


# ── Lengths ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("", 0),
        ("abc", 3),
        ("café", 4),
        ("cafe\u0301", 4),
        ("a\r\nb", 3),
        ("a\nb", 3),
        ("👩‍🍳", 1),
        ("👨‍👩‍👧‍👦🏳️‍🌈", 2),
        ("🇩🇪🇫🇷🇯🇵", 3),
        ("🇩🇪🇫", 2),
        ("1️⃣2️⃣", 2),
        ("각", 1),
        ("क्षि", 1),
        ("a\u200bb", 3),
    ],
)
def test_characters_of_text_count_grapheme_clusters(text: str, characters: int) -> None:
    assert count_of(text, "characters") == characters


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("Fresh rye today", 3),
        ("Don't say it isn’t 3.50 or 10,000!", 7),
        ("crème brûlée cre\u0300me", 3),
        ("… – !? 🍞 👩‍🍳", 0),
        ("See https://a.example/some/long/way now", 2),
        ("#small_business @a.b", 2),
        ("안녕 하세요", 2),
        ("خبز طازج كل صباح", 4),
        ("毎朝パン", 3),
        ("ขนมปัง", 5),
        ("_", 0),
    ],
)
def test_words_of_text_follow_unicode_boundaries(text: str, words: int) -> None:
    assert count_of(text, "words") == words


@pytest.mark.parametrize(
    ("text", "lines"), [("", 0), ("a", 1), ("a\nb", 2), ("a\r\n\r\nb", 3), ("a\n", 1), ("\n", 1), ("a\u2028b", 2)]
)
def test_lines_of_text_count_line_breaks(text: str, lines: int) -> None:
    assert count_of(text, "lines") == lines


# ── Parts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "hashtags"),
    [
        ("Fresh #rye today #Bread!", ["#rye", "#Bread"]),
        ("#été #日本語 #Привет #خبز #हिन्दी #ขนมปัง", ["#été", "#日本語", "#Привет", "#خبز", "#हिन्दी", "#ขนมปัง"]),
        ("#e\u0301te\u0301", ["#e\u0301te\u0301"]),
        ("#می\u200cخواهم", ["#می\u200cخواهم"]),
        ("We are #1, since #2019 and #2026winter", ["#2026winter"]),
        ("#__ #_rye_ #small_business #smörre·brød", ["#_rye_", "#small_business", "#smörre·brød"]),
        ("C# and F# and C#sharp", []),
        ("#one#two#3#four", ["#one", "#two"]),
        ("＃全角 and #half", ["＃全角", "#half"]),
        ("(#rye), “#oat”; coffee/#tea #it's", ["#rye", "#oat", "#tea", "#it"]),
        ("❤️#love 🍞#bread 1️⃣#one #️⃣sale", ["#love", "#bread", "#one"]),
        ("#bread🍞 #rye❤️", ["#bread", "#rye"]),
        ("https://a.example/#top www.a.example/#end", []),
        ("Tom &#39;s &#x27;", []),
        ("# rye ## #", []),
        ("##rye", ["#rye"]),
    ],
)
def test_hashtags_of_text_are_found(text: str, hashtags: list[str]) -> None:
    assert parts_of(text, "hashtags") == hashtags


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("Thanks @ada and @Ben_2!", ["@ada", "@Ben_2"]),
        ("@a.b. @a.b.c, @_u_ @anna...", ["@a.b", "@a.b.c", "@_u_", "@anna"]),
        ("@name.bsky.social! @my-name.bsky.social", ["@name.bsky.social", "@my-name.bsky.social"]),
        ("@anna-owned @a.bc_d", ["@anna", "@a.bc_d"]),
        ("Write to me@mail.example or a.b+c@mail.example", []),
        ("почта@пример.example", []),
        (".@ada (@ben) “@cem”", ["@ada", "@ben", "@cem"]),
        ("写真は@taro さん、@hanaさん", ["@taro", "@hana"]),
        ("＠full", ["＠full"]),
        ("❤️@ada 🍞@ben", ["@ada", "@ben"]),
        ("2 @5 each, @ 7pm", []),
        ("@foo@bar @@double", ["@foo"]),
        ("https://a.example/@ada youtube.example/@ben", []),
        ("@", []),
    ],
)
def test_mentions_of_text_are_found(text: str, mentions: list[str]) -> None:
    assert parts_of(text, "mentions") == mentions


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("See https://a.example/menu.", ["https://a.example/menu"]),
        (
            '(http://a.example) <https://b.example> "https://c.example"',
            ["http://a.example", "https://b.example", "https://c.example"],
        ),
        ("https://a.example/x_(y), https://a.example/x_(y)).", ["https://a.example/x_(y)"] * 2),
        ("HTTPS://A.EXAMPLE www.b.example/x Www.c.example?", ["HTTPS://A.EXAMPLE", "www.b.example/x", "Www.c.example"]),
        ("https://a.example/?q=a&b=%20#top!", ["https://a.example/?q=a&b=%20#top"]),
        ("https://a.example/@ada#rye…", ["https://a.example/@ada#rye"]),
        ("https://müller.example/ä", ["https://müller.example/ä"]),
        ("http://localhost:8000/ https://[::1]/", ["http://localhost:8000/", "https://[::1]/"]),
        ("詳しくはhttps://a.example/xを見て。", ["https://a.example/x"]),
        ("https://a.example🍞 https://b.example/❤️", ["https://a.example", "https://b.example/"]),
        ("[menu](https://a.example/menu)", ["https://a.example/menu"]),
        ("https://a.example,https://b.example", ["https://a.example,https://b.example"]),
        ("https://a.example\nhttps://a.example", ["https://a.example"] * 2),
        ("https://… http:// https:// www.x www. a.example ftp://a.example me@www.a.example", []),
    ],
)
def test_links_of_text_are_found(text: str, links: list[str]) -> None:
    assert parts_of(text, "links") == links


@pytest.mark.parametrize(
    ("text", "emoji"),
    [
        ("Meet 👩‍🍳👨🏽‍🍳 and 👨‍👩‍👧‍👦 🏳️‍🌈", ["👩‍🍳", "👨🏽‍🍳", "👨‍👩‍👧‍👦", "🏳️‍🌈"]),
        ("🇩🇪🇫🇷 🏴󠁧󠁢󠁥󠁮󠁧󠁿", ["🇩🇪", "🇫🇷", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]),
        ("🇩 alone", []),
        ("1️⃣ #️⃣ *️⃣ 1⃣", ["1️⃣", "#️⃣", "*️⃣", "1⃣"]),
        ("1 # * 1\ufe0f © ® ™ ↔ ❤ ☺ ✔", []),
        ("©️ ™️ ↔️ ❤️", ["©️", "™️", "↔️", "❤️"]),
        ("☕ ☕\ufe0e", ["☕"]),
        ("👍🏽👍 ✌🏿", ["👍🏽", "👍", "✌🏿"]),
        ("❤‍🔥", ["❤‍🔥"]),
        (":-) <3 ♪", []),
        ("👍👍", ["👍", "👍"]),
        ("#bread🍞", ["🍞"]),
    ],
)
def test_emoji_of_text_are_whole_graphemes(text: str, emoji: list[str]) -> None:
    assert parts_of(text, "emoji") == emoji


# ── The tables ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_text_features_of_post_gives_row_of_counts() -> None:
    text = "Hi @ada and @ben 👩‍🍳!\n#rye #oat #spelt https://a.example/b."
    row = text_features(posts_with(text)).iloc[0]
    assert row[COUNTS].tolist() == [len(text) - 2, 7, 2, 3, 2, 1, 1]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("a \u0301b c", [5, 3, 1, 0, 0, 0, 0]),  # the space and the accent are one character
        ("a\n\u0301b c", [6, 3, 2, 0, 0, 0, 0]),  # a line break and an accent are two
        ("a \U0001f3fd b 👍🏽", [6, 2, 1, 0, 0, 0, 1]),  # a skin tone belongs to the space before it
        ("a\r\nb\r\n\r\nc", [6, 3, 4, 0, 0, 0, 0]),
        ("  #rye  @ada\nhttps://a.example/b #rye ", [38, 3, 2, 2, 1, 1, 0]),
    ],
)
def test_text_features_at_spaces_are_those_of_the_whole_text(text: str, counts: list[int]) -> None:
    assert text_features(posts_with("b c 🏽 #rye", text, "a b"))[COUNTS].iloc[1].tolist() == counts


def test_text_features_of_missing_text_is_na_and_of_empty_text_zero() -> None:
    table = text_features(posts_with(None, ""))
    assert table.loc[0, COUNTS].isna().all()
    assert table.loc[1, COUNTS].tolist() == [0] * 7


def test_text_features_of_part_gives_row_per_occurrence_with_position() -> None:
    table = text_features(posts_with("#a1 and #b2", None, "none", "#c3"), "hashtags")
    assert table[["id", "position", "value"]].values.tolist() == [["0", 0, "#a1"], ["0", 1, "#b2"], ["3", 0, "#c3"]]


@pytest.mark.parametrize("texts", [(), (None,), ("",), ("#a1 @b2 https://c.example 🍞",)])
def test_text_features_have_documented_dtypes(texts: tuple[str | None, ...]) -> None:
    posts = posts_with(*texts) if texts else ayr.from_posts([], platform="tiktok")
    assert text_features(posts).dtypes.astype(str).to_dict() == KEY | dict.fromkeys(COUNTS, "Int64")
    assert isinstance(text_features(posts).index, pd.RangeIndex)
    for part in PARTS:
        assert text_features(posts, part).dtypes.astype(str).to_dict() == KEY | {"position": "Int64", "value": "str"}
        assert isinstance(text_features(posts, part).index, pd.RangeIndex)


def test_text_features_of_several_observations_use_latest() -> None:
    posts = pd.concat([posts_with("#new1", "two"), posts_with("#old1 #old2", as_of="2026-03-01")])
    assert text_features(posts, "hashtags")["value"].tolist() == ["#new1"]
    assert len(text_features(posts)) == 2


def test_text_features_of_reordered_posts_keep_their_order() -> None:
    posts = posts_with("#a1", "#b2", "#c3").iloc[[2, 0]]
    assert text_features(posts, "hashtags")["value"].tolist() == ["#c3", "#a1"]
    assert text_features(posts)["id"].tolist() == ["2", "0"]


def test_text_features_of_samples_have_equal_counts_and_parts() -> None:
    posts = ayr.load_sample()
    table = text_features(posts).set_index(["platform", "id"])
    for part in PARTS:
        occurrences = text_features(posts, part).groupby(["platform", "id"]).size()
        assert table[part].sum() == occurrences.sum()
        assert (table.loc[occurrences.index, part] == occurrences).all()


@pytest.mark.parametrize("part", ["words", "hashtag", "", 3, ["links"]])
def test_text_features_with_unknown_part_raise_and_list_parts(part: Any) -> None:
    with pytest.raises(ValueError, match="Choose from: hashtags, mentions, links, emoji"):
        text_features(posts_with("a"), part)


def test_strip_parts_of_text_removes_all_parts() -> None:
    assert strip_parts("Hi @ada 👩‍🍳 #rye see https://a.example/b.").split() == ["Hi", "see", "."]


# ── Hostile texts ───────────────────────────────────────────────────────────────────────────────────────────────────

SPECIAL_CHARACTERS = (
    "#@＠＃.:/-_&()[]<>'\"\\$=1a é\n\r\t\0\u0301\u200d\ufe0f\u20e3👩🇩❤日กـ\u202e\u00ad\ufffd\U000e0067\U0010ffff\u0600"
)
pieces = st.sampled_from([*SPECIAL_CHARACTERS, "http://", "https://a", "www.", "a.example", "👍🏽"])
hostile = st.one_of(st.text(max_size=40), st.lists(pieces, max_size=30).map("".join))


@settings(max_examples=200, deadline=None)
@given(st.lists(hostile, min_size=1, max_size=4))
def test_text_features_of_any_text_find_parts_in_order(texts: list[str]) -> None:
    posts = posts_with(*texts)
    texts = posts["post"].tolist()
    counts = text_features(posts)
    for part in PARTS:
        table = text_features(posts, part)
        for position, text in enumerate(texts):
            values = table.loc[table["id"] == str(position), "value"].tolist()
            assert counts[part][position] == len(values)
            start = 0
            for value in values:
                start = text.index(value, start) + len(value)
    assert (counts["characters"] <= [len(text) for text in texts]).all()
    # A grapheme may contain two words, such as a digit followed by a Thai vowel; a word has at least one code point.
    assert (counts["words"] <= [len(text) for text in texts]).all()


@pytest.mark.parametrize(
    "unit",
    [
        "🇩",
        "👩\u200d",
        "\u0301",
        "@a.",
        "a.",
        "#1",
        "#a",
        "http://a",
        "(",
        "www.",
        "www.-",
        "_",
        "\ufe0f",
        "1\u20e3",
        "\u00ad",
    ],
)
@pytest.mark.parametrize("start", ["", "@", "#", "http://a", "a"])
def test_text_features_of_long_text_take_linear_time(start: str, unit: str) -> None:
    posts = posts_with(start + unit * 20_000)
    started = time.perf_counter()
    text_features(posts)
    assert time.perf_counter() - started < 5


# ── Shortcuts ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_simple_characters_never_join_others_and_are_no_emoji() -> None:
    joining = r"\p{Extended_Pictographic}\p{Regional_Indicator}\p{M}\p{Cc}\p{Cf}\u1100-\u11ff"
    special = rf"[{joining}]||\P{{Grapheme_Cluster_Break=Other}}"
    everything = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x11000))))
    simple = regex.findall(f"[{SIMPLE_CHARACTERS}]", everything)
    assert len(simple) > 40_000
    syllable_or_line = regex.compile(r"[\n\p{Grapheme_Cluster_Break=LV}\p{Grapheme_Cluster_Break=LVT}]")
    assert [
        character
        for character in simple
        if regex.match(f"[{special}]", character, regex.V1) and not syllable_or_line.match(character)
    ] == []
    assert len(regex.findall(r"\X", "".join(simple))) == len(simple)


PIECES = [
    "a",
    "Z9",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\r",
    "é",
    "e\u0301",
    "\u0301",
    "\u200d",
    "\ufe0f",
    "👩‍🍳",
    "🇩🇪",
    "🇫",
    "1️⃣",
    "©",
    "‼️",
    "日本",
    "ガ",
    "か\u3099",
]
PIECES += [
    "각",
    "\u1100\u1161",
    "क्षि",
    "\u0600",
    "ما",
    "#rye",
    "＃全",
    "#1",
    "@ada",
    "＠b",
    "a@b.c",
    "https://a.example/x",
    "www.b.example",
    "HTTPS://c.example.",
]
PIECES += [
    "ſ",
    "wWw.d.example",
    "don't",
    "3.14",
    "10,000",
    "a.b",
    "a:b",
    "_",
    "__a",
    "\u00a0",
    "\u202f",
    "\u3000",
    "\u2028",
    ".",
    ",",
    "'",
    "’",
    "-",
    "\u00ad",
    "\x00",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@settings(max_examples=3 * settings().max_examples, deadline=None)
def test_counts_of_texts_equal_those_without_shortcuts(text: str) -> None:
    counts = text_features(posts_with(text)).iloc[0]
    assert counts["characters"] == len(
        regex.findall(r"\p{Regional_Indicator}{2}[\p{M}\u200D\p{Emoji_Modifier}]*+|\X", text)
    )
    assert counts["links"] == len(regex.findall(_PATTERNS["links"], text, regex.V1))
    if not counts["links"]:
        assert counts["words"] == len(regex.findall(_PATTERNS["words"], text, regex.V1))
        for part in ("hashtags", "mentions"):
            found = list(regex.finditer(_PATTERNS[part], text, regex.V1))
            assert counts[part] == sum(len(match.captures("one") if part == "hashtags" else [match]) for match in found)


_FRAGMENTS = [
    *"ab1 \n\r\t#@&.()é日カไ\u3000\u0301\u200d\ufe0f\u20e3\u0600\u0e33👩\U0001f3fd🇩❤",
    "\r\n",
    "https://a.b",
    "www.a.de",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from(_FRAGMENTS), max_size=12).map("".join), min_size=1, max_size=5))
def test_text_features_of_tokens_equal_those_of_whole_texts(texts: list[str]) -> None:
    counts = text_features(posts_with(*texts))[[name for name in COUNTS if name != "lines"]]
    assert counts.to_numpy("int64").tolist() == [_count_parts(text) for text in texts]
