"""Metrics on the validation sources after every epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..config import Config
from ..data.schema import Example, families_of, labels_of
from ..errors import DataError
from ..evaluation.calibration import fit_router_threshold, fit_temperature, text_logits
from ..evaluation.metrics import class_metrics, count_detections, mean_source_recall, roc_auc, threshold_at_fpr
from ..evaluation.predictor import Predictions, TorchPredictor, deep_share
from ..labels import Label
from ..policy import DEFAULT_POLICY, Policy, is_counted
from ..runtime.calibration import Calibration


class ValidationSet:
    """Rows of the validation sources, and the metrics on them after every epoch."""

    def __init__(self, examples: Sequence[Example]) -> None:
        """Raises DataError unless there are benign rows and attack rows that the override policy counts."""
        self.texts = [example.text for example in examples]
        self.labels, self.families = labels_of(examples), families_of(examples)
        self.sources = [example.source for example in examples]
        attack = self.labels != Label.BENIGN
        counted = attack & is_counted(self.labels, self.families, DEFAULT_POLICY)
        if attack.all() or not counted.any():
            raise DataError(
                "validation needs benign rows and attacks that count as overriding instructions (injections, jailbreak "
                f"framings, obfuscated attacks); found {int((~attack).sum())} benign rows, {int(counted.sum())} such "
                f"attacks and {int((attack & ~counted).sum())} plain harmful requests in {sorted(set(self.sources))}. "
                "Add sources of the missing kind to data.validation_sources"
            )

    def measure(self, predictor: TorchPredictor, cfg: Config) -> dict[str, float]:
        """The `val_*` fields of EpochMetrics: the routed model at operating points fitted as `calibrate` fits them."""
        p_deep = predictor.router_scores(self.texts, desc="validation: router")
        routed = Calibration(complexity_threshold=fit_router_threshold(p_deep, cfg.router.target_deep_fraction))
        windows = predictor.with_calibration(routed).window_scores(self.texts, desc="validation")
        predictions = windows.verdicts(fit_temperature(text_logits(windows), self.labels), cfg.eval.window_penalty)
        of_label = predictions.class_probs[np.arange(len(self.labels)), self.labels]
        classes = class_metrics(self.labels, predictions.class_probs.argmax(axis=1))
        override, full = self._detection(predictions, "override", cfg), self._detection(predictions, "full", cfg)
        return {
            "val_loss": float(-np.log(of_label.clip(min=1e-12)).mean()),
            "val_accuracy": classes["accuracy"],
            "val_f1": classes["weighted_f1"],
            "val_recall": override["recall"],
            "val_full_recall": full["recall"],
            "val_auc": override["auc"],
            "val_full_auc": full["auc"],
            "val_fpr": override["fpr"],
            "val_deep_share": deep_share(predictions)["share"],
            "val_deep_share_fixed": float((predictions.p_deep > cfg.router.complexity_threshold).mean()),
        }

    def _detection(self, predictions: Predictions, policy: Policy, cfg: Config) -> dict[str, Any]:
        scores, counted = predictions.p_attack[policy], is_counted(self.labels, self.families, policy)
        threshold = threshold_at_fpr(scores[self.labels == Label.BENIGN], cfg.eval.fpr_budget)
        return {
            "recall": mean_source_recall(self.labels, self.families, scores, self.sources, policy, threshold),
            "auc": roc_auc(self.labels[counted], scores[counted]),
            "fpr": count_detections(self.labels[counted], scores[counted], threshold).fpr,
        }
