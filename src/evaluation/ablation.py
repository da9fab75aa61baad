"""What one trained variant reaches on the validation sources and on transforms of their attacks.

A design choice is judged here and never on an evaluation set. The transforms carry attacks of the validation sources, with
wrappers that training does not have; their twins carry benign texts of the same sources.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data.attack_generators import evaluation_attacks, generate_families
from ..data.mixture import Splits, select_transformable
from ..data.schema import Example, families_of, groups_of, labels_of
from ..labels import Label
from ..policy import DEFAULT_POLICY, is_counted
from .metrics import macro_mean, mean_source_recall, paired_difference, roc_auc, threshold_at_fpr
from .predictor import TorchPredictor
from .routing import combine_branches, drop_views, score_both_branches

SERVED_VARIANT = "routed"  # variant that is served; the other variants are computed from the same trained model


@dataclass(frozen=True)
class AblationRows:
    """Validation rows, and transformed rows by cell."""

    validation: list[Example]
    cells: dict[str, list[Example]]

    @classmethod
    def of(cls, splits: Splits, *, rows: int, seed: int) -> AblationRows:
        """`rows` attacks and as many twins per cell.

        Raises DataError when the validation sources have no attack short enough to be transformed.
        """
        attacks, benign = select_transformable(splits.val)
        transforms = evaluation_attacks()
        rows_by_name = generate_families(
            dict.fromkeys(transforms, (rows, rows)),
            attacks,
            benign,
            seed=seed,
            split="test",
            wrappers="evaluation",
            attacks=transforms,
        )
        return cls(list(splits.val), {f"generated/{name}": list(cell) for name, cell in rows_by_name.items()})

    @property
    def examples(self) -> list[Example]:
        """All rows: validation first, then cell by cell."""
        return [*self.validation, *(row for rows in self.cells.values() for row in rows)]


def score_variants(guard: TorchPredictor, rows: AblationRows) -> dict[str, np.ndarray]:
    """P(attack) of every row under the default policy, (N,) each: as served, by each branch alone, and without views."""
    fast, deep = score_both_branches(guard, [example.text for example in rows.examples], desc="scoring")
    served = combine_branches(fast, deep, fast.p_deep > guard.calibration.complexity_threshold)
    variants = {SERVED_VARIANT: served, "fast branch only": fast, "deep branch only": deep, "without views": drop_views(served)}
    scale = guard.calibration.temperature, guard.calibration.window_penalty
    return {name: scores.verdicts(*scale).p_attack[DEFAULT_POLICY] for name, scores in variants.items()}


def compute_ablation_metrics(scores: np.ndarray, rows: AblationRows, budget: float) -> dict[str, Any]:
    """Recall of validation sources and of transforms at the threshold that keeps the benign validation rows within the budget.

    scores (N,) of `rows.examples`. `recall` is the mean over sources, `transform_recall` and `twin_fpr` over cells; `sources`
    and `cells` hold the rates of each.
    """
    num_validation = len(rows.validation)
    labels, families = labels_of(rows.examples), families_of(rows.examples)
    benign, counted = labels == Label.BENIGN, is_counted(labels, families, DEFAULT_POLICY)
    is_validation = np.arange(len(labels)) < num_validation
    threshold = threshold_at_fpr(scores[is_validation & benign], budget)
    sources = [example.source for example in rows.validation]
    recall = mean_source_recall(
        labels[:num_validation], families[:num_validation], scores[:num_validation], sources, DEFAULT_POLICY, threshold
    )
    names = np.array([*sources, *(name for name, examples in rows.cells.items() for _ in examples)])
    judged = benign | counted
    rates = {
        name: _detection_rates(scores[judged & (names == name)] >= threshold, benign[judged & (names == name)])
        for name in dict.fromkeys(names.tolist())
    }
    cells = {name: rates[name] for name in rows.cells}
    return {
        "threshold": threshold,
        "recall": recall,
        "auc": roc_auc(labels[is_validation & counted], scores[is_validation & counted]),
        "transform_recall": macro_mean([cell["recall"] for cell in cells.values()]),
        "twin_fpr": macro_mean([cell["fpr"] for cell in cells.values()]),
        "cells": cells,
        "sources": {name: rates[name] for name in sorted(set(sources))},
    }


def compare_recall(ours: np.ndarray, theirs: np.ndarray, rows: AblationRows, budget: float, seed: int) -> dict[str, Any]:
    """Recall over all attack rows, ours minus theirs, each at its own threshold: paired by row, resampled by group."""
    labels, families = labels_of(rows.examples), families_of(rows.examples)
    attack = (labels != Label.BENIGN) & is_counted(labels, families, DEFAULT_POLICY)
    benign = (labels == Label.BENIGN) & (np.arange(len(labels)) < len(rows.validation))
    hits = [scores[attack] >= threshold_at_fpr(scores[benign], budget) for scores in (ours, theirs)]
    return paired_difference(hits[0], hits[1], groups_of(rows.examples, attack), rng=np.random.default_rng(seed))


def _detection_rates(flagged: np.ndarray, benign: np.ndarray) -> dict[str, Any]:
    return {
        "recall": _flagged_share(flagged[~benign]),
        "n_attack": int((~benign).sum()),
        "fpr": _flagged_share(flagged[benign]),
        "n_benign": int(benign.sum()),
    }


def _flagged_share(flagged: np.ndarray) -> float | None:
    return float(flagged.mean()) if flagged.size else None
