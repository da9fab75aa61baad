"""Draw the figures of a run from the files that its stages wrote. No model is run and no data is read.

    python scripts/generate_paper_figures.py --metrics outputs/production_final/training_metrics.csv \\
        --results results/benchmarks/benchmark_results.json

The figures are: training curves; rates by benchmark, attack, language and length; confusion matrix; ROC and precision-recall
curves with the operating point; reliability; recall against the share of texts sent to the deep branch, against size and latency,
and beside peers; distribution of latency by route and length; recall and FPR on sources that were left out of training. Each
figure is written as PDF, SVG and PNG, with its numbers as CSV and its caption as text beside it. If an input is missing, the
script names the command that makes it.
"""

from pathlib import Path

from src.cli import run_main, script_parser
from src.evaluation.curves import read_curves
from src.reporting.figures import write_figures
from src.run import DEFAULT_OUTPUT_DIR, RunPaths, log_to


def main() -> None:
    default = RunPaths(DEFAULT_OUTPUT_DIR)
    parser = script_parser(__doc__, has_config=False)
    parser.add_argument("--metrics", type=Path, default=default.training_metrics_csv, help="training_metrics.csv")
    parser.add_argument("--results", type=Path, default=default.benchmarks / "benchmark_results.json")
    parser.add_argument("--output_dir", type=Path, help="default: figures/ beside the directory of --results")
    args = parser.parse_args()
    with log_to():
        write_figures(args.metrics, args.results, args.output_dir or args.results.parent.parent / "figures", read_curves)


if __name__ == "__main__":
    run_main(main)
