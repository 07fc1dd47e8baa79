"""Embed images that are at hand as bytes: the logo, and pictures that posts have as data URIs."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ayrframe._frame.dtypes import union_columns
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._platforms.columns import ID, PLATFORM
from ayrframe._platforms.spec import Kind, Role
from ayrframe.errors import quote

PostPictures = Mapping[tuple[str, str], str]

_IMAGE_TYPES = {b"\x89PNG\r\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif", b"RIFF": "webp"}
_MAX_IMAGE_BYTES = 2_000_000
_DATA_URI = r"^data:image/[a-z]+;base64,"


def read_logo(path: str | os.PathLike[str]) -> str:
    """Return an image file as a data URI."""
    data = Path(path).expanduser().read_bytes()
    if not (uri := _to_data_uri(data)):
        raise ValueError(
            f"`logo` must be a PNG, JPEG, GIF or WebP file of at most {_MAX_IMAGE_BYTES:,} bytes, "
            f"got {quote(Path(path).name)} with {len(data):,} bytes."
        )
    return uri


def post_pictures(posts: pd.DataFrame) -> PostPictures:
    """Return the pictures of posts whose media columns have data URIs, by platform and id; nothing is downloaded."""
    pictures = dict[tuple[str, str], str]()
    columns = union_columns(platforms_in(posts))
    for name in (each.name for each in columns if each.role is Role.MEDIA and each.kind is Kind.TEXT):
        texts = posts[name] if name in posts.columns else pd.Series(dtype="str")
        for row in texts.index[texts.astype("str").str.match(_DATA_URI).fillna(value=False)]:
            if uri := _check_data_uri(texts[row]):
                pictures.setdefault((posts.loc[row, PLATFORM.name], posts.loc[row, ID.name]), uri)
    return pictures


def _check_data_uri(text: str) -> str:
    """Return the data URI of an image, written again from its bytes; "" for anything else."""
    try:
        return _to_data_uri(base64.b64decode(text.partition(",")[2], validate=True))
    except binascii.Error:
        return ""


def _to_data_uri(data: bytes) -> str:
    """Return an image as a data URI; "" if its type is another or it is too large."""
    kind = next((kind for start, kind in _IMAGE_TYPES.items() if data.startswith(start)), None)
    if kind is None or len(data) > _MAX_IMAGE_BYTES:
        return ""
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"
