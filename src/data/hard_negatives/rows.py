"""Rows of a generator: distinct, and each a function of the seed and its own index."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable

from src.data.schema import Example
from src.data.splits import key_hash
from src.errors import DataError

MAX_TRIES_PER_ROW = 60
ANY_LENGTH = range(1, sys.maxsize)


def distinct_examples(
    count: int, stream: str, make: Callable[[int, random.Random], Example], *, lengths: range = ANY_LENGTH
) -> list[Example]:
    """`count` examples, `make(index, rng)` each, whose comparison keys all differ.

    `stream` names the generator and its seed, `lengths` the numbers of characters that a text may have. An attempt
    that repeats an earlier row or has another length is made again with the next random stream of the same index, so
    rows 0..49 of a call for 500 are the rows of a call for 50. Raises DataError when an index finds no new text.
    """
    rows: list[Example] = []
    seen: set[str] = set()
    for index in range(count):
        for attempt in range(MAX_TRIES_PER_ROW):
            row = make(index, random.Random(f"{stream}:{index}:{attempt}"))
            key = key_hash(row.text)
            if key not in seen and len(row.text) in lengths:
                break
        else:
            raise DataError(
                f"{stream}: {len(rows)} distinct texts were found, {count} were asked for, and {MAX_TRIES_PER_ROW} tries "
                f"gave no other text like {row.text[:60]!r} ({row.source}); lower the count in data.mixture"
            )
        seen.add(key)
        rows.append(row)
    return rows
