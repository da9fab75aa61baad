"""Fingerprints of texts for comparison: key hashes and sketches of each text and of the plain texts that it may hide.

A payload in Base64 or written backwards is the same payload, so a text is compared in all its forms: as it is, and as
each of its views. This is the slowest part of preparing data, so it runs in several processes, and the results are cached
by the content of the texts.

Shapes: N texts, V views of them, P values of a sketch.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..text.views import views_of
from .cache import content_name, read_arrays, write_arrays
from .near_duplicates import near_duplicates_of, near_duplicates_within, sketches_of
from .splits import comparison_key, key_number

TEXTS_PER_TASK = 500
MIN_CACHED_TEXTS = 100  # fewer texts are compared as fast as a file is read
MIN_PARALLEL_TEXTS = 2000  # fewer take about a second: no processes, whose start hangs when memory runs out (CPython 3.11)
MIN_PROGRESS_TEXTS = 5000  # fewer texts take a second and get no progress bar
MAX_SKETCH_CHARS = 20_000  # the sketch covers the beginning of a text, the key all of it
_START_METHOD = "fork" if "fork" in multiprocessing.get_all_start_methods() else None
CACHE_CODE = (
    "text",
    "data/near_duplicates.py",
    "data/splits.py",
    "data/fingerprints.py",
)  # code whose change invalidates the cache


_Task = tuple[int, Sequence[str], bool]  # number of the collection, some of its texts, with views


@dataclass(frozen=True)
class Fingerprints:
    """The forms of N texts."""

    keys: np.ndarray  # (N,) uint64, hash of the comparison key
    sketches: np.ndarray  # (N, P) uint16
    view_keys: np.ndarray  # (V,) uint64
    view_sketches: np.ndarray  # (V, P) uint16
    view_of: np.ndarray  # (V,) int64, index of the text of each view

    def __len__(self) -> int:
        return len(self.keys)

    def near_earlier(self) -> np.ndarray:
        """(N,) bool: which texts, as they are, are near duplicates of one before them."""
        return near_duplicates_within(self.sketches)

    def exact_in(self, others: Fingerprints) -> np.ndarray:
        """(N,) bool: which texts share a form with any of the others."""
        theirs = np.concatenate([others.keys, others.view_keys])
        return self._any_form(np.isin(self.keys, theirs), np.isin(self.view_keys, theirs))

    def near_in(self, others: Fingerprints) -> np.ndarray:
        """(N,) bool: which texts have a form that is a near duplicate of a form of the others."""
        theirs = np.concatenate([others.sketches, others.view_sketches])
        return self._any_form(near_duplicates_of(self.sketches, theirs), near_duplicates_of(self.view_sketches, theirs))

    def select(self, mask: np.ndarray) -> Fingerprints:
        """The fingerprints of the texts where `mask` (N,) is true."""
        views = mask[self.view_of]
        renumbered = np.cumsum(mask) - 1
        return Fingerprints(
            self.keys[mask],
            self.sketches[mask],
            self.view_keys[views],
            self.view_sketches[views],
            renumbered[self.view_of[views]],
        )

    def _any_form(self, of_texts: np.ndarray, of_views: np.ndarray) -> np.ndarray:
        matches = of_texts.copy()
        matches[self.view_of[of_views]] = True
        return matches


_ARRAY_NAMES = tuple(item.name for item in fields(Fingerprints))


def fingerprint(texts: Sequence[str], *, with_views: bool, cache_dir: Path | None = None, workers: int = 0) -> Fingerprints:
    """As `fingerprint_all`, for one collection."""
    return fingerprint_all([texts], with_views=with_views, cache_dir=cache_dir, workers=workers)[0]


def fingerprint_all(
    collections: Sequence[Sequence[str]],
    *,
    with_views: bool,
    cache_dir: Path | None = None,
    workers: int = 0,
    desc: str = "comparing texts",
) -> list[Fingerprints]:
    """The forms of every text of every collection; the same whatever the number of workers (0 = one per core).

    With `cache_dir`, results of the same code for the same collection are read from the cache. Raises DataError for a cache that
    cannot be written: a long computation would be repeated every time.
    """
    files = [_cache_file(texts, with_views, cache_dir) for texts in collections]
    cached = {number: _read_cache(file) for number, file in enumerate(files) if file is not None}
    tasks = [
        (number, texts[first : first + TEXTS_PER_TASK], with_views)
        for number, texts in enumerate(collections)
        if cached.get(number) is None
        for first in range(0, len(texts), TEXTS_PER_TASK)
    ]
    parts: dict[int, list[Fingerprints]] = defaultdict(list)
    total = sum(len(texts) for _, texts, _ in tasks)
    with tqdm(total=total, desc=desc, unit=" texts", disable=total < MIN_PROGRESS_TEXTS) as bar:
        for (number, texts, _), part in zip(tasks, _run_tasks(tasks, workers or os.cpu_count() or 1), strict=True):
            parts[number].append(part)
            bar.update(len(texts))
    results = []
    for number, file in enumerate(files):
        result = cached.get(number)
        if result is None:
            result = concatenate(parts.pop(number, []))
            if file is not None:
                write_arrays(file, {name: getattr(result, name) for name in _ARRAY_NAMES})
        results.append(result)
    return results


def _cache_file(texts: Sequence[str], with_views: bool, cache_dir: Path | None) -> Path | None:
    if cache_dir is None or len(texts) < MIN_CACHED_TEXTS:
        return None
    return Path(cache_dir) / content_name(CACHE_CODE, texts, [with_views])


def _read_cache(file: Path) -> Fingerprints | None:
    arrays = read_arrays(file)
    return None if arrays is None or set(arrays) != set(_ARRAY_NAMES) else Fingerprints(**arrays)


def concatenate(parts: Sequence[Fingerprints]) -> Fingerprints:
    """The forms of the texts of all parts, in order."""
    parts = [_fingerprint_texts((0, [], False)), *parts]
    offsets = np.cumsum([0, *(len(part) for part in parts[:-1])])
    return Fingerprints(
        np.concatenate([part.keys for part in parts]),
        np.concatenate([part.sketches for part in parts]),
        np.concatenate([part.view_keys for part in parts]),
        np.concatenate([part.view_sketches for part in parts]),
        np.concatenate([part.view_of + offset for part, offset in zip(parts, offsets, strict=True)]),
    )


def _fingerprint_texts(task: _Task) -> Fingerprints:
    _, texts, with_views = task
    views = [(place, view.text) for place, text in enumerate(texts) for view in (views_of(text) if with_views else ())]
    keys = [comparison_key(text) for text in texts]
    view_keys = [comparison_key(text) for _, text in views]
    return Fingerprints(
        np.array([key_number(key) for key in keys], dtype=np.uint64),
        sketches_of(key[:MAX_SKETCH_CHARS] for key in keys),
        np.array([key_number(key) for key in view_keys], dtype=np.uint64),
        sketches_of(key[:MAX_SKETCH_CHARS] for key in view_keys),
        np.array([place for place, _ in views], dtype=np.int64),
    )


def _run_tasks(tasks: Sequence[_Task], workers: int) -> Iterator[Fingerprints]:
    workers = min(workers, len(tasks))
    if workers <= 1 or sum(len(texts) for _, texts, _ in tasks) < MIN_PARALLEL_TEXTS:
        yield from map(_fingerprint_texts, tasks)
        return
    with ProcessPoolExecutor(workers, multiprocessing.get_context(_START_METHOD), _start_worker) as executor:
        yield from executor.map(_fingerprint_texts, tasks)


def _start_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends the workers
