"""Rank the pieces of multilingual-e5-small's tokenizer by their use in the openly licensed training text.

    python scripts/rank_pieces.py --config configs/cpu.yaml data.local_dir=DIR

Writes src/encoders/piece_ranking.npz. scripts/build_encoder.py uses this ranking to prune the vocabulary. Another ranking gives
another encoder, and checkpoints that were trained on one encoder do not fit another. The validation sources are left out, so that
the growth of their texts is measured on text that the ranking has not seen.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from src.cli import run_main, script_parser
from src.config import load_config
from src.data.local_source import is_open
from src.data.schema import Example
from src.data.sources import read_data
from src.encoders.build import read_packaged_tokenizer
from src.encoders.vocabulary import RANKING_PATH, rank_pieces
from src.files import atomic_write, check_output_file
from src.progress import with_progress

MAX_CHARS_PER_TEXT = 2000
BATCH_SIZE = 1000
NUM_RANKED = 100_000  # the largest vocabulary that can be built


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument("--output_path", type=Path, default=RANKING_PATH)
    args = parser.parse_intermixed_args()
    check_output_file(args.output_path, "--output_path")
    cfg = load_config(args.config or (), args.overrides)
    data = read_data(cfg)
    rows = [row for row in data.train if row.source not in cfg.data.validation_sources and is_open(data.info[row.source].licence)]
    tokenizer = read_packaged_tokenizer()
    counts = count_pieces(rows, tokenizer)
    ranking = rank_pieces(tokenizer, counts)[:NUM_RANKED].astype(np.uint32)
    with atomic_write(args.output_path) as path, path.open("wb") as file:
        np.savez_compressed(file, pieces=ranking)
    tokens = int(sum(count.sum() for count in counts.values()))
    print(f"{args.output_path}: {len(ranking):,} pieces by {tokens:,} tokens of {len(rows):,} texts in {len(counts)} languages")


def count_pieces(rows: Iterable[Example], tokenizer: dict[str, object]) -> dict[str, np.ndarray]:
    """Language -> how often each piece occurs (V,)."""
    full = Tokenizer.from_str(json.dumps(tokenizer))
    by_language: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_language[row.lang].append(row.text[:MAX_CHARS_PER_TEXT])
    counts = {}
    for lang, texts in sorted(by_language.items()):
        counts[lang] = np.zeros(full.get_vocab_size(), dtype=np.int64)
        for start in with_progress(range(0, len(texts), BATCH_SIZE), lang, "batches"):
            for encoding in full.encode_batch(texts[start : start + BATCH_SIZE], add_special_tokens=False):
                np.add.at(counts[lang], encoding.ids, 1)
    return counts


if __name__ == "__main__":
    run_main(main)
