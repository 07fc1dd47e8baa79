"""Render messages and texts of posts for a terminal."""

from __future__ import annotations

import pandas as pd

_CONTROL_CHARACTERS = "[\\x00-\\x1f\\x7f-\\x9f]"
# Advice in errors and warnings for those who call the library from Python, and for those who run a command.
ADVICE = {
    "pass ayr.Client(api_key=...) or set AYRSHARE_API_KEY": "set AYRSHARE_API_KEY",
    "pass it as ayr.Client(api_key=...) or set AYRSHARE_API_KEY": "set AYRSHARE_API_KEY",
    "use ayr.load_sample() or ayr.sandbox()": "use --sample or --sandbox",
    "Pass x_api_key and x_api_secret to ayr.Client, or set": "Set",
    "`x_api_key` and `x_api_secret`": "AYRSHARE_X_API_KEY and AYRSHARE_X_API_SECRET",
    "pass the profile_key of a profile": "set AYRSHARE_PROFILE_KEY to the key of a profile",
    "`base_url`": "AYRSHARE_BASE_URL",
    "pass `limit=None` to load all": "use --limit all",
    "`limit=None` loads all": "--limit all loads all",
    "a smaller `limit`": "a smaller --limit",
    ": see `.frame`": " and are lost without --archive DIR",
    ", resume with `.cursor`": "",
    ", or pass a longer `timeout` to ayr.Client": "",
    "pass archive=ayr.Archive(path)": "use --archive DIR",
    "Pass profile_key={label: key} to label profiles": "Use one archive per profile",
    "load(..., archive=...) creates one": "ayrframe load --archive DIR creates one",
    ", as ISO text or as a date, datetime, Timestamp, datetime64 or Period": "",
    "`since` must": "must",
    "; `tz` must": ", must",
    ", or a tzinfo": "",
    ", or a pd.Period of one of these": "",
    " of type str": "",
    "`posts.to_parquet(path)`": "-o FILE.parquet",
}


def render_message(message: object) -> str:
    """Return a message with the advice for the command line, and with characters that are not printable escaped."""
    text = str(message)
    for for_python, for_command_line in ADVICE.items():
        text = text.replace(for_python, for_command_line)
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )


def remove_control_characters(posts: pd.DataFrame) -> pd.DataFrame:
    """Replace control characters in text columns by spaces, since terminals interpret them."""
    names = map(str, posts.select_dtypes("str"))
    return posts.assign(**{name: posts[name].str.replace(_CONTROL_CHARACTERS, " ", regex=True) for name in names})
