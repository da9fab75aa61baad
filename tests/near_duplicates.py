"""How repetitive a set of generated texts is, exactly: no hashing, no sampling."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

SIMILARITY = 0.8  # Jaccard similarity from which two texts count as near-duplicates
WIDTH = 5  # characters of a shingle


def shingles(text: str) -> set[str]:
    """Runs of WIDTH characters, case and white space folded."""
    text = " ".join(text.casefold().split())
    return {text[start : start + WIDTH] for start in range(max(1, len(text) - WIDTH + 1))}


def near_duplicate_share(texts: Sequence[str]) -> float:
    """The share of texts that are near-duplicates of an earlier one.

    Two sets of similarity s share an element among their n - ceil(s * n) + 1 rarest, so only those are indexed.
    """
    sets = [shingles(text) for text in texts]
    frequency = Counter(shingle for members in sets for shingle in members)
    index: dict[str, list[int]] = defaultdict(list)
    repeats = 0
    for row, members in enumerate(sets):
        rarest = sorted(members, key=lambda shingle: (frequency[shingle], shingle))
        rarest = rarest[: len(members) - math.ceil(SIMILARITY * len(members)) + 1]
        candidates = {other for shingle in rarest for other in index[shingle]}
        repeats += any(len(sets[other] & members) >= SIMILARITY * len(sets[other] | members) for other in candidates)
        for shingle in rarest:
            index[shingle].append(row)
    return repeats / len(texts)
