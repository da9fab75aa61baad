"""A fixed choice of the rows of a source: those whose hash is smallest, whatever their order and however many there are."""

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
    """The number in [0, 1) by which a row is chosen; the same for all rows of one comparison key."""
    return unit_interval(seed, "cap", key_hash(example.text))


@dataclass(frozen=True)
class Cap:
    """How many rows of each kind are kept of a source while it is read; 0 = all."""

    rows: int = 0
    seed: int = 0


NO_CAP = Cap()


class Sample:
    """The rows of one source that a cap leaves, chosen as they come: never more than those of the cap are held.

    A text that comes again counts once, or one that is repeated a million times would be all of the sample.
    """

    def __init__(self, cap: Cap) -> None:
        self._cap = cap
        self._added = 0
        self._all: list[Example] = []  # without a cap
        self._smallest: dict[Kind, list[tuple[float, int, Example]]] = {}  # heaps with the largest rank on top, as -rank
        self._held: dict[Kind, set[float]] = {}  # ranks

    def add(self, example: Example) -> None:
        """Take the next row of the source, or pass it over."""
        self._added += 1
        if not self._cap.rows:
            self._all.append(example)
            return
        kind, rank = kind_of(example), rank_of(example, self._cap.seed)
        heap, held = self._smallest.setdefault(kind, []), self._held.setdefault(kind, set())
        is_full = len(heap) == self._cap.rows
        if rank in held or (is_full and rank >= -heap[0][0]):
            return
        entry = (-rank, self._added, example)
        if is_full:
            held.remove(-heapq.heapreplace(heap, entry)[0])
        else:
            heapq.heappush(heap, entry)
        held.add(rank)

    @property
    def rows(self) -> list[Example]:
        """Those that are kept, in the order in which they came."""
        if not self._cap.rows:
            return self._all
        kept = sorted((number, example) for heap in self._smallest.values() for _, number, example in heap)
        return [example for _, example in kept]

    @property
    def passed_over(self) -> int:
        """Rows that were added and are not kept."""
        return self._added - (len(self._all) if not self._cap.rows else sum(map(len, self._smallest.values())))
