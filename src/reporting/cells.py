"""Values as text, for every table and sentence of a report. Rates are fractions in the files and percent in the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..config import flatten

UNDEFINED = "n/a"
UNIT_FORMATS = {  # units of targets.yaml
    "fraction": lambda rate: percent(rate),
    "percent_points": lambda value: f"{value:.1f} points",
    "MB": lambda value: f"{value:.1f} MB",
    "ms": lambda value: f"{value:.2f} ms",
    "s": lambda value: f"{value:.0f} s",
    "min": lambda value: f"{value:.0f} min",
    "per_s": lambda value: f"{value:.0f} per s",
    "ratio": lambda value: f"{value:.2f}x",
}


class Rate(str):
    """A value with its interval, "12.3% (10.1 to 14.9)"; a page shows the two separately, so that values are aligned."""

    value: str
    interval: str

    def __new__(cls, value: str, interval: str = "") -> Rate:
        text = super().__new__(cls, f"{value} ({interval})" if interval else value)
        text.value, text.interval = value, interval
        return text


class Status(str):
    """A word that a page colours by its tone: "good", "bad" or "none"."""

    tone: str

    def __new__(cls, word: str, tone: str = "none") -> Status:
        text = super().__new__(cls, word)
        text.tone = tone
        return text


def percent(rate: float | None, digits: int = 1) -> str:
    """0.0123 -> "1.2%"; "n/a" for an undefined rate."""
    return UNDEFINED if rate is None else f"{100 * rate:.{digits}f}%"


def rate_with_interval(rate: float | None, interval: Sequence[float] | None) -> Rate:
    """ "12.3% (10.1 to 14.9)"; the interval in percent as well."""
    if rate is None or interval is None:
        return Rate(percent(rate))
    return Rate(percent(rate), f"{100 * interval[0]:.1f} to {100 * interval[1]:.1f}")


def share_with_interval(part: Mapping[str, Any]) -> str:
    """{n, share, interval} for a terminal: "34.0% [25.5, 43.7] n=100"."""
    if part["share"] is None:
        return UNDEFINED
    low, high = part["interval"]
    return f"{percent(part['share'])} [{100 * low:.1f}, {100 * high:.1f}] n={part['n']}"


def interval_of(part: Mapping[str, Any], name: str) -> Any:
    """The interval that resamples groups where rows share them, else Wilson's."""
    return part.get(f"{name}_clustered_interval") or part[f"{name}_interval"]


def rate_of(part: Mapping[str, Any], name: str) -> Rate:
    return rate_with_interval(part[name], interval_of(part, name))


def detection_cells(part: Mapping[str, Any]) -> list[str]:
    """Recall, n attacks, FPR, n benign."""
    return [rate_of(part, "recall"), number(part["n_attack"]), rate_of(part, "fpr"), number(part["n_benign"])]


def number(value: Any) -> str:
    """Any JSON scalar as text: counts with separators, other numbers with four digits."""
    if value is None:
        return UNDEFINED
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def fixed(value: float | None, digits: int = 3) -> str:
    """A number with a fixed number of decimals: areas under a curve, scores, milliseconds."""
    return UNDEFINED if value is None else f"{value:.{digits}f}"


def align_decimals(values: Sequence[Any]) -> list[str]:
    """JSON scalars of one column: its floats get the same number of decimals, four digits of the largest."""
    floats = [abs(value) for value in values if isinstance(value, float)]
    whole = len(str(int(max(floats, default=0.0)))) if max(floats, default=0.0) >= 1 else 0
    digits = max(0, 4 - whole)
    smallest = 0.5 * 10**-digits  # smaller numbers would be rounded to 0

    def show(value: Any) -> str:
        if not isinstance(value, float):
            return number(value)
        return f"{value:.{digits}f}" if value == 0 or abs(value) >= smallest else f"{value:.1e}"

    return [show(value) for value in values]


def cell(value: Any) -> str:
    """Any JSON value in one cell; null is empty."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {number(part)}" for key, part in flatten(value).items())
    if isinstance(value, list):
        return ", ".join(map(number, value))
    return "" if value is None else number(value)
