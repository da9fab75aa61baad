"""What the router is worth: the share of texts sent deep against what is caught, beside routers that know nothing.

Both branches score every window once; any routing of them is then a choice between two arrays, so a whole curve costs two
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
from .calibration import fit_router_threshold
from .metrics import mean_source_recall, roc_auc, threshold_at_fpr
from .predictor import FORCED_ROUTES, TorchPredictor, WindowScores

SHARES = tuple(round(0.1 * step, 1) for step in range(11))
RANDOM_DRAWS = 5


def both_branches(guard: TorchPredictor, texts: Sequence[str], *, desc: str | None = None) -> tuple[WindowScores, WindowScores]:
    """The outputs of the fast branch and of the deep branch on every window of N texts and of their views."""
    fast, deep = (
        guard.with_calibration(replace(guard.calibration, complexity_threshold=FORCED_ROUTES[route])).window_scores(
            texts, desc=None if desc is None else f"{desc}, {route} branch"
        )
        for route in ("fast", "deep")
    )
    return fast, deep


def routed(fast: WindowScores, deep: WindowScores, is_deep: np.ndarray) -> WindowScores:
    """Each window's outputs from the branch that is_deep (W,) bool says."""
    chosen = is_deep[:, None]
    return replace(
        fast,
        logits=np.where(chosen, deep.logits, fast.logits),
        family_logits=np.where(chosen, deep.family_logits, fast.family_logits),
        is_deep=is_deep,
    )


def route_at(fast: WindowScores, deep: WindowScores, complexity: np.ndarray, share: float) -> WindowScores:
    """The windows with the highest complexity (W,) sent deep, so that at most `share` of the texts have one."""
    _, first = np.unique(fast.text_index, return_index=True)
    threshold = fit_router_threshold(np.maximum.reduceat(complexity, first), share)
    return routed(fast, deep, complexity > threshold)


def without_views(scores: WindowScores) -> WindowScores:
    """The windows of the texts themselves."""
    own = scores.view_index < 0
    return WindowScores(**{name: getattr(scores, name)[own] for name in WindowScores.__dataclass_fields__})


def deferral_curves(
    fast: WindowScores,
    deep: WindowScores,
    examples: Sequence[Example],
    *,
    budget: float,
    seed: int,
) -> dict[str, list[dict[str, Any]]]:
    """What each way of choosing reaches at each share of texts sent deep, on the rows that the default policy counts.

    "learned" is the guard's router, "length" sends the longest texts, "random" any (mean of RANDOM_DRAWS draws). Recall is the
    unweighted mean over sources at the threshold that keeps the false alarms of these rows within the budget.
    """
    rng = np.random.default_rng(seed)
    tokens = np.bincount(fast.text_index, weights=fast.tokens)[fast.text_index]
    draws = [rng.random(len(examples))[fast.text_index] for _ in range(RANDOM_DRAWS)]
    length = tokens + 0.5 * draws[0]  # chance decides between texts of one length
    ways = {"learned": [fast.p_deep], "length": [length], "random": draws}
    return {
        name: [
            {"deep_share": share}
            | _mean_of([_figures(route_at(fast, deep, each, share), examples, budget) for each in complexities])
            for share in SHARES
        ]
        for name, complexities in ways.items()
    }


def _figures(scores: WindowScores, examples: Sequence[Example], budget: float) -> dict[str, float | None]:
    predictions = scores.verdicts(1.0)
    labels, families = labels_of(examples), families_of(examples)
    counted = is_counted(labels, families, DEFAULT_POLICY)
    scored = predictions.p_attack[DEFAULT_POLICY]
    threshold = threshold_at_fpr(scored[counted & (labels == Label.BENIGN)], budget)
    sources = [example.source for example in examples]
    return {
        "measured_share": float(predictions.is_deep.mean()),
        "recall": mean_source_recall(labels, families, scored, sources, DEFAULT_POLICY, threshold),
        "auc": roc_auc(labels[counted], scored[counted]),
    }


def _mean_of(figures: Sequence[dict[str, float | None]]) -> dict[str, float | None]:
    return {
        key: None if any(each[key] is None for each in figures) else float(np.mean([each[key] for each in figures]))
        for key in figures[0]
    }
