"""Write the pages of the documentation site that are derived from other files of the repository.

The pages are in `docs/api`, `docs/gallery`, `docs/notebooks` and `docs/project`, which git ignores.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from pathlib import Path

import build_api_pages
import build_gallery

ROOT = Path(__file__).parents[1]
# Files at the root of the repository that are pages of the site.
COPIED = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md", "SECURITY.md": "security.md"}


def source_digest() -> str:
    """Return a digest of the package, so that outputs of notebooks are cached only while it is unchanged."""
    digest = hashlib.sha256()
    for folder in ("ayrframe", "data"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def write(docs: Path) -> None:
    """Write all generated pages; files whose content did not change keep their time, so they are not read again."""
    with tempfile.TemporaryDirectory() as temporary:
        new = Path(temporary)
        build_api_pages.write_pages(new / "api")
        build_gallery.write_pages(new / "gallery")
        write_copies(new)
        for folder in sorted(path.name for path in new.iterdir()):
            update(new / folder, docs / folder)


def write_copies(docs: Path) -> None:
    """Copy the notebooks and the pages at the root of the repository."""
    notebooks = docs / "notebooks"
    notebooks.mkdir()
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        shutil.copyfile(path, notebooks / path.name)
    text = (ROOT / "notebooks" / "README.md").read_text("utf-8")
    tree = ["", "```{toctree}", ":hidden:", "", *re.findall(r"\((\w+)\.ipynb\)", text), "```", ""]
    (notebooks / "index.md").write_text(text + "\n".join(tree), encoding="utf-8")
    project = docs / "project"
    project.mkdir()
    for source, name in COPIED.items():
        shutil.copyfile(ROOT / source, project / name)


def adapt_links(text: str) -> str:
    """Make links between files of the repository links between pages of the site."""
    for source, name in COPIED.items():
        text = re.sub(rf"\]\((\.\./)?{source}", f"](/project/{name}", text)
    text = re.sub(r"\]\((\.\./)?docs/", "](/", text)
    return re.sub(r"\]\((\.\./)?notebooks/", "](/notebooks/", text).replace("](README.md)", "](/notebooks/index.md)")


def mend(site: Path) -> None:
    """Name elements of the theme and of pandas that screen readers could not read, and style platform pages."""
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        mended = text.replace("<th></th>", "<td></td>")
        mended = mended.replace(
            '<summary><span class="toctree', '<summary aria-label="Show its pages"><span class="toctree'
        )
        mended = re.sub(r'(<button[^>]*search-button-field[^>]*aria-label="Search)"', r'\1 Ctrl+K"', mended)
        if path.parent.name == "platforms":
            mended = mended.replace('<article class="bd-article"', '<article class="bd-article platform"')
        if mended != text:
            path.write_text(mended, encoding="utf-8")


def update(new: Path, old: Path) -> None:
    """Make one folder equal to another, without writing files that are equal."""
    wanted = {path.relative_to(new): path for path in new.rglob("*") if path.is_file()}
    if old.exists():
        for path in [path for path in old.rglob("*") if path.is_file() and path.relative_to(old) not in wanted]:
            path.unlink()
    for name, path in wanted.items():
        target = old / name
        if not target.exists() or target.read_bytes() != path.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
