"""The command line, thin: `python -m ayrframe load tiktok --sample`."""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

import ayrframe as ayr

_WRITERS = {
    ".parquet": lambda posts, path: posts.to_parquet(path, index=False),
    ".csv": lambda posts, path: posts.ayr.to_csv(path),
    ".json": lambda posts, path: path.write_text(
        json.dumps({"posts": posts.ayr.to_posts()}, ensure_ascii=False, indent=1), encoding="utf-8"
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        _load(options)
    except (ayr.AyrframeError, OSError, ValueError) as error:
        print(f"ayrframe: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m ayrframe", description=ayr.__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    load = commands.add_parser("load", help="load posts, show them, and save them if asked to")
    load.add_argument("platform", nargs="+", metavar="PLATFORM", help="a network such as tiktok, several, or all")
    load.add_argument("--sample", action="store_true", required=True, help="the synthetic posts of the package")
    load.add_argument("-o", "--output", type=_output, metavar="FILE", help=f"where to save: {', '.join(_WRITERS)}")
    return parser


def _output(text: str) -> Path:
    path = Path(text)
    if path.suffix not in _WRITERS:
        raise argparse.ArgumentTypeError(f"{path.name!r} has to end in one of {', '.join(_WRITERS)}")
    return path


def _load(options: argparse.Namespace) -> None:
    names = "all" if options.platform == ["all"] else options.platform
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ayr.DataWarning)
        posts = ayr.load_sample(names)
    _show(posts)
    findings = [str(warning.message) for warning in caught if issubclass(warning.category, ayr.DataWarning)]
    print("Validation:", *(findings or [f"all {len(posts):,} posts are as they should be."]))
    if options.output is not None:
        _WRITERS[options.output.suffix](posts, options.output)
        print(f"Saved {len(posts):,} posts to {options.output}.")


def _show(posts: pd.DataFrame) -> None:
    """Print the card, the posts, and the first expansion that has rows."""
    print(posts.ayr, end="\n\n")
    with pd.option_context("display.width", 120, "display.max_columns", 8, "display.max_colwidth", 32):
        print(posts, end="\n\n")
        overview = posts.ayr.expansions().query("posts > 0")
        if len(overview):
            name = overview["name"].iloc[0]
            print(f"posts.ayr.{name}()", posts.ayr.expand(name), sep="\n", end="\n\n")


if __name__ == "__main__":
    sys.exit(main())
