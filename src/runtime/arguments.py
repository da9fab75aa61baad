"""Checks of what callers pass to the guard: each names what was expected and what was found."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from typing import TypeGuard


def check_text(text: object, what: str) -> str:
    """Return the text. Raises TypeError for anything but a str; the message names it `what`."""
    if isinstance(text, str):
        return text
    advice = "convert or leave it out"
    if isinstance(text, (bytes, bytearray)):
        advice = 'decode it first: data.decode("utf-8")'
    elif isinstance(text, Mapping):
        advice = "for chat messages call guard.messages([...])"
    raise TypeError(f"expected {what} to be a str, found {type(text).__name__}; {advice}")


def check_whole_number(name: str, value: object, *, optional: bool) -> None:
    """Raise ValueError unless the value is an int of at least 1, or None where that is allowed."""
    if value is None and optional:
        return
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1{' or None' if optional else ''}, got {value!r}")


def check_threshold(threshold: object) -> float:
    """The threshold as a float. Raises ValueError outside [0, 1] and for anything but a number."""
    if not _is_number(threshold) or not 0 <= threshold <= 1:
        raise ValueError(f"threshold must be a number in [0, 1], got {threshold!r}")
    return float(threshold)


def check_milliseconds(budget_ms: object) -> None:
    """Raise ValueError unless it is a number above 0."""
    if not _is_number(budget_ms) or not budget_ms > 0:
        raise ValueError(f"budget_ms must be a number of milliseconds above 0, got {budget_ms!r}")


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)
