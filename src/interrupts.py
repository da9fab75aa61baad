"""Ctrl-C between steps, never inside one."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def interrupts_deferred() -> Iterator[None]:
    """Hold Ctrl-C back until the block is done, so that the block never runs partly.

    After the block the previous handler gets the signal: it raises KeyboardInterrupt or, inside another such block, holds it
    back until that block is done. Does nothing outside the main thread, where Python delivers no signals, and where
    Ctrl-C is not handled by Python.
    """
    previous = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(previous):
        yield
        return
    received: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: received.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
    if received:
        previous(received[0], None)
