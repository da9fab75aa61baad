"""Do the exported files say what the model says? Decisions are compared, not only numbers, where they could differ.

The rows are those of the validation sources and transforms of them, never of an evaluation set. Far from the threshold
nothing can flip, so at least a quarter of the rows lie near it where the candidates have that many.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..config import Config
from ..data.attack_generators import generated_families
from ..data.mixture import Splits
from ..data.schema import Example, families_of, labels_of
from ..evaluation.ablation import AblationRows
from ..evaluation.calibration import Calibration
from ..evaluation.metrics import policy_metrics, share_of
from ..evaluation.predictor import Predictions
from ..policy import DEFAULT_POLICY, POLICIES, Policy

NEAR = 0.2  # of a probability: a row this close to the threshold is near it
NEAR_SHARE = 0.25  # of the rows, at least
MAX_CHARS = 1000  # of a row: a longer one takes as long as many others and is only more windows of the same kind
ACCURACY = ("recall", "recall_interval", "n_attack", "fpr", "fpr_interval", "n_benign", "auc")


@dataclass(frozen=True)
class ParityRows:
    """The rows that files are compared on, and what the reference says about them."""

    examples: list[Example]
    reference: Predictions
    calibration: Calibration
    scored: int  # candidates that the rows were chosen from
    near_scored: int  # of those, the ones near the threshold

    @property
    def texts(self) -> list[str]:
        return [example.text for example in self.examples]

    def describe(self) -> dict[str, Any]:
        """What they are, as optimization.json holds it."""
        transforms = [example.attack for example in self.examples if example.attack]
        return {
            "n": len(self.examples),
            "transformed": len(transforms),
            "transforms": len(set(transforms)),
            "max_chars": MAX_CHARS,
            "policy": DEFAULT_POLICY,
            "threshold": self.calibration.threshold(DEFAULT_POLICY),
            "near": share_of(is_near(self.reference, self.calibration, DEFAULT_POLICY)),
            "near_within": NEAR,
            "candidates": self.scored,
            "near_candidates": self.near_scored,
        }

    def shortfalls(self, wanted: int) -> list[str]:
        """What the candidates were too few for: `wanted` rows, and NEAR_SHARE of them near the threshold."""
        n, near = len(self.texts), int(is_near(self.reference, self.calibration, DEFAULT_POLICY).sum())
        found = [] if n >= wanted else [f"parity is measured on {n} rows, eval.parity_rows asks for {wanted}"]
        if near < NEAR_SHARE * n:
            found.append(f"{near} of {n} rows of the parity lie near the threshold, the aim is a share of {NEAR_SHARE:g}")
        return found


def candidate_rows(splits: Splits, cfg: Config) -> list[Example]:
    """Validation rows and about `eval.parity_rows` transformed ones, in random order. Errors as `AblationRows.of`."""
    per_cell = math.ceil(cfg.eval.parity_rows / (2 * len(generated_families())))  # a cell has as many twins as attacks
    rows = AblationRows.of(splits, rows=per_cell, seed=cfg.data.seed)
    short = [example for example in rows.examples if len(example.text) <= MAX_CHARS]
    random.Random(cfg.data.seed).shuffle(short)
    return short


def choose_rows(
    candidates: Sequence[Example],
    predict: Callable[[Sequence[str]], Predictions],
    calibration: Calibration,
    count: int,
) -> ParityRows:
    """The first `count` candidates; where too few of them are near the threshold, later ones that are take their places.

    `predict` is the reference; it sees a candidate once, and those behind the first `count` only when they are needed.
    """
    examples = list(candidates[:count])
    scores = predict([example.text for example in examples])
    wanted = math.ceil(NEAR_SHARE * len(examples))
    if is_near(scores, calibration, DEFAULT_POLICY).sum() < wanted and len(candidates) > count:
        examples = list(candidates)
        scores = Predictions.join([scores, predict([example.text for example in candidates[count:]])])
    near = np.flatnonzero(is_near(scores, calibration, DEFAULT_POLICY))
    others = np.setdiff1d(np.arange(len(examples)), near[:wanted])
    chosen = np.sort(np.concatenate([near[:wanted], others[: count - len(near[:wanted])]]))
    return ParityRows([examples[i] for i in chosen], scores.take(chosen), calibration, len(examples), len(near))


def is_near(predictions: Predictions, calibration: Calibration, policy: Policy) -> np.ndarray:
    """(N,) bool: the score lies within NEAR of the threshold."""
    return np.abs(predictions.p_attack[policy] - calibration.threshold(policy)) <= NEAR


def compare(reference: Predictions, other: Predictions, calibration: Calibration) -> dict[str, Any]:
    """How `other` differs from `reference` on the same N texts: decisions, routes, probabilities.

    `decision_flips` is the share under the policy that has more of them; `flips` has every share with n and its Wilson
    interval, "near" those near the threshold, "fast" and "deep" by the route of the reference. Probabilities are P(attack) of the
    text, the larger difference of the two policies: those of classes are one window's, and of two windows that score alike each
    side may report another. A largest difference of no texts is None.
    """
    flips = {policy: _flips(reference, other, policy, calibration) for policy in POLICIES}
    same_route = reference.is_deep == other.is_deep
    difference = np.max([np.abs(reference.p_attack[policy] - other.p_attack[policy]) for policy in POLICIES], axis=0)
    return {
        "n": len(reference),
        "decision_flips": max(found["all"]["share"] for found in flips.values()),
        "flips": flips,
        "route_flips": share_of(~same_route),
        "max_probability_difference": float(difference.max()),
        "mean_probability_difference": float(difference.mean()),
        "max_probability_difference_same_route": _largest(difference[same_route]),
        "max_probability_difference_by_route": {
            "fast": _largest(difference[~reference.is_deep]),
            "deep": _largest(difference[reference.is_deep]),
        },
    }


def accuracy_of(predictions: Predictions, rows: ParityRows) -> dict[str, Any]:
    """Recall, FPR and AUC by policy on the rows. They are harder than traffic: compare files by them, nothing else."""
    labels, families = labels_of(rows.examples), families_of(rows.examples)
    budget = rows.calibration.fpr_budget
    found: dict[str, Any] = {}
    for policy in POLICIES:
        threshold = rows.calibration.threshold(policy)
        metrics = policy_metrics(labels, families, predictions.p_attack[policy], policy, threshold, budget)
        found[policy] = {key: metrics[key] for key in ACCURACY}
    return found


def _largest(differences: np.ndarray) -> float | None:
    return float(differences.max()) if len(differences) else None


def _flips(a: Predictions, b: Predictions, policy: Policy, calibration: Calibration) -> dict[str, Any]:
    threshold = calibration.threshold(policy)
    flipped = (a.p_attack[policy] >= threshold) != (b.p_attack[policy] >= threshold)
    parts = {"near": is_near(a, calibration, policy), "fast": ~a.is_deep, "deep": a.is_deep}
    return {"all": share_of(flipped)} | {name: share_of(flipped[part]) for name, part in parts.items()}
