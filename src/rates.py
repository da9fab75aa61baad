"""Thresholds at an FPR budget and confidence intervals of rates. Needs only numpy: recalibration uses it."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import cast

import numpy as np

from .errors import DataError

Interval = tuple[float, float]


def threshold_at_fpr(benign_scores: np.ndarray, budget: float) -> float:
    """The smallest threshold t with mean(benign_scores >= t) <= budget. Exact with ties.

    benign_scores (N,). The result may lie above 1 when more than the budget of the benign rows score exactly 1.
    Raises DataError for no rows or for scores that are not finite.
    """
    if not 0 <= budget < 1:
        raise ValueError(f"an FPR budget is a fraction in [0, 1), got {budget}")
    scores = np.asarray(benign_scores, dtype=np.float64)
    if scores.size == 0:
        raise DataError("expected benign rows to set a threshold on, found none; add benign rows to the validation sources")
    if not np.isfinite(scores).all():
        raise DataError(f"{int((~np.isfinite(scores)).sum())} of {scores.size} benign scores are not finite numbers")
    max_false_alarms = min(math.floor(budget * scores.size + 1e-9), scores.size - 1)  # 0.29 * 100 is 28.999...
    rank = scores.size - 1 - max_false_alarms
    highest_rejected = np.partition(scores, rank)[rank]
    return float(np.nextafter(highest_rejected, np.inf))


def wilson_interval(k: int, n: int, confidence: float = 0.95) -> Interval | None:
    """Wilson score interval of the rate k / n (Wilson 1927); None where n is 0."""
    if not 0 <= k <= n:
        raise ValueError(f"expected 0 <= k <= n, got k={k}, n={n}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be in (0, 1), got {confidence}")
    if n == 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    rate, spread = k / n, z * z / n
    centre = (rate + spread / 2) / (1 + spread)
    half = z * math.sqrt(rate * (1 - rate) / n + spread / (4 * n)) / (1 + spread)
    # At k = 0 and k = n the bound is exactly 0 or 1; rounding must not exclude the measured rate from its interval.
    return (0.0 if k == 0 else max(0.0, centre - half), 1.0 if k == n else min(1.0, centre + half))


def rows_for_upper_bound(rate: float, upper: float) -> int:
    """The number of rows at which a measured `rate` has a Wilson interval that ends at or below `upper`."""
    if not 0 <= rate < upper < 1:
        raise ValueError(f"expected 0 <= rate < upper < 1, got {rate} and {upper}")
    low, high = 1, 2

    def bound(n: int) -> float:
        return cast("Interval", wilson_interval(round(rate * n), n))[1]  # n is at least 1

    while bound(high) > upper:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if bound(middle) <= upper else (middle, high)
    return high
