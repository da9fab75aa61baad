"""The calibration of a model: temperature, window penalty, routing threshold and alarm thresholds.

`src/evaluation/calibration.py` fits all of them on validation rows, `src/runtime/recalibration.py` only the alarm thresholds of
an exported directory on texts of its user.
"""

from __future__ import annotations

import logging
import math
import numbers
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

import numpy as np

from ..errors import ArtifactError
from ..policy import DEFAULT_POLICY, POLICIES, Policy
from ..rates import rows_for_upper_bound, threshold_at_fpr, wilson_interval

log = logging.getLogger(__name__)

FPR_BUDGETS = (0.001, 0.005, 0.01, 0.05)  # fitted in addition to the budget in force
FPR_BOUND_FACTORS = (2.0, 1.5, 1.2, 1.1)  # upper bounds of the FPR as multiples of the budget, for the advice of `fit_lines`


def budget_key(budget: float) -> str:
    """0.01 -> "0.01": the key of a false-alarm budget in files."""
    return f"{budget:g}"


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Parameters that turn scores into verdicts, and the data of the fit. Stored in checkpoints and exported directories."""

    temperature: float = 1.0  # class logits are divided by it
    window_penalty: float = 0.0  # subtracted from the log-odds of an attack, times log(number of windows of a text or view)
    max_segments: int = 0  # most parts of a text that are read alone (src/text/segments.py); thresholds hold for this number
    complexity_threshold: float = 0.3  # P(complex) above it -> deep branch
    thresholds: dict[Policy, dict[str, float]] = field(default_factory=dict)  # policy -> FPR budget -> threshold
    fpr_budget: float = 0.01  # the budget in force
    achieved_fpr: dict[Policy, dict[str, float]] = field(
        default_factory=dict
    )  # policy -> FPR budget -> FPR on the rows of the fit
    n_benign: int = 0
    n_attack: int = 0
    sources: dict[str, int] = field(default_factory=dict)  # rows by validation source
    target_deep_fraction: float | None = None  # None: the predictor has no router, or its threshold was not fitted
    deep_fraction: float | None = None  # share of the validation texts with a window in the deep branch
    model_kind: str = "uncalibrated"  # the predictor whose scores were fitted

    def threshold(self, policy: Policy = DEFAULT_POLICY, budget: float | None = None) -> float:
        """The alarm threshold of `policy` at `budget` (default: the budget in force).

        Raises ValueError for a budget outside (0, 1), ArtifactError for one that was never fitted.
        """
        if budget is not None and (isinstance(budget, bool) or not isinstance(budget, numbers.Real) or not 0 < budget < 1):
            raise ValueError(f"fpr_budget must be a number in (0, 1), such as 0.01 for 1% false alarms, got {budget!r}")
        key = budget_key(self.fpr_budget if budget is None else budget)
        fitted = self.thresholds.get(policy, {})
        if key not in fitted:
            raise ArtifactError(
                f"expected a threshold of policy {policy!r} at an FPR budget of {key}, found budgets {sorted(fitted)}; "
                "fit one with scripts/calibrate_threshold.py on the checkpoint, or on an exported directory with `tinyguardrail "
                "calibrate`"
            )
        return fitted[key]

    @classmethod
    def fixed(cls, threshold: float, fpr_budget: float, model_kind: str) -> Self:
        """A threshold that was published or chosen, not fitted: the same under every policy, at the budget in force."""
        key = budget_key(fpr_budget)
        return cls(thresholds={policy: {key: threshold} for policy in POLICIES}, fpr_budget=fpr_budget, model_kind=model_kind)

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts and numbers, for JSON and checkpoints."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The inverse of `to_dict`. Raises ArtifactError for missing or unknown fields."""
        values = {"max_segments": 0} | values  # earlier versions read no part alone
        expected = set(cls.__dataclass_fields__)
        if set(values) != expected:
            raise ArtifactError(
                f"expected a calibration with the fields {sorted(expected)}; missing {sorted(expected - set(values))}, "
                f"unknown {sorted(set(values) - expected)}; calibrate the model again with this version"
            )
        by_policy = values["thresholds"].values() if isinstance(values["thresholds"], dict) else [None]
        thresholds = [each for fitted in by_policy for each in (fitted.values() if isinstance(fitted, dict) else [None])]
        names = ("temperature", "window_penalty", "max_segments", "complexity_threshold", "fpr_budget")
        parameters = [values[name] for name in names]
        if not all(map(_is_finite, [*parameters, *thresholds])) or values["temperature"] <= 0 or values["max_segments"] < 0:
            raise ArtifactError(
                "expected a calibration of finite numbers with a temperature above 0 and thresholds by policy and budget, found "
                "other values; calibrate the model again with this version"
            )
        return cls(**values)


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < math.inf


def with_thresholds(fitted: Calibration, benign: Mapping[Policy, np.ndarray], fpr_budget: float) -> Calibration:
    """`fitted` with alarm thresholds for `fpr_budget`, which becomes the budget in force, and for FPR_BUDGETS.

    benign: policy -> p_attack (N,) of the same benign texts, N >= 1.
    """
    thresholds: dict[Policy, dict[str, float]] = {}
    achieved: dict[Policy, dict[str, float]] = {}
    for policy, scores in benign.items():
        fitted_thresholds = {
            budget_key(budget): threshold_at_fpr(scores, budget) for budget in sorted({*FPR_BUDGETS, fpr_budget})
        }
        thresholds[policy] = fitted_thresholds
        achieved[policy] = {key: int((scores >= t).sum()) / len(scores) for key, t in fitted_thresholds.items()}
    n = len(benign[DEFAULT_POLICY])
    if fpr_budget * n < 1:
        log.warning("%d benign rows cannot resolve an FPR of %g: the threshold lies above all of them", n, fpr_budget)
    return replace(fitted, thresholds=thresholds, achieved_fpr=achieved, fpr_budget=fpr_budget, n_benign=n)


def fit_lines(calibration: Calibration) -> list[str]:
    """Lines for the terminal: the thresholds in force, their FPR on the rows of the fit, and its confidence interval."""
    n, budget, lines = calibration.n_benign, calibration.fpr_budget, []
    for policy in POLICIES:
        achieved = calibration.achieved_fpr[policy][budget_key(budget)]
        low, high = wilson_interval(round(achieved * n), n) or (0.0, 1.0)
        lines.append(
            f"{policy}: threshold {calibration.threshold(policy):.6f} for an FPR of {100 * budget:g}%: {100 * achieved:.2f}% of "
            f"{n:,} benign rows, 95% interval {100 * low:.2f} to {100 * high:.2f}%"
        )
    for upper in (min(factor * budget, (1 + budget) / 2) for factor in FPR_BOUND_FACTORS):
        num_rows = rows_for_upper_bound(budget, upper)
        if n < num_rows:
            text = f"with {num_rows:,} benign rows the interval of an FPR of {100 * budget:g}% would end at {100 * upper:.3g}%"
            return [*lines, text]
    return lines


def thresholds_section(calibration: Calibration) -> str:
    """The section of a model card with the fitted thresholds and their FPR on the rows of the fit."""
    n = calibration.n_benign
    rows = "\n".join(
        f"| {policy} | {budget} | {threshold:.4f} | {_format_rate(calibration.achieved_fpr.get(policy, {}).get(budget), n)} |"
        for policy, by_budget in calibration.thresholds.items()
        for budget, threshold in by_budget.items()
    )
    return f"""Thresholds, fitted on n={n} benign rows that were not trained on.
In force: FPR budget {calibration.fpr_budget:g}, policy `{DEFAULT_POLICY}`.

| policy | FPR budget | threshold | FPR on the rows of the fit, 95% interval |
|---|---|---|---|
{rows}"""


def _format_rate(rate: float | None, n: int) -> str:
    interval = None if rate is None else wilson_interval(round(rate * n), n)
    if rate is None or interval is None:
        return "not recorded"
    return f"{100 * rate:.2f}% ({100 * interval[0]:.2f} to {100 * interval[1]:.2f})"
