"""Several processes that accept from one socket, and their parent: it starts another for one that died and passes SIGHUP on."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import tempfile
import time

import uvicorn
from fastapi import FastAPI
from prometheus_client.multiprocess import mark_process_dead
from uvicorn.supervisors import Multiprocess

from ..errors import ConfigError, GuardrailError
from .app import application
from .metrics import DIRECTORY

RETRY_S = 2.0


def serve_in_processes(workers: int, listener: socket.socket, options: dict[str, int]) -> None:
    """Each process loads the guard from the environment and accepts from the same socket; they share their metrics."""
    with _metrics_directory() as directory:
        os.environ[DIRECTORY] = directory
        config = uvicorn.Config(f"{__name__}:application_of_worker", factory=True, workers=workers, **options)
        _Parent(config, sockets=[listener]).run()


def _metrics_directory() -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix="tinyguardrail_metrics_")
    except OSError as error:
        raise ConfigError(
            f"several processes share their metrics in a temporary directory, which cannot be made: {error.strerror or error}; "
            "set TMPDIR to a directory that can be written (in a container: mount a tmpfs on /tmp), or serve with --workers 1"
        ) from error


def application_of_worker() -> FastAPI:
    """The parent could load the guard, so what fails here was changed since: the other processes go on, and this is tried again.

    With the status that uvicorn has for such failures the parent would end all of them.
    """
    try:
        return application()
    except GuardrailError as error:
        sys.stderr.write(f"error: {error}; another process tries again in {RETRY_S:.0f} s\n")
        time.sleep(RETRY_S)
        sys.exit(1)


class _Parent(Multiprocess):
    def handle_hup(self) -> None:
        """Each process loads the guard beside the one that it has (app.py); uvicorn would replace the processes."""
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):  # it died and is replaced in a moment
                os.kill(process.pid, signal.SIGHUP)

    def keep_subprocess_alive(self) -> None:
        earlier = {process.pid for process in self.processes}
        super().keep_subprocess_alive()
        for dead in earlier - {process.pid for process in self.processes}:
            mark_process_dead(dead)  # its counters stay in the sums, what it had waiting does not
