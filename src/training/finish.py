"""What ends every training: thresholds on the validation sources, and figures on the held-out groups."""

from __future__ import annotations

from ..config import Config
from ..data.mixture import Splits
from ..evaluation.calibration import calibrate
from ..evaluation.predictor import TorchPredictor
from ..evaluation.runner import evaluate_heldout
from ..files import write_json
from ..run import RunPaths
from .checkpoint import store_calibration


def calibrate_and_test(paths: RunPaths, splits: Splits, cfg: Config) -> None:
    """Fit the calibration of `paths.best_model` as its INT8 file will compute, store it there, and write final_metrics.json."""
    predictor = TorchPredictor.from_checkpoint(paths.best_model, batch_size=cfg.eval.batch_size, imitate_int8=True)
    calibration = calibrate(predictor, splits.val, cfg, show_progress=True)
    store_calibration(paths.best_model, calibration.to_dict())
    calibrated = predictor.with_calibration(calibration)
    write_json(paths.final_metrics_json, evaluate_heldout(calibrated, splits.test, calibration, show_progress=True))
