"""A cluster of two processes gives the results of pandas, even if one is killed, and its logs show no key."""

from __future__ import annotations

import gc
import os
import signal
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dask
import dask.dataframe as dd
import distributed
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import ayrframe as ayr
import ayrframe.dask
from ayrframe.errors import DataWarning

LABELS = ["bakery", "cafe", "deli"]
QUIET = {
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.worker.memory.spill": False,
    "distributed.comm.retry.count": 3,
}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[distributed.Client]:
    with (
        dask.config.set(QUIET),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            protocol="tcp",
            dashboard_address="127.0.0.1:0",
            silence_logs=False,  # a test reads them
            local_directory=str(tmp_path_factory.mktemp("workers")),
        ) as running,
        distributed.Client(running) as client,
    ):
        yield client


def reset_index(posts: pd.DataFrame) -> pd.DataFrame:
    return posts.reset_index(drop=True)


def happens_within(seconds: float, condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_methods_on_a_cluster_equal_pandas(cluster: distributed.Client, tmp_path: Path) -> None:
    posts = ayr.load_sample()
    posts = pd.concat([posts, posts.head(300).assign(as_of=posts["as_of"].max())], ignore_index=True)
    paths = [tmp_path / f"{number}.pickle" for number in range(6)]
    for number, path in enumerate(paths):
        posts.iloc[number * 310 : (number + 1) * 310].to_pickle(path)
    ddf = dd.from_map(pd.read_pickle, paths, meta=posts.iloc[:0])
    metrics, reactions, wide, summary, coverage, expansions = dask.compute(
        ddf.ayr.metrics(), ddf.ayr.reactions(), ddf.ayr.reactions(wide=True), ddf.ayr.summary(["month", "format"]),
        ddf.ayr.coverage("columns"), ddf.ayr.expansions(),
    )  # fmt: skip
    assert_frame_equal(reset_index(metrics), posts.ayr.metrics())
    assert_frame_equal(reset_index(reactions), posts.ayr.reactions())
    assert_frame_equal(reset_index(wide), posts.ayr.reactions(wide=True))
    assert_frame_equal(summary, posts.ayr.summary(["month", "format"]), rtol=1e-12)
    assert_frame_equal(coverage, posts.ayr.coverage("columns"))
    assert_frame_equal(expansions, posts.ayr.expansions())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    with ayr.sandbox(profiles=LABELS) as api:
        for _ in range(2):
            networks, keys = ["tiktok", "x", "bluesky"], api.profile_keys
            ayr.load(networks, limit=None, profile_key=keys, client=api.client(), archive=ayr.Archive(folder))
            api.advance(days=1)
    return folder


def test_C18_killed_worker_changes_nothing(cluster: distributed.Client, folder: Path) -> None:
    posts = ayr.Archive(folder).posts()
    ddf = ayr.dask.read_archive(folder)
    slow = ddf.map_partitions(_wait, meta=ddf._meta)
    futures = cluster.compute([slow.ayr.summary("month"), slow.ayr.coverage(), slow.ayr.metrics()])
    pids = cluster.run(os.getpid)
    assert happens_within(30, lambda: len(cluster.run_on_scheduler(_in_memory)) > 3)
    os.kill(next(iter(pids.values())), signal.SIGKILL)
    summary, coverage, metrics = cluster.gather(futures)
    assert_frame_equal(summary, posts.ayr.summary("month"))
    assert_frame_equal(coverage, posts.ayr.coverage())
    by = ["platform", "profile", "id", "as_of"]
    assert_frame_equal(reset_index(metrics.sort_values(by)), reset_index(posts.ayr.metrics().sort_values(by)))
    assert happens_within(30, lambda: len(cluster.scheduler_info()["workers"]) == 2)
    assert set(cluster.run(os.getpid).values()) != set(pids.values())


def _wait(posts: pd.DataFrame) -> pd.DataFrame:
    time.sleep(0.2)
    return posts


def _in_memory(dask_scheduler: Any) -> list[str]:
    return [str(key) for key, task in dask_scheduler.tasks.items() if task.state == "memory"]


def test_each_profile_is_loaded_by_one_worker_within_its_rate_limit(cluster: distributed.Client) -> None:
    networks = ["bluesky", "tiktok", "x"]
    with ayr.sandbox(profiles=LABELS, rate_limit=16) as api:
        ddf = ayr.dask.load(
            dict.fromkeys(LABELS, networks), limit=None, profile_key=api.profile_keys, client=api.client()
        )
        persisted = ddf.persist()
        distributed.wait(persisted)
        workers = cluster.who_has(persisted)
        asked = [(request.profile, request.status) for request in api.requests]
        posts = persisted.compute()
    with ayr.sandbox(profiles=LABELS) as api:
        expected = ayr.load(networks, limit=None, profile_key=api.profile_keys, client=api.client())
    assert sorted(asked) == sorted((label, 200) for label in LABELS for _ in range(6))
    assert len(workers) == 3
    assert {len(where) for where in workers.values()} == {1}
    times = ["read_at", "listed_from"]
    assert_frame_equal(reset_index(posts).drop(columns=times), expected.drop(columns=times))


def test_warnings_and_errors_of_workers_reach_the_user(cluster: distributed.Client) -> None:
    jobs = dict.fromkeys(LABELS, "bluesky")
    with ayr.sandbox(profiles=LABELS) as api:
        keys = {"limit": None, "profile_key": api.profile_keys, "client": api.client()}
        api.misbehave("status", 403, profile="cafe", after=1)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            posts = ayr.dask.load(jobs, **keys).compute()
            assert happens_within(10, lambda: any("Profile 'cafe'" in str(one.message) for one in caught))
        assert {one.category for one in caught if "Profile" in str(one.message)} == {DataWarning}
        assert posts.groupby("profile").size().to_dict() == {"bakery": 155, "cafe": 100, "deli": 155}
        api.behave()
        api.misbehave("status", 403, profile="cafe", after=1)
        with pytest.raises(ayr.AuthError) as refused:
            ayr.dask.load(jobs, errors="raise", **keys).compute()
        assert refused.value.status == 403
        assert refused.value.frame is not None
        assert len(refused.value.frame) == 100
        api.behave()
        api.misbehave("drift", {"likeCount": -5})
        with pytest.raises(ayr.SchemaError, match="negative") as invalid:
            ayr.dask.load({"cafe": "bluesky"}, validate="raise", **keys).compute()
        assert len(invalid.value.frame) == 155
        shown = [api.api_key, api.x_api_key, api.x_api_secret, *api.profile_keys.values()]
        logs = [
            str(cluster.get_worker_logs()),
            str(cluster.get_scheduler_logs()),
            str(cluster.run_on_scheduler(_describe_tasks)),
        ]
    assert "Compute Failed" in logs[0]
    for log in logs:
        assert not [key for key in shown if key in log or key[:8] in log]


def _describe_tasks(dask_scheduler: Any) -> list[str]:
    gc.collect()
    return [
        f"{task!r} {task.run_spec!r} {task.exception_text} {task.traceback_text}"
        for task in dask_scheduler.tasks.values()
    ]
