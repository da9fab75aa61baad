"""Deterministic sampling of the rows of a source: the smallest hashes win, whatever the order and number of rows."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from ..labels import Family, Label
from .schema import Example
from .splits import key_hash, unit_interval

Kind = tuple[bool, bool]


def kind_of(example: Example) -> Kind:
    """Benign, plain harmful request or attack, which are capped apart: a mostly benign source keeps its few attacks."""
    return example.label == Label.BENIGN, example.family == Family.HARMFUL_REQUEST


def rank_of(example: Example, seed: int) -> float:
    """A number in [0, 1); rows with the smallest are sampled. The same for all rows of one comparison key."""
    return unit_interval(seed, "cap", key_hash(example.text))


@dataclass(frozen=True)
class Cap:
    """The largest number of rows of each kind that are sampled from a source; 0 = all."""

    rows: int = 0
    seed: int = 0


NO_CAP = Cap()


class Sample:
    """A streaming sample of the rows of one source, which never holds more rows than the cap.

    A repeated text counts once: otherwise a text that is repeated a million times would fill the sample.
    """

    def __init__(self, cap: Cap) -> None:
        self._cap = cap
        self._added = 0
        self._uncapped: list[Example] = []  # every row, where there is no cap
        self._smallest: dict[Kind, list[tuple[float, int, Example]]] = {}  # heaps with the largest rank on top, as -rank
        self._ranks: dict[Kind, set[float]] = {}  # of the rows in the heaps

    def add(self, example: Example) -> None:
        """Offer the next row of the source; it is sampled or passed over."""
        self._added += 1
        if not self._cap.rows:
            self._uncapped.append(example)
            return
        kind, rank = kind_of(example), rank_of(example, self._cap.seed)
        heap, ranks = self._smallest.setdefault(kind, []), self._ranks.setdefault(kind, set())
        is_full = len(heap) == self._cap.rows
        if rank in ranks or (is_full and rank >= -heap[0][0]):
            return
        entry = (-rank, self._added, example)
        if is_full:
            ranks.remove(-heapq.heapreplace(heap, entry)[0])
        else:
            heapq.heappush(heap, entry)
        ranks.add(rank)

    @property
    def rows(self) -> list[Example]:
        """The sampled rows, in the order in which they were added."""
        if not self._cap.rows:
            return self._uncapped
        numbered = sorted((number, example) for heap in self._smallest.values() for _, number, example in heap)
        return [example for _, example in numbered]

    @property
    def passed_over(self) -> int:
        """Number of added rows that are not in the sample."""
        return self._added - (len(self._uncapped) if not self._cap.rows else sum(map(len, self._smallest.values())))
