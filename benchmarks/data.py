"""Measure rows per second and peak memory of reading, comparing and de-duplicating a large local source.

The script writes N varied rows of the corpus as JSON lines into a temporary directory. It then reads and compares them as
`data.source=local` does, first without a cache and then with it. Memory is the sum over all processes, relative to the size of
the text.

    python benchmarks/data.py --rows 1000000
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import psutil

from src.cli import run_main
from src.config import Config, DataConfig
from src.data.corpus_form import load_corpus
from src.data.mixture import compare_sets
from src.data.sources import CORPUS, read_data
from src.labels import Label
from src.run import cpu_name

T = TypeVar("T")

ROWS_PER_SOURCE = 20_000
NUM_REPLACED_WORDS = 6  # in each text, so that few rows are near duplicates
NUM_SOURCES_HELD_OUT = 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        size = write_rows(Path(directory), args.rows)
        names = [path.stem for path in sorted((Path(directory) / "train").iterdir())]
        data = DataConfig(source="local", local_dir=directory, validation_sources=names[:NUM_SOURCES_HELD_OUT], cache_dir=None)
        print(f"{cpu_name()}, {args.rows:,} rows, {size / 1e6:,.0f} MB of text")
        cached = replace(data, cache_dir=f"{directory}/cache")
        for name, each in (("no cache", data), ("writing the cache", cached), ("from the cache", cached)):
            report(name, args.rows, size, Config(data=each))


def write_rows(directory: Path, count: int) -> int:
    """Write the rows and their manifest; returns the bytes of text."""
    (directory / "train").mkdir()
    names, size = [], 0
    texts = varied_texts(count)
    for first in range(0, count, ROWS_PER_SOURCE):
        names.append(f"rows_{len(names):03d}")
        with (directory / "train" / f"{names[-1]}.jsonl").open("w", encoding="utf-8") as file:
            for _ in range(min(ROWS_PER_SOURCE, count - first)):
                text, label = next(texts)
                size += len(text.encode())
                row = {"text": text, "label": label, "source": names[-1], "category": None, "lang": "en", "group": None}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    sources = {f"train/{name}": {"licence": "generated"} for name in names}
    (directory / "MANIFEST.json").write_text(json.dumps({"sources": sources}), encoding="utf-8")
    return size


def varied_texts(count: int) -> Iterator[tuple[str, str]]:
    """Pairs of texts of corpus/ with a few of their words exchanged, and their label in the local format."""
    rng = random.Random(0)
    corpus = load_corpus(CORPUS).train
    by_label = {
        "benign": [row.text for row in corpus if row.label == Label.BENIGN],
        "direct_injection": [row.text for row in corpus if row.label == Label.DIRECT_INJECTION],
    }
    vocabulary = sorted({word for row in corpus for word in row.text.split()})
    for number in range(count):
        label = "direct_injection" if number % 10 == 0 else "benign"
        words = f"{rng.choice(by_label[label])} {rng.choice(by_label['benign'])}".split()
        for _ in range(NUM_REPLACED_WORDS):
            words[rng.randrange(len(words))] = rng.choice(vocabulary)
        yield " ".join(words), label


def report(name: str, count: int, size: int, cfg: Config) -> None:
    start = time.perf_counter()
    sets, peak = with_peak_memory(lambda: compare_sets(read_data(cfg), cfg))
    seconds = time.perf_counter() - start
    dropped = sum(sets.duplicates["training"].values())
    print(
        f"{name:20} {seconds:7.1f} s {count / seconds:9,.0f} rows/s   peak {peak / 1e6:7,.0f} MB above the start,"
        f" {peak / size:4.1f}x the text   {dropped:,} dropped as duplicates"
    )


def with_peak_memory(function: Callable[[], T]) -> tuple[T, int]:
    """The result, and the most memory that this process and its workers held above what they held before."""
    process, peak, has_ended = psutil.Process(), 0, threading.Event()

    def measure_memory() -> int:
        total = 0
        for each in [process, *process.children(recursive=True)]:
            try:
                info = each.memory_full_info()  # unique memory: pages shared with the parent count once
                total += info.rss if each is process else info.uss
            except psutil.Error:  # it has just ended
                continue
        return total

    before = measure_memory()

    def watch() -> None:
        nonlocal peak
        while not has_ended.wait(0.2):
            peak = max(peak, measure_memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        result = function()
        return result, max(peak, measure_memory()) - before
    finally:
        has_ended.set()
        watcher.join()


if __name__ == "__main__":
    run_main(main)
