"""Several processes that accept from one socket, and their parent.

Beside those that serve one more is loaded and waits: it takes the place of one that died at once, where loading would take
seconds of a core that the others need just then. SIGHUP is passed on to those that serve, and another waits with what is in
the model directory by then.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection, wait
from typing import Any

import uvicorn
from fastapi import FastAPI
from prometheus_client.multiprocess import mark_process_dead

from ..errors import ConfigError, GuardrailError
from .app import application
from .metrics import DIRECTORY

RETRY_S = 2.0  # before a process that could not load is replaced
SPARE_RETRY_S = 30.0  # the same while enough processes serve: each attempt takes a core from them
END_S = 10.0  # after all requests are answered or given up, before a process is killed
POLL_S = 0.1  # between two checks for signals; the end of a process is noticed at once
BEAT_S, HUNG_S = 1.0, 30.0  # between two heartbeats of a process, and the silence after which it is killed
SPAWN = multiprocessing.get_context("spawn")


def serve_in_processes(workers: int, listener: socket.socket, options: Mapping[str, Any]) -> None:
    """Each process loads the guard from the environment and accepts from the same socket; they share their metrics.

    `options` are those of uvicorn.Config. Returns when the process is asked to end and the others have ended.
    """
    with _metrics_directory() as directory:
        os.environ[DIRECTORY] = directory
        patience = options["timeout_graceful_shutdown"] + END_S
        Supervisor(workers, lambda: Child(listener, options), patience=patience).run()


def _metrics_directory() -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix="tinyguardrail_metrics_")
    except OSError as error:
        raise ConfigError(
            f"several processes share their metrics in a temporary directory, which cannot be made: {error.strerror or error}; "
            "set TMPDIR to a directory that can be written (in a container: mount a tmpfs on /tmp), or serve with --workers 1"
        ) from error


def application_of_worker() -> FastAPI:
    """The application of a worker. The parent loaded the same files, so an error means that they changed: it is tried again."""
    try:
        return application()
    except GuardrailError as error:
        sys.stderr.write(f"error: {error}; another process tries again\n")
        sys.exit(1)


def run_worker(listener: socket.socket, options: Mapping[str, Any], pipe: Connection) -> None:
    """Main function of a worker: load the guard, wait for the parent's message, serve until SIGTERM. It ends with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of a terminal; the parent ends this one
    load_event = threading.Event()
    threading.Thread(target=_send_heartbeats, args=(pipe, load_event), name="heartbeat", daemon=True).start()
    app = application_of_worker()
    load_event.set()
    try:
        pipe.recv()
    except (EOFError, OSError):  # OSError where the parent left heartbeats unread
        return
    uvicorn.Server(uvicorn.Config(app, **options)).run(sockets=[listener])


def _send_heartbeats(pipe: Connection, load_event: threading.Event) -> None:
    """Send heartbeats that say whether the guard is loaded. Stop serving when the parent has ended."""
    is_loaded = False
    while True:
        try:
            pipe.send(is_loaded)
        except OSError:
            os.kill(os.getpid(), signal.SIGTERM)
            return
        if is_loaded:
            time.sleep(BEAT_S)
        else:
            is_loaded = load_event.wait(BEAT_S)


class Child:
    """A process that loads the guard and waits, as its parent sees it."""

    def __init__(self, listener: socket.socket, options: Mapping[str, Any]) -> None:
        self._pipe, child_end = SPAWN.Pipe()
        self.process = SPAWN.Process(target=run_worker, args=(listener, options, child_end))
        self.process.start()
        child_end.close()  # or the end of the process would not be the end of the pipe
        self.is_loaded = self.serves = False
        self._last_heartbeat = time.monotonic()

    def serve(self) -> None:
        """It serves from now on, or from the moment at which it is loaded."""
        self.serves = True
        with contextlib.suppress(OSError):  # it died, which is seen in a moment
            self._pipe.send(True)

    def listen(self) -> None:
        """Read its heartbeats; a loaded process that was silent for HUNG_S is killed. Loading may take any time."""
        with contextlib.suppress(EOFError, OSError):
            while self._pipe.poll():
                self.is_loaded = self._pipe.recv()
                self._last_heartbeat = time.monotonic()
        if self.is_loaded and time.monotonic() - self._last_heartbeat > HUNG_S:
            self.process.kill()

    def reload(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            assert self.process.pid is not None
            os.kill(self.process.pid, signal.SIGHUP)

    def close(self) -> None:
        """Release the resources of an ended process."""
        self.process.join()
        self._pipe.close()


class Supervisor:
    """Keeps `workers` processes serving and one loaded beside them."""

    def __init__(self, workers: int, start: Callable[[], Child], *, patience: float) -> None:
        """`patience`: seconds that a process has to end in when it is asked to; then it is killed."""
        self._workers, self._start, self._patience = workers, start, patience
        self.children: list[Child] = []
        # No process is started earlier, and none to wait, on the clock of time.monotonic().
        self._not_before = self._no_spare_before = 0.0
        self._is_ending = self._was_hung_up = False

    def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.end())
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, lambda *_: self.hang_up())
        try:
            while not self._is_ending:
                self.step()
        finally:
            self._end_all()

    def _end_all(self) -> None:
        for child in self.children:
            child.process.terminate()
        until = time.monotonic() + self._patience
        for child in self.children:
            child.process.join(max(0.0, until - time.monotonic()))
            child.process.kill()  # no effect where it has ended
            child.close()

    def end(self) -> None:
        self._is_ending = True

    def hang_up(self) -> None:
        self._was_hung_up = True

    def step(self) -> None:
        """Start and promote what is missing, then wait for the end of a process or a signal, and see to it."""
        try:
            self._fill()
        except OSError as error:  # no memory, say: those that serve go on
            sys.stderr.write(f"error: no process could be started, tried again in {RETRY_S:.0f} s: {error.strerror or error}\n")
            self._not_before = time.monotonic() + RETRY_S
        ended = set(wait([child.process.sentinel for child in self.children], POLL_S))
        for child in list(self.children):
            child.listen()
            if child.process.sentinel in ended:
                self._replace(child)
        if self._was_hung_up:
            self._was_hung_up = False
            self._reload()

    def _fill(self) -> None:
        serving = [child for child in self.children if child.serves]
        spare = [child for child in self.children if not child.serves]
        may_start = time.monotonic() >= self._not_before
        while len(serving) < self._workers and (spare or may_start):
            child = spare.pop(0) if spare else self._add()
            child.serve()
            serving.append(child)
        # Load the spare one only when all others serve: loading takes a core.
        may_wait = may_start and time.monotonic() >= self._no_spare_before
        if not spare and may_wait and len(serving) == self._workers and all(child.is_loaded for child in serving):
            self._add()

    def _add(self) -> Child:
        self.children.append(self._start())
        return self.children[-1]

    def _replace(self, child: Child) -> None:
        """Handle a process that ended by itself; one that failed to load would fail again at once, so its successor waits."""
        self._remove(child)
        if not child.is_loaded and child.serves:
            self._not_before = time.monotonic() + RETRY_S
        elif not child.is_loaded:
            self._no_spare_before = time.monotonic() + SPARE_RETRY_S
        elif child.serves:
            sys.stderr.write(f"process {child.process.pid} ended with exit code {child.process.exitcode}; another takes over\n")

    def _remove(self, child: Child) -> None:
        self.children.remove(child)
        mark_process_dead(child.process.pid)  # its counters stay in the sums, what it had waiting does not
        child.close()

    def _reload(self) -> None:
        """Those that serve load the guard beside the one that they have (app.py); what loads or waits is replaced."""
        self._no_spare_before = 0.0  # what could not be loaded may be mended
        for child in list(self.children):
            if child.serves and child.is_loaded:
                child.reload()
            else:
                child.process.kill()
                self._remove(child)
