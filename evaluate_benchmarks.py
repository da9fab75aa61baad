"""Score a guard and the TF-IDF baseline on every benchmark of the data source.

    python evaluate_benchmarks.py --model_path outputs/production_final/optimized
    python evaluate_benchmarks.py --model_path outputs/production_final/best_model.pth --output_dir results/benchmarks
    python evaluate_benchmarks.py --runs seed_1/results/benchmarks seed_2/results/benchmarks

--model_path is an exported directory, an .onnx file or a checkpoint. For an exported directory, the script scores its INT8
file, one text at a time, as in serving. The configuration is the one that the model was trained with; `key=value` changes where
data are and how much is measured. With other data than in training, only sets that are never trained on are run. The guard uses
the thresholds stored with the model. The baseline is trained on the same rows and calibrated on the same validation rows. An
interrupted run resumes: the guard's scores are saved after each benchmark. --forced_routes measures what an attacker gains by
steering the router: it also scores the same guard and thresholds with every text on the fast branch, and on the deep branch.
"""

import logging
import os
from pathlib import Path
from typing import Any

from src.cli import EVALUATION_KEYS, config_from_model, moved_rows, run_main, script_parser
from src.data.mixture import build_splits
from src.errors import GateError
from src.evaluation.baselines import TfidfPredictor
from src.evaluation.benchmarks import HELDOUT, build_benchmarks, leave_out_trained
from src.evaluation.calibration import at_budget_of, calibrate
from src.evaluation.predictor import FORCED_ROUTES, OnnxPredictor, identity_of, load_predictor
from src.evaluation.runner import run_benchmarks
from src.evaluation.seeds import aggregate_runs, seed_lines
from src.files import write_json
from src.policy import DEFAULT_POLICY
from src.reporting.results import read_benchmarks
from src.reporting.terminal import benchmark_lines, comparison_lines
from src.run import DEFAULT_OUTPUT_DIR, RunPaths, log_to, seed_everything

log = logging.getLogger("src.evaluate_benchmarks")

QUICK_ROWS = 200


def main() -> None:
    parser = script_parser(__doc__)
    default = RunPaths(DEFAULT_OUTPUT_DIR)
    parser.add_argument("--model_path", type=Path, default=default.optimized, help="exported directory, .onnx or .pth file")
    parser.add_argument("--output_dir", type=Path, help=f"default: {default.benchmarks}, or inside the run's own directory")
    parser.add_argument("--quick", action="store_true", help=f"at most {QUICK_ROWS} rows per benchmark")
    parser.add_argument("--forced_routes", action="store_true", help="also score the guard with every text on one branch")
    parser.add_argument("--runs", type=Path, nargs="+", help="results of several seeds: report their mean and spread")
    args = parser.parse_intermixed_args()
    if args.runs:
        aggregate(args.runs, args.output_dir)
        return
    workers = os.cpu_count() or 1
    guard, stored_config = load_predictor(args.model_path, workers=workers)
    if args.quick:
        args.overrides = [f"eval.max_rows_per_benchmark={QUICK_ROWS}", *args.overrides]
    cfg = at_budget_of(config_from_model(args, stored_config, EVALUATION_KEYS), guard.calibration)
    paths = RunPaths.of(cfg)
    with log_to(paths.root / "benchmarks.log"):
        seed_everything(cfg)
        splits = build_splits(cfg)
        baseline = TfidfPredictor.fit(splits.train, max_features=cfg.eval.baseline_max_features)
        calibrations = {guard.name: guard.calibration, baseline.name: calibrate(baseline, splits.val, cfg)}
        guards = [guard]
        if args.forced_routes:
            guards += [load_predictor(args.model_path, workers=workers, route=route)[0] for route in FORCED_ROUTES]
            # The thresholds stay those of the routed guard: this is what an attacker gets who steers the router.
            calibrations |= {forced.name: forced.calibration for forced in guards[1:]}
        # Reported figures are scored one text at a time; the effect of batches on them is counted beside them.
        rebatched = guard.with_batch_size(cfg.eval.batch_size) if isinstance(guard, OnnxPredictor) else None
        results = run_benchmarks(
            leave_out_trained(build_benchmarks(splits, cfg), moved_rows(stored_config, cfg)),
            [guard, baseline, *guards[1:]],
            calibrations,
            args.output_dir or paths.benchmarks,
            cfg,
            identities={each.name: identity_of(args.model_path, each) for each in guards},
            rebatched=rebatched,
            model_path=args.model_path,
            show_progress=True,
        )
        print("\n".join(benchmark_lines(results)))
        for line in comparison_lines(results):
            log.info(line)
        if cfg.eval.gate_on_baseline:
            check_gate(results)


def aggregate(runs: list[Path], output_dir: Path | None) -> None:
    """Mean and spread over runs, printed, and written to seeds.json beside the results of the first run."""
    aggregated = aggregate_runs([read_benchmarks(run) for run in runs])
    first = runs[0] if runs[0].is_dir() else runs[0].parent
    write_json((output_dir or first) / "seeds.json", aggregated)
    print("\n".join(seed_lines(aggregated)))


def check_gate(results: dict[str, Any]) -> None:
    """Raise GateError unless the guard beats the baseline on the held-out groups.

    Beats: a higher recall at the calibrated thresholds, and a higher recall where both are given the same FPR on the same
    rows. The second keeps a bold threshold from passing for skill.
    """
    record = results["benchmarks"][HELDOUT]
    if record["status"] != "run":
        raise GateError(f"the held-out groups cannot be compared: {record['reason']}; train with a larger data.test_fraction")
    heldout = record["results"]
    guard, baseline = (heldout[name]["policies"][DEFAULT_POLICY] for name in (results["subject"], results["baselines"][0]))
    budget = results["fpr_budget"]
    rates = [row[key] for row in (guard, baseline) for key in ("recall", "recall_at_budget", "fpr")]
    if None in rates:
        raise GateError(
            f"the held-out groups give no recall or FPR to compare ({guard['n']} rows); train with a larger data.test_fraction"
        )
    ours, theirs = (
        f"recall {row['recall']:.1%} at FPR {row['fpr']:.1%}, {row['recall_at_budget']:.1%} at FPR {budget:.1%}"
        for row in (guard, baseline)
    )
    if guard["recall"] <= baseline["recall"] or guard["recall_at_budget"] <= baseline["recall_at_budget"]:
        raise GateError(
            "the guard does not beat TF-IDF + logistic regression on held-out groups: expected both recalls higher, found "
            f"guard: {ours}; baseline: {theirs}"
        )
    log.info("held-out groups, guard: %s; baseline: %s. The gate is passed: both recalls are higher", ours, theirs)


if __name__ == "__main__":
    run_main(main)
