"""Parity of exported files with the model. Decisions are compared, not only probabilities, where they could differ.

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
from ..evaluation.metrics import policy_metrics, share_of
from ..evaluation.predictor import Predictions, join_predictions, take_texts
from ..policy import DEFAULT_POLICY, POLICIES, Policy
from ..runtime.calibration import Calibration

NEAR_DISTANCE = 0.2  # |P(attack) - threshold| up to which a row is near the threshold
MIN_NEAR_SHARE = 0.25  # share of the rows that shall be near the threshold
MAX_CHARS = 1000  # longer rows are left out: one takes as long as many others and only adds windows of the same kind
ACCURACY_KEYS = ("recall", "recall_interval", "n_attack", "fpr", "fpr_interval", "n_benign", "auc")


@dataclass(frozen=True)
class ParityRows:
    """The rows that files are compared on, and the predictions of the reference."""

    examples: list[Example]
    reference: Predictions
    calibration: Calibration
    num_candidates: int  # that the rows were chosen from
    num_near_candidates: int  # candidates near the threshold

    @property
    def texts(self) -> list[str]:
        return [example.text for example in self.examples]

    def describe(self) -> dict[str, Any]:
        """The description that optimization.json holds."""
        transforms = [example.attack for example in self.examples if example.attack]
        return {
            "n": len(self.examples),
            "transformed": len(transforms),
            "transforms": len(set(transforms)),
            "max_chars": MAX_CHARS,
            "policy": DEFAULT_POLICY,
            "threshold": self.calibration.threshold(DEFAULT_POLICY),
            "near": share_of(is_near(self.reference, self.calibration, DEFAULT_POLICY)),
            "near_within": NEAR_DISTANCE,
            "candidates": self.num_candidates,
            "near_candidates": self.num_near_candidates,
        }

    def shortfalls(self, num_rows: int) -> list[str]:
        """A message for each unmet aim: `num_rows` rows, MIN_NEAR_SHARE of them near the threshold."""
        n, near = len(self.texts), int(is_near(self.reference, self.calibration, DEFAULT_POLICY).sum())
        messages = [] if n >= num_rows else [f"parity is measured on {n} rows, eval.parity_rows asks for {num_rows}"]
        if near < MIN_NEAR_SHARE * n:
            messages.append(f"{near} of {n} rows of the parity lie near the threshold, the aim is a share of {MIN_NEAR_SHARE:g}")
        return messages


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
    """The first `count` candidates; where too few of them are near the threshold, later near ones replace others.

    `predict` is the reference; it sees a candidate once, and those behind the first `count` only when they are needed.
    """
    examples = list(candidates[:count])
    scores = predict([example.text for example in examples])
    num_near = math.ceil(MIN_NEAR_SHARE * len(examples))
    if is_near(scores, calibration, DEFAULT_POLICY).sum() < num_near and len(candidates) > count:
        examples = list(candidates)
        scores = join_predictions([scores, predict([example.text for example in candidates[count:]])])
    near = np.flatnonzero(is_near(scores, calibration, DEFAULT_POLICY))
    others = np.setdiff1d(np.arange(len(examples)), near[:num_near])
    indices = np.sort(np.concatenate([near[:num_near], others[: count - len(near[:num_near])]]))
    return ParityRows([examples[i] for i in indices], take_texts(scores, indices), calibration, len(examples), len(near))


def is_near(predictions: Predictions, calibration: Calibration, policy: Policy) -> np.ndarray:
    """(N,) bool: the score lies within NEAR_DISTANCE of the threshold."""
    return np.abs(predictions.p_attack[policy] - calibration.threshold(policy)) <= NEAR_DISTANCE


def compare(reference: Predictions, other: Predictions, calibration: Calibration) -> dict[str, Any]:
    """How `other` differs from `reference` on the same N texts: decisions, routes, probabilities.

    `decision_flips` is the share under the policy that has more of them; `flips` has every share with n and its Wilson
    interval, "near" those near the threshold, "fast" and "deep" by the route of the reference. Probabilities are P(attack) of the
    text, the larger difference of the two policies: those of classes are one window's, and of two windows that score alike each
    side may report another. A largest difference of no texts is None.
    """
    flips = {policy: _flip_shares(reference, other, policy, calibration) for policy in POLICIES}
    same_route = reference.is_deep == other.is_deep
    difference = np.max([np.abs(reference.p_attack[policy] - other.p_attack[policy]) for policy in POLICIES], axis=0)
    return {
        "n": len(reference),
        "decision_flips": max(shares["all"]["share"] for shares in flips.values()),
        "flips": flips,
        "route_flips": share_of(~same_route),
        "max_probability_difference": float(difference.max()),
        "mean_probability_difference": float(difference.mean()),
        "max_probability_difference_same_route": _max_or_none(difference[same_route]),
        "max_probability_difference_by_route": {
            "fast": _max_or_none(difference[~reference.is_deep]),
            "deep": _max_or_none(difference[reference.is_deep]),
        },
    }


def accuracy_of(predictions: Predictions, rows: ParityRows) -> dict[str, Any]:
    """Recall, FPR and AUC by policy on the rows. They are harder than traffic: compare files by them, nothing else."""
    labels, families = labels_of(rows.examples), families_of(rows.examples)
    budget = rows.calibration.fpr_budget
    metrics_by_policy: dict[str, Any] = {}
    for policy in POLICIES:
        threshold = rows.calibration.threshold(policy)
        metrics = policy_metrics(labels, families, predictions.p_attack[policy], policy, threshold, budget)
        metrics_by_policy[policy] = {key: metrics[key] for key in ACCURACY_KEYS}
    return metrics_by_policy


def _max_or_none(differences: np.ndarray) -> float | None:
    return float(differences.max()) if len(differences) else None


def _flip_shares(a: Predictions, b: Predictions, policy: Policy, calibration: Calibration) -> dict[str, Any]:
    threshold = calibration.threshold(policy)
    flipped = (a.p_attack[policy] >= threshold) != (b.p_attack[policy] >= threshold)
    parts = {"near": is_near(a, calibration, policy), "fast": ~a.is_deep, "deep": a.is_deep}
    return {"all": share_of(flipped)} | {name: share_of(flipped[part]) for name, part in parts.items()}
