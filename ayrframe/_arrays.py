"""Values of one kind → one Arrow array, and which of them turned out not to fit after all.

The strict door reads times, digits and nested parts as they stand; what it left unchecked is checked here, a whole
column at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe import _fields
from ayrframe._json import compact, surrogates_mended
from ayrframe.spec import Kind

Mask = npt.NDArray[np.bool_]

UTC_TIME = pa.timestamp("us", "UTC")
ARROW: dict[Kind, pa.DataType] = {
    Kind.KEY: pa.large_string(),
    Kind.TEXT: pa.large_string(),
    Kind.WHOLE: pa.int64(),
    Kind.QUOTED: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
    Kind.TIME: UTC_TIME,
    Kind.LIST: pa.large_string(),
    Kind.OBJECT: pa.large_string(),
}
ABSENT = msgspec.Raw(b"")

_DIGITS = r"^-?[0-9]{1,18}$"
_DATE = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
_TIME = rf"^{_DATE}T{_CLOCK}(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])$"
# How times are spelled as a rule, by length: the lowest and the highest character at each place.
_USUAL = {
    len(low): (np.frombuffer(low, dtype=np.uint8), np.frombuffer(high, dtype=np.uint8))
    for low, high in (
        (b"1000-00-00T00:00:00Z", b"9999-19-39T29:59:59Z"),
        (b"1000-00-00T00:00:00.000Z", b"9999-19-39T29:59:59.999Z"),
    )
}
# The first and last moment that a Python datetime can hold, in microseconds.
_FIRST, _LAST = -62_135_596_800_000_000, 253_402_300_799_999_999
_OPENING = {Kind.LIST: ord("["), Kind.OBJECT: ord("{")}
_NULL = ord("n")
_SPACES = (b" ", b"\n", b"\t", b"\r")


def array(kind: Kind, values: Sequence[Any]) -> tuple[pa.Array, Mask | None]:
    """Return the values as an array, missing where one does not fit, and a mask of those if there are any."""
    if kind is Kind.TIME:
        return _times(values)
    if kind is Kind.WHOLE:
        return _whole(values), None
    if kind is Kind.QUOTED:
        return digits(pa.array(values, pa.large_string()))
    if kind in _OPENING:
        return _nested(values, _OPENING[kind])
    return pa.array(values, ARROW[kind]), None


def digits(texts: pa.Array) -> tuple[pa.Array, Mask | None]:
    """Return texts of digits as whole numbers, and a mask of those that are none."""
    fits = pc.match_substring_regex(texts, _DIGITS)
    return _without(texts, fits).cast(pa.int64()), _misfits(fits)


def _whole(values: Sequence[int | None]) -> pa.Array:
    try:
        return pa.array(np.fromiter(values, dtype=np.int64, count=len(values)))
    except TypeError:  # Some are missing.
        return pa.array(values, pa.int64())


def _times(values: Sequence[str | None]) -> tuple[pa.Array, Mask | None]:
    times = _times_alike(values)
    if times is not None:
        return times, None
    texts = pa.array(values, pa.large_string())
    times = _usual_times(texts)
    return _times_by_grammar(texts) if times is None else (times, None)


def _times_alike(values: Sequence[str | None]) -> pa.Array | None:
    """Return times that are all there and all spelled as usual, in the way of the first; else None."""
    length = len(values[0] or "") if values else 0
    if length not in _USUAL:
        return None
    try:
        text = "\n".join([*values, ""]).encode()  # type: ignore[list-item]
    except TypeError:  # Some are missing.
        return None
    if len(text) != len(values) * (length + 1):
        return None
    rows = np.frombuffer(text, dtype=np.uint8).reshape(len(values), length + 1)
    times = np.ascontiguousarray(rows[:, :length])
    # There are as many ends of lines as rows, and none of them within a time: so every row is a value.
    if not _spelled(times):
        return None
    offsets = np.arange(len(values) + 1) * length
    return _moments(pa.LargeStringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(times)))


def _usual_times(texts: pa.Array) -> pa.Array | None:
    """Return times that are all spelled as usual, which a look at their bytes side by side can tell; else None."""
    known = texts.drop_null()
    lengths = pc.binary_length(known).to_numpy()
    alike = {length: lengths == length for length in _USUAL}
    if sum(map(np.count_nonzero, alike.values())) != len(known):
        return None
    for length, some in alike.items():
        if not _spelled(_side_by_side(known if some.all() else known.filter(pa.array(some)), length)):
            return None
    return _moments(texts)


def _side_by_side(texts: pa.Array, length: int) -> npt.NDArray[np.uint8]:
    """Return the bytes of texts of one length, a row for each."""
    _, offsets, data = texts.buffers()
    start = int(np.frombuffer(offsets, dtype=np.int64)[texts.offset]) if len(texts) else 0
    text = np.frombuffer(data or b"", dtype=np.uint8)[start : start + len(texts) * length]
    return text.reshape(len(texts), length)


def _spelled(times: npt.NDArray[np.uint8]) -> bool:
    """Tell whether each byte lies between those at its place in the usual way of writing a time of this length."""
    low, high = _USUAL[times.shape[1]]
    return bool((times >= low).all() and (times <= high).all())


def _moments(texts: pa.Array) -> pa.Array | None:
    """Return times that are spelled as usual; None if a day is not in the calendar."""
    try:
        return texts.cast(UTC_TIME)
    except pa.ArrowInvalid:
        return None


def _times_by_grammar(texts: pa.Array) -> tuple[pa.Array, Mask | None]:
    fits = pc.match_substring_regex(texts, _TIME)
    candidates = _without(texts, fits)
    try:
        times = candidates.cast(UTC_TIME)
    except pa.ArrowInvalid:
        # A day that its month does not have: rare, and only a calendar can tell.
        fits = pa.array([_fields.instant(text) is not None for text in candidates.fill_null("").to_pylist()])
        fits = pc.if_else(texts.is_valid(), fits, None)
        times = _without(texts, fits).cast(UTC_TIME)
    moments = times.cast(pa.int64())
    first, last = pc.min_max(moments).as_py().values()
    if first is not None and (first < _FIRST or last > _LAST):
        inside = pc.and_(pc.greater_equal(moments, _FIRST), pc.less_equal(moments, _LAST))
        fits = pc.and_(fits, inside.fill_null(fill_value=True))
    return _without(times, fits), _misfits(fits)


def _without(values: pa.Array, fits: pa.Array) -> pa.Array:
    return values if pc.all(fits, min_count=0).as_py() else pc.if_else(fits, values, None)


def _misfits(fits: pa.Array) -> Mask | None:
    if pc.all(fits, min_count=0).as_py():
        return None
    return np.asarray(pc.invert(fits).fill_null(fill_value=False).to_numpy(zero_copy_only=False))


def _nested(values: Sequence[msgspec.Raw], opening: int) -> tuple[pa.Array, Mask | None]:
    """Lay the JSON texts side by side in one buffer: no cell becomes a Python text on the way."""
    lengths, text = _joined(values)
    tidy = _tidy(values, text)
    if tidy is not values:
        lengths, text = _joined(tidy)
    offsets = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    # What was not sent seems to begin with the next value, or behind the last.
    first = np.frombuffer(text or b"-", dtype=np.uint8).take(offsets[:-1], mode="clip")
    sent = (lengths > 0) & (first != _NULL)
    buffers = map(pa.py_buffer, (offsets, text, np.packbits(sent, bitorder="little")))
    cells = pa.LargeStringArray.from_buffers(len(values), *buffers)
    bad = sent & (first != opening)
    return (pc.if_else(pa.array(bad), None, cells), bad) if bad.any() else (cells, None)


def _joined(values: Sequence[msgspec.Raw]) -> tuple[npt.NDArray[np.int64], bytes]:
    return np.fromiter(map(len, values), dtype=np.int64, count=len(values)), b"".join(values)


def _tidy(values: Sequence[msgspec.Raw], text: bytes) -> Sequence[msgspec.Raw]:
    """Return the same values without white space between tokens and without lone surrogates."""
    if any(space in text for space in _SPACES):
        together = b"[%b]" % b",".join(filter(None, values))
        if len(compact(together)) != len(together):
            values = [msgspec.Raw(compact(value)) if value else value for value in values]
    if surrogates_mended(text) is not text:
        values = [msgspec.Raw(surrogates_mended(bytes(value))) for value in values]
    return values
