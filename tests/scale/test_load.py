"""Live loads in tasks: one task per profile, failures do not affect other profiles, and keys are never shown."""

from __future__ import annotations

import logging
import pickle
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import ayrframe as ayr
import ayrframe.dask
from ayrframe._api.pickled_client import PickledClient
from ayrframe._api.secrets import Secret
from ayrframe._sandbox.control import Sandbox
from ayrframe.errors import DataWarning
from tests.scale.partitions import computed

LABELS = ["bakery", "cafe", "deli"]
JOBS: dict[str, Any] = {"bakery": ["tiktok", "x"], "cafe": "bluesky", "deli": ["x"]}


@pytest.fixture
def api() -> Iterator[Sandbox]:
    with ayr.sandbox(profiles=LABELS, posts=120) as running:
        yield running


def load(api: Sandbox, jobs: Any = None, **options: Any) -> Any:
    with_keys = {"limit": None, "profile_key": api.profile_keys, "client": api.client()}
    return ayr.dask.load(JOBS if jobs is None else jobs, **{**with_keys, **options})


def load_profile(api: Sandbox, label: str, networks: Any, **options: Any) -> pd.DataFrame:
    key = {label: api.profile_keys[label]} if label else None
    return ayr.load(networks, **{"limit": None, "profile_key": key, "client": api.client(), **options})


def requests_by_profile(api: Sandbox) -> Counter[str | None]:
    return Counter(request.profile for request in api.requests)


def test_each_partition_equals_the_load_of_a_profile(api: Sandbox) -> None:
    ddf = load(api)
    assert not api.requests
    parts = [part.compute(scheduler="sync") for part in ddf.partitions]
    assert len(parts) == len(JOBS)
    for (label, networks), part in zip(JOBS.items(), parts, strict=True):
        expected = load_profile(api, label, networks)
        assert part.columns.tolist() == ddf.columns.tolist()
        pd.testing.assert_series_equal(part.dtypes, ddf.dtypes)
        assert_frame_equal(part[expected.columns.tolist()], expected)
        assert part.drop(columns=expected.columns).isna().all(axis=None)


def test_result_equals_one_load_of_all_profiles(api: Sandbox) -> None:
    ddf = load(api, {label: ["x", "tiktok"] for label in LABELS})
    expected = ayr.load(["x", "tiktok"], limit=None, profile_key=api.profile_keys, client=api.client())
    assert_frame_equal(computed(ddf), expected)


def test_profile_of_the_client_needs_no_key(api: Sandbox) -> None:
    posts = computed(load(api, {"": "bluesky", "cafe": "bluesky"}))
    assert posts["profile"].unique().tolist() == ["", "cafe"]
    own = computed(ayr.dask.load({"": "bluesky"}, limit=None, client=api.client("deli")))
    assert_frame_equal(
        own, load_profile(api, "deli", "bluesky").assign(profile=pd.Series([""] * len(own), dtype="str"))
    )


def test_methods_computed_together_share_the_load(api: Sandbox) -> None:
    ddf = load(api)
    results = dask.compute(
        ddf, ddf.ayr.metrics(), ddf.ayr.summary(), ddf.ayr.coverage(), ddf.ayr.expansions(), ddf.ayr.media(),
        ddf[ddf["platform"] == "twitter"].ayr.summary("month"), scheduler="threads",
    )  # fmt: skip
    assert requests_by_profile(api) == {"bakery": 4, "cafe": 2, "deli": 2}
    posts = results[0].reset_index(drop=True)
    assert_frame_equal(results[2], posts.ayr.summary())
    assert_frame_equal(results[6], posts[posts["platform"] == "twitter"].ayr.summary("month"))


def test_each_computation_loads_again_unless_archived(api: Sandbox, tmp_path: Path) -> None:
    ddf = load(api)
    computed(ddf)
    computed(ddf)
    assert requests_by_profile(api)["cafe"] == 4
    archived = load(api, archive=tmp_path)
    first = computed(archived)
    before = len(api.requests)
    assert_frame_equal(computed(archived), first)
    assert_frame_equal(computed(load(api, archive=ayr.Archive(tmp_path))), first)
    assert_frame_equal(computed(load(api, archive=str(tmp_path), offline=True)), first)
    assert len(api.requests) == before
    posts = computed(ayr.dask.read_archive(tmp_path))
    assert sorted(posts["id"]) == sorted(first["id"])


def test_rate_limit_of_each_profile_is_observed() -> None:
    with ayr.sandbox(profiles=LABELS, posts=120, rate_limit=6, sleepless=True) as api:
        ddf = load(api, {label: ["bluesky", "facebook", "tiktok", "threads", "x"] for label in LABELS})
        posts = ddf.compute(scheduler="threads")
        assert {request.status for request in api.requests} == {200}
    # New posts appear while the clock advances.
    sizes = posts.groupby(["profile", "platform"]).size().tolist()
    assert len(sizes) == 15
    assert min(sizes) >= 120


# ── Failures ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_failed_profile_warns_and_others_are_loaded(api: Sandbox) -> None:
    api.misbehave("status", 403, profile="cafe")
    with pytest.warns(DataWarning, match=r"Profile 'cafe': .*[^d]\.$"):
        posts = computed(load(api))
    assert posts.groupby("profile").size().to_dict() == {"bakery": 240, "deli": 120}


def test_long_label_is_truncated_in_messages() -> None:
    label = "x" * 500
    with ayr.sandbox(profiles=[label], posts=5) as api:
        api.misbehave("status", 403)
        with pytest.warns(DataWarning) as caught:
            computed(load(api, {label: "bluesky"}))
    assert not [warning for warning in caught if "x" * 41 in str(warning.message)]


def test_posts_before_a_failure_are_in_the_result(api: Sandbox) -> None:
    api.misbehave("status", 403, profile="cafe", after=1)
    with pytest.warns(DataWarning, match=r"Profile 'cafe': .* The result has the 100 posts that had arrived"):
        posts = computed(load(api))
    assert posts.groupby("profile").size().to_dict() == {"bakery": 240, "cafe": 100, "deli": 120}


def test_failed_platform_of_several_warns(api: Sandbox) -> None:
    api.misbehave("status", 403, profile="bakery", platform="tiktok")
    with pytest.warns(DataWarning, match="TikTok of 'bakery'"):
        posts = computed(load(api))
    assert posts.groupby("profile").size().to_dict() == {"bakery": 120, "cafe": 120, "deli": 120}


def test_all_failed_platforms_of_a_profile_warn(api: Sandbox) -> None:
    api.misbehave("status", 403, profile="bakery", platform="tiktok")
    api.misbehave("status", 429, profile="bakery", platform="twitter", retry_after=4000)
    with pytest.warns(DataWarning, match=r"Profile 'bakery'.*"):
        posts = computed(load(api))
    assert posts["profile"].unique().tolist() == ["cafe", "deli"]


def test_platforms_that_are_not_linked_are_skipped() -> None:
    with ayr.sandbox(profiles={"bakery": ["x"], "cafe": ["tiktok", "x"]}, posts=20) as api:
        with pytest.warns(DataWarning, match="Skipped platforms that are not linked to the profile"):
            posts = computed(load(api, {"bakery": "all", "cafe": "all"}))
        expected = ayr.load_sample("all").columns.tolist()
    assert posts.columns.tolist() == expected
    assert posts.groupby(["profile", "platform"]).size().to_dict() == {
        ("bakery", "twitter"): 20,
        ("cafe", "tiktok"): 20,
        ("cafe", "twitter"): 20,
    }


@pytest.mark.parametrize("scheduler", ["sync", "threads"])
def test_error_keeps_type_and_frame(api: Sandbox, scheduler: str) -> None:
    api.misbehave("status", 403, profile="cafe", after=1)
    with pytest.raises(ayr.AuthError) as caught:
        load(api, errors="raise").compute(scheduler=scheduler)
    assert caught.value.status == 403
    assert caught.value.frame is not None
    assert len(caught.value.frame) == 100


def test_failed_validation_raises_on_request(api: Sandbox) -> None:
    api.misbehave("drift", {"likeCount": -5}, profile="cafe")
    with pytest.raises(ayr.SchemaError, match="negative"):
        computed(load(api, validate="raise"))
    with pytest.warns(DataWarning, match="negative"):
        assert len(computed(load(api))) == 480


# ── Invalid arguments ───────────────────────────────────────────────────────────────────────────────────────────────


def test_invalid_argument_raises_before_any_request(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for error, match, jobs, options in [
        (ValueError, "`jobs` must map profile labels", {}, {}),
        (TypeError, "`jobs` must map profile labels .*, got list", ["bakery"], {}),
        (ValueError, "Unknown platform 'myspace'", {"cafe": "myspace"}, {}),
        (ValueError, "No platform to load", {"cafe": []}, {}),
        (ValueError, "`data_type` applies to", {"cafe": "tiktok"}, {"data_type": "stories"}),
        (ValueError, "`limit` must be", {"cafe": "tiktok"}, {"limit": 0}),
        (ValueError, "works with the API key only", {"cafe": "x"}, {"user_id": "7"}),
        (ValueError, "`errors` must be", {"cafe": "x"}, {"errors": "ignore"}),
        (ValueError, "pass archive=", {"cafe": "x"}, {"offline": True}),
        (TypeError, "`archive` must be an ayr.Archive or the path", {"cafe": "x"}, {"archive": 5}),
        (ayr.ConfigError, "No profile_key for 'florist'", {"cafe": "x", "florist": "x"}, {}),
        (ayr.ConfigError, "No profile_key for 'cafe'", {"cafe": "x"}, {"profile_key": None}),
        (ayr.ConfigError, "is empty", {"cafe": "x"}, {"profile_key": {"cafe": " "}}),
    ]:
        with pytest.raises(error, match=match):
            load(api, jobs, **options)
    for variable in ("AYRSHARE_API_KEY", "AYRSHARE_PROFILE_KEY"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(ayr.ConfigError, match="No API key found"):
        load(api, client=None)
    assert not api.requests


def test_two_labels_with_one_key_raise(api: Sandbox) -> None:
    keys = {"bakery": api.profile_keys["bakery"], "again": api.profile_keys["bakery"]}
    with pytest.raises(ayr.ConfigError, match="'bakery' and 'again' have the same key"):
        load(api, dict.fromkeys(keys, "x"), profile_key=keys)
    with pytest.raises(ayr.ConfigError, match="'' and 'cafe' have the same key"):
        load(api, {"": "x", "cafe": "x"}, client=api.client("cafe"))


def test_parameter_is_passed_to_platforms_that_have_it(api: Sandbox) -> None:
    posts = computed(load(api, {"bakery": "facebook", "cafe": "tiktok"}, skip_analytics=True))
    assert posts.groupby("profile").size().to_dict() == {"bakery": 120, "cafe": 120}
    sent = {request.platform: "skipAnalytics" in request.query for request in api.requests}
    assert sent == {"facebook": True, "tiktok": False}


def test_keys_from_environment_variables_are_read_by_load(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AYRSHARE_API_KEY", api.api_key)
    monkeypatch.setenv("AYRSHARE_BASE_URL", api.base_url)
    ddf = load(api, {"cafe": "bluesky"}, client=None)
    monkeypatch.delenv("AYRSHARE_API_KEY")
    assert len(computed(ddf)) == 120


# ── Keys ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def secrets_of(api: Sandbox) -> list[str]:
    return [api.api_key, api.x_api_key, api.x_api_secret, *api.profile_keys.values()]


def assert_hidden(api: Sandbox, text: str) -> None:
    shown = [key for key in secrets_of(api) if key in text or key[:8] in text]
    assert not shown, f"{len(shown)} keys are shown"


def test_graph_and_errors_show_no_key(api: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    ddf = load(api)
    graph = ddf.__dask_graph__()
    with caplog.at_level(logging.DEBUG):
        shown = [repr(ddf), str(ddf), repr(dict(graph)), str(list(graph)), str(ddf.expr.tree_repr())]
        shown += [repr(task) + str(task) + repr(getattr(task, "args", "")) for task in graph.values()]
        api.misbehave("status", 403)
        with pytest.raises(ayr.AyrframeError) as caught:
            load(api, errors="raise").compute(scheduler="sync")
    shown += ["".join(traceback.format_exception(caught.value)), caplog.text]
    for text in shown:
        assert_hidden(api, text)


def test_pickled_client_opens_an_equal_client(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AYRSHARE_PROFILE_KEY", "other-profile")
    client, profile = api.client(timeout=7.0), Secret(api.profile_keys["cafe"])
    local = PickledClient(client._arguments(), profile, client)
    assert local.is_local
    assert local.open_client() == (client, profile)
    remote = pickle.loads(pickle.dumps(local))
    other, same = remote.open_client()
    assert not remote.is_local
    assert other is not client
    assert same == profile
    assert (other.timeout, other._identity(profile), repr(other)) == (7.0, client._identity(profile), repr(client))
    for pickled in (local, remote):
        assert repr(pickled) == f"{pickled}" == "PickledClient('****')"
        assert_hidden(api, str(dask.base.tokenize(pickled)))
    assert dask.base.tokenize(local) == dask.base.tokenize(remote)
