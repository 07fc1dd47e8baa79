"""Check the links of the built documentation site: `python docs/check_site.py docs/_build`."""

from __future__ import annotations

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
    pages = {path: Page(path) for path in sorted(folder.rglob("*.html")) if "_static" not in path.parts}
    home = (folder / "index.html").resolve()
    for path, page in pages.items():
        targets = set()
        for tag, link in page.links:
            url = urlsplit(link)
            if url.scheme or url.netloc:
                if (tag, "src") in RESOURCES or (tag == "link" and url.path.endswith((".css", ".js"))):
                    yield f"{path}: resource of another site: {link}"
                continue
            target = (path.parent / unquote(url.path)).resolve() if url.path else path.resolve()
            target = target / "index.html" if target.is_dir() else target
            targets.add(target)
            if not target.is_file():
                yield f"{path}: no file for {link}"
            elif target.suffix == ".html" and unquote(url.fragment) not in anchors(pages, target):
                yield f"{path}: no anchor for {link}"
        if home not in targets:
            yield f"{path}: no link to the start page"


def anchors(pages: dict[Path, Page], target: Path) -> set[str]:
    """Return the anchors of a page."""
    found = next((page for path, page in pages.items() if path.resolve() == target), None)
    return found.anchors if found else {""}


def main() -> int:
    """Print all problems and return the exit status."""
    found = list(problems(Path(sys.argv[1])))
    sys.stderr.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
