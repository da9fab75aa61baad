"""Near duplicates among many texts: MinHash sketches (Broder 1997) in bands of locality-sensitive hashing.

A sketch estimates the Jaccard similarity of two texts' character n-grams. Sketches come from `datasketch`; the bands are
sorted arrays instead of its hash tables, which take about 10 kB a text. Sixteen bits of each value are kept (b-bit
minwise hashing, Li and Konig 2010): unequal values agree once in 65,536.

Shapes: N texts, P values of a sketch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from datasketch import MinHash

from ..text.chars import code_points_of

NEAR_DUPLICATE = 0.8  # Jaccard similarity from which two texts are near duplicates
NGRAM = 4
NUM_VALUES = 126
BAND_VALUES = 6  # equal values of a band make a candidate: of pairs at NEAR_DUPLICATE 99.8% share one of the 21 bands
CANDIDATES_PER_BUCKET = 4  # number of texts of a bucket that a text is compared with

# Two texts in binary, Morse or hexadecimal share nearly all their short n-grams, whatever they say.
_SMALL_ALPHABET = 17  # number of distinct characters: hexadecimal digits and the space
_SMALL_ALPHABET_NGRAM = 18  # two bytes in binary and their spaces
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2^64 divided by the golden ratio: spreads sums over all bits
_PAIRS_PER_CHUNK = 1 << 16  # pairs of sketches that are compared at a time


def sketches_of(texts: Iterable[str]) -> np.ndarray:
    """(N, P) uint16. Texts are compared as they are: fold them first where case or white space should not count."""
    hashes = (_ngram_hashes(text) for text in texts)
    # The values are hashes already; the sketch mixes them once more before it permutes them.
    values = [sketch.hashvalues for sketch in MinHash.generator(hashes, num_perm=NUM_VALUES, hashfunc=int)]
    return (np.array(values, dtype=np.uint32).reshape(-1, NUM_VALUES) & 0xFFFF).astype(np.uint16)


def _ngram_hashes(text: str) -> list[int]:
    """A 32-bit hash of each distinct n-gram; for a text shorter than n, of the whole text."""
    code_points = code_points_of(text).astype(np.uint64)
    n = NGRAM if len(np.unique(code_points)) > _SMALL_ALPHABET else _SMALL_ALPHABET_NGRAM
    n = max(1, min(n, len(code_points)))
    size = len(code_points) - n + 1
    rolling = np.full(max(size, 0), n, dtype=np.uint64)
    for offset in range(n if size > 0 else 0):
        rolling = (rolling + code_points[offset : offset + size]) * _MULTIPLIER
        rolling ^= rolling >> np.uint64(29)
    return np.unique(rolling >> np.uint64(32)).tolist() or [0]


def near_duplicates_within(sketches: np.ndarray) -> np.ndarray:
    """(N,) bool: which texts are near duplicates of an earlier one.

    At least one text of each cluster stays: the first.
    """
    is_near = np.zeros(len(sketches), dtype=bool)
    for buckets in _hash_bands(sketches):
        order = np.argsort(buckets, kind="stable")  # within a bucket, in the order of the texts
        ordered = buckets[order]
        starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
        firsts = np.repeat(starts, np.diff(np.append(starts, len(order))))  # place of each bucket's first text
        places = np.arange(len(order))
        # The first texts of the bucket, and the one just before.
        for earlier in [*(firsts + offset for offset in range(CANDIDATES_PER_BUCKET)), places - 1]:
            pairs = (earlier >= firsts) & (earlier < places) & ~is_near[order]
            texts = order[pairs]
            is_near[texts] = _are_near(sketches, texts, sketches, order[earlier[pairs]])
    return is_near


def near_duplicates_of(sketches: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(N,) bool: which texts are near duplicates of any of the others (M, P)."""
    is_near = np.zeros(len(sketches), dtype=bool)
    if len(others) == 0:
        return is_near
    for buckets, other_buckets in zip(_hash_bands(sketches), _hash_bands(others), strict=True):
        order = np.argsort(other_buckets, kind="stable")
        first = np.searchsorted(other_buckets, buckets, side="left", sorter=order)
        end = np.searchsorted(other_buckets, buckets, side="right", sorter=order)
        for offset in range(CANDIDATES_PER_BUCKET):
            texts = np.flatnonzero((first + offset < end) & ~is_near)
            is_near[texts] = _are_near(sketches, texts, others, order[first[texts] + offset])
    return is_near


def near_duplicate_share(texts: Sequence[str]) -> float:
    """Share of the texts that are near duplicates of an earlier one."""
    return float(near_duplicates_within(sketches_of(texts)).mean())


def _hash_bands(sketches: np.ndarray) -> Iterator[np.ndarray]:
    """(N,) uint64 for each band: a bucket, equal for texts that have all values of the band in common."""
    for first in range(0, NUM_VALUES, BAND_VALUES):
        buckets = np.zeros(len(sketches), dtype=np.uint64)
        for column in range(first, first + BAND_VALUES):
            buckets = (buckets + sketches[:, column]) * _MULTIPLIER
            buckets ^= buckets >> np.uint64(29)
        yield buckets


def _are_near(a: np.ndarray, of_a: np.ndarray, b: np.ndarray, of_b: np.ndarray) -> np.ndarray:
    """Which pairs of sketches, a[of_a] with b[of_b], agree in at least a share NEAR_DUPLICATE of their values."""
    near = np.empty(len(of_a), dtype=bool)
    for start in range(0, len(of_a), _PAIRS_PER_CHUNK):
        part = slice(start, start + _PAIRS_PER_CHUNK)
        agreed = np.count_nonzero(a[of_a[part]] == b[of_b[part]], axis=1)
        near[part] = agreed >= NEAR_DUPLICATE * NUM_VALUES
    return near
