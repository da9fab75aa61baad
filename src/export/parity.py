"""Do the exported files say what the model says? Decisions are compared, not only numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from src.evaluation.calibration import Calibration
from src.evaluation.predictor import Predictions, Predictor
from src.policy import POLICIES


def compare(reference: Predictor, other: Predictor, texts: Sequence[str], calibration: Calibration) -> dict[str, Any]:
    """How `other` differs from `reference` on texts (N): decision flips per policy, probabilities and routes."""
    a, b = (predictor.predict(texts, desc=f"parity {predictor.name}") for predictor in (reference, other))
    flips = {policy: _flips(a, b, policy, calibration) for policy in POLICIES}
    same_route = a.is_deep == b.is_deep
    difference = np.abs(a.class_probs - b.class_probs).max(axis=1)
    return {
        "reference": reference.name,
        "other": other.name,
        "n": len(texts),
        "flips_by_policy": flips,
        "decision_flips": max(flips.values()),
        "route_flips": float((~same_route).mean()),
        "max_probability_difference": float(difference.max()),
        "mean_probability_difference": float(difference.mean()),
        "max_probability_difference_same_route": float(difference[same_route].max()) if same_route.any() else None,
    }


def _flips(a: Predictions, b: Predictions, policy: str, calibration: Calibration) -> float:
    threshold = calibration.threshold(policy)
    return float(((a.p_attack[policy] >= threshold) != (b.p_attack[policy] >= threshold)).mean())
