"""Fit the thresholds of a checkpoint again, for another budget of false alarms.

    python scripts/calibrate_threshold.py --model_path outputs/production_final/best_model.pth --target_fpr 8.0

Benign rows of the validation sources decide. The checkpoint is rewritten with the new thresholds; export it again with
optimize_model.py to ship them.
"""

import logging
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from src.cli import config_from_model, run_main, script_parser
from src.data.mixture import build_splits
from src.errors import ConfigError
from src.evaluation.calibration import calibrate
from src.evaluation.predictor import TorchPredictor
from src.policy import POLICIES
from src.run import DEFAULT_OUTPUT_DIR, RunPaths, log_to, seed_everything
from src.training.checkpoint import load_best_model, store_calibration

log = logging.getLogger("src.calibrate_threshold")


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument("--model_path", type=Path, default=RunPaths(DEFAULT_OUTPUT_DIR).best_model, help="a best_model.pth")
    parser.add_argument("--target_fpr", type=float, default=1.0, help="budget of false alarms in percent, in (0, 100)")
    args = parser.parse_intermixed_args()
    if not 0 < args.target_fpr < 100:
        raise ConfigError(f"--target_fpr is a percentage in (0, 100), got {args.target_fpr}")
    if args.model_path.suffix != ".pth":
        raise ConfigError(f"--model_path must be a checkpoint (.pth), got {args.model_path}; calibrate it, then export again")
    args.overrides.append(f"eval.fpr_budget={args.target_fpr / 100}")
    cfg = config_from_model(args, load_best_model(args.model_path)["config"])
    predictor = TorchPredictor.from_checkpoint(args.model_path, batch_size=cfg.eval.batch_size, imitate_int8=True)
    with log_to():
        seed_everything(cfg)
        calibration = calibrate(predictor, build_splits(cfg).val, cfg, show_progress=True)
        store_calibration(args.model_path, calibration.to_dict())
        for policy in POLICIES:
            log.info("%s: threshold %.6f for an FPR of %g%% (n=%d benign rows)",
                     policy, calibration.threshold(policy), args.target_fpr, calibration.n_benign)  # fmt: skip


if __name__ == "__main__":
    run_main(main)
