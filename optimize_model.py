"""Export a checkpoint to ONNX in FP32 and INT8, and measure each file: size, parity, accuracy, latency per route.

    python optimize_model.py --model_path outputs/production_final/best_model.pth
    python optimize_model.py --model_path outputs/production_final/best_model.pth --output_dir outputs/optimized
    python optimize_model.py export.variants=[int4,int8_reduced]

The script fails if the INT8 file exceeds 80 MB. It also fails if INT8 and FP32 decide differently on a larger share of rows than
`eval.max_decision_flips`. It compares them on `eval.parity_rows` validation rows and transforms of these. A quarter of the
compared rows lie near the threshold.
"""

from dataclasses import replace
from pathlib import Path

from src.cli import config_from_model, run_main, script_parser
from src.config import to_dict
from src.data.mixture import build_splits
from src.errors import GateError
from src.export.artifact import TrainedGuard, save_artifact, withdraw
from src.export.measure import check_gates, measure_artifact
from src.export.parity import candidate_rows
from src.files import check_output_directory, write_json
from src.reporting.export_table import table
from src.run import DEFAULT_OUTPUT_DIR, RunPaths, log_to, provenance, seed_everything


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument("--model_path", type=Path, default=RunPaths(DEFAULT_OUTPUT_DIR).best_model, help="a best_model.pth")
    parser.add_argument("--output_dir", type=Path, help="default: optimized/ beside the checkpoint")
    args = parser.parse_intermixed_args()
    directory = args.output_dir or args.model_path.parent / "optimized"
    with log_to():
        guard = TrainedGuard.load(args.model_path)
        check_output_directory(directory, "--output_dir")
        cfg = config_from_model(args, to_dict(guard.cfg))
        guard = replace(guard, cfg=cfg)
        seed_everything(cfg)
        report = directory / "optimization.json"
        report.unlink(missing_ok=True)  # a report of an earlier export would be taken for this one's if measuring is interrupted
        files = save_artifact(guard, directory)
        measurements = measure_artifact(guard, files, candidate_rows(build_splits(cfg), cfg))
        write_json(report, {**provenance(cfg, args.model_path), **measurements})
        print(table(measurements))
        try:
            check_gates(measurements)
        except GateError:
            withdraw(directory)
            raise


if __name__ == "__main__":
    run_main(main)
