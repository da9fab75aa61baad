"""The last stage of every training: thresholds on the validation sources, and figures on the held-out groups."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ..config import Config
from ..data.mixture import Splits
from ..evaluation.calibration import calibrate
from ..evaluation.predictor import TorchPredictor, TunableExport
from ..evaluation.runner import evaluate_heldout
from ..export.artifact import TrainedGuard, write_model_file
from ..files import write_json
from ..policy import POLICIES
from ..run import RunPaths
from ..runtime.artifact import INT8_FILE
from ..runtime.calibration import budget_key
from .checkpoint import store_calibration


def calibrate_and_test(paths: RunPaths, splits: Splits, cfg: Config) -> None:
    """Fit the calibration of `paths.best_model` by its INT8 file, store it there, and write final_metrics.json."""
    with TemporaryDirectory() as directory:
        predictor = export_for_calibration(paths.best_model, cfg, Path(directory))
        calibration = calibrate(predictor, splits.val, cfg, show_progress=True)
        store_calibration(paths.best_model, calibration.to_dict())
        calibrated = predictor.with_calibration(calibration)
        write_json(paths.final_metrics_json, evaluate_heldout(calibrated, splits.test, calibration, show_progress=True))


def export_for_calibration(checkpoint: Path, cfg: Config, directory: Path) -> TunableExport:
    """The INT8 file of a checkpoint, written to `directory`, with thresholds that nothing reads until they are fitted."""
    guard = TorchPredictor.from_checkpoint(checkpoint)
    budget = cfg.eval.fpr_budget
    unfitted = {policy: {budget_key(budget): 0.5} for policy in POLICIES}
    calibration = replace(guard.calibration, thresholds=unfitted, fpr_budget=budget)
    path = directory / INT8_FILE
    write_model_file(TrainedGuard(guard.model.eval(), guard.tokenizer, calibration, cfg), path, "int8")
    return TunableExport(path, num_threads=os.cpu_count() or 1)
