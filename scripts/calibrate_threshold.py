"""Refit the thresholds of a checkpoint or of an exported directory for another FPR budget.

    python scripts/calibrate_threshold.py --model_path outputs/production_final/best_model.pth --target_fpr 8.0
    python scripts/calibrate_threshold.py --model_path ... --target_fpr 0.5 --benign my_traffic.jsonl
    python scripts/calibrate_threshold.py --model_path release data.local_dir=DIR

The script fits them to the benign rows of the validation sources, or to the texts of --benign: a CSV, TSV, parquet or JSON lines
file of ordinary traffic without attacks. The checkpoint's INT8 file scores the texts. The script writes the new thresholds into
the checkpoint; to ship them, export it again with optimize_model.py. An exported directory gets them in its config.json and card.
Its temperature, its routing and its window penalty stay, and eval.max_segments sets how many parts of a text are read alone.
"""

import logging
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from src.checkpoint import load_best_model
from src.cli import FITTING_KEYS, config_from_model, run_main, script_parser
from src.data.mixture import build_splits
from src.data.tables import load_benign
from src.errors import ConfigError
from src.evaluation.calibration import calibrate, calibrate_on_traffic
from src.evaluation.predictor import OnnxPredictor, load_predictor
from src.run import DEFAULT_OUTPUT_DIR, RunPaths, log_to, seed_everything
from src.runtime.calibration import fit_lines
from src.runtime.recalibration import write_calibration
from src.training.checkpoint import store_calibration
from src.training.finish import export_for_calibration

log = logging.getLogger("src.calibrate_threshold")


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument(
        "--model_path",
        type=Path,
        default=RunPaths(DEFAULT_OUTPUT_DIR).best_model,
        help="a best_model.pth, or an exported directory",
    )
    parser.add_argument("--target_fpr", type=float, default=1.0, help="FPR budget in percent, in (0, 100)")
    parser.add_argument("--benign", type=Path, help="your own benign texts: .jsonl, .json, .csv, .tsv or .parquet")
    parser.add_argument("--text_column", default="text", help="column or key of --benign that holds the text")
    args = parser.parse_intermixed_args()
    if not 0 < args.target_fpr < 100:
        raise ConfigError(f"--target_fpr is a percentage in (0, 100), got {args.target_fpr}")
    is_exported = args.model_path.is_dir()
    if not is_exported and args.model_path.suffix != ".pth":
        raise ConfigError(f"--model_path must be a checkpoint (.pth) or an exported directory, got {args.model_path}")
    args.overrides.append(f"eval.fpr_budget={args.target_fpr / 100}")
    stored = load_predictor(args.model_path)[1] if is_exported else load_best_model(args.model_path)["config"]
    cfg = config_from_model(args, stored, FITTING_KEYS)
    with log_to(), TemporaryDirectory() as directory:
        seed_everything(cfg)
        predictor: OnnxPredictor
        if is_exported:
            predictor = OnnxPredictor.from_directory(args.model_path, workers=cfg.run.num_threads or 1)
            previous = predictor.calibration
            predictor.calibration = replace(previous, max_segments=cfg.eval.max_segments)
        else:
            predictor = export_for_calibration(args.model_path, cfg, Path(directory))
        if args.benign:
            calibration = calibrate_on_traffic(predictor, load_benign(args.benign, args.text_column), cfg)
        else:
            calibration = calibrate(predictor, build_splits(cfg).val, cfg, show_progress=True)
        if is_exported:
            write_calibration(args.model_path, previous, calibration)
        else:
            store_calibration(args.model_path, calibration.to_dict())
        for line in fit_lines(calibration):
            log.info(line)


if __name__ == "__main__":
    run_main(main)
