"""95% bootstrap intervals of every metric that is not a plain rate: metrics.py recomputed on resamples of whole groups.

Rows made from one payload or document are not independent, so groups are drawn, with replacement, and a row counts as often
as its group was drawn. Groups of attacks, groups of benign rows and groups of both (such as a document with and without an
attack) are drawn separately, since the benchmark fixes how many there are of each. Percentile intervals.
R = resamples, N = rows, G = groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..labels import NUM_LABELS, Label
from .metrics import CALIBRATION_BINS, STRICT_FPR_BUDGET, Interval, fpr_is_measurable, index_groups, percentile_interval

RESAMPLES = 1000
_MAX_WEIGHTS = 4_000_000  # entries of the weight matrix that are in memory at a time
_MIN_DEFINED_SHARE = 0.5  # a metric that fewer of the resamples define has no interval


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
    """Metric name -> interval, for the metrics of `policy_metrics` on the same rows.

    labels (N,) int class ids, p_attack (N,), groups N names; without the rows that the policy does not count.
    None where the metric is undefined, or where attacks or benign rows come from one group only. A resample that leaves a
    metric undefined, such as one in which nothing is flagged, is left out of its interval.
    """
    attack = labels != Label.BENIGN
    strata = _build_strata(groups, attack)
    draws = [
        _detection_metrics(weights, attack, p_attack, threshold, budget) for weights in _draw_weights(strata, rng, resamples)
    ]
    intervals = {name: _metric_interval(draws, name, strata) for name in METRICS}
    if not fpr_is_measurable(labels, budget):
        intervals["recall_at_budget"] = None
    if not fpr_is_measurable(labels, STRICT_FPR_BUDGET):
        intervals["recall_at_strict_fpr"] = None
    return intervals


METRICS = (
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
    """Metric name -> interval: accuracy, weighted_f1 and macro_f1 of `class_metrics`, and the expected calibration error.

    labels (N,), class_probs (N, 4). On few rows a resample has a larger calibration error than the rows it is drawn from, so
    that the point may lie at the lower end of its interval or below it.
    """
    strata = _build_strata(groups, labels != Label.BENIGN)
    draws = [_class_metrics(weights, labels, class_probs) for weights in _draw_weights(strata, rng, RESAMPLES)]
    return {name: _metric_interval(draws, name, strata) for name in ("accuracy", "weighted_f1", "macro_f1", "calibration_error")}


@dataclass(frozen=True)
class _Strata:
    """Groups of rows, in strata that are resampled separately."""

    index: np.ndarray  # (N,) the group of each row
    members: list[np.ndarray]  # the groups of each stratum

    @property
    def fewest(self) -> int:
        """Number of groups in the smallest stratum, 0 without strata."""
        return min(map(len, self.members), default=0)


def _build_strata(groups: Sequence[str], attack: np.ndarray) -> _Strata:
    """The strata: groups with attacks only, with benign rows only, and with both."""
    index, G = index_groups(groups)
    has_attack, has_benign = (np.bincount(index, weights=mask, minlength=G) > 0 for mask in (attack, ~attack))
    kinds = (has_attack & ~has_benign, has_benign & ~has_attack, has_attack & has_benign)
    return _Strata(index, [np.flatnonzero(kind) for kind in kinds if kind.any()])


def _draw_weights(strata: _Strata, rng: np.random.Generator, resamples: int) -> Iterator[np.ndarray]:
    """How often each row was drawn, in blocks (r, N) of R resamples; yields nothing where a stratum has fewer than two groups."""
    if strata.fewest < 2:
        return
    G = sum(map(len, strata.members))
    block_size = max(1, _MAX_WEIGHTS // max(len(strata.index), G))
    for start in range(0, resamples, block_size):
        r = min(block_size, resamples - start)
        group_ids = np.concatenate([each[rng.integers(len(each), size=(r, len(each)))] for each in strata.members], axis=1)
        counts = np.bincount((group_ids + G * np.arange(r)[:, None]).ravel(), minlength=r * G).reshape(r, G)
        yield counts[:, strata.index].astype(np.float64)


def _metric_interval(draws: Sequence[dict[str, np.ndarray]], name: str, strata: _Strata) -> Interval | None:
    values = np.concatenate([np.zeros(0), *(draw[name] for draw in draws)])
    defined = values[np.isfinite(values)]
    if defined.size == 0 or defined.size < _MIN_DEFINED_SHARE * values.size:
        return None
    return percentile_interval(defined, strata.fewest)


def _divide(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole, NaN (undefined) where the whole is 0."""
    return np.divide(part, whole, out=np.full(np.broadcast(part, whole).shape, np.nan), where=whole != 0)


def _detection_metrics(
    weights: np.ndarray, attack: np.ndarray, p_attack: np.ndarray, threshold: float, budget: float
) -> dict[str, np.ndarray]:
    """weights (r, N), attack (N,) bool, p_attack (N,) -> metric (r,), NaN where it is undefined."""
    # For each distinct score, in descending order: weight of the attacks and of the benign rows at it, and cumulated down to it.
    order = np.argsort(-p_attack, kind="stable")
    first = np.flatnonzero(np.diff(p_attack[order], prepend=np.inf))
    attack_weights, benign_weights = (
        np.add.reduceat(weights[:, order] * mask[order], first, axis=1) for mask in (attack, ~attack)
    )  # (r, U)
    tps, fps = np.cumsum(attack_weights, axis=1), np.cumsum(benign_weights, axis=1)
    P, N = tps[:, -1], fps[:, -1]
    flagged = int((p_attack[order[first]] >= threshold).sum())
    zeros = np.zeros(len(weights))
    tp, fp = (tps[:, flagged - 1], fps[:, flagged - 1]) if flagged else (zeros, zeros)
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
        "auc": _divide((benign_weights * (tps - attack_weights / 2)).sum(axis=1), P * N),
        "average_precision": both * _divide((attack_weights * np.nan_to_num(_divide(tps, tps + fps))).sum(axis=1), P),
        "recall_at_budget": recall_at(budget),
        "recall_at_strict_fpr": recall_at(STRICT_FPR_BUDGET),
    }


def _class_metrics(weights: np.ndarray, labels: np.ndarray, class_probs: np.ndarray) -> dict[str, np.ndarray]:
    """weights (r, N) -> metric (r,)."""
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
