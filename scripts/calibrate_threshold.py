"""Refit the thresholds of a checkpoint for another FPR budget.

    python scripts/calibrate_threshold.py --model_path outputs/production_final/best_model.pth --target_fpr 8.0
    python scripts/calibrate_threshold.py --model_path ... --target_fpr 0.5 --benign my_traffic.jsonl

The script fits them to the benign rows of the validation sources, or to the texts of --benign: a CSV, TSV, parquet or JSON lines
file of ordinary traffic without attacks. The checkpoint's INT8 file scores the texts. The script writes the new thresholds into
the checkpoint. To ship them, export it again with optimize_model.py.
"""

import logging
from pathlib import Path
from tempfile import TemporaryDirectory

from src.checkpoint import load_best_model
from src.cli import config_from_model, run_main, script_parser
from src.data.mixture import build_splits
from src.data.tables import load_benign
from src.errors import ConfigError
from src.evaluation.calibration import calibrate, calibrate_on_traffic
from src.run import DEFAULT_OUTPUT_DIR, RunPaths, log_to, seed_everything
from src.runtime.calibration import fit_lines
from src.training.checkpoint import store_calibration
from src.training.finish import export_for_calibration

log = logging.getLogger("src.calibrate_threshold")


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument("--model_path", type=Path, default=RunPaths(DEFAULT_OUTPUT_DIR).best_model, help="a best_model.pth")
    parser.add_argument("--target_fpr", type=float, default=1.0, help="FPR budget in percent, in (0, 100)")
    parser.add_argument("--benign", type=Path, help="your own benign texts: .jsonl, .json, .csv, .tsv or .parquet")
    parser.add_argument("--text_column", default="text", help="column or key of --benign that holds the text")
    args = parser.parse_intermixed_args()
    if not 0 < args.target_fpr < 100:
        raise ConfigError(f"--target_fpr is a percentage in (0, 100), got {args.target_fpr}")
    if args.model_path.suffix != ".pth":
        raise ConfigError(f"--model_path must be a checkpoint (.pth), got {args.model_path}; calibrate it, then export again")
    args.overrides.append(f"eval.fpr_budget={args.target_fpr / 100}")
    cfg = config_from_model(args, load_best_model(args.model_path)["config"])
    with log_to(), TemporaryDirectory() as directory:
        seed_everything(cfg)
        predictor = export_for_calibration(args.model_path, cfg, Path(directory))
        if args.benign:
            calibration = calibrate_on_traffic(predictor, load_benign(args.benign, args.text_column), cfg)
        else:
            calibration = calibrate(predictor, build_splits(cfg).val, cfg, show_progress=True)
        store_calibration(args.model_path, calibration.to_dict())
        for line in fit_lines(calibration):
            log.info(line)


if __name__ == "__main__":
    run_main(main)
