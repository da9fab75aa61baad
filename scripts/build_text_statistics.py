"""Build src/text/statistics.npz from the openly licensed benign text of a local data source.

The table holds counts of characters, endings and frequent words, never a sentence. The validation sources are left out, so the
views can be measured there on text that the table has not seen.

    python scripts/build_text_statistics.py --config configs/cpu.yaml data.source=local data.local_dir=DIR
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from tqdm import tqdm

from src.cli import run_main, script_parser
from src.config import Config, load_config
from src.data.local_source import OPEN_LICENCES, is_open, load_local
from src.data.schema import Example
from src.errors import DataError
from src.files import atomic_write
from src.labels import Label
from src.models.backbone import locate_encoder
from src.text import statistics as st
from src.text.chars import code_points_of

MAX_CHARS_PER_TEXT = 2000
MAX_CHARS_PER_SOURCE = 1_500_000  # so that no one source decides what is usual
MIN_COUNT = 4
SMOOTHING = 2.0
NUM_ENDINGS = st.NUM_WORD_CLASSES - st.NUM_FREQUENT - 1
LONGEST_WORD = 20


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument("--output_path", type=Path, default=st.TABLE_PATH)
    args = parser.parse_intermixed_args()
    cfg = load_config(args.config or (), args.overrides)
    examples, sources = choose_examples(cfg)
    texts = [example.text[:MAX_CHARS_PER_TEXT] for example in examples]
    english = [text for text, example in zip(texts, examples, strict=True) if example.lang == "en"]
    word_classes, word_order, shape_order = count_word_order(english)
    with atomic_write(args.output_path) as path, path.open("wb") as file:
        np.savez_compressed(
            file,
            char_order=count_char_order(texts),
            word_order=word_order,
            shape_order=shape_order,
            letters=count_letters(texts),
            word_classes=np.array("\n".join(word_classes)),
            words=np.array("\n".join(english_words(cfg))),
            sources=np.array(sources),
        )
    print(f"{args.output_path}: {args.output_path.stat().st_size:,} bytes from {len(texts):,} texts")


def choose_examples(cfg: Config) -> tuple[list[Example], str]:
    """Benign rows of openly licensed sources, and a line per source. Raises DataError when there is none."""
    data = load_local(cfg.data.local_dir)
    by_source: dict[str, list[Example]] = defaultdict(list)
    for example in data.train:
        if example.label == Label.BENIGN and example.source not in cfg.data.validation_sources:
            by_source[example.source].append(example)
    selected: list[Example] = []
    source_lines = ["Counts of characters and frequent words of these sources:"]
    for source, examples in sorted(by_source.items()):
        info = data.info[source]
        if not is_open(info.licence):
            continue
        total = 0
        for example in examples:
            total += min(len(example.text), MAX_CHARS_PER_TEXT)
            if total > MAX_CHARS_PER_SOURCE:
                break
            selected.append(example)
        source_lines.append(f"{source} ({info.licence}; revision {info.revision})")
    if not selected:
        raise DataError(f"no source of {cfg.data.local_dir} has an open licence ({', '.join(OPEN_LICENCES)})")
    source_lines += [
        "English words: the vocabulary of bert-base-uncased (Apache-2.0).",
    ]
    return selected, "\n".join(source_lines)


def log_ratio(count: np.ndarray, other: np.ndarray) -> np.ndarray:
    """SCALE * log of the smoothed ratio, as int8."""
    ratio = np.log((count + SMOOTHING) / (other + SMOOTHING))
    return np.clip(np.rint(st.SCALE * ratio), -127, 127).astype(np.int8)


def count_char_order(texts: Iterable[str]) -> np.ndarray:
    """For each bucket of character pairs and triples: how much more frequent than its reversal."""
    forward = np.zeros(1 << st.CHAR_ORDER_BITS)
    backward = np.zeros(1 << st.CHAR_ORDER_BITS)
    for text in tqdm(texts, desc="characters"):
        folded = st.fold(code_points_of(text))
        reverse = folded[::-1]
        for counts, codes in ((forward, folded), (backward, reverse)):
            pairs, triples = st.order_buckets(codes)
            np.add.at(counts, pairs, 1)
            np.add.at(counts, triples[st.are_alphabetic(codes)], 1)
    score = log_ratio(forward, backward)
    score[forward + backward < MIN_COUNT] = 0
    return score


def count_letters(texts: Iterable[str]) -> np.ndarray:
    """Log probability of a letter after two, of letters a-z and the gap between words."""
    counts = np.zeros((27, 27, 27))
    for text in tqdm(texts, desc="letters"):
        letters, _ = st.letter_indices(st.fold(code_points_of(text)))
        np.add.at(counts, (letters[:-2], letters[1:-1], letters[2:]), 1)
    smoothed = counts + 0.5
    log = np.log(smoothed / smoothed.sum(axis=2, keepdims=True))
    return np.clip(np.rint(st.SCALE * log), -127, 0).astype(np.int8)


def count_word_order(texts: Iterable[str]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """The word classes, and how much more often than by chance one class or shape follows another."""
    frequencies: Counter[str] = Counter()
    for text in texts:
        frequencies.update(map(st.word_key, text.split()))
    frequencies.pop("", None)
    letters_only = ((word, count) for word, count in frequencies.most_common() if word.isascii() and word.isalpha())
    frequent = [word for word, _ in islice(letters_only, st.NUM_FREQUENT)]
    endings: Counter[str] = Counter()
    for word, count in frequencies.items():
        endings[st.ending_key(word)] += count
    word_classes = ["#rest", *frequent, *(ending for ending, _ in endings.most_common(NUM_ENDINGS))]
    class_of = {name: index for index, name in enumerate(word_classes)}

    pairs = np.zeros((st.NUM_WORD_CLASSES, st.NUM_WORD_CLASSES))
    shapes = np.zeros((st.NUM_SHAPES, st.NUM_SHAPES))
    for text in tqdm(texts, desc="words"):
        words = text.split()
        if len(words) < 2:
            continue
        keys = [st.word_key(word) for word in words]
        classes = np.array([class_of.get(key, class_of.get(st.ending_key(key), 0)) for key in keys])
        np.add.at(pairs, (classes[:-1], classes[1:]), 1)
        forms = np.array([st.shape_of(word) for word in words])
        np.add.at(shapes, (forms[:-1], forms[1:]), 1)
    return word_classes, association(pairs), association(shapes)


def association(pairs: np.ndarray) -> np.ndarray:
    """SCALE * smoothed pointwise mutual information of neighbours, as int8."""
    expected = pairs.sum(axis=1, keepdims=True) * pairs.sum(axis=0, keepdims=True) / pairs.sum()
    return log_ratio(pairs, expected)


def english_words(cfg: Config) -> list[str]:
    """Whole lower-case words of the tokenizer's vocabulary, which stands in order of frequency."""
    tokenizer = Tokenizer.from_file(str(locate_encoder(cfg.model.tokenizer_from, ("tokenizer.json",)) / "tokenizer.json"))
    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    return [
        word
        for word, _ in vocabulary
        if word.isascii() and word.isalpha() and 1 < len(word) <= LONGEST_WORD or word in ("a", "i")
    ]


if __name__ == "__main__":
    run_main(main)
