"""Time the generation of the obfuscated attacks and their benign twins, with one process and with several.

    python benchmarks/generation.py
    python benchmarks/generation.py --workers 1 4 --output results/generation.json data.mixture.flip=2000

The counts are those of `data.mixture` (base_config.yaml unless --config names another preset), with as many twins as attacks. The
texts come from corpus/. The script compares the rows of all runs: the number of processes must not change one byte.
"""

import hashlib
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from src.cli import run_main, script_parser
from src.config import BASE_CONFIG, Config, load_config
from src.data.attack_generators import GeneratedExample, generate_families
from src.data.attacks.pools import MAX_PAYLOAD_CHARS
from src.data.corpus_form import load_corpus
from src.data.mixture import OBFUSCATIONS
from src.data.sources import CORPUS
from src.errors import ConfigError, GuardrailError
from src.files import write_json
from src.labels import Label
from src.run import cpu_name


def hash_rows(rows_by_family: Mapping[str, Sequence[GeneratedExample]]) -> str:
    """SHA-256 over every field of every row."""
    hasher = hashlib.sha256()
    for rows in rows_by_family.values():
        for row in rows:
            hasher.update(repr(row).encode("utf-8", "surrogatepass"))
    return hasher.hexdigest()


def measure(workers: Sequence[int], cfg: Config) -> dict[str, Any]:
    data = load_corpus(CORPUS)
    corpus = [*data.train, *data.payloads]
    benign = [example for example in corpus if example.label == Label.BENIGN]
    payloads = [example for example in corpus if example.label != Label.BENIGN and len(example.text) <= MAX_PAYLOAD_CHARS]
    counts = {name: (count, count) for name, count in cfg.data.mixture.items() if name in OBFUSCATIONS}
    runs, digests = {}, set()
    for number in workers:
        start = time.perf_counter()
        rows_by_family = generate_families(counts, payloads, benign, seed=cfg.data.seed, workers=number)
        seconds = time.perf_counter() - start
        rows = sum(map(len, rows_by_family.values()))
        runs[str(number)] = {"seconds": seconds, "rows_per_second": rows / seconds}
        digests.add(hash_rows(rows_by_family))
    if len(digests) > 1:
        raise GuardrailError(f"the rows of {workers} workers differ; generation must not depend on the number of processes")
    return {"rows": rows, "sha256": digests.pop(), "workers": runs, "cpu": cpu_name(), "cores": os.cpu_count()}


def render(results: dict[str, Any]) -> str:
    lines = [f"{results['rows']:,} rows, {results['cpu']}, {results['cores']} cores", "workers  seconds    rows/s"]
    lines += [f"{number:>7}{run['seconds']:>9.2f}{run['rows_per_second']:>10,.0f}" for number, run in results["workers"].items()]
    return "\n".join([*lines, f"the same rows every time: sha256 {results['sha256']}"])


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="numbers of processes; each is timed once")
    parser.add_argument("--output", type=Path, help="also write the numbers to this JSON file")
    args = parser.parse_intermixed_args()
    if min(args.workers) < 1:
        raise ConfigError(f"--workers must be 1 or more, got {args.workers}")
    results = measure(args.workers, load_config(args.config or (BASE_CONFIG,), args.overrides))
    print(render(results))
    if args.output:
        write_json(args.output, results)


if __name__ == "__main__":
    run_main(main)
