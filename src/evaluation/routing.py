"""Deferral curves: recall against the share of texts sent deep, for the learned router and for two uninformed ones.

Both branches score every window once; each routing then selects from these two arrays, so a whole curve costs two forward
passes. Shapes: N texts, W windows of them and of their views.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..data.schema import Example, families_of, labels_of
from ..labels import Label
from ..policy import DEFAULT_POLICY, is_counted
from ..runtime.scores import WindowScores
from .calibration import fit_router_threshold
from .metrics import mean_source_recall, roc_auc, threshold_at_fpr
from .predictor import FORCED_ROUTES, TorchPredictor

DEEP_SHARES = tuple(round(0.1 * step, 1) for step in range(11))
RANDOM_DRAWS = 5


def score_both_branches(
    guard: TorchPredictor, texts: Sequence[str], *, desc: str | None = None
) -> tuple[WindowScores, WindowScores]:
    """The outputs of the fast branch and of the deep branch on every window of N texts and of their views."""
    fast, deep = (
        guard.with_calibration(replace(guard.calibration, complexity_threshold=FORCED_ROUTES[route])).window_scores(
            texts, desc=None if desc is None else f"{desc}, {route} branch"
        )
        for route in ("fast", "deep")
    )
    return fast, deep


def combine_branches(fast: WindowScores, deep: WindowScores, is_deep: np.ndarray) -> WindowScores:
    """The outputs of each window, from the deep branch where is_deep (W,) bool is true, else from the fast branch."""
    deep_column = is_deep[:, None]
    return replace(
        fast,
        logits=np.where(deep_column, deep.logits, fast.logits),
        family_logits=np.where(deep_column, deep.family_logits, fast.family_logits),
        is_deep=is_deep,
    )


def route_share_deep(fast: WindowScores, deep: WindowScores, complexity: np.ndarray, share: float) -> WindowScores:
    """Send the windows with the highest complexity (W,) deep, such that at most `share` of the texts have one of them."""
    _, first = np.unique(fast.text_index, return_index=True)
    threshold = fit_router_threshold(np.maximum.reduceat(complexity, first), share)
    return combine_branches(fast, deep, complexity > threshold)


def drop_views(scores: WindowScores) -> WindowScores:
    """The scores of the windows of the texts, without those of the views."""
    is_text_window = scores.view_index < 0
    return WindowScores(**{name: getattr(scores, name)[is_text_window] for name in WindowScores.__dataclass_fields__})


def deferral_curves(
    fast: WindowScores,
    deep: WindowScores,
    examples: Sequence[Example],
    *,
    budget: float,
    seed: int,
) -> dict[str, list[dict[str, Any]]]:
    """Recall and AUC of each router at each share of texts sent deep, on the rows that the default policy counts.

    "learned" is the guard's router, "length" sends the longest texts, "random" any (mean of RANDOM_DRAWS draws). Recall is the
    unweighted mean over sources at the threshold that keeps the false alarms of these rows within the budget.
    """
    rng = np.random.default_rng(seed)
    tokens = np.bincount(fast.text_index, weights=fast.tokens)[fast.text_index]
    draws = [rng.random(len(examples))[fast.text_index] for _ in range(RANDOM_DRAWS)]
    length = tokens + 0.5 * draws[0]  # ties in length are broken at random
    complexities_by_router = {"learned": [fast.p_deep], "length": [length], "random": draws}
    return {
        name: [
            {"deep_share": share}
            | _mean_metrics(
                [_measure_routing(route_share_deep(fast, deep, each, share), examples, budget) for each in complexities]
            )
            for share in DEEP_SHARES
        ]
        for name, complexities in complexities_by_router.items()
    }


def _measure_routing(scores: WindowScores, examples: Sequence[Example], budget: float) -> dict[str, float | None]:
    predictions = scores.verdicts(1.0)
    labels, families = labels_of(examples), families_of(examples)
    counted = is_counted(labels, families, DEFAULT_POLICY)
    p_attack = predictions.p_attack[DEFAULT_POLICY]
    threshold = threshold_at_fpr(p_attack[counted & (labels == Label.BENIGN)], budget)
    sources = [example.source for example in examples]
    return {
        "measured_share": float(predictions.is_deep.mean()),
        "recall": mean_source_recall(labels, families, p_attack, sources, DEFAULT_POLICY, threshold),
        "auc": roc_auc(labels[counted], p_attack[counted]),
    }


def _mean_metrics(metrics: Sequence[dict[str, float | None]]) -> dict[str, float | None]:
    return {
        key: None if any(values[key] is None for values in metrics) else float(np.mean([values[key] for values in metrics]))
        for key in metrics[0]
    }
