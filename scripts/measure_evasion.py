"""Measure what common rewritings of texts cost a guard: recall that remains on the attacks that it catches, new false alarms.

    python scripts/measure_evasion.py --attacks DIR/a.jsonl DIR/b.jsonl --harmless DIR/c.jsonl \\
        --model_path outputs/production_final/optimized
    python scripts/measure_evasion.py --attacks DIR/a.jsonl --views_only        # no model: what the views recover

Files are JSON lines with a key "text". If a file has a key "label", 0 or "benign" marks harmless rows, and only rows of the right
kind count. Use sources that the guard was not trained on. src/evaluation/rewritings.py has the rewritings.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from src.config import from_dict
from src.data.splits import key_hash, unit_interval
from src.errors import ConfigError, DataError, run_main
from src.evaluation.predictor import load_predictor
from src.evaluation.rewritings import measure_recovery, measure_rewritings
from src.files import check_output_file, not_utf8_message, write_json
from src.policy import DEFAULT_POLICY, POLICIES
from src.reporting.cells import percent
from src.reporting.cells import share_with_interval as share
from src.run import DEFAULT_OUTPUT_DIR, RunPaths, provenance

CHAR_RANGE = (20, 1000)  # shorter and longer texts are left out
_BENIGN = (0, "0", "benign", "BENIGN")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--attacks", type=Path, nargs="+", required=True, metavar="JSONL")
    parser.add_argument(
        "--harmless", type=Path, nargs="*", default=[], metavar="JSONL", help="without files, no false alarms are counted"
    )
    default = RunPaths(DEFAULT_OUTPUT_DIR)
    parser.add_argument("--model_path", type=Path, default=default.optimized, help="exported directory, .onnx or .pth file")
    parser.add_argument("--views_only", action="store_true", help="no model: measure the share of attacks that the views recover")
    parser.add_argument("--policy", choices=POLICIES, default=DEFAULT_POLICY)
    parser.add_argument("--num_texts", type=int, default=200, help="number of caught attacks, and of harmless texts")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--output_path", type=Path, help="JSON file; default: evasion.json in the results of the model's run")
    args = parser.parse_args()
    if args.num_texts < 1:
        raise ConfigError(f"--num_texts must be 1 or more, got {args.num_texts}")
    attacks = read_texts(args.attacks, wants_benign=False, seed=args.seed)
    stored_config: dict[str, Any] = {}
    if not args.views_only:
        guard, stored_config = load_predictor(args.model_path)
    output = args.output_path or RunPaths.of(from_dict(stored_config)).evasion_json
    check_output_file(output, "--output_path")
    if args.views_only:
        rows = measure_recovery(attacks[: args.num_texts], args.seed)
        results: dict[str, Any] = {"seed": args.seed, "recovery": rows}
        print(recovery_table(rows))
    else:
        harmless = read_texts(args.harmless, wants_benign=True, seed=args.seed) if args.harmless else []
        threshold = guard.calibration.threshold(args.policy)
        measurements = measure_rewritings(
            guard, attacks, harmless, policy=args.policy, threshold=threshold, count=args.num_texts, seed=args.seed
        )
        results = {
            **provenance(from_dict(stored_config), args.model_path),
            "model_path": str(args.model_path),
            "policy": args.policy,
            "threshold": threshold,
            "seed": args.seed,
            **measurements,
        }
        print(evasion_table(results))
    write_json(output, results)
    print(f"\nwritten: {output}")


def read_texts(paths: Sequence[Path], *, wants_benign: bool, seed: int) -> list[str]:
    """The distinct texts of CHAR_RANGE characters, in an order of their own. Raises DataError, which names file and line."""
    texts: dict[str, None] = {}
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8-sig").split("\n")  # a text may hold other line breaks
        except OSError as error:
            raise DataError(f"cannot read {path}: {error}") from error
        except UnicodeDecodeError as error:
            raise DataError(not_utf8_message(path, error)) from error
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                text = row["text"]
            except (ValueError, TypeError, KeyError) as error:
                raise DataError(f'{path}, line {number}: expected an object with a key "text" ({error!r})') from error
            has_right_label = "label" not in row or (row["label"] in _BENIGN) == wants_benign
            if has_right_label and isinstance(text, str) and CHAR_RANGE[0] <= len(text) <= CHAR_RANGE[1]:
                texts[text] = None
    if not texts:
        raise DataError(f"no text of {CHAR_RANGE[0]} to {CHAR_RANGE[1]} characters in {', '.join(map(str, paths))}")
    return sorted(texts, key=lambda text: unit_interval(seed, "evasion", key_hash(text)))


def evasion_table(results: Mapping[str, Any]) -> str:
    lines = [
        f"policy {results['policy']}, threshold {results['threshold']:.4f}: {results['caught']} caught attacks, "
        f"{results['harmless']} harmless texts, alarms as they stand {share(results['alarms_as_they_stand'])}"
    ]
    lines.append(f"{'rewriting':34}{'recall kept':32}new false alarms")
    for name, row in results["rewritings"].items():
        lines.append(f"{name + ('' if row['invertible'] else ' *'):34}{share(row['kept']):32}{share(row['new_alarms'])}")
    return "\n".join([*lines, "* loses letters or their order. Intervals: Wilson 95%."])


def recovery_table(rows: Mapping[str, Any]) -> str:
    lines = [f"{'rewriting':34}{'whole text in a view':32}words"]
    for name, row in rows.items():
        lines.append(f"{name:34}{share(row['exact']):32}{percent(row['words'])}")
    return "\n".join([*lines, "Intervals: Wilson 95%."])


if __name__ == "__main__":
    run_main(main)
