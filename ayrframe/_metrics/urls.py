"""Bring addresses to one form, read their campaign parameters, and find the posts that they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, quote as percent_encode, unquote, urlencode

import pandas as pd

from ayrframe._decode.detect_platform import platform_of_host
from ayrframe._metrics.frames import latest_frame
from ayrframe._platforms.columns import ID, LISTED_FROM, PLATFORM, POST_URL, READ_AT
from ayrframe.errors import quote

UTM_PARAMETERS = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")

_TRACKING_NAMES = (
    "_branch_match_id _ga _gl dclid epik fbclid gad_source gbraid gclid gclsrc igsh igshid li_fat_id mc_cid mc_eid "
    "mibextid mkt_tok msclkid rdt_cid ref_src sccid srsltid ttclid twclid wbraid yclid"
)
_TRACKING = frozenset(_TRACKING_NAMES.split())
_TRACKING_PREFIXES = ("utm_", "hsa_", "mtm_")
_URL = re.compile(
    r"(?:(?:https?:)?//(?:[^/?#@\s]*@)?)?(?P<host>[^/?#@\s:]+\.[^/?#@\s:]+)(?::(?P<port>[0-9]*))?"
    r"(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_DEFAULT_PORTS = ("", "80", "443")
_DEVICE_PREFIX = re.compile(r"^(?:(?:www|m|mobile)\.)+(?=[^.]+\.)")
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile("[A-Za-z0-9._~-]")


def normalize_url(url: Any) -> str | None:
    """Return the form of a URL that all ways of writing it have in common, as a key for joins.

    Removed are the scheme, `www.`, `m.` and `mobile.`, the default port, user names, a slash at the end, the fragment
    (unless it is a route such as `#/shop`), and tracking parameters: `utm_*`, `fbclid`, `gclid`, `igshid` and the like.
    The host is in lower case; other parameters are sorted. The case of paths is kept, because ids differ by it. On the
    hosts of the networks, only parameters that identify a post are kept, and hosts of one network that show the same
    posts, such as x.com and twitter.com, become one. Short URLs such as t.co/abc are not followed.

    Parameters
    ----------
    url : str, None or NA
        URL, with or without the scheme.

    Returns
    -------
    str or None
        None for a missing value. A text that is not a URL is returned without surrounding white space.

    Raises
    ------
    TypeError
        If `url` is neither text nor missing.

    See Also
    --------
    PostsAccessor.match_url : Find the posts of URLs.

    Examples
    --------
    >>> ayr.normalize_url("https://www.bakery.example/Rye/?utm_source=x&size=2#top")
    'bakery.example/Rye?size=2'
    >>> ayr.normalize_url("http://mobile.x.com/bakery/status/12?s=20")
    'twitter.com/bakery/status/12'
    >>> import pandas as pd
    >>> table = pd.DataFrame({"page": ["HTTPS://Bakery.example/rye/", None]})
    >>> table["page"].map(ayr.normalize_url).tolist()
    ['bakery.example/rye', nan]
    """
    if not isinstance(url, str):
        if url is None or url is pd.NA or url != url:  # noqa: PLR0124 - NaN
            return None
        raise TypeError(
            f"`url` must be a str or missing, got {quote(str(url))} of type {type(url).__name__}. "
            "For a column, use frame['column'].map(ayr.normalize_url)."
        )
    match = _URL.fullmatch(url.strip())
    if match is None:
        return url.strip()
    host = normalize_host(match["host"])
    platform = platform_of_host(host)
    if platform is not None and host not in platform.short_hosts:
        host = platform.hosts[0]
    port = "" if (match["port"] or "") in _DEFAULT_PORTS else f":{match['port']}"
    pairs = sorted(
        (name, value)
        for name, value in read_parameters(match["query"] or "")
        if (name in platform.url_parameters if platform else not _is_tracking(name.lower()))
    )
    query = f"?{urlencode(pairs)}" if pairs else ""
    fragment = match["fragment"] or ""
    route = f"#{fragment}" if fragment.startswith(("/", "!")) else ""
    return f"{host}{port}{_normalize_path(match['path'] or '')}{query}{route}"


def normalize_host(host: str) -> str:
    """Return a host in lower case and ASCII, without the prefixes of the web and of mobile devices."""
    lower = host.lower().rstrip(".")
    try:
        ascii_host = lower.encode("idna").decode()
    except UnicodeError:  # An empty or a very long label: no host, but a text may contain it.
        ascii_host = lower
    return _DEVICE_PREFIX.sub("", ascii_host)


def host_of(url: str) -> str | None:
    """Return the host of a URL, None if it has none."""
    match = _URL.fullmatch(url.strip())
    return normalize_host(match["host"]) if match else None


def utm_values(url: str) -> list[str | None]:
    """Return the values of the campaign parameters of a URL, None for absent and empty ones."""
    match = _URL.fullmatch(url.strip())
    found: dict[str, str] = {}
    for name, value in read_parameters((match["query"] or "") if match else ""):
        if value.strip():
            found.setdefault(name.lower(), value.strip())
    return [found.get(name) for name in UTM_PARAMETERS]


def read_parameters(query: str) -> list[tuple[str, str]]:
    """Return the parameters of a query; texts of some platforms have `&amp;` between them."""
    return parse_qsl(query.replace("&amp;", "&"), keep_blank_values=True)


def match_url(frame: pd.DataFrame, urls: str | Iterable[Any]) -> pd.DataFrame:
    """Return the latest observation of the posts of each URL, in the order of the URLs; NA where there are none."""
    if POST_URL.name not in frame.columns:
        raise ValueError(f"The frame lacks the column {POST_URL.name!r}, by which posts are matched. Keep it.")
    given = [urls] if isinstance(urls, str) else list(urls)
    posts = latest_frame(frame).drop(columns=[READ_AT.name, LISTED_FROM.name])
    by_url = _positions(posts[POST_URL.name].map(normalize_url))
    by_id = _positions(zip(posts[PLATFORM.name], posts[ID.name], strict=True))
    rows: list[tuple[Any, str | None, int]] = []
    for url in given:
        key = normalize_url(url)
        found, how = by_url.get(key, []) if key else [], POST_URL.name
        if key and not found:
            found, how = _posts_with_id(key, by_id), ID.name
        rows += [(key and url, how, position) for position in found] or [(url, None, -1)]
    matched = pd.DataFrame(rows, columns=["given_url", "matched_by", "position"])
    matched = matched.astype({"given_url": "str", "matched_by": "str", "position": "int64"})
    return matched.drop(columns="position").join(posts.reindex(matched["position"]).reset_index(drop=True))


def _positions(keys: Iterable[Any]) -> dict[Any, list[int]]:
    """Return the positions of each key."""
    positions: dict[Any, list[int]] = {}
    for position, key in enumerate(keys):
        positions.setdefault(key, []).append(position)
    return positions


def _posts_with_id(key: str, by_id: dict[Any, list[int]]) -> list[int]:
    """Return the positions of the posts whose id is a part of the path or a parameter of a URL on their platform."""
    platform = platform_of_host(key.partition("/")[0])
    if platform is None:
        return []
    parts = (by_id.get((platform.name, unquote(part)), []) for part in re.split("[/?&=#]", key)[1:] if part)
    return next(filter(None, parts), [])


def _is_tracking(name: str) -> bool:
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


def _normalize_path(path: str) -> str:
    """Return a path with one way of escaping each character, without a slash at the end."""
    encoded = percent_encode(path.rstrip("/"), safe="/%:@!$&'()*+,;=~")
    return _ESCAPE.sub(lambda match: _normalize_escape(match[0]), encoded)


def _normalize_escape(escape: str) -> str:
    character = chr(int(escape[1:], 16))
    return character if _UNRESERVED.fullmatch(character) else escape.upper()
