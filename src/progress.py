"""Progress of long computations: a bar on a terminal, a log line every half minute elsewhere."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any, Self, TypeVar

SECONDS_BETWEEN_LINES = 30.0

Item = TypeVar("Item")
log = logging.getLogger(__name__)


class ProgressBar:
    """A progress bar up to `total`. Shows nothing without a `desc`."""

    def __init__(self, total: int, desc: str | None, unit: str, *, initial: int = 0) -> None:
        from tqdm import tqdm  # imported here, because a serving guard shows no progress

        self.total, self.done = total, initial
        self._desc, self._unit, self._initial = desc, unit, initial
        self._bar: Any = tqdm(
            total=total, initial=initial, desc=desc, unit=unit, disable=True if desc is None else None, leave=False
        )  # None hides it when it is not a terminal
        self._is_logged = desc is not None and self._bar.disable
        self._started = self._last_line = time.monotonic()

    def update(self, count: int = 1) -> None:
        self.done += count
        self._bar.update(count)
        now = time.monotonic()
        if self._is_logged and now - self._last_line >= SECONDS_BETWEEN_LINES and self.done < self.total:
            self._last_line = now
            left = (self.total - self.done) * (now - self._started) / max(self.done - self._initial, 1)
            log.info("%s: %d of %d %s, about %s left", self._desc, self.done, self.total, self._unit, duration(left))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()


def with_progress(items: Sequence[Item], desc: str | None, unit: str) -> Iterator[Item]:
    """Yield the items; the bar advances when the caller has finished with an item."""
    with ProgressBar(len(items), desc, unit) as bar:
        for item in items:
            yield item
            bar.update()


def duration(seconds: float) -> str:
    """Seconds as text: in seconds up to two minutes, then in minutes."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


class _LastLine(logging.Handler):
    """Remembers the time of the last log record."""

    def __init__(self) -> None:
        super().__init__()
        self.time = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        self.time = time.monotonic()


@contextlib.contextmanager
def log_heartbeat(logger: logging.Logger) -> Iterator[None]:
    """Let `logger` report that work goes on whenever nothing was logged for a while; for work without a progress bar."""
    started, ended, last = time.monotonic(), threading.Event(), _LastLine()

    def watch() -> None:
        while not ended.wait(max(last.time + SECONDS_BETWEEN_LINES - time.monotonic(), 0.05)):
            if time.monotonic() - last.time >= SECONDS_BETWEEN_LINES:
                logger.info("still working, %s since the start", duration(time.monotonic() - started))

    watcher = threading.Thread(target=watch, daemon=True)
    logger.addHandler(last)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
        logger.removeHandler(last)
