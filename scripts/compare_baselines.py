"""Score the guard and every baseline in one run, on the same benchmarks, and say what differs and how surely.

    python scripts/compare_baselines.py --model_path outputs/production_final/optimized
    python scripts/compare_baselines.py --model_path best_model.pth --baselines tfidf regex minilm --max_rows 200
    python scripts/compare_baselines.py --baselines promptguard2-22m=DIRECTORY another/guard#1

A baseline is tfidf, regex, minilm (trained once, then loaded), a published guard (promptguard2-22m, promptguard2-86m,
protectai-v2, piguard, sentinel), NAME=DIRECTORY for a copy of one of these, or PLACE#INDEX for any text-classification
model whose class INDEX is the attack. One that cannot be run is a row that says why. The configuration is the one that
the model was trained with; `key=value` changes it. An interrupted run goes on where it stopped: trained baselines and the scores
of finished benchmarks are kept, benchmark by benchmark. Writes comparison.json and the files of evaluate_benchmarks.py.
"""

import logging
import os
from pathlib import Path

from src.cli import config_from_model, run_main, script_parser
from src.data.mixture import build_splits
from src.errors import BaselineUnavailable
from src.evaluation.benchmarks import build_benchmarks
from src.evaluation.comparison import ALL_BASELINES, Entrant, check_words, compare
from src.evaluation.predictor import identity_of, load_predictor
from src.reporting.baseline_table import baseline_table
from src.run import DEFAULT_OUTPUT_DIR, RunPaths, log_to, seed_everything
from src.training.baselines import make_baseline

log = logging.getLogger("src.compare_baselines")


def main() -> None:
    parser = script_parser(__doc__)
    default = RunPaths(DEFAULT_OUTPUT_DIR)
    parser.add_argument("--model_path", type=Path, default=default.optimized, help="exported directory, .onnx or .pth file")
    parser.add_argument("--baselines", nargs="+", metavar="BASELINE", default=list(ALL_BASELINES), help="default: all known ones")
    parser.add_argument("--max_rows", type=int, help="rows of each benchmark; same as eval.max_rows_per_benchmark=…")
    parser.add_argument("--output_dir", type=Path, help=f"default: {default.baselines}, or inside the run's own directory")
    args = parser.parse_intermixed_args()
    # `--baselines a b key=value`: argparse gives the words after --baselines to it, overrides among them.
    words = check_words([word for word in args.baselines if not is_override(word)])
    args.overrides += [word for word in args.baselines if is_override(word)]
    if args.max_rows is not None:
        args.overrides.append(f"eval.max_rows_per_benchmark={args.max_rows}")

    guard, stored = load_predictor(args.model_path, workers=os.cpu_count() or 1)
    cfg = config_from_model(args, stored)
    paths = RunPaths.of(cfg)
    output_dir = args.output_dir or paths.baselines
    with log_to(output_dir / "compare_baselines.log"):
        seed_everything(cfg)
        splits = build_splits(cfg)
        baselines, not_run = [], {}
        for word in words:
            try:
                baselines += make_baseline(word, splits, cfg, output_dir)
            except BaselineUnavailable as error:
                not_run[word] = str(error)
                log.warning("%s is not run: %s", word, error)
        subject = Entrant(
            predictor=guard, calibration=guard.calibration, threshold_from="calibrated", about={"path": str(args.model_path)},
            identity=identity_of(args.model_path, guard),
        )  # fmt: skip
        comparison = compare(subject, baselines, not_run, build_benchmarks(splits, cfg), output_dir, cfg, show_progress=True)
    print("\n".join(baseline_table(comparison)))
    print(f"\n{output_dir / 'comparison.json'}")


def is_override(word: str) -> bool:
    """`section.key=value`; a copy of a known guard is NAME=DIRECTORY, and no such name has a dot."""
    return "." in word.partition("=")[0] and "=" in word and "#" not in word


if __name__ == "__main__":
    run_main(main)
