"""One predictor on one benchmark: every figure that stands under `results` in docs/benchmark_results.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..data.attack_generators import GeneratedExample
from ..data.pint import SOURCE_PREFIX as PINT_PREFIX
from ..data.schema import Example, families_of, groups_of, labels_of
from ..labels import Label
from ..policy import POLICIES, Policy, is_counted
from ..runtime.calibration import Calibration, budget_key
from .benchmarks import Benchmark
from .metrics import (
    DetectionCounts,
    category_score,
    class_metrics,
    clustered_rate_interval,
    count_detections,
    expected_calibration_error,
    pair_accuracy,
    policy_metrics,
    recall_by_family,
)
from .predictor import Predictions, deep_share
from .resampling import class_intervals, detection_intervals

LENGTH_LIMITS = (100, 400, 1600)  # characters


@dataclass(frozen=True)
class ScoredRows:
    """Predictions of one predictor on N rows of one benchmark, and its thresholds."""

    benchmark: Benchmark
    examples: Sequence[Example]  # N, those of the benchmark or a sample of them
    predictor: str
    predictions: Predictions
    calibration: Calibration

    @cached_property
    def labels(self) -> np.ndarray:
        """(N,) int64."""
        return labels_of(self.examples)

    @cached_property
    def families(self) -> np.ndarray:
        """(N,) int64."""
        return families_of(self.examples)

    @property
    def is_benign(self) -> np.ndarray:
        """(N,) bool."""
        return self.labels == Label.BENIGN

    def is_counted(self, policy: Policy) -> np.ndarray:
        """(N,) bool: rows that rates under the policy are computed on."""
        return is_counted(self.labels, self.families, policy)

    def is_attack(self, policy: Policy) -> np.ndarray:
        """(N,) bool: attacks that the policy counts."""
        return self.is_counted(policy) & ~self.is_benign

    def is_flagged(self, policy: Policy) -> np.ndarray:
        """(N,) bool, at the predictor's own threshold."""
        return self.predictions.p_attack[policy] >= self.calibration.threshold(policy)

    def groups(self, mask: np.ndarray) -> list[str]:
        """Groups of the rows selected by mask, (N,) bool."""
        return groups_of(self.examples, mask)

    def counts(self, policy: Policy, mask: np.ndarray | bool = True) -> DetectionCounts:
        """Confusion counts of the rows that the policy counts and that mask, (N,) bool, selects."""
        rows = self.is_counted(policy) & mask
        return count_detections(self.labels[rows], self.predictions.p_attack[policy][rows], self.calibration.threshold(policy))

    def measure(self, seed: int) -> dict[str, Any]:
        """Every metric of this predictor on this benchmark. `seed` draws the resamples of the intervals."""
        own, predictions = self.benchmark.policy, self.predictions
        policies = {policy: self._detection(policy, seed) for policy in POLICIES}
        groups = [example.group for example in self.examples]
        classes = class_metrics(self.labels, predictions.class_probs.argmax(axis=1))
        classes["intervals"] = class_intervals(self.labels, predictions.class_probs, groups, rng=np.random.default_rng(seed))
        threshold = self.calibration.threshold(own)
        return {
            "policy": own,
            "budget": budget_key(self.calibration.fpr_budget),
            **policies[own],
            "weighted_f1": classes["weighted_f1"],
            "policies": policies,
            "classes": classes,
            "calibration_error": expected_calibration_error(self.labels, predictions.class_probs),
            "routing": deep_share(predictions),
            "windows": int(predictions.num_windows.sum()),
            "category_score": self._category_score(),
            "pairs": pair_accuracy(self.is_attack(own), self.is_benign, self.is_flagged(own), groups, seed),
            "family_recall": recall_by_family(self.labels, self.families, predictions.p_attack[own], own, threshold),
            **self._breakdowns(seed),
        }

    def _detection(self, policy: Policy, seed: int) -> dict[str, Any]:
        """Detection under one policy, with the intervals that resample whole groups."""
        scores, threshold, budget = (
            self.predictions.p_attack[policy],
            self.calibration.threshold(policy),
            self.calibration.fpr_budget,
        )
        counted = self.is_counted(policy)
        intervals = detection_intervals(
            self.labels[counted],
            scores[counted],
            self.groups(counted),
            threshold=threshold,
            budget=budget,
            rng=np.random.default_rng(seed),
        )
        return {
            **policy_metrics(self.labels, self.families, scores, policy, threshold, budget),
            **self._clustered_intervals(policy, counted, seed),
            "intervals": intervals,
        }

    def _clustered_intervals(self, policy: Policy, counted: np.ndarray, seed: int) -> dict[str, Any]:
        """Intervals of recall and FPR for rows that share groups; None where each row is its own group, since Wilson's holds."""
        flagged = self.is_flagged(policy)
        intervals = {}
        for name, mask in (("recall", counted & ~self.is_benign), ("fpr", counted & self.is_benign)):
            groups = self.groups(mask)
            shared = len(set(groups)) < len(groups)
            intervals[f"{name}_clustered_interval"] = (
                clustered_rate_interval(flagged[mask], groups, rng=np.random.default_rng(seed)) if shared else None
            )
        return intervals

    def _category_score(self) -> dict[str, Any] | None:
        """The score of PINT, whose rows name their category in `source` (src/data/pint.py)."""
        if not self.examples or not all(example.source.startswith(PINT_PREFIX) for example in self.examples):
            return None
        categories = [example.source.removeprefix(PINT_PREFIX) for example in self.examples]
        return category_score(~self.is_benign, self.is_flagged(self.benchmark.policy), categories)

    def _breakdowns(self, seed: int) -> dict[str, dict[str, Any]]:
        """Metrics by language, length, category, form, attack and route."""
        categories = [example.category for example in self.examples]
        by_category = self._detection_by(categories, seed)
        # The part before a bar is a category of its own: "PAIR" beside "PAIR|llama".
        heads = [category and category.split("|")[0] for category in categories]
        shared = {head for head, category in zip(heads, categories, strict=True) if head != category}
        return {
            "by_lang": self._detection_by([example.lang for example in self.examples], seed),
            "by_length": self._detection_by([length_bin_of(example) for example in self.examples], seed),
            "by_category": by_category | self._detection_by([head if head in shared else None for head in heads], seed),
            "by_form": self._detection_by([_form_of(example) for example in self.examples], seed),
            "by_attack": self._detection_by([_attack_of(example) for example in self.examples], seed),
            "by_route": self._detection_by(self._routes(), seed),
        }

    def _detection_by(self, keys: Sequence[str | None], seed: int) -> dict[str, Any]:
        """Detection under the benchmark's own policy for each value of N keys; rows without a value are left out."""
        own = self.benchmark.policy
        counted, key_of = self.is_counted(own), np.array(keys, dtype=object)
        return {
            key: self.counts(own, mask).to_dict()
            | self._clustered_intervals(own, mask, seed)
            | {"deep_share": deep_share(self.predictions, mask)["share"]}
            for key in sorted({key for key in keys if key is not None})
            if (mask := (key_of == key) & counted).any()
        }

    def _routes(self) -> list[str | None]:
        """The route of each row, None without a router. An attacker may steer the router, so routes are counted separately."""
        has_router = np.isfinite(self.predictions.p_deep)
        return [
            ("deep" if deep else "fast") if routed else None
            for deep, routed in zip(self.predictions.is_deep, has_router, strict=True)
        ]


def length_bin_of(example: Example) -> str:
    """The length bin of a text, such as "below 400"; the longest texts are "1600 and more"."""
    return next((f"below {length}" for length in LENGTH_LIMITS if len(example.text) < length), f"{LENGTH_LIMITS[-1]} and more")


def _form_of(example: Example) -> str | None:
    """Whether a generated text stands alone or inside a sentence that explains it; None for other texts."""
    if not isinstance(example, GeneratedExample):
        return None
    return "bare" if example.wrapper is None else "wrapped"


def _attack_of(example: Example) -> str | None:
    """ "flip/fcs bare": a guard that only knows the wrapper fails on the bare form, so the two are never mixed."""
    form = _form_of(example)
    return f"{example.attack} {form}" if form else example.attack
