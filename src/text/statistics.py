"""Statistics of ordinary text in a table of under 1 MB. They distinguish text from its reversal, sentences from shuffled words,
and language from ciphered letters. `scripts/build_text_statistics.py` builds the table; the file names its sources.

All lookups are numpy over code points; no Python loop per character.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

import numpy as np

TABLE_PATH = Path(__file__).with_name("statistics.npz")

CHAR_ORDER_BITS = 18
SCALE = 16.0  # scores are stored as int8 = SCALE * natural logarithm
NUM_FOLDED = 0x3001  # beyond it there is no white space and no upper case in scripts of ordinary text
SPACE, DIGIT = 0x20, 0x30
_FIRST_CJK = 0x2E80  # from here on only pairs are counted: they suffice, and triples are too many

NUM_WORD_CLASSES = 1024
NUM_FREQUENT = 780  # frequent words, each a class of its own
NUM_SHAPES = 16
_WORD_EDGES = ".,;:!?\"'()[]{}<>*_`-“”‘’«»…"
_TRAILING = {".": 1, ",": 2, ";": 3, ":": 3, "?": 4, "!": 5}


@cache
def _folding_table() -> np.ndarray:
    """Code point -> folded code point below NUM_FOLDED: small letters, one digit, one white space."""
    table = np.arange(NUM_FOLDED, dtype=np.uint32)
    for code in range(NUM_FOLDED):
        char = chr(code)
        low = char.lower()
        if char.isspace():
            table[code] = SPACE
        elif char.isdecimal():
            table[code] = DIGIT
        elif len(low) == 1:
            table[code] = ord(low)
    return table


def fold(code_points: np.ndarray) -> np.ndarray:
    """(N,) code points -> (N,) uint32 with case, digits and white space folded."""
    low = _folding_table().take(code_points, mode="clip")
    if len(code_points) and code_points.max() >= NUM_FOLDED:
        return np.where(code_points < NUM_FOLDED, low, code_points)
    return low


def word_spans(folded: np.ndarray) -> np.ndarray:
    """(N,) folded code points -> (W, 2) first character and end of each word between white space."""
    is_space = np.ones(len(folded) + 2, dtype=bool)
    is_space[1:-1] = folded == SPACE
    return (is_space[1:] != is_space[:-1]).nonzero()[0].reshape(-1, 2)


def _hash_to_bucket(mixed: np.ndarray) -> np.ndarray:
    return (mixed * np.uint32(0x9E3779B1)) >> np.uint32(32 - CHAR_ORDER_BITS)


def order_buckets(folded: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The buckets of each ordered pair of neighbours (N - 1,) and of each triple (N - 2,); N >= 2."""
    mixed = folded[:-1] * np.uint32(0x01000193) + folded[1:] * np.uint32(0x85EBCA77)
    return _hash_to_bucket(mixed + np.uint32(1)), _hash_to_bucket(mixed[:-1] + folded[2:] * np.uint32(0xC2B2AE3D))


def are_alphabetic(folded: np.ndarray) -> np.ndarray:
    """Which triples consist of alphabetic characters: (N - 2,) bool."""
    is_alphabetic = folded < _FIRST_CJK
    return is_alphabetic[:-2] & is_alphabetic[1:-1] & is_alphabetic[2:]


@cache
def _letter_table() -> np.ndarray:
    """Folded code point -> 1..26 for a-z, else 0; code points beyond the table are clipped to its last entry."""
    table = np.zeros(ord("z") + 2, dtype=np.intp)
    table[ord("a") : ord("z") + 1] = np.arange(1, 27)
    return table


def letter_indices(folded: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The text as indices of the letter table: a-z -> 1..26, each run of other characters -> one 0.

    Returns the indices (L,) and the position of each in the text (L,).
    """
    letters = _letter_table().take(folded, mode="clip")
    keep = letters != 0
    keep[1:] |= keep[:-1]
    keep[:1] = True
    places = keep.nonzero()[0]
    return letters.take(places), places


def word_key(word: str) -> str:
    """The word as it is spelt in the table of frequent words."""
    return word.strip(_WORD_EDGES).lower()


def ending_key(key: str) -> str:
    """The class of a word that is not frequent: its script and ending. `key` is what `word_key` gives."""
    if not key:
        return "#edge"
    if not key.isascii():
        return "#other"
    if key.isdigit():
        return "#number"
    if not key.isalpha():
        return "#mixed"
    return "-" + key[-3:] if len(key) > 4 else "-" + key[-2:] + str(len(key))


def shape_of(word: str) -> int:
    """0..15: whether the word starts with a capital, and the punctuation at its end."""
    bare = word.rstrip("\"')]}*_`”’»")
    return 8 * word.lstrip(_WORD_EDGES)[:1].isupper() + _TRAILING.get(bare[-1:], 0)


@dataclass(frozen=True)
class TextStatistics:
    """The table. Scores are log ratios in units of 1 / SCALE."""

    char_order: np.ndarray  # (2**CHAR_ORDER_BITS,) int8, > 0: the characters are in their usual order
    word_order: np.ndarray  # (NUM_WORD_CLASSES, NUM_WORD_CLASSES) int8, > 0: more frequent neighbours than by chance
    shape_order: np.ndarray  # (NUM_SHAPES, NUM_SHAPES) int8, the same for shapes
    letters: np.ndarray  # (27, 27, 27) int8, log probability of a letter after two; 0 = no letter
    word_classes: tuple[str, ...]  # frequent words, then endings; class 0 is every other word
    words: tuple[str, ...]  # English words, the most frequent first
    sources: str  # counted texts and their licences

    @cached_property
    def class_of_word(self) -> dict[str, int]:
        return {name: index for index, name in enumerate(self.word_classes)}

    @cached_property
    def word_rank(self) -> dict[str, int]:
        return {word: rank for rank, word in enumerate(self.words)}

    @cached_property
    def words_by_frame(self) -> dict[tuple[str, str, str], str]:
        """(first letter, last letter, the inner letters in alphabetical order) -> the most frequent such word."""
        frames: dict[tuple[str, str, str], str] = {}
        for word in self.words:
            if len(word) >= 4:
                frames.setdefault(frame_of(word), word)
        return frames

    @cached_property
    def words_by_single_letters(self) -> dict[str, list[str]]:
        """Word with each run of one letter reduced to one -> the words that reduce to it, the most frequent first."""
        groups: dict[str, list[str]] = defaultdict(list)
        for word in self.words:
            groups[single_letters(word)].append(word)
        return dict(groups)

    @cached_property
    def words_by_consonants(self) -> dict[str, list[str]]:
        """Word without its vowels -> the words with these consonants, the most frequent first."""
        groups: dict[str, list[str]] = defaultdict(list)
        for word in self.words:
            groups[word.translate(_NO_VOWELS)].append(word)
        return dict(groups)

    def order_evidence(self, folded: np.ndarray) -> np.ndarray:
        """Running sum of the character scores, (N + 1,): the text [i, j) scores result[j] - result[i].

        Above 0 the characters are in their usual order, below 0 the reverse order is the usual one.
        """
        total = np.zeros(len(folded) + 1, dtype=np.int32)
        if len(folded) >= 2:
            pairs, triples = order_buckets(folded)
            total[2:] = self.char_order.take(pairs)
            triple_scores = self.char_order.take(triples)
            total[3:] += triple_scores if folded.max() < _FIRST_CJK else triple_scores * are_alphabetic(folded)
        return np.cumsum(total) / SCALE

    def class_of(self, word: str) -> int:
        key = word_key(word)
        index = self.class_of_word.get(key)
        return self.class_of_word.get(ending_key(key), 0) if index is None else index

    def adjacency(self, classes: np.ndarray, shapes: np.ndarray) -> np.ndarray:
        """How well each pair of neighbours goes together, (W - 1,), in units of natural logarithm."""
        words = self.word_order.reshape(-1).take(classes[:-1] * NUM_WORD_CLASSES + classes[1:])
        return np.add(words, self.shape_order.reshape(-1).take(shapes[:-1] * NUM_SHAPES + shapes[1:]), dtype=np.float64) / SCALE

    def letter_scores(self, letters: np.ndarray) -> np.ndarray:
        """Log probability of each letter after the two before it: (..., L) -> (..., L - 2)."""
        size = len(self.letters)
        index = (letters[..., :-2] * size + letters[..., 1:-1]) * size + letters[..., 2:]
        return self.letters.reshape(-1).take(index) / np.float32(SCALE)


_NO_VOWELS = str.maketrans("", "", "aeiou")
_REPEATED = re.compile(r"(.)\1+")


def single_letters(word: str) -> str:
    """'letter' -> 'leter'."""
    return _REPEATED.sub(r"\1", word)


def frame_of(word: str) -> tuple[str, str, str]:
    """What typoglycemia does not change in a word: first letter, last letter, the set of inner letters."""
    return word[0], word[-1], "".join(sorted(word[1:-1]))


@lru_cache(maxsize=1 << 16)
def _encode_word(word: str) -> int:
    """The class and the shape of a word in one number. Cached, because most words of a text occurred before."""
    return NUM_SHAPES * text_statistics().class_of(word) + shape_of(word)


def word_features(words: Sequence[str]) -> np.ndarray:
    """(2, W) class and shape of each word."""
    features = np.empty((2, len(words)), dtype=np.intp)
    np.divmod(np.fromiter(map(_encode_word, words), dtype=np.intp, count=len(words)), NUM_SHAPES, out=(features[0], features[1]))
    return features


def running_sum(values: np.ndarray) -> np.ndarray:
    """(N,) -> (N + 1,) float64, 0 first: values[i:j] sum up to result[j] - result[i]."""
    total = np.zeros(len(values) + 1)
    np.cumsum(values, dtype=np.float64, out=total[1:])
    return total


@cache
def text_statistics() -> TextStatistics:
    """The committed table, read once. Raises OSError when the file is missing."""
    with np.load(TABLE_PATH, allow_pickle=False) as table:
        lines = {name: str(table[name]) for name in ("word_classes", "words", "sources")}
        return TextStatistics(
            char_order=table["char_order"],
            word_order=table["word_order"],
            shape_order=table["shape_order"],
            letters=table["letters"],
            word_classes=tuple(lines["word_classes"].split("\n")),
            words=tuple(lines["words"].split("\n")),
            sources=lines["sources"],
        )
