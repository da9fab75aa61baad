"""Draw the figures from what the run measured: training curves and recall / false alarms per benchmark.

    python scripts/generate_paper_figures.py --metrics outputs/production_final/training_metrics.csv \\
        --results results/benchmarks/benchmark_results.json
"""

from pathlib import Path

from src.cli import run_main, script_parser
from src.reporting.figures import write_figures
from src.run import DEFAULT_OUTPUT_DIR, RunPaths, log_to


def main() -> None:
    default = RunPaths(DEFAULT_OUTPUT_DIR)
    parser = script_parser(__doc__)
    parser.add_argument("--metrics", type=Path, default=default.training_metrics_csv, help="training_metrics.csv")
    parser.add_argument("--results", type=Path, default=default.benchmarks / "benchmark_results.json")
    parser.add_argument("--output_dir", type=Path, help="default: figures/ beside the directory of --results")
    args = parser.parse_intermixed_args()
    with log_to():
        write_figures(args.metrics, args.results, args.output_dir or args.results.parent.parent / "figures")


if __name__ == "__main__":
    run_main(main)
