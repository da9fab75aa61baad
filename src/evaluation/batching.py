"""Decisions that change with the batch size: INT8 activations are scaled per tensor, so a score depends on the batch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..policy import POLICIES, Policy
from ..runtime.calibration import Calibration
from .metrics import share_of
from .predictor import Predictions

REBATCHED_ROWS = 100  # rows of each benchmark that are scored again at another batch size


@dataclass(frozen=True)
class DecisionFlips:
    """Whether the decision about each of n texts differs at another batch size."""

    by_policy: dict[Policy, np.ndarray]  # (n,) bool

    @classmethod
    def between(cls, first: Predictions, second: Predictions, calibration: Calibration) -> DecisionFlips:
        """Compare two predictions about the same texts."""
        decisions = [
            {policy: each.p_attack[policy] >= calibration.threshold(policy) for policy in POLICIES} for each in (first, second)
        ]
        return cls({policy: decisions[0][policy] != decisions[1][policy] for policy in POLICIES})

    @classmethod
    def join(cls, parts: Iterable[DecisionFlips]) -> DecisionFlips:
        """Concatenate the flips of one or more benchmarks."""
        parts = list(parts)
        return cls({policy: np.concatenate([each.by_policy[policy] for each in parts]) for policy in POLICIES})

    def to_dict(self) -> dict[Policy, dict[str, Any]]:
        """Policy -> share of decisions that differ, with its interval."""
        return {policy: share_of(flipped) for policy, flipped in self.by_policy.items()}
