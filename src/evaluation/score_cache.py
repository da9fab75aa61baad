"""Scores cached on disk, so that an interrupted run does not compute them again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


def scores_key(identity: str, texts: Iterable[str]) -> str:
    """Hash of all that scores depend on: the identity of what computes them, and the texts in their order."""
    digest = hashlib.blake2b(identity.encode(), digest_size=16)
    for text in texts:
        digest.update(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest())
    return digest.hexdigest()


@dataclass(frozen=True)
class ScoreCache(Generic[T]):
    """A directory with one file for each key. `load` raises for a damaged file, which is never silently overwritten."""

    directory: Path | None  # None: nothing is cached
    suffix: str  # file-name suffix, with the dot
    load: Callable[[Path], T]
    save: Callable[[Path, T], None]  # must write the whole file or none

    def read_or_compute(self, key: str, compute: Callable[[], T]) -> T:
        """The cached scores of a key; if there are none, those of `compute`, which are then cached."""
        if self.directory is None:
            return compute()
        file = self.directory / f"{key}{self.suffix}"
        if file.is_file():
            return self.load(file)
        scores = compute()
        self.save(file, scores)
        return scores
