"""95% intervals of everything that is no plain rate: the figures of metrics.py again, on resamples of whole groups.

Rows made from one payload or document are not independent, so groups are drawn, with replacement, and a row counts as often
as its group was drawn. Groups of attacks and groups of benign rows are drawn apart (and groups of both, such as a document
with and without an attack): how many there are of each is the benchmark's choice and no luck. Percentile intervals.
R = resamples, N = rows, G = groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..labels import NUM_LABELS, Label
from .metrics import CALIBRATION_BINS, STRICT_BUDGET, Interval, fpr_is_measurable, group_index, percentile_interval

RESAMPLES = 1000
_CELLS = 4_000_000  # weights that are held at a time
_MIN_DEFINED = 0.5  # of the resamples, or there is no interval


def detection_intervals(
    labels: np.ndarray,
    p_attack: np.ndarray,
    groups: Sequence[str],
    *,
    threshold: float,
    budget: float,
    rng: np.random.Generator,
    resamples: int = RESAMPLES,
) -> dict[str, Interval | None]:
    """Figure -> interval, for those that `policy_metrics` gives on the same rows.

    labels (N,) int class ids, p_attack (N,), groups N names; rows that the policy does not count must be gone already.
    None where the figure is undefined, or where attacks or benign rows come from one group only. A resample that leaves a
    figure undefined, such as one in which nothing is flagged, does not count for it.
    """
    attack = labels != Label.BENIGN
    strata = _strata(groups, attack)
    draws = [_detection(each, attack, p_attack, threshold, budget) for each in _weights(strata, rng, resamples)]
    found = {name: _interval(draws, name, strata) for name in FIGURES}
    if not fpr_is_measurable(labels, budget):
        found["recall_at_budget"] = None
    if not fpr_is_measurable(labels, STRICT_BUDGET):
        found["recall_at_strict_fpr"] = None
    return found


FIGURES = (
    "accuracy",
    "balanced_accuracy",
    "precision",
    "recall",
    "f1",
    "fpr",
    "auc",
    "average_precision",
    "recall_at_budget",
    "recall_at_strict_fpr",
)


def class_intervals(
    labels: np.ndarray, class_probs: np.ndarray, groups: Sequence[str], *, rng: np.random.Generator
) -> dict[str, Interval | None]:
    """Figure -> interval: accuracy, weighted_f1 and macro_f1 of `class_metrics`, and the expected calibration error.

    labels (N,), class_probs (N, 4). On few rows a resample has a larger calibration error than the rows it is drawn from, so
    that the point may lie at the lower end of its interval or below it.
    """
    strata = _strata(groups, labels != Label.BENIGN)
    draws = [_classes(each, labels, class_probs) for each in _weights(strata, rng, RESAMPLES)]
    return {name: _interval(draws, name, strata) for name in ("accuracy", "weighted_f1", "macro_f1", "calibration_error")}


@dataclass(frozen=True)
class _Strata:
    """Groups that are drawn apart."""

    index: np.ndarray  # (N,) the group of each row
    members: list[np.ndarray]  # the groups of each stratum

    @property
    def fewest(self) -> int:
        """Groups of the smallest stratum, 0 without any."""
        return min(map(len, self.members), default=0)


def _strata(groups: Sequence[str], attack: np.ndarray) -> _Strata:
    """Groups with attacks only, with benign rows only, and with both."""
    index, G = group_index(groups)
    has_attack, has_benign = (np.bincount(index, weights=chosen, minlength=G) > 0 for chosen in (attack, ~attack))
    kinds = (has_attack & ~has_benign, has_benign & ~has_attack, has_attack & has_benign)
    return _Strata(index, [np.flatnonzero(kind) for kind in kinds if kind.any()])


def _weights(strata: _Strata, rng: np.random.Generator, resamples: int) -> Iterator[np.ndarray]:
    """How often each row was drawn, (r, N) at a time, R in all; nothing where a stratum has fewer than two groups."""
    if strata.fewest < 2:
        return
    G = sum(map(len, strata.members))
    at_a_time = max(1, _CELLS // max(len(strata.index), G))
    for start in range(0, resamples, at_a_time):
        r = min(at_a_time, resamples - start)
        drawn = np.concatenate([each[rng.integers(len(each), size=(r, len(each)))] for each in strata.members], axis=1)
        counts = np.bincount((drawn + G * np.arange(r)[:, None]).ravel(), minlength=r * G).reshape(r, G)
        yield counts[:, strata.index].astype(np.float64)


def _interval(draws: Sequence[dict[str, np.ndarray]], name: str, strata: _Strata) -> Interval | None:
    values = np.concatenate([np.zeros(0), *(draw[name] for draw in draws)])
    defined = values[np.isfinite(values)]
    if defined.size == 0 or defined.size < _MIN_DEFINED * values.size:
        return None
    return percentile_interval(defined, strata.fewest)


def _divide(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """NaN, which is undefined, where the whole is 0."""
    return np.divide(part, whole, out=np.full(np.broadcast(part, whole).shape, np.nan), where=whole != 0)


def _detection(
    weights: np.ndarray, attack: np.ndarray, p_attack: np.ndarray, threshold: float, budget: float
) -> dict[str, np.ndarray]:
    """weights (r, N), attack (N,) bool, p_attack (N,) -> figure (r,), NaN where it is undefined."""
    # Of each distinct score, from the highest to the lowest: the attacks and the benign rows that have it, and that reach it.
    order = np.argsort(-p_attack, kind="stable")
    first = np.flatnonzero(np.diff(p_attack[order], prepend=np.inf))
    of_attacks, of_benign = (
        np.add.reduceat(weights[:, order] * chosen[order], first, axis=1) for chosen in (attack, ~attack)
    )  # (r, U)
    tps, fps = np.cumsum(of_attacks, axis=1), np.cumsum(of_benign, axis=1)
    P, N = tps[:, -1], fps[:, -1]
    flagged = int((p_attack[order[first]] >= threshold).sum())
    none = np.zeros(len(weights))
    tp, fp = (tps[:, flagged - 1], fps[:, flagged - 1]) if flagged else (none, none)
    recall, fpr = _divide(tp, P), _divide(fp, N)

    def recall_at(share: float) -> np.ndarray:
        """As `metrics.recall_at_fpr`: every score counts that is above the highest benign one that must be rejected."""
        reached = (fps <= np.floor(share * N + 1e-9)[:, None]).sum(axis=1)
        hits = np.where(reached > 0, np.take_along_axis(tps, np.maximum(reached - 1, 0)[:, None], axis=1)[:, 0], 0.0)
        return _divide(hits, np.where(N > 0, P, 0.0))

    both = np.where((P > 0) & (N > 0), 1.0, np.nan)
    return {
        "accuracy": _divide(tp + N - fp, P + N),
        "balanced_accuracy": (recall + 1 - fpr) / 2,
        "precision": _divide(tp, tp + fp),
        "recall": recall,
        "f1": _divide(2 * tp, np.where(P > 0, tp + fp + P, 0.0)),
        "fpr": fpr,
        # A pair of an attack and a benign row counts 1 where the attack scores higher, 1/2 where both score alike.
        "auc": _divide((of_benign * (tps - of_attacks / 2)).sum(axis=1), P * N),
        "average_precision": both * _divide((of_attacks * np.nan_to_num(_divide(tps, tps + fps))).sum(axis=1), P),
        "recall_at_budget": recall_at(budget),
        "recall_at_strict_fpr": recall_at(STRICT_BUDGET),
    }


def _classes(weights: np.ndarray, labels: np.ndarray, class_probs: np.ndarray) -> dict[str, np.ndarray]:
    """weights (r, N) -> figure (r,)."""
    bins = CALIBRATION_BINS
    confidence, predicted = class_probs.max(axis=1), class_probs.argmax(axis=1)
    confusion = weights @ np.eye(NUM_LABELS**2)[labels * NUM_LABELS + predicted]
    confusion = confusion.reshape(-1, NUM_LABELS, NUM_LABELS)
    total = weights.sum(axis=1)
    support, diagonal = confusion.sum(axis=2), np.diagonal(confusion, axis1=1, axis2=2)
    f1 = np.nan_to_num(_divide(2 * diagonal, support + confusion.sum(axis=1)))  # (r, 4), 0 for a class that is never right
    gap = (confidence - (predicted == labels)) * 1.0
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    return {
        "accuracy": _divide(diagonal.sum(axis=1), total),
        "weighted_f1": _divide((f1 * support).sum(axis=1), total),
        "macro_f1": _divide((f1 * (support > 0)).sum(axis=1), (support > 0).sum(axis=1).astype(np.float64)),
        "calibration_error": _divide(np.abs((weights * gap) @ np.eye(bins)[bin_of]).sum(axis=1), total),
    }
