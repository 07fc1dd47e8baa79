"""Accessor methods of posts frames and accounts frames: child tables, checks and dictionary."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from ayrframe._accessor.base import FrameMethods
from ayrframe.errors import ExpansionError, quote

if TYPE_CHECKING:
    from ayrframe._frame.schema import Severity


class ColumnMethods(FrameMethods):
    """Methods that read the columns of the platforms; `_kind` is the name of the frame in messages."""

    _kind = "posts"

    def expansions(self) -> pd.DataFrame:
        """List the expansions of the platforms in the frame.

        Returns
        -------
        pandas.DataFrame
            One row per expansion: `name`, `platforms`, `source` (the nested column), `row` (what one row of the child
            table is), all str, and `posts` (int64, the number of posts or accounts with at least one row).

        Examples
        --------
        >>> ayr.load_sample("linkedin").ayr.expansions()["name"].tolist()
        ['reactions', 'media', 'liked_by', 'comment_urns', 'extra']
        """
        from ayrframe._expansions.expand import list_expansions

        return list_expansions(self._frame)

    def expand(self, name: str, *, wide: bool = False) -> pd.DataFrame:
        """Return the child table of an expansion.

        Parameters
        ----------
        name : str
            Name of an expansion, see `expansions()`.
        wide : bool, default False
            Return wide format, one column per kind instead of one row (`reactions` and `media_metrics` only).

        Returns
        -------
        pandas.DataFrame
            The post key, or platform, profile and `as_of` of an account, then the columns of the child table; one row
            per element, in the order of the frame. The columns depend on the platforms only, not on the values. Empty
            if there are no elements.

        Raises
        ------
        ExpansionError
            If the platforms in the frame have no expansion of this name.
        ValueError
            If `wide=True` and the child table has no wide format.

        Examples
        --------
        >>> ayr.load_sample("linkedin").ayr.expand("reactions")["label"].unique().tolist()
        ['Like', 'Celebrate', 'Curious', 'Love', 'Insightful', 'Support']
        """
        from ayrframe._expansions.expand import expand

        return expand(self._frame, name, wide=wide)

    def drift(self) -> pd.DataFrame:
        """Report differences between the frame and the declared fields of its platforms.

        Returns
        -------
        pandas.DataFrame
            One row per `platform`, `path` (of the API field; `[]` denotes the elements of a list) and `finding`, all
            str: `undeclared` (the field is not declared), `wrong type`, `not an object`, `new value` (not among the
            known values of the field, which the page of the platform in docs/platforms lists), or `never seen` (a
            declared field that nothing in the frame has); `posts` (int64, the number of posts or accounts with this
            finding); `example` (str, at most 40 characters of a value).

        Examples
        --------
        >>> sent = [{"id": "1", "views": 7, "likeCount": "many"}]
        >>> posts = ayr.from_posts(sent, platform="bluesky", validate=None)
        >>> posts.ayr.drift().query("finding != 'never seen'")[["path", "finding", "posts", "example"]]
                path     finding  posts example
        0      views  undeclared      1       7
        1  likeCount  wrong type      1  "many"
        """
        from ayrframe._frame.drift import drift

        return drift(self._frame)

    def dictionary(self) -> pd.DataFrame:
        """Describe the columns of this frame.

        Returns
        -------
        pandas.DataFrame
            One row per column: `column`, `dtype`, `unit`, `meaning`, `path` (of the API field), `role`, `evidence`
            (how certain it is that the API sends the field), `note`, `platforms`, all str, and `present` (float64,
            share of the rows of these platforms with a value, 0 to 1). Notebooks show all rows and full texts.

        Examples
        --------
        >>> words = ayr.load_sample("linkedin").ayr.dictionary().set_index("column")
        >>> words.loc["engagement", "unit"]
        'ratio, may exceed 1'
        """
        from ayrframe._frame.dictionary import frame_dictionary

        return frame_dictionary(self._frame)

    def validate(self, severity: Severity = "raise") -> pd.DataFrame:
        """Validate the frame against the schema of its platforms; loading functions do this once.

        Parameters
        ----------
        severity : {"raise", "warn"}, default "raise"
            Whether invalid values raise an error or give a warning. Missing columns and wrong dtypes always raise.

        Returns
        -------
        pandas.DataFrame
            The same frame.

        Raises
        ------
        SchemaError
            If validation fails; the error has `.failure_cases` and `.frame`.

        Warns
        -----
        DataWarning
            With `severity="warn"`, one warning that lists all problems.

        Examples
        --------
        >>> len(ayr.load_sample("youtube").ayr.validate()) > 100
        True
        """
        from ayrframe._frame.schema import validate_frame

        return validate_frame(self._frame, severity)

    def _find_attribute(self, name: str) -> Callable[..., pd.DataFrame]:
        """Return the method of an expansion."""
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no attribute {quote(name)}.")
        from ayrframe._expansions.expand import hint_for_unknown_name
        from ayrframe._expansions.methods import expansion_method

        method = expansion_method(self._frame, name)
        if method is None:
            choices = [choice for choice in dir(self) if not choice.startswith("_")]
            hint = hint_for_unknown_name(self._frame, name, choices)
            raise ExpansionError(f"`{self._kind}.ayr` has no method or expansion {quote(name)}.{hint}")
        return method

    if not TYPE_CHECKING:  # type checkers report unknown names
        __getattr__ = _find_attribute

    def __dir__(self) -> list[str]:
        """List the methods, and the expansions of the platforms in the frame."""
        from ayrframe._expansions.expand import expansion_names

        return [*super().__dir__(), *expansion_names(self._frame)]
