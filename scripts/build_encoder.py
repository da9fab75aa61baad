"""Build multilingual-e5-small with a smaller vocabulary, as a directory for model.init_from and model.tokenizer_from.

    python scripts/build_encoder.py [--size 60000] [--output_dir DIR] [--origin package|hub]

Without --output_dir, the encoder goes into the cache. `model.init_from=multilingual-e5-small:60000` finds it there, and builds it
if it is missing. The script prints and writes a report: growth of the texts by language, unknown pieces, size, and how many of
ten sentences find their translation.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from src.cli import run_main
from src.data.corpus_form import load_corpus
from src.data.sources import CORPUS
from src.encoders.build import E5_NAME, REPORT_FILE, build_encoder, cached_encoder, is_packaged
from src.encoders.report import build_report, format_report
from src.files import check_output_directory, write_json


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=60_000, help="vocabulary size in pieces (default: 60000)")
    parser.add_argument("--output_dir", type=Path, help="default: the cache")
    parser.add_argument("--origin", choices=("package", "hub"), help="default: the packages if they are installed, else the Hub")
    args = parser.parse_args()
    origin = args.origin or ("package" if is_packaged() else "hub")
    if args.output_dir is None:
        if args.origin is not None:
            parser.error("--origin needs --output_dir: the cache holds one encoder a size")
        directory = cached_encoder(f"{E5_NAME}:{args.size}")
    else:
        check_output_directory(args.output_dir.parent, "--output_dir")
        directory = args.output_dir
        build_encoder(directory, args.size, origin)
    texts = [(row.lang, row.text) for row in load_corpus(CORPUS).train]
    report = build_report(directory, origin, texts)
    write_json(directory / REPORT_FILE, report)
    print(format_report(report))
    where = directory if args.output_dir else f"{E5_NAME}:{args.size}"
    print(f"encoder: {directory}")
    print(f"use it with model.init_from={where} model.tokenizer_from={where} model.vocab_size={args.size}")


if __name__ == "__main__":
    run_main(main)
