"""Decide whether all posts of a period were listed, from the times at which the accounts were read."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ayrframe._platforms.columns import AS_OF, LISTED_FROM, PLATFORM, PROFILE, READ_AT

_ACCOUNT = [PLATFORM.name, PROFILE.name]


def listed_spans(observations: pd.DataFrame, table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return for each group of a table the span in which all posts are listed: columns `start` and `end`, in UTC.

    The span of an account reaches from its first `listed_from` to its last `read_at` in all observations. The span of
    a group is in those of all accounts that have rows in it; its start is NaT if that of an account is unknown.
    """
    # Frames from older datasets have no `read_at`; the numbers are not newer than the response.
    end = observations[READ_AT.name].fillna(observations[AS_OF.name])
    times = observations[_ACCOUNT].assign(start=observations[LISTED_FROM.name], end=end)
    accounts = times.groupby(_ACCOUNT).agg({"start": "min", "end": "max"})
    members = table[list(dict.fromkeys([*by, *_ACCOUNT]))].drop_duplicates().join(accounts, on=_ACCOUNT)
    groups = members.groupby(list(by))
    spans = groups.agg({"start": "max", "end": "min"})
    has_unknown_start = members["start"].isna().groupby([members[name] for name in by]).any()
    spans["start"] = spans["start"].mask(has_unknown_start)
    return spans
