"""Measure rows per second and peak memory of reading parquet shards as training does. Check whether memory grows with the rows.

The script writes varied rows of the corpus as shards into a temporary directory and reads them as `data.tables` does. It reads
--rows rows and ten times as many, with `data.read_per_source` and without it. Each reading is a separate process.

    python benchmarks/streaming.py --rows 100000
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.data import varied_texts, with_peak_memory
from src.cli import run_main
from src.config import DataConfig
from src.data.sampling import Cap
from src.data.tables import load_tables
from src.run import cpu_name

ROWS_PER_SHARD = 50_000
DEFAULT_CAP = 10_000  # rows of each kind that are held
TABLES = "tables.yaml"
ENTRY = "tables: [{name: traffic, path: shards, role: train, licence: generated, text: prompt, label: kind}]\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--read", type=Path, metavar="DIR", help=argparse.SUPPRESS)  # what a process of its own does
    parser.add_argument("--cap", type=int, default=DEFAULT_CAP, help=f"data.read_per_source (default {DEFAULT_CAP:,})")
    args = parser.parse_args()
    if args.read:
        print(measure(args.read, args.cap))
        return
    print(f"{cpu_name()}; rows of each kind that are held: {args.cap:,} or all")
    for rows in (args.rows, 10 * args.rows):
        with tempfile.TemporaryDirectory() as name:
            size = write_shards(Path(name), rows)
            for cap in (args.cap, 0):
                command = [sys.executable, __file__, "--read", name, "--cap", str(cap)]
                line = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
                print(f"{rows:>10,} rows, {size / 1e6:6,.0f} MB of parquet, held: {cap or 'all':>6}: {line}", flush=True)


def write_shards(directory: Path, count: int) -> int:
    """Write `count` rows and the mapping of their columns; returns the bytes of the shards."""
    (directory / TABLES).write_text(ENTRY, encoding="utf-8")
    shards = directory / "shards"
    shards.mkdir()
    texts = varied_texts(count)
    for number, first in enumerate(range(0, count, ROWS_PER_SHARD)):
        rows = [next(texts) for _ in range(min(ROWS_PER_SHARD, count - first))]
        prompts, kinds = zip(*rows, strict=True)
        pq.write_table(pa.table({"prompt": prompts, "kind": kinds}), shards / f"part-{number:05d}.parquet")
    return sum(path.stat().st_size for path in shards.iterdir())


def measure(directory: Path, cap: int) -> str:
    """Read the table as `read_data` does."""
    start = time.perf_counter()
    data, peak = with_peak_memory(lambda: load_tables(directory / TABLES, Cap(cap, DataConfig().seed)))
    seconds = time.perf_counter() - start
    rows = len(data.train) + data.info["traffic"].passed_over
    speed = f"{seconds:6.1f} s, {rows / seconds:8,.0f} rows/s"
    return f"{speed}, {len(data.train):>9,} rows held, peak {peak / 1e6:6,.0f} MB above the start"


if __name__ == "__main__":
    run_main(main)
