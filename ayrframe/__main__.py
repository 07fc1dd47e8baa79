"""Command line: `ayrframe load tiktok --sample`, or `python -m ayrframe ...`."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import warnings
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd

import ayrframe as ayr
from ayrframe import _export
from ayrframe._export.arguments import (
    output_path,
    parse_age,
    parse_day,
    parse_platform,
    parse_post_limit,
    parse_report_path,
    parse_report_period,
    parse_timezone,
)
from ayrframe._export.report import write_reports
from ayrframe._export.report.period import choose_period
from ayrframe._export.terminal import remove_control_characters, render_message
from ayrframe._platforms import PLATFORMS

_WRITERS: Mapping[str, Callable[[pd.DataFrame, Path], object]] = {
    ".parquet": lambda posts, path: posts.to_parquet(path, index=False),
    ".csv": _export.to_csv,
    ".xlsx": lambda posts, path: posts.ayr.to_excel(path),
    ".json": lambda posts, path: path.write_text(
        json.dumps({"posts": posts.ayr.to_posts()}, ensure_ascii=False, indent=1), encoding="utf-8"
    ),
}
_FORMATS = ", ".join(_WRITERS)
_ACCOUNT_FORMATS = (".parquet", ".csv")
_EXIT_STATUSES = "Exit status: 0 done, 1 an error or a failed check, 2 wrong usage, 130 interrupted."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # A terminal may lack letters of the posts.
    options = _build_parser().parse_args(arguments)
    try:
        status = int(options.run(options))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of a pipe has seen enough; Python would report the pipe again when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ayr.AyrframeError, ImportError, OSError, ValueError) as error:
        errors = error.exceptions if isinstance(error, ayr.LoadErrors) else [error]
        for each in errors:
            print(f"ayrframe: {render_message(each)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("ayrframe: interrupted", file=sys.stderr)
        return 130
    return status


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Exit with a message that terminals cannot interpret; arguments may contain control characters."""
        super().error(render_message(message))


def _build_parser() -> argparse.ArgumentParser:
    parser = _Parser("ayrframe", description=str(ayr.__doc__).splitlines()[0], epilog=_EXIT_STATUSES)
    parser.add_argument("--version", action="version", version=f"ayrframe {ayr.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    load = _add_command(commands, "load", "load posts, print them and optionally save them")
    load.add_argument("platform", nargs="+", metavar="PLATFORM", help="one or more platforms such as tiktok, or all")
    source = load.add_mutually_exclusive_group()
    source.add_argument("--sample", action="store_true", help="use the synthetic sample posts")
    source.add_argument("--sandbox", action="store_true", help="use a local server that simulates the API")
    load.add_argument(
        "--limit", type=parse_post_limit, default=..., metavar="N", help="largest number of posts per platform, or all"
    )
    load.add_argument("--since", type=parse_day, metavar="DAY", help="only posts from this day on, e.g. 2026-03-01")
    load.add_argument("--until", type=parse_day, metavar="DAY", help="only posts up to and including this day")
    load.add_argument("--analytics", action="store_true", help="add post analytics; one more request per 100 posts")
    load.add_argument("--archive", metavar="DIR", help="archive folder for the raw pages")
    output_help = f"output file; its suffix sets the format: {_FORMATS}"
    load.add_argument("-o", "--output", type=output_path(*_WRITERS), metavar="FILE", help=output_help)
    load.set_defaults(run=_run_load)
    accounts = _add_command(commands, "accounts", "load followers and other numbers of accounts")
    accounts.add_argument("platform", nargs="*", metavar="PLATFORM", help="platforms such as tiktok; default: all")
    accounts.add_argument("--sandbox", action="store_true", help="use a local server that simulates the API")
    accounts.add_argument("--archive", metavar="DIR", help="archive folder for the raw responses")
    output_help = f"output file; its suffix sets the format: {', '.join(_ACCOUNT_FORMATS)}"
    accounts.add_argument("-o", "--output", type=output_path(*_ACCOUNT_FORMATS), metavar="FILE", help=output_help)
    accounts.set_defaults(run=_run_accounts)
    _add_report(commands)
    _add_check(commands)
    doctor = _add_command(commands, "doctor", "check keys, connection and archive for live loads")
    doctor.add_argument("--sandbox", action="store_true", help="check a local server instead of the API")
    doctor.add_argument("--archive", metavar="DIR", help="also check this archive folder")
    doctor.set_defaults(run=_run_doctor)
    return parser


def _add_command(commands: Any, name: str, text: str, epilog: str | None = None) -> Any:
    return commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=epilog)


def _add_report(commands: Any) -> None:
    report = _add_command(
        commands, "report", "write an HTML report: key figures, changes, plots, top posts, definitions"
    )
    report.add_argument("platform", nargs="+", metavar="PLATFORM", help="one or more platforms such as tiktok, or all")
    source = report.add_mutually_exclusive_group()
    source.add_argument("--sample", action="store_true", help="use the synthetic sample posts")
    source.add_argument("--sandbox", action="store_true", help="use a local server that simulates the API")
    source.add_argument("--archive", metavar="DIR", help="use the pages in this archive, without requests")
    source.add_argument("--dataset", metavar="DIR", help="use this dataset of Parquet files")
    report.add_argument("--profile", action="append", metavar="LABEL", help="only this profile; may be repeated")
    report.add_argument(
        "--at",
        type=parse_report_period,
        metavar="PERIOD",
        help="show a year, quarter, month, week or day, e.g. 2026-03",
    )
    report.add_argument("--since", type=parse_day, metavar="DAY", help="show only posts from this day on")
    report.add_argument("--until", type=parse_day, metavar="DAY", help="show only posts up to and including this day")
    report.add_argument("--tz", type=parse_timezone, default="UTC", help="IANA time zone of days, e.g. Europe/Berlin")
    report.add_argument("--title", help="title of the report")
    report.add_argument("--logo", metavar="FILE", help="PNG, JPEG, GIF or WebP file to embed")
    report.add_argument("--open", action="store_true", help="open the report in the browser")
    report.add_argument(
        "-o",
        "--output",
        type=parse_report_path,
        required=True,
        metavar="FILE",
        help="output file (.html); {profile} in its name: a page each",
    )
    report.set_defaults(run=_run_report)


def _add_check(commands: Any) -> None:
    text = "find accounts that stopped posting, numbers that stopped moving, drift, and missing readings"
    epilog = "Exit status: 0 without findings, 1 with findings (a line each) or after an error, 2 wrong usage."
    check = _add_command(commands, "check", text, epilog=epilog)
    check.add_argument("platform", nargs="*", type=parse_platform, metavar="PLATFORM", help="platforms; default: all")
    source = check.add_mutually_exclusive_group()
    source.add_argument("--archive", metavar="DIR", help="check this archive, without requests")
    source.add_argument("--dataset", metavar="DIR", help="check this dataset of Parquet files, without requests")
    source.add_argument("--sandbox", action="store_true", help="check a local server instead of the API")
    check.add_argument("--profile", action="append", metavar="LABEL", help="only this profile; may be repeated")
    check.add_argument("--since", type=parse_day, metavar="DAY", help="only posts from this day on")
    age_help = "longest time between readings, e.g. 26h (the default), 8D, or a number of hours"
    check.add_argument("--max-age", type=parse_age, default="26h", metavar="TIME", help=age_help)
    check.add_argument("--now", type=parse_day, metavar="TIME", help="time to compare readings with; default: now")
    check.set_defaults(run=_run_check)


def _run_load(options: argparse.Namespace) -> int:
    return _load_and_print(options, _load_posts, _print_posts, "posts")


def _run_accounts(options: argparse.Namespace) -> int:
    return _load_and_print(options, _load_accounts, _print_accounts, "accounts")


def _load_and_print(
    options: argparse.Namespace,
    load: Callable[[argparse.Namespace], pd.DataFrame],
    print_frame: Callable[[pd.DataFrame], None],
    rows: str,
) -> int:
    """Load and save a frame, then print it with its warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ayr.DataWarning)
        frame = load(options)
        if options.output is not None:  # Before anything is printed: requests are not spent for nothing.
            _WRITERS[options.output.suffix](frame, options.output)
    print_frame(frame)
    data_warnings = [
        render_message(warning.message) for warning in caught if issubclass(warning.category, ayr.DataWarning)
    ]
    print("Validation:", *(data_warnings or [f"No problems found in {len(frame):,} {rows}."]), sep="\n  ")
    if options.output is not None:
        print(render_message(f"Saved {len(frame):,} {rows} to {options.output}."))
    return 0


def _load_accounts(options: argparse.Namespace) -> pd.DataFrame:
    names = "all" if options.platform in ([], ["all"]) else options.platform
    with ExitStack() as stack:
        client = stack.enter_context(ayr.sandbox()).client() if options.sandbox else None
        return ayr.accounts(names, archive=ayr.Archive(options.archive) if options.archive else None, client=client)


def _print_accounts(accounts: pd.DataFrame) -> None:
    names = ["platform", "profile", "as_of", "followers", "following", "posts"]
    with pd.option_context("display.width", 120, "display.max_columns", len(names)):
        print(remove_control_characters(accounts)[names], end="\n\n")


def _load_posts(options: argparse.Namespace) -> pd.DataFrame:
    names = "all" if options.platform == ["all"] else options.platform
    if options.sample:
        if options.limit is not ... or options.since or options.until or options.archive:
            raise ValueError("--sample cannot be combined with --limit, --since, --until or --archive.")
        return ayr.load_sample(names, analytics=options.analytics)
    with ExitStack() as stack:
        client = stack.enter_context(ayr.sandbox()).client() if options.sandbox else None
        archive = ayr.Archive(options.archive) if options.archive else None
        return ayr.load(
            names,
            limit=options.limit,
            since=options.since,
            until=options.until,
            analytics=options.analytics,
            archive=archive,
            client=client,
        )


def _run_report(options: argparse.Namespace) -> int:
    names = "all" if options.platform == ["all"] else options.platform
    period = choose_period(options.at, options.since, options.until, options.tz)
    with warnings.catch_warnings(record=True) as caught, ExitStack() as stack:
        warnings.simplefilter("always", ayr.DataWarning)
        if options.archive:
            source: Any = ayr.Archive(options.archive)
        elif options.dataset or options.sample:
            source = options.dataset or ayr.load_sample(names)
        else:
            # Comparisons and normal values need more than the period, so all posts are loaded.
            client = stack.enter_context(ayr.sandbox()).client() if options.sandbox else None
            source = ayr.load(names, limit=None, client=client)
        files = write_reports(
            source, options.output, names, options.profile, period, title=options.title, logo=options.logo
        )
    _print_warnings(caught)
    for file in files:
        print(render_message(f"Saved the report to {file}."))
        if options.open:
            webbrowser.open(file.resolve().as_uri())
    return 0


def _run_check(options: argparse.Namespace) -> int:
    names = None if options.platform in ([], ["all"]) else options.platform
    with warnings.catch_warnings(record=True) as caught, ExitStack() as stack:
        warnings.simplefilter("always", ayr.DataWarning)
        client = stack.enter_context(ayr.sandbox()).client() if options.sandbox else None
        source = ayr.Archive(options.archive) if options.archive else options.dataset
        arguments = {name: getattr(options, name) for name in ("profile", "since", "max_age", "now")}
        findings = ayr.check(source, platform=names, client=client, **arguments)
    _print_warnings(caught)
    for platform, profile, finding, _, detail in findings.fillna({"platform": "", "profile": ""}).to_numpy():
        account = " ".join(filter(None, (PLATFORMS[platform].title if platform else "", profile)))
        print(render_message(": ".join(filter(None, (account, finding, detail)))))
    return int(len(findings) > 0)


def _print_warnings(caught: Sequence[warnings.WarningMessage]) -> None:
    for warning in caught:
        if issubclass(warning.category, ayr.DataWarning):
            print(f"ayrframe: warning: {render_message(warning.message)}", file=sys.stderr)


def _print_posts(posts: pd.DataFrame) -> None:
    """Print the card, the posts, and the first child table that has rows."""
    print(posts.ayr, end="\n\n")
    posts = remove_control_characters(posts)
    with pd.option_context("display.width", 120, "display.max_columns", 8, "display.max_colwidth", 32):
        print(posts, end="\n\n")
        overview = posts.ayr.expansions().query("posts > 0")
        if len(overview):
            name = overview["name"].iloc[0]
            print(f"posts.ayr.{name}()", remove_control_characters(posts.ayr.expand(name)), sep="\n", end="\n\n")


def _run_doctor(options: argparse.Namespace) -> int:
    with ExitStack() as stack:
        client = stack.enter_context(ayr.sandbox()).client() if options.sandbox else None
        checks = ayr.doctor(client, archive=ayr.Archive(options.archive) if options.archive else None)
    for row in checks.itertuples():
        print(f"{row.check:16} {row.result:11} {render_message(row.detail)}")
    return int(checks["result"].eq("failed").any())


if __name__ == "__main__":  # pragma: no cover - tested in a process
    sys.exit(main())
