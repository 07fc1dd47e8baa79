"""List the calls that give the numbers of a report, so that readers can check them."""

from __future__ import annotations

from collections.abc import Sequence

from ayrframe._export.report.collect import ProfileSection
from ayrframe._export.report.period import ReportPeriod
from ayrframe._export.report.values import clean
from ayrframe._platforms.columns import CREATED


def list_calls(sections: Sequence[ProfileSection], period: ReportPeriod) -> list[tuple[str, str]]:
    """Return what each call gives, and its code; `posts` is the posts frame of the report."""
    tz = f"tz={str(period.zone)!r}"
    calls = [
        (f"the posts of profile {clean(section.label) or 'without a label'}", _select_profile(section.label))
        for section in sections
    ]
    calls += [("the latest reading of each post", "latest = posts.ayr.latest()"), ("the posts shown", _select(period))]
    calls += [
        ("key figures and all figures", "shown.ayr.summary()"),
        ("formats", 'shown.ayr.summary("format")'),
        ("missing values", "shown.ayr.coverage()"),
    ]
    if at := next((each.frame["period_this"].iloc[0] for profile in sections for each in profile.comparisons), None):
        arguments = f"{period.name!r}, at={at!r}, {tz}"
        calls += [
            ("changes", f"posts.ayr.compare({arguments})"),
            ("changes against the year before", f'posts.ayr.compare({arguments}, against="year")'),
        ]
    trends = dict.fromkeys(period.trend_name(profile.shown[CREATED.name]) for profile in sections if len(profile.shown))
    for metric in dict.fromkeys(metric for profile in sections for metric in profile.metrics.values()):
        calls += [
            (f"normal values of {metric}", f"posts.ayr.above_normal({metric!r})"),
            *((f"trend of {metric}", f"posts.ayr.timeline({metric!r}, period={name!r}, {tz})") for name in trends),
            (f"best times for {metric}", f"posts.ayr.best_times({metric!r}, {tz})"),
        ]
    return calls


def _select_profile(label: str) -> str:
    return f'posts = posts[posts["profile"] == {clean(label)!r}]'


def _select(period: ReportPeriod) -> str:
    if period.is_everything:
        return "shown = latest"
    since, until = (None if time is None else time.isoformat() for time in (period.window.since, period.window.until))
    limits = [f'latest["created"] >= {since!r}' if since else "", f'latest["created"] <= {until!r}' if until else ""]
    conditions = [*filter(None, limits), 'latest["created"] <= latest["as_of"]']
    return f"shown = latest[{' & '.join(f'({condition})' for condition in conditions)}]"
