"""A short form of `python -m tests.soak`, and what it notices."""

from __future__ import annotations

import shutil
from argparse import Namespace
from pathlib import Path

from tests.soak.__main__ import soak
from tests.soak.compare import compare
from tests.soak.plant import PLANTS


def test_daily_loads_with_faults_and_a_kill_lose_and_mix_nothing(tmp_path: Path) -> None:
    options = Namespace(
        days=5, profiles=2, platforms=["instagram", "tiktok", "youtube"], posts=5, kills=1, processes=1, seed=3
    )
    archive = tmp_path / "pages"
    service, (loader,), result, _ = soak(options, archive)
    assert (loader.killed, loader.problems) == (1, [])
    assert service.faults
    assert {kind: count for kind, count in result.problems.items() if count} == {}, result.examples
    assert result.compared["accounts"] == 5 * 2 * 3
    assert result.compared["observations"] > 5 * 2 * 3 * 5
    for kind, damage in PLANTS.items():
        damaged = tmp_path / kind
        shutil.copytree(archive, damaged)
        damage(damaged)
        problems = compare(service, damaged).problems
        assert problems[kind] > 0, f"{kind}: only {problems}"
