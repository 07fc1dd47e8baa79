"""Check the links of the built documentation site: `python docs/check_site.py docs/_build`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

RESOURCES = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src")}


class Page(HTMLParser):
    """The links and anchors of a page."""

    def __init__(self, path: Path) -> None:
        """Parse a page."""
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.anchors: set[str] = {"", "top"}
        self.path = path
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Collect the links and anchors of an element."""
        for name, value in attributes:
            if name in {"href", "src"} and value:
                self.links.append((tag, value))
            elif name in {"id", "name"} and value:
                self.anchors.add(value)


def problems(folder: Path) -> Iterator[str]:
    """List broken internal links, resources of other sites, and pages without a link to the start page."""
    paths = [path for path in sorted(folder.resolve().rglob("*.html")) if "_static" not in path.parts]
    pages = {str(path): Page(path) for path in paths}
    home = str(folder.resolve() / "index.html")
    for path, page in pages.items():
        targets = set()
        for tag, link in page.links:
            url = urlsplit(link)
            if url.scheme or url.netloc:
                if (tag, "src") in RESOURCES or (tag == "link" and url.path.endswith((".css", ".js"))):
                    yield f"{path}: resource of another site: {link}"
                continue
            target = os.path.normpath(os.path.join(os.path.dirname(path), unquote(url.path))) if url.path else path
            targets.add(target)
            if target in pages:
                if unquote(url.fragment) not in pages[target].anchors:
                    yield f"{path}: no anchor for {link}"
            elif not os.path.isfile(target):
                yield f"{path}: no file for {link}"
        if home not in targets:
            yield f"{path}: no link to the start page"


def main() -> int:
    """Print all problems and return the exit status."""
    found = list(problems(Path(sys.argv[1])))
    sys.stderr.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
