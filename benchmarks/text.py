"""Time the text front end on one core: tokens with their characters, the search for views, and segments.

    python benchmarks/text.py
    python benchmarks/text.py data.source=local data.local_dir=DIR

Times are per text, on benign texts of the data source with about 60 and 250 tokens, and on hostile texts of 20,000 characters.
Beside each time stands its ratio to WordPiece alone on the same texts, measured in the same run.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence

from tokenizers import Tokenizer

from src.cli import run_main, script_parser
from src.config import Config, load_config
from src.data.attack_generators import ATTACKS
from src.data.local_source import load_local
from src.data.sources import CORPUS
from src.data.splits import key_hash, unit_interval
from src.labels import Label
from src.models.backbone import load_guard_tokenizer, locate_encoder
from src.run import cpu_name
from src.text.segments import find_segments
from src.text.views import views_of

LENGTHS = {60: (54, 66), 250: (225, 254)}  # nominal number of tokens -> accepted range
NUM_TEXTS = 300
REPEATS = 5
HOSTILE_CHARS = 20_000  # more than the views read, so the whole cost of such an input is timed
SHOWN_TRANSFORMS = 5
HOSTILE = {
    "one letter": "A" * HOSTILE_CHARS,
    "Base64 of zeros": "AAAA" * (HOSTILE_CHARS // 4),
    "nested braces": "{'value': 'a', 'left': " * (HOSTILE_CHARS // 23),
    "quotes": "'" * HOSTILE_CHARS,
    "escapes": "%41" * (HOSTILE_CHARS // 3),
    "tags": "\U000e0041" * HOSTILE_CHARS,
    "short words": "ab cd " * (HOSTILE_CHARS // 6),
    "digits in words": "b4s3d " * (HOSTILE_CHARS // 6),
    "dots": ". - " * (HOSTILE_CHARS // 4),
    "lines": "a line of words\n" * (HOSTILE_CHARS // 16),
}


def main() -> None:
    args = script_parser(__doc__).parse_intermixed_args()
    cfg = load_config(args.config or (), ["data.source=builtin", *args.overrides])
    tokenizer = load_guard_tokenizer(cfg.model)
    wordpiece = Tokenizer.from_file(str(locate_encoder(cfg.model.tokenizer_from, ("tokenizer.json",)) / "tokenizer.json"))
    wordpiece.no_truncation()
    wordpiece.no_padding()
    texts = benign_texts(cfg)

    print(f"{cpu_name()}, 1 thread\n{'texts':24}{'step':12}{'mean ms':>10}{'P95 ms':>10}{'x WordPiece':>13}")
    for length, (low, high) in LENGTHS.items():
        selected = select_by_length(texts, low, high, wordpiece)
        report(f"{len(selected)} of ~{length} tokens", selected, tokenizer.windows, wordpiece)
    for name, text in HOSTILE.items():
        report(name, [text], tokenizer.windows, wordpiece)
    report_transforms(texts)


def benign_texts(cfg: Config) -> list[str]:
    """Benign texts of the data source in an order of their own, the same in every run."""
    examples = load_local(cfg.data.local_dir if cfg.data.source == "local" else CORPUS).train
    benign = [example.text for example in examples if example.label == Label.BENIGN]
    return sorted(benign, key=lambda text: unit_interval(cfg.data.seed, "benchmark", key_hash(text)))


def select_by_length(texts: Sequence[str], low: int, high: int, wordpiece: Tokenizer) -> list[str]:
    """At most NUM_TEXTS texts of low to high tokens; where the source has none, several short ones joined."""
    lengths = [len(wordpiece.encode(text).ids) for text in texts]
    selected = [text for text, length in zip(texts, lengths, strict=True) if low <= length <= high]
    if not selected:
        parts: list[str] = []
        total = 0
        for text, length in zip(texts, lengths, strict=True):
            if total + length > high:
                parts, total = [], 0
            parts, total = [*parts, text], total + length
            if total >= low:
                selected.append("\n".join(parts))
                parts, total = [], 0
    return selected[:NUM_TEXTS]


def report(name: str, texts: Sequence[str], windows: Callable[[Sequence[str]], object], wordpiece: Tokenizer) -> None:
    base = milliseconds(lambda text: wordpiece.encode(text), texts)
    steps = {
        "encode": milliseconds(lambda text: windows([text]), texts),
        "views": milliseconds(views_of, texts),
        "segments": milliseconds(find_segments, texts),
    }
    for step, times in steps.items():
        mean = statistics.fmean(times)
        p95 = sorted(times)[int(0.95 * (len(times) - 1))]
        print(f"{name:24}{step:12}{mean:>10.3f}{p95:>10.3f}{mean / statistics.fmean(base):>13.2f}")


def report_transforms(texts: Sequence[str]) -> None:
    """The views of a long text after each transform: what an attacker can make them cost."""
    long = "\n".join(texts)[:HOSTILE_CHARS]
    forms = {name: attack.apply(long, random.Random(0))[:HOSTILE_CHARS] for name, attack in ATTACKS.items()}
    worst = sorted(zip(milliseconds(views_of, list(forms.values())), forms, strict=True), reverse=True)
    print(f"views of {HOSTILE_CHARS:,} characters after each of {len(forms)} transforms, the slowest:")
    for ms, name in worst[:SHOWN_TRANSFORMS]:
        print(f"{name:36}{ms:>10.3f}")


def milliseconds(function: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """The best of REPEATS passes for each text: other work on the machine only ever adds time."""
    best = [float("inf")] * len(texts)
    for _ in range(REPEATS):
        for index, text in enumerate(texts):
            start = time.perf_counter()
            function(text)
            best[index] = min(best[index], 1000 * (time.perf_counter() - start))
    return best


if __name__ == "__main__":
    run_main(main)
