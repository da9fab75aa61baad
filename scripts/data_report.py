"""Write one HTML report about the data of a configuration: sources, duplicates, overlap with evaluation, suspicious labels.

    python scripts/data_report.py data.source=local data.local_dir=DIR
    python scripts/data_report.py --config configs/cpu.yaml data.local_dir=DIR --output_path results/data_report.html

Comparing the texts and searching for wrong labels takes minutes for 100,000 rows. `data.cache_dir` keeps both results, so the
next report on the same data takes seconds.
"""

import logging
import time
from pathlib import Path

from src.cli import run_main, script_parser
from src.config import load_config
from src.data.description import describe_data
from src.files import check_output_file, write_text
from src.reporting.data_report import render_data_report
from src.run import log_to

log = logging.getLogger("src.data_report")


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument("--output_path", type=Path, default=Path("results/data_report.html"))
    args = parser.parse_intermixed_args()
    check_output_file(args.output_path, "--output_path")
    cfg = load_config(args.config or (), args.overrides)
    start = time.perf_counter()
    with log_to():
        description = describe_data(cfg)
        write_text(args.output_path, render_data_report(description))
        log.info("%s: %s rows in %.0f s", args.output_path, f"{description['totals']['read']:,}", time.perf_counter() - start)


if __name__ == "__main__":
    run_main(main)
