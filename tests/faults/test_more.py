"""Rows of the fault table without a file of their own: memory, event loops, pandas options, validation errors."""

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
    """Run a script in a new process and return the lines of its output."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AYRSHARE")}
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *map(str, arguments)],
        env={**environment, "JUPYTER_PLATFORM_DIRS": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    return result.stdout.splitlines()


MANY_POSTS_SCRIPT = """
import json, resource, sys, time, warnings
import ayrframe as ayr
warnings.simplefilter("ignore", ayr.DataWarning)  # the history has more posts than the limit
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


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss has another unit elsewhere")
def test_R1_100000_posts_take_linear_time_and_bounded_memory() -> None:
    ratio, mebibytes = map(float, run(MANY_POSTS_SCRIPT))
    assert ratio < 5 * 2, "five times as many posts take about five times as long"
    # The responses are 30 MB; intermediate objects are small and are freed.
    assert mebibytes < 300


LOW_MEMORY_SCRIPT = """
import json, pathlib, resource, sys, warnings
import ayrframe as ayr
warnings.simplefilter("ignore", ayr.DataWarning)  # the history has more posts than the limit
from tests.faults.server import Server, http
from tests.faults.load_client import make_client

call, folder = sys.argv[1:]
small = [{"id": "1", "post": "p"}]
post = json.dumps({"id": "0", "post": "x" * 1000}).encode()
large = b'{"status":"success","posts":[' + b",".join([post] * 55_000) + b"]}"

def page(sock, hit):
    number = int(hit.params.get("next", "0"))
    more = json.dumps({"status": "success", "posts": [{"id": f"p{number}"}], "next": str(number + 1)})
    sock.sendall(http(large if number == 2 else more))
    return True

def limit_memory():
    pages = int(open("/proc/self/statm").read().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + (30 << 20), resource.RLIM_INFINITY))

with Server(page) as server:
    client = make_client(server.url)
    archive = ayr.Archive(folder)
    ayr.load("bluesky", limit=1, client=client, archive=archive)
    file = pathlib.Path(folder).with_suffix(".json")
    file.write_bytes(b"[" + b",".join([post] * 110_000) + b"]")
    ayr.read_json(b"[]", platform="bluesky")
    limit_memory()
    try:
        if call == "in_a_load":
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
@pytest.mark.parametrize("call", ["in_a_load", "in_a_file"])
def test_R2_MemoryError_is_raised_and_the_archive_is_intact(call: str, tmp_path: Path) -> None:
    caught, count, ids = run(LOW_MEMORY_SCRIPT, call, tmp_path / "archive")
    # On newer versions of Python, the memory may not even suffice for a thread; then no page is requested.
    is_before_request = caught.startswith("False RuntimeError can't start new thread")
    assert is_before_request or caught.startswith("True MemoryError"), caught
    assert count == "2", "the client still works"
    is_page_kept = call == "in_a_load" and not is_before_request
    assert json.loads(ids.replace("'", '"')) == (["p0", "p1"] if is_page_kept else ["p0"])


NOTEBOOK_SCRIPT = """
import nbformat
import os
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
# On Python 3.12 and 3.13, Jupyter uses a deprecated function of asyncio.
os.environ["PYTHONWARNINGS"] = "error,ignore:There is:DeprecationWarning"
NotebookClient(book, timeout=60, kernel_name="python3").execute()
outputs = [output for cell in book.cells for output in cell.outputs]
print(sorted({output.output_type for output in outputs if output.get("name") != "stderr"}))
print("Warning" in str(outputs))
print("TikTok (130)" in outputs[-1]["data"]["text/html"])
"""


def test_load_works_in_a_notebook_with_a_running_event_loop() -> None:
    script = NOTEBOOK_SCRIPT.replace(
        "import nbformat\n", "import nbformat, warnings\nwarnings.simplefilter('default')\n", 1
    )
    assert run(script) == ["['execute_result']", "False", "True"]


PANDAS_OPTIONS = {
    "no_str": {"future.infer_string": False},
    "str": {"future.infer_string": True},
    "python_strings": {"mode.string_storage": "python"},
    "arrow_strings": {"mode.string_storage": "pyarrow"},
    "no_bottleneck": {"compute.use_bottleneck": False, "compute.use_numexpr": False},
}


@pytest.mark.filterwarnings("ignore:The 'future.infer_string' option is deprecated")
@pytest.mark.parametrize("name", PANDAS_OPTIONS)
def test_R8_pandas_options_do_not_change_dtypes_or_values(name: str) -> None:
    expected = ayr.load_sample("all")
    posts = [{"id": "1", "likeCount": 3, "post": "a", "labels": ["b"], "new": 1}, {"id": "2"}]
    plain = ayr.from_posts(posts, platform="bluesky", as_of="2026-02-03")
    with pd.option_context(PANDAS_OPTIONS[name]):
        frame = ayr.load_sample("all")
        posts_frame = ayr.from_posts(posts, platform="bluesky", as_of="2026-02-03")
        assert frame.dtypes.astype(str).equals(expected.dtypes.astype(str))
        for left, right in ((frame, expected), (posts_frame, plain)):
            assert left.ayr.validate() is left
            pd.testing.assert_frame_equal(left, right, check_dtype=False, check_column_type=False)
        assert [str(dtype) for dtype in posts_frame.ayr.labels().dtypes] == [
            str(dtype) for dtype in plain.ayr.labels().dtypes
        ]


def test_R8_results_do_not_share_memory_with_the_frame() -> None:
    posts = ayr.load_sample("bluesky")
    before = posts.copy(deep=True)
    part = posts[posts["like_count"] > 3]
    part.loc[:, "like_count"] = 0
    labels = posts.ayr.labels()
    labels.loc[:, "value"] = "changed"
    pd.testing.assert_frame_equal(posts, before)


PRIVATE_TEXT = "".join(f"private{number:03d}" for number in range(60))


def test_S15_schema_error_quotes_at_most_40_characters() -> None:
    odd = [{"id": PRIVATE_TEXT, "likeCount": -1, "post": PRIVATE_TEXT}, {"id": "2", "likeCount": PRIVATE_TEXT}] * 3
    with pytest.raises(ayr.SchemaError) as caught:
        ayr.from_posts(odd, platform="bluesky", validate="raise", as_of="2026-02-03")
    error = caught.value
    assert (error.__cause__, error.__context__) == (None, None), "the error of pandera refers to the whole frame"
    shown = str(error) + repr(error) + "".join(traceback.format_exception(error))
    assert not any(PRIVATE_TEXT[start : start + 41] in shown for start in range(len(PRIVATE_TEXT) - 40))
    assert len(str(error)) < 1000
    assert "in 6 posts" in str(error)
    assert "like_count: 3 values" in str(error)
    assert len(error.frame) == 6, "the posts are available as `frame`"


def test_S15_validation_warning_quotes_at_most_40_characters() -> None:
    odd = [{"id": PRIVATE_TEXT, "likeCount": PRIVATE_TEXT, "post": PRIVATE_TEXT}]
    with pytest.warns(ayr.DataWarning) as caught:
        ayr.from_posts(odd, platform="bluesky")
    messages = "".join(str(entry.message) for entry in caught)
    assert not any(PRIVATE_TEXT[start : start + 41] in messages for start in range(len(PRIVATE_TEXT) - 40))


def test_interrupt_during_decoding_is_raised_with_earlier_pages(monkeypatch: pytest.MonkeyPatch) -> None:
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
        assert len(ayr.load("tiktok", limit=None, client=client)) == 300, "the client still works"
