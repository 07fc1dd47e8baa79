"""Which of several copies of a post counts, where they lie in several partitions, without moving the posts.

Eight bytes of each post travel, a hash of what tells it from others. Only posts whose hash is in several partitions are
settled, by their exact keys; copies in one partition were settled before.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ayrframe._frame.deduplicate import POST_IDENTITY, latest_index, rank_copies
from ayrframe._platforms.columns import PLATFORM, PROFILE

Hashes = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]

_PART, _ROW = "part", "row"
_REPEATING = [PLATFORM.name, PROFILE.name]


def kept_keys(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the keys and ranks of those posts that have an id, numbered by row and small enough to be held."""
    return rank_copies(posts.reset_index(drop=True)).astype(dict.fromkeys(_REPEATING, "category"))


def hashes(keys: pd.DataFrame) -> Hashes:
    """Return the hash of each post."""
    return np.asarray(pd.util.hash_pandas_object(keys[list(POST_IDENTITY)], index=False), dtype=np.uint64)


def repeated(parts: Sequence[Hashes]) -> Hashes:
    """Return the hashes that are in several parts, sorted; in a part each post is once."""
    together = np.sort(np.concatenate(parts))
    return np.unique(together[1:][together[1:] == together[:-1]])


def claims(keys: pd.DataFrame, several: Hashes, part: int) -> pd.DataFrame:
    """Return the exact keys of those posts that may be in other parts too."""
    there = np.isin(hashes(keys), several) if len(several) else np.zeros(len(keys), dtype=bool)
    claim = keys[there].astype(dict.fromkeys(_REPEATING, "str"))
    claim[_PART], claim[_ROW] = part, claim.index
    return claim


def losers(parts: Sequence[pd.DataFrame]) -> dict[int, Rows]:
    """Return for each part the rows that a copy in another part replaces; the parts come in their order."""
    claimed = pd.concat(parts, ignore_index=True)
    lost = claimed.drop(latest_index(claimed))
    rows, parts_of = (lost[name].to_numpy(dtype=np.int64) for name in (_ROW, _PART))
    return {int(part): rows[parts_of == part] for part in np.unique(parts_of)}


def lost_in(lost: dict[int, Rows], part: int) -> Rows:
    """Return the rows of one part that are replaced."""
    return lost.get(part, np.zeros(0, dtype=np.int64))
