"""What a load takes from an archive, on a platform whose history is asked for again with a larger limit."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pandas as pd
import pytest

import ayrframe as ayr
from tests.faults.load_client import make_client
from tests.faults.server import Hit, Server, http


@pytest.mark.parametrize(("limit", "available"), [(None, 60), (None, 300), (250, 180)])
def test_archived_load_has_the_posts_of_the_larger_page_once(limit: int | None, available: int, tmp_path: Path) -> None:
    def serve(sock: socket.socket, hit: Hit) -> bool:
        posts = [
            {"id": f"{number}", "created": f"2026-01-01T00:00:{number % 60:02}Z"}
            for number in range(min(int(hit.params["limit"]), available))
        ]
        sock.sendall(http(json.dumps({"status": "success", "posts": posts})))
        return True

    with Server(serve) as server:
        client = make_client(server.url)
        loaded = ayr.load("tiktok", limit=limit, client=client, archive=tmp_path)
        replayed = ayr.load("tiktok", limit=limit, client=client, archive=tmp_path, offline=True)
    assert len(loaded) == len(replayed) == available
    pd.testing.assert_frame_equal(replayed, loaded)
