"""Generation of rows one by one, without repetitions."""

from __future__ import annotations

import random
from collections.abc import Callable

from ...errors import DataError
from ..schema import Example

MAX_TRIES_PER_ROW = 20


def make_distinct_rows(count: int, key: str, make: Callable[[int, random.Random], Example], entry: str) -> list[Example]:
    """`count` rows; row i is the first `make(i, rng)`, over a sequence of seeded generators, whose text no earlier row has.

    A larger count begins with the same rows. `entry` is the configuration key, for the error message. Raises DataError when
    `make` cannot give that many distinct rows.
    """
    rows: dict[str, Example] = {}
    for index in range(count):
        tries = (make(index, random.Random(f"{key}:{index}:{attempt}")) for attempt in range(MAX_TRIES_PER_ROW))
        row = next((row for row in tries if row.text not in rows), None)
        if row is None:
            raise DataError(
                f"{entry}: the texts at hand give {index:,} different rows, {count:,} were asked for; lower it or add sources"
            )
        rows[row.text] = row
    return list(rows.values())
