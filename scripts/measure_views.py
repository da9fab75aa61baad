"""Measure how often the views recover a transformed text, and how often ordinary text has a view at all.

Reads the training and payload texts of a local data source, never the evaluation files. A view recovers a text if it equals the
original after folding case and white space. If a transform is undone word by word, the comparison is word by word. "Wrapped"
means that the transformed text stands in one of the evaluation wrappers; then a view that contains the original counts.

    python scripts/measure_views.py data.source=local data.local_dir=DIR
"""

from __future__ import annotations

import difflib
import random
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from src.cli import run_main, script_parser
from src.config import load_config
from src.data.attack_generators import ATTACKS, get_attack
from src.data.attacks.wrappers import wrappers_for
from src.data.local_source import load_local
from src.data.schema import Example
from src.data.splits import key_hash, unit_interval
from src.errors import DataError
from src.evaluation.metrics import wilson_interval
from src.files import write_json
from src.labels import Label
from src.text.characters import character_table
from src.text.surface import scripts_of
from src.text.views import views_of

TEXTS_PER_LABEL = 2000
MIN_WORDS = 8
MAX_PAYLOAD_CHARS = 400
NUM_ORDINARY_TEXTS = 20_000
MIN_ENCODED_CHARS = 24
MAX_VIEW_SHARE = 0.03  # sources whose share of texts with views exceeds this are listed
HANDLED_WORD_BY_WORD = ("typoglycemia/shuffle", "typoglycemia/swap", "typoglycemia/leet")
SKELETON_PREFIX = "homoglyph/"


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument("--output_path", type=Path, default=Path("results/views.json"))
    parser.add_argument("--transforms", nargs="*", help="default: every transform that has an inverse, and the word ciphers")
    parser.add_argument("--num_texts", type=int, default=TEXTS_PER_LABEL, help="texts per label")
    args = parser.parse_intermixed_args()
    cfg = load_config(args.config or (), args.overrides)
    data = load_local(cfg.data.local_dir)
    names = args.transforms or recoverable()
    texts = sample([*data.train, *data.payloads], args.num_texts, cfg.data.seed)
    recovery = {name: measure_recovery(name, texts, cfg.data.seed) for name in tqdm(names, desc="transforms")}
    ordinary = measure_ordinary(data.train, cfg.data.seed)
    print_tables(recovery, ordinary)
    write_json(args.output_path, {"recovery": recovery, "ordinary": ordinary})


def recoverable() -> list[str]:
    """Transforms that views are expected to undo."""
    return sorted(
        name for name, each in ATTACKS.items() if each.invert or name in HANDLED_WORD_BY_WORD or name == "encoding/caesar"
    )


def sample(examples: Sequence[Example], count: int, seed: int) -> list[Example]:
    """`count` benign and `count` attack texts of at least MIN_WORDS words, the same whatever their order."""
    selected: list[Example] = []
    for is_benign in (True, False):
        pool = [
            example
            for example in examples
            if (example.label == Label.BENIGN) == is_benign
            and len(example.text.split()) >= MIN_WORDS
            and len(example.text) <= MAX_PAYLOAD_CHARS
            and example.label != Label.OBFUSCATION
        ]
        if len(pool) < count:
            raise DataError(f"expected {count} {'benign' if is_benign else 'attack'} texts, found {len(pool)}")
        selected += sorted(pool, key=lambda example: unit_interval(seed, "views", key_hash(example.text)))[:count]
    return selected


def fold(text: str) -> str:
    return " ".join(text.casefold().split())


def skeleton(text: str) -> str:
    """Case, white space and look-alikes folded (the skeleton of UTS 39, for the scripts of the table)."""
    table = character_table().lookalikes
    return fold(unicodedata.normalize("NFKC", text).translate(table)).replace("l", "i").replace("1", "i").replace("0", "o")


def measure_recovery(name: str, examples: Sequence[Example], seed: int) -> dict[str, float | int]:
    """Share recovered of all texts, of texts mostly in Latin letters, of the others, of English, and of wrapped ones."""
    hits: dict[str, list[float]] = defaultdict(list)
    attack = get_attack(name)
    wrappers = wrappers_for(attack, "evaluation")
    for index, example in enumerate(examples):
        rng = random.Random(f"{seed}:{name}:{index}")
        transformed = attack.apply(example.text, rng)
        if transformed == example.text or (
            name.startswith("encoding/") and num_changed(example.text, transformed) < MIN_ENCODED_CHARS
        ):
            continue
        value = recovered(name, example.text, transformed)
        wrapper = rng.choice(wrappers)
        wrapped, _ = wrapper.render(transformed, attack, rng)
        hits["wrapped"].append(float(is_held(name, example.text, [view.text for view in views_of(wrapped)])))
        scripts = scripts_of(example.text)
        is_latin = scripts.get("latin", 0) >= 0.7 * max(1, sum(scripts.values()))
        for group in ("all", "latin" if is_latin else "other", "english" if example.lang == "en" else "not english"):
            hits[group].append(value)
    return {
        f"{group}_{kind}": value
        for group, values in hits.items()
        for kind, value in (("share", sum(values) / len(values)), ("n", len(values)))
    }


def num_changed(text: str, transformed: str) -> int:
    """Characters that are coded: where a code keeps the length, those that it changed."""
    if len(text) != len(transformed):
        return len(transformed)
    return sum(a != b for a, b in zip(text, transformed, strict=True))


def recovered(name: str, original: str, transformed: str) -> float:
    """1.0 or 0.0, or the share of words that come back."""
    views = [view.text for view in views_of(transformed)]
    if name in HANDLED_WORD_BY_WORD:
        return max(
            (word_share(original, text) for text in [transformed, *views] if text != transformed or not views), default=0.0
        )
    compare = comparison_of(name)
    return float(any(compare(text) == compare(original) for text in views))


def comparison_of(name: str) -> Callable[[str], str]:
    return skeleton if name.startswith(SKELETON_PREFIX) else fold


def is_held(name: str, original: str, views: Sequence[str]) -> bool:
    """Whether a view holds the original: all of it, or of a transform of single words four in five of them."""
    if name in HANDLED_WORD_BY_WORD:
        words = fold(original).split()
        return any(len(set(words) & set(fold(text).split())) >= 0.8 * len(set(words)) for text in views)
    compare = comparison_of(name)
    return any(compare(original) in compare(text) for text in views)


def word_share(original: str, restored: str) -> float:
    """Share of the words of the original that stand at their place."""
    ours, theirs = fold(restored).split(), fold(original).split()
    if len(ours) == len(theirs):
        return sum(map(str.__eq__, ours, theirs)) / len(theirs)
    matching = difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    return sum(block.size for block in matching) / len(theirs)


def measure_ordinary(examples: Sequence[Example], seed: int) -> dict[str, Any]:
    """Share of ordinary benign texts that have a view, by decoder and by source, and the time that looking took."""
    benign = [example for example in examples if example.label == Label.BENIGN]
    selected = sorted(benign, key=lambda example: unit_interval(seed, "ordinary", key_hash(example.text)))[:NUM_ORDINARY_TEXTS]
    steps: Counter[str] = Counter()
    by_source: dict[str, list[bool]] = defaultdict(list)
    texts_with_view: list[dict[str, str]] = []
    start = time.perf_counter()
    for example in tqdm(selected, desc="ordinary"):
        views = views_of(example.text)
        by_source[example.source].append(bool(views))
        if views:
            steps[views[0].trace] += 1
            texts_with_view.append(
                {
                    "source": example.source,
                    "lang": example.lang,
                    "trace": views[0].trace,
                    "text": example.text[:200],
                    "view": views[0].text[:200],
                }
            )
    seconds = time.perf_counter() - start
    flagged = sum(map(sum, by_source.values()))
    return {
        "n": len(selected),
        "with_view": flagged,
        "share": flagged / len(selected),
        "interval": wilson_interval(flagged, len(selected)),
        "ms_per_text": 1000 * seconds / len(selected),
        "by_decoder": dict(steps.most_common()),
        "sources_above": {
            source: {"n": len(values), "share": sum(values) / len(values)}
            for source, values in sorted(by_source.items())
            if sum(values) > MAX_VIEW_SHARE * len(values)
        },
        "texts": texts_with_view,
    }


def print_tables(recovery: dict[str, dict[str, float | int]], ordinary: dict[str, Any]) -> None:
    print(f"{'transform':34}{'n':>6}{'all':>8}{'latin':>8}{'other':>8}{'english':>8}{'wrapped':>8}")
    for name, row in recovery.items():
        cells = [row.get(f"{group}_share") for group in ("all", "latin", "other", "english", "wrapped")]
        row_text = "".join(f"{'-' if cell is None else f'{100 * cell:.1f}':>8}" for cell in cells)
        print(f"{name:34}{row.get('all_n', 0):>6}{row_text}")
    flagged, total, share = ordinary["with_view"], ordinary["n"], 100 * ordinary["share"]
    print(f"\nordinary texts with a view: {flagged} of {total} ({share:.2f}%), {ordinary['ms_per_text']:.2f} ms per text")
    for trace, count in ordinary["by_decoder"].items():
        print(f"  {trace}: {count}")
    for source, row in ordinary["sources_above"].items():
        print(f"  source {source}: {100 * row['share']:.1f}% of {row['n']}")


if __name__ == "__main__":
    run_main(main)
