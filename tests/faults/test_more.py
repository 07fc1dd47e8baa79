"""Rows of the fault table that no other file holds: memory, event loops, settings of pandas, pandera's error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr

ROOT = Path(__file__).parents[2]


def run(script: str, *arguments: object, timeout: float = 60) -> list[str]:
    """Run a script in a process of its own; return the lines it prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AYRSHARE")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *map(str, arguments)],
        env={**environment, "JUPYTER_PLATFORM_DIRS": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.splitlines()


MANY = """
import json, resource, sys, time, warnings
import ayrframe as ayr
warnings.simplefilter("ignore", ayr.DataWarning)  # The history goes on behind the limit.
from tests.faults.server import Server, http
from tests.faults.load_client import make_client

def page(sock, hit):
    first = int(hit.params.get("next", "0")) * 500
    posts = [
        {"id": str(number), "created": "2026-01-01T00:00:00Z", "post": "x" * 200, "likeCount": number, "labels": ["a"]}
        for number in range(first, first + 500)
    ]
    sock.sendall(http(json.dumps({"status": "success", "posts": posts, "next": str(first // 500 + 1)})))
    return True

def load(count):
    start = time.process_time()
    posts = ayr.load("bluesky", limit=count, client=client, validate=None)
    assert len(posts) == count and posts["like_count"].iloc[-1] == count - 1
    return time.process_time() - start

with Server(page) as server:
    client = make_client(server.url)
    load(1_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    few = load(20_000)
    many = load(100_000)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    client.close()
print(many / few)
print((peak - before) / 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is counted otherwise elsewhere")
def test_R1_a_hundred_thousand_posts_take_linear_time_and_bounded_memory() -> None:
    ratio, mebibytes = map(float, run(MANY))
    assert ratio < 5 * 2, "five times the posts in about five times the time"
    # 30 MB of replies; what stands between them and the frame is small and is let go.
    assert mebibytes < 300


NO_ROOM = """
import json, pathlib, resource, sys, warnings
import ayrframe as ayr
warnings.simplefilter("ignore", ayr.DataWarning)  # The history goes on behind the limit.
from tests.faults.server import Server, http
from tests.faults.load_client import make_client

where, folder = sys.argv[1:]
small = [{"id": "1", "post": "p"}]
post = json.dumps({"id": "0", "post": "x" * 1000}).encode()
large = b'{"status":"success","posts":[' + b",".join([post] * 55_000) + b"]}"

def page(sock, hit):
    number = int(hit.params.get("next", "0"))
    more = json.dumps({"status": "success", "posts": [{"id": f"p{number}"}], "next": str(number + 1)})
    sock.sendall(http(large if number == 2 else more))
    return True

def room():
    pages = int(open("/proc/self/statm").read().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + (30 << 20), resource.RLIM_INFINITY))

with Server(page) as server:
    client = make_client(server.url)
    archive = ayr.Archive(folder)
    ayr.load("bluesky", limit=1, client=client, archive=archive)
    file = pathlib.Path(folder).with_suffix(".json")
    file.write_bytes(large)
    ayr.read_json(b"[]", platform="bluesky")
    room()
    try:
        if where == "in_a_load":
            ayr.load("bluesky", limit=None, client=client, archive=archive, refresh=True)
        else:
            ayr.read_json(file, platform="bluesky")
    except BaseException as error:
        caught = error
    else:
        caught = None
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(isinstance(caught, MemoryError), type(caught).__name__, str(caught)[:100])
    caught = None
    print(len(ayr.load("bluesky", limit=2, client=client)))
    client.close()
print(sorted(set(archive.posts()["id"])))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS and /proc")
@pytest.mark.parametrize(
    "where",
    [
        "in_a_load",
        "in_a_file",
    ],
)
def test_R2_a_MemoryError_passes_and_what_was_kept_is_there(where: str, tmp_path: Path) -> None:
    passed, works, kept = run(NO_ROOM, where, tmp_path / "archive")
    assert passed.startswith("True MemoryError"), passed
    assert works == "2", "the same client goes on working"
    assert json.loads(kept.replace("'", '"')) == (["p0", "p1"] if where == "in_a_load" else ["p0"])


IN_A_KERNEL = """
import nbformat
from nbclient import NotebookClient
cells = [
    '''
import asyncio, threading, warnings
warnings.simplefilter("error")
import ayrframe as ayr
assert asyncio.get_running_loop().is_running()
api = ayr.sandbox(posts=130)
loop, threads = asyncio.get_running_loop(), threading.active_count()
posts = ayr.load(["tiktok", "bluesky"], limit=None, client=api.client(), progress=True)
assert len(posts) == 260 and asyncio.get_running_loop() is loop
''',
    '''
ticks = []
async def tick():
    while True:
        ticks.append(1)
        await asyncio.sleep(0.001)
task = asyncio.create_task(tick())
more = await asyncio.to_thread(ayr.load, "threads", limit=None, client=api.client())
task.cancel()
assert len(more) == 130 and ticks
api.close()
''',
    'posts.ayr',
]
book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
NotebookClient(book, timeout=60, kernel_name="python3").execute()
outputs = [output for cell in book.cells for output in cell.outputs]
print(sorted({output.output_type for output in outputs if output.get("name") != "stderr"}))
print("Warning" in str(outputs))
print("TikTok (130)" in outputs[-1]["data"]["text/html"])
"""


def test_in_a_notebook_a_load_is_a_plain_call_although_its_event_loop_runs() -> None:
    script = IN_A_KERNEL.replace(
        "import nbformat\n", "import nbformat, warnings\nwarnings.simplefilter('default')\n", 1
    )
    assert run(script) == ["['execute_result']", "False", "True"]


SETTINGS = {
    "no_str": {"future.infer_string": False},
    "str": {"future.infer_string": True},
    "python_strings": {"mode.string_storage": "python"},
    "arrow_strings": {"mode.string_storage": "pyarrow"},
    "no_bottleneck": {"compute.use_bottleneck": False, "compute.use_numexpr": False},
}


@pytest.mark.filterwarnings("ignore:The 'future.infer_string' option is deprecated")
@pytest.mark.parametrize("name", SETTINGS)
def test_R8_the_settings_of_pandas_change_no_type_and_no_value(name: str) -> None:
    expected = ayr.load_sample("all")
    posts = [{"id": "1", "likeCount": 3, "post": "a", "labels": ["b"], "new": 1}, {"id": "2"}]
    plain = ayr.from_posts(posts, platform="bluesky", as_of="2026-02-03")
    with pd.option_context(SETTINGS[name]):
        frame = ayr.load_sample("all")
        own = ayr.from_posts(posts, platform="bluesky", as_of="2026-02-03")
        assert frame.dtypes.astype(str).equals(expected.dtypes.astype(str))
        for left, right in ((frame, expected), (own, plain)):
            assert left.ayr.validate() is left
            pd.testing.assert_frame_equal(left, right, check_dtype=False, check_column_type=False)
        assert [str(dtype) for dtype in own.ayr.labels().dtypes] == [str(dtype) for dtype in plain.ayr.labels().dtypes]


def test_R8_a_result_never_shares_its_values_with_the_frame() -> None:
    posts = ayr.load_sample("bluesky")
    before = posts.copy(deep=True)
    part = posts[posts["like_count"] > 3]
    part.loc[:, "like_count"] = 0
    labels = posts.ayr.labels()
    labels.loc[:, "value"] = "changed"
    pd.testing.assert_frame_equal(posts, before)


PRIVATE = "".join(f"private{number:03d}" for number in range(60))


def test_S15_an_error_of_validation_is_ours_and_quotes_little_of_the_posts() -> None:
    odd = [{"id": PRIVATE, "likeCount": -1, "post": PRIVATE}, {"id": "2", "likeCount": PRIVATE}] * 3
    with pytest.raises(ayr.SchemaError) as caught:
        ayr.from_posts(odd, platform="bluesky", validate="raise", as_of="2026-02-03")
    error = caught.value
    assert (error.__cause__, error.__context__) == (None, None), "pandera's own error holds the whole frame"
    shown = str(error) + repr(error) + "".join(traceback.format_exception(error))
    assert not any(PRIVATE[start : start + 41] in shown for start in range(len(PRIVATE) - 40))
    assert len(str(error)) < 1000
    assert "in 6 posts" in str(error)
    assert "like_count: 3 values" in str(error)
    assert len(error.frame) == 6, "who asks for the posts gets them"


def test_S15_a_warning_of_validation_quotes_little_of_the_posts() -> None:
    odd = [{"id": PRIVATE, "likeCount": PRIVATE, "post": PRIVATE}]
    with pytest.warns(ayr.DataWarning) as caught:
        ayr.from_posts(odd, platform="bluesky")
    said = "".join(str(entry.message) for entry in caught)
    assert not any(PRIVATE[start : start + 41] in said for start in range(len(PRIVATE) - 40))


def test_an_interrupt_while_a_page_becomes_rows_is_raised_and_carries_the_pages_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from ayrframe._api import fetch

    decoded: list[int] = []
    decode = fetch.decode_posts

    def interrupted(*args: Any, **options: Any) -> Any:
        if len(decoded) == 2:
            raise KeyboardInterrupt
        decoded.append(1)
        return decode(*args, **options)

    with ayr.sandbox(posts={"tiktok": 300}) as api:
        client = api.client()
        with monkeypatch.context() as patch:
            patch.setattr(fetch, "decode_posts", interrupted)
            with pytest.raises(KeyboardInterrupt) as caught:
                ayr.load("tiktok", limit=None, client=client)
        assert len(caught.value.frame) == 200  # type: ignore[attr-defined]
        assert len(ayr.load("tiktok", limit=None, client=client)) == 300, "the client is still good"
