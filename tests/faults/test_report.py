"""Test that texts of posts stay text in the report page (X2)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ayrframe._archive.archive import Archive
from ayrframe._archive.cache import PageRecorder
from ayrframe._archive.page_file import make_request, new_load_id
from ayrframe._decode.envelope import parse_envelopes
from ayrframe._export.report import report
from ayrframe._frame.read import from_posts
from ayrframe.errors import DataWarning
from tests.page import Page

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ATTACKS = [
    "<script>PWNED()</script>",
    "<img src=x onerror=PWNED()>",
    '"><svg onload=PWNED()>',
    "' onmouseover='PWNED()",
    "</td></table><iframe src=//PWNED.example>",
    "[PWNED](javascript:PWNED()) ![](//PWNED.example)",
    "<!-- PWNED --><style>@import url(//PWNED.example)</style>",
    "&lt;b&gt;PWNED&#60;u&#62; <a href=javascript:PWNED()>",
    "\x1b[31mPWNED\x1b]8;;//PWNED.example\x07",
    r"$\PWNED$ \(PWNED\) {{ PWNED }} {% PWNED %}",
    "<PWNED attr=1>",
    "<math><mtext><table><mglyph><style><PWNED>",
]


def hostile_posts(words: list[str]) -> Iterator[dict[str, object]]:
    """Yield posts in which every text field is one of these words."""
    for number, word in enumerate(words):
        yield {
            "id": f"{word}{number}",
            "created": f"2026-02-{number + 1:02}T10:00:00Z",
            "post": f"{word} and so on, a text that is long enough to be found again",
            "postUrl": word,
            "likeCount": 10 + number,
            "commentsCount": number,
            "videoViews": 1000 + number,
            "mediaType": "video",
            "name": word,
            "tags": [word],
            "impressionSources": [{"impression_source": word, "percentage": 1}],
            "audienceCountries": [{"country": word, "percentage": 1}],
            "videoViewRetention": [{"second": "0", "percentage": 1}, {"second": "9", "percentage": 0.5}],
            word: {word: word},
            "shareCount": word,
        }


def report_page(folder: Path, words: list[str]) -> str:
    archive = Archive(folder / "pages")
    body = json.dumps({"status": "success", "posts": list(hostile_posts(words))}).encode()
    (reply,) = parse_envelopes(body, "a page")
    request = make_request("tiktok", profile=words[0][:20], identity="client")
    recorder = PageRecorder(archive.store, request, load=new_load_id(NOON), target_index=0)
    assert recorder.record(body, reply, received_at=NOON, is_last=True, cursor=None, status=200)
    with pytest.warns(DataWarning, match="share_count: 12 values are not integers"):
        report(archive, folder / "report.html", title=f"Report of {words[0]}")
    return (folder / "report.html").read_text("utf-8")


def tags_and_attributes(page: Page) -> list[tuple[str, tuple[str, ...]]]:
    """Return all tags with their attributes, without the contents of images."""
    return [
        (tag, tuple(f"{name}={'' if tag == 'img' else value}" for name, value in attrs.items()))
        for tag, attrs in page.tags
    ]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Page, Page]:
    harmless = [f"w{number:02}{'x' * (len(attack) - 3)}" for number, attack in enumerate(ATTACKS)]
    folders = tmp_path_factory.mktemp("hostile"), tmp_path_factory.mktemp("harmless")
    return Page(report_page(folders[0], ATTACKS)), Page(report_page(folders[1], harmless))


@pytest.mark.timeout(240)
def test_X2_posts_add_no_tags_or_attributes(pages: tuple[Page, Page]) -> None:
    hostile, harmless = pages
    assert tags_and_attributes(hostile) == tags_and_attributes(harmless)
    for tag, attributes in hostile.tags:
        markup = " ".join(
            [tag, *attributes, *(value for name, value in attributes.items() if name not in ("src", "alt"))]
        )
        assert "pwned" not in markup.lower(), (tag, attributes)


@pytest.mark.timeout(240)
def test_X2_page_has_no_scripts_and_no_external_resources(pages: tuple[Page, Page]) -> None:
    hostile, _ = pages
    names = {tag for tag, _ in hostile.tags}
    assert names.isdisjoint({"script", "link", "base", "iframe", "object", "embed", "form", "svg", "math", "a"})
    for tag, attributes in hostile.tags:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("href", "srcset", "action", "style")
        ]
        if tag == "img":
            assert attributes["src"].startswith("data:image/png;base64,")
            assert base64.b64decode(attributes["src"].split(",", 1)[1]).startswith(b"\x89PNG")
            assert attributes["alt"].startswith("Plot: ")
    policies = [
        attributes["content"]
        for tag, attributes in hostile.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policies == ["default-src 'none'; img-src data:; style-src 'unsafe-inline'"]


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        ("https://www.tiktok.com/@a/video/1", True),
        ('http://example.com/?a=1&b="><script>', True),
        ("javascript:PWNED()", False),
        ("JaVaScRiPt:PWNED()", False),
        ("data:text/html,PWNED", False),
        ("//PWNED.example", False),
        ("https://", False),
        ("java\nscript:PWNED()", False),
        ("https://example.com/\u202eexe", False),
        (" https://example.com", False),
    ],
)
def test_X2_only_web_addresses_become_links(url: str, is_link: bool, tmp_path: Path) -> None:
    sent = [{"id": "1", "created": "2026-02-01T10:00:00Z", "post": "Rye", "postUrl": url, "likeCount": 3}]
    report(from_posts(sent, platform="tiktok", as_of="2026-03-01"), tmp_path / "r.html")
    links = [attributes for tag, attributes in Page((tmp_path / "r.html").read_text("utf-8")).tags if tag == "a"]
    assert [link["href"] for link in links] == ([url] if is_link else [])
    assert all("noopener" in link["rel"] for link in links)


def test_X2_texts_of_posts_are_shown_as_text(tmp_path: Path) -> None:
    for attacks in batched(ATTACKS, 3):  # the number of top posts
        sent = [
            {"id": str(number), "post": attack, "likeCount": 9, "created": "2026-02-01T10:00:00Z"}
            for number, attack in enumerate(attacks)
        ]
        report(from_posts(sent, platform="tiktok", as_of="2026-03-01"), tmp_path / "r.html")
        text = Page((tmp_path / "r.html").read_text("utf-8")).text
        for attack in attacks:
            assert re.sub("[\x00-\x1f]", " ", attack).strip() in text
        assert not re.search("[\x00-\x08\x0b-\x1f]", text)


def batched(words: list[str], size: int) -> list[list[str]]:
    return [words[start : start + size] for start in range(0, len(words), size)]
