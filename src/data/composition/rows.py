"""Rows that are made one by one until there are enough that differ."""

from __future__ import annotations

import random
from collections.abc import Callable

from ...errors import DataError
from ..schema import Example

MAX_TRIES_PER_ROW = 20


def distinct_rows(count: int, key: str, make: Callable[[int, random.Random], Example], entry: str) -> list[Example]:
    """Row i is the first of `make(i, rng)` whose text no earlier row has, for one generator after another.

    Asked for more, the first rows stay. `entry` is the key of the configuration that asked. Raises DataError when the texts
    at hand do not give as many.
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
