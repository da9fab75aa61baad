"""Operating points, fitted on validation sources only.

Order matters: the router's threshold decides which branch answers, the temperature rescales those answers, the window penalty
says how much lower the maximum of many windows counts, and only then are the alarm thresholds fitted to the final scores.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

from ..config import Config
from ..data.schema import Example, families_of, labels_of
from ..errors import DataError
from ..labels import Label
from ..policy import DEFAULT_POLICY, POLICIES
from ..rates import threshold_at_fpr
from ..runtime.calibration import Calibration, with_thresholds
from ..runtime.scores import WindowScores, softmax
from .metrics import macro_mean, mean_source_recall
from .predictor import Predictions, Predictor, deep_share

log = logging.getLogger(__name__)

TEMPERATURE_RANGE = (0.05, 20.0)
WINDOW_PENALTIES = tuple(step / 10 for step in range(11))  # candidates; 1 is Bonferroni's correction for independent windows
RECALL_TOLERANCE = 0.01  # recalls that differ by less count as equal: seeds and samples change recall by more


@runtime_checkable
class TunablePredictor(Protocol):
    """A predictor whose routing threshold and temperature are still free: a live model, not an exported graph."""

    def router_scores(self, texts: Sequence[str], *, desc: str | None = None) -> np.ndarray: ...
    def with_calibration(self, calibration: Calibration) -> TunablePredictor: ...
    def window_scores(self, texts: Sequence[str], *, desc: str | None = None) -> WindowScores: ...


def fit_router_threshold(p_deep: np.ndarray, target_fraction: float) -> float:
    """The threshold t with share(p_deep > t) as large as possible but at most `target_fraction`.

    p_deep (N,) probabilities. Ties are never split, so the share can fall short of the target where scores repeat.
    """
    if not 0 <= target_fraction <= 1:
        raise ValueError(f"target_fraction is a fraction in [0, 1], got {target_fraction}")
    if p_deep.size == 0 or not np.isfinite(p_deep).all():
        raise DataError(f"expected finite router probabilities of validation rows, found {p_deep.size} rows")
    num_deep = int(np.floor(target_fraction * p_deep.size + 1e-9))
    if num_deep == p_deep.size:
        return float(np.nextafter(p_deep.min(), -np.inf))
    descending = np.sort(p_deep)[::-1].astype(np.float64)
    if num_deep == 0 or descending[num_deep - 1] == descending[num_deep]:
        return float(descending[num_deep])
    # Half-way between neighbours: a threshold on a score would flip with the last bit of another runtime.
    return float((descending[num_deep - 1] + descending[num_deep]) / 2)


def text_logits(windows: WindowScores) -> np.ndarray:
    """(N, 4) logits of each text's most threatening window. Views are left out, since their class is not the text's."""
    p_benign = softmax(windows.logits)[:, Label.BENIGN]
    return windows.logits[windows.worst_windows(np.where(windows.view_index < 0, p_benign, np.inf))]


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """Temperature that minimises the negative log-likelihood (Guo et al. 2017, section 4.2).

    logits (N, K), labels (N,) int. Searched on a logarithmic scale inside TEMPERATURE_RANGE.
    """
    if logits.ndim != 2 or logits.shape[0] != labels.size or labels.size == 0:
        raise ValueError(f"expected logits (N, K) and labels (N,) with N > 0, got {logits.shape} and {labels.shape}")
    logits = logits.astype(np.float64)
    label_logits = logits[np.arange(labels.size), labels]

    def negative_log_likelihood(log_temperature: float) -> float:
        scale = np.exp(-log_temperature)
        return float((logsumexp(logits * scale, axis=1) - label_logits * scale).mean())

    bounds = (np.log(TEMPERATURE_RANGE[0]), np.log(TEMPERATURE_RANGE[1]))
    best = minimize_scalar(negative_log_likelihood, bounds=bounds, method="bounded", options={"xatol": 1e-4})
    temperature = float(np.exp(best.x))
    if not TEMPERATURE_RANGE[0] * 1.01 < temperature < TEMPERATURE_RANGE[1] / 1.01:
        log.warning(
            "temperature %.3g is at the end of its range %s; the validation rows do not determine it",
            temperature,
            TEMPERATURE_RANGE,
        )
    return temperature


def fit_window_penalty(windows: WindowScores, temperature: float, examples: Sequence[Example], fpr_budget: float) -> float:
    """The smallest penalty of WINDOW_PENALTIES whose recall is within RECALL_TOLERANCE of the highest, policy override.

    Recall is the mean over sources of attacks, and over thresholds at half, one and two of `fpr_budget`, since one alone rests on
    a few benign rows. A penalty higher than needed would trade false alarms on long texts for false alarms on short texts.
    """
    labels, families = labels_of(examples), families_of(examples)
    sources, benign = [example.source for example in examples], labels == Label.BENIGN
    recalls = []
    for penalty in WINDOW_PENALTIES:
        p_attack = windows.verdicts(temperature, penalty).p_attack[DEFAULT_POLICY]
        thresholds = [threshold_at_fpr(p_attack[benign], factor * fpr_budget) for factor in (0.5, 1, 2)]
        recalls.append(
            macro_mean(
                [mean_source_recall(labels, families, p_attack, sources, DEFAULT_POLICY, threshold) for threshold in thresholds]
            )
            or 0.0
        )
    log.info(
        "window penalty, mean recall of validation sources: %s",
        ", ".join(f"{penalty:g} {recall:.3f}" for penalty, recall in zip(WINDOW_PENALTIES, recalls, strict=True)),
    )
    return next(
        penalty for penalty, recall in zip(WINDOW_PENALTIES, recalls, strict=True) if recall >= max(recalls) - RECALL_TOLERANCE
    )


def at_budget_of(cfg: Config, calibration: Calibration) -> Config:
    """The configuration with the FPR budget in force of a guard's calibration, for whatever is compared with that guard."""
    return replace(cfg, eval=replace(cfg.eval, fpr_budget=calibration.fpr_budget))


def calibrate(predictor: Predictor, examples: Sequence[Example], cfg: Config, *, show_progress: bool = False) -> Calibration:
    """Fit the operating points of any predictor on validation rows.

    A live model gets its routing threshold, its temperature and its alarm thresholds; of an exported graph or a
    baseline, whose routing and temperature are fixed, only the alarm thresholds are fitted.
    Raises DataError for a row outside the validation split and for rows without a benign one, GuardrailError for scores
    that are not probabilities or not one per row.
    """
    _check_validation_rows(examples)
    texts = [example.text for example in examples]
    labels = labels_of(examples)
    desc = f"calibrate {predictor.name}" if show_progress else None

    target: float | None = None
    if isinstance(predictor, TunablePredictor):
        target = cfg.router.target_deep_fraction
        p_deep = predictor.router_scores(texts, desc=desc and f"{desc}: router")
        uncalibrated = Calibration(
            complexity_threshold=fit_router_threshold(p_deep, target),
            window_penalty=cfg.eval.window_penalty,
            max_segments=cfg.eval.max_segments,
        )
        windows = predictor.with_calibration(uncalibrated).window_scores(texts, desc=desc)
        fitted = replace(uncalibrated, temperature=fit_temperature(text_logits(windows), labels))
        if cfg.eval.fit_window_penalty:
            penalty = fit_window_penalty(windows, fitted.temperature, examples, cfg.eval.fpr_budget)
            fitted = replace(fitted, window_penalty=penalty)
        predictions = windows.verdicts(fitted.temperature, fitted.window_penalty)
    else:
        fitted = getattr(predictor, "calibration", Calibration())
        predictions = predictor.predict(texts, desc=desc)
    return _fit_thresholds(fitted, predictions, examples, labels, cfg, predictor.name, target)


def calibrate_on_traffic(predictor: Predictor, examples: Sequence[Example], cfg: Config) -> Calibration:
    """Alarm thresholds on your own benign texts; routing and temperature stay as they were fitted.

    `predictor.calibration` must hold both. Raises DataError for rows that are not all benign.
    """
    if not examples or any(example.label != Label.BENIGN for example in examples):
        raise DataError(f"expected benign rows only to set thresholds on, found {len(examples)} rows; leave attacks out")
    labels = np.zeros(len(examples), dtype=np.int64)
    predictions = predictor.predict([example.text for example in examples], desc=f"calibrate {predictor.name}")
    fitted = getattr(predictor, "calibration", Calibration())
    return _fit_thresholds(fitted, predictions, examples, labels, cfg, predictor.name, None)


def _fit_thresholds(
    fitted: Calibration,
    predictions: Predictions,
    examples: Sequence[Example],
    labels: np.ndarray,
    cfg: Config,
    model_kind: str,
    target_deep_fraction: float | None,
) -> Calibration:
    predictions.check(len(examples), model_kind)
    benign = labels == Label.BENIGN
    scores = {policy: predictions.p_attack[policy][benign] for policy in POLICIES}
    return replace(
        with_thresholds(fitted, scores, cfg.eval.fpr_budget),
        n_attack=int((~benign).sum()),
        sources=dict(sorted(Counter(example.source for example in examples).items())),
        target_deep_fraction=fitted.target_deep_fraction if target_deep_fraction is None else target_deep_fraction,
        deep_fraction=deep_share(predictions)["share"],
        model_kind=model_kind,
    )


def _check_validation_rows(examples: Sequence[Example]) -> None:
    if not examples:
        raise DataError("expected validation rows to calibrate on, found none; set data.validation_sources")
    foreign = Counter(f"{example.source} ({example.split})" for example in examples if example.split != "val")
    if foreign:
        raise DataError(
            f"calibration takes rows of the val split only, found {sum(foreign.values())} others, such as "
            f"{', '.join(name for name, _ in foreign.most_common(3))}; pass Splits.val"
        )
    if not any(example.label == Label.BENIGN for example in examples):
        raise DataError("expected benign validation rows, found attacks only; add a benign source to data.validation_sources")
