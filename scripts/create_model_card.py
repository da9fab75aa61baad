"""Write the model card of a run: its purpose, what was measured, what it misses and its training data.

    python scripts/create_model_card.py --run outputs/release
    python scripts/create_model_card.py --run outputs/release --output_path release/README.md
    python scripts/create_model_card.py --run outputs/production_final --form transformers

Every number comes from a file of the run. For a missing number, the card names the command that writes it. You can therefore
measure benchmarks and studies after a release and write the card again. scripts/make_release.py and scripts/save_pretrained.py
write the same card.
"""

import argparse
from pathlib import Path

from src.cards.front_matter import check_model_card
from src.cards.model import FORMS, model_card, read_card_files
from src.errors import run_main
from src.files import check_output_file, write_text
from src.run import RunPaths


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True, metavar="DIR", help="output directory of a trained and exported run")
    parser.add_argument(
        "--form", choices=FORMS, default=FORMS[0], help="the way in which users load the files; default: %(default)s"
    )
    parser.add_argument("--output_path", type=Path, help="default: model_card.md in the results of the run")
    args = parser.parse_args()
    paths = RunPaths(args.run)
    output = args.output_path or paths.model_card
    check_output_file(output, "--output_path")
    files = read_card_files(paths, paths.optimized)
    card = model_card(files, args.form)
    for line in check_model_card(card):
        print(line)
    for reason in files["missing"].values():
        print(f"not in the card: {reason}")
    write_text(output, card)
    print(f"\nwritten: {output}")


if __name__ == "__main__":
    run_main(main)
