"""Print how varied the generated training rows of each family are, and write the figures as JSON.

    python scripts/measure_diversity.py --config configs/quick.yaml
    python scripts/measure_diversity.py --config configs/cpu.yaml data.local_dir=DIR --output diversity.json

The exit status is 1 if the length of a text alone separates the attacks of a family from their benign twins.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from src.cli import overrides_of, run_main, script_parser
from src.config import load_config
from src.data.diversity import LENGTH_AUC_RANGE, FamilyDiversity, measure_diversity
from src.data.mixture import build_splits
from src.errors import GateError
from src.files import write_json
from src.run import RunPaths, log_to

HEADER = (
    f"{'family':<18}{'kind':<8}{'rows':>7}{'distinct':>10}{'payloads':>10}{'4-grams':>10}"
    f"{'near-dup payloads':>19}{'near-dup texts':>16}{'mean chars':>12}{'length AUC':>12}"
)


def render(families: Mapping[str, FamilyDiversity]) -> str:
    lines = [HEADER]
    for name, family in families.items():
        auc = "n/a" if family.length_auc is None else f"{family.length_auc:.3f}"
        for kind, diversity in (("attack", family.attack), ("twin", family.twin)):
            if diversity is not None:
                lines.append(
                    f"{name:<18}{kind:<8}{diversity.rows:>7,}{diversity.distinct_texts:>10,}{diversity.distinct_payloads:>10,}"
                    f"{diversity.distinct_ngrams:>10,}{diversity.near_duplicate_payloads:>19.1%}"
                    f"{diversity.near_duplicate_transformed:>16.1%}{diversity.mean_chars:>12.1f}{auc:>12}"
                )
    return "\n".join([*lines, "near-dup: MinHash, Jaccard >= 0.8; payloads before the transform, texts without their wrapper"])


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument("--output", type=Path, help="JSON file; default: results/diversity.json of the run directory")
    args = parser.parse_intermixed_args()
    cfg = load_config(args.config or (), overrides_of(args))
    with log_to():
        train = build_splits(cfg).train
    families = measure_diversity(train)
    print(render(families))
    output = args.output or RunPaths.of(cfg).results / "diversity.json"
    write_json(output, {name: asdict(family) for name, family in families.items()})
    unmatched = [name for name, family in families.items() if not family.is_length_matched]
    if unmatched:
        raise GateError(
            f"length alone tells attacks from twins in {', '.join(unmatched)}: AUC outside {LENGTH_AUC_RANGE}; "
            "add benign texts as long as the payloads"
        )


if __name__ == "__main__":
    run_main(main)
