"""A Hub that hangs, answers with garbage, breaks off in the middle or fails, on this machine, and a process that asks it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from src.config import CONFIG_DIR

if TYPE_CHECKING:
    from .pipeline import Place

MODES = ("hangs", "garbage", "half", "fails")
LONGEST_S = 300.0


class _BrokenHub(BaseHTTPRequestHandler):
    mode = "fails"
    ended = threading.Event()

    def do_GET(self) -> None:
        if self.mode == "hangs":
            self.ended.wait(LONGEST_S)
            return
        body = random.Random(0).randbytes(2000)
        self.send_response(500 if self.mode == "fails" else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) * (2 if self.mode == "half" else 1)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.close_connection = True

    do_HEAD = do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Nothing: the progress line is alone."""


@contextmanager
def broken_hub(mode: str) -> Iterator[str]:
    """Yields its address. The server is in a thread, so no child is forked while it runs."""
    handler = type("Handler", (_BrokenHub,), {"mode": mode, "ended": threading.Event()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        handler.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def ask_broken_hub(command: list[str], mode: str, place: Place) -> int | None:
    """The exit status of a script that asks it; None when it does not end. Its answers are waited for a second each."""
    with broken_hub(mode) as address, tempfile.TemporaryDirectory() as home, place.output.open("w") as output:
        waiting = {"HF_HUB_ETAG_TIMEOUT": "1", "HF_HUB_DOWNLOAD_TIMEOUT": "1"}
        hub = {"HF_ENDPOINT": address, "HF_HOME": home, "HF_HUB_OFFLINE": "0", "HF_DATASETS_OFFLINE": "0", "HF_TOKEN": "hf_none"}
        try:
            process = subprocess.run(
                [sys.executable, *command],
                cwd=CONFIG_DIR.parent,
                env=os.environ | hub | waiting,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=LONGEST_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
        return process.returncode
