"""Scores that are kept until a run is through, so that an interrupted one computes none of them again."""

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
    """A directory with a file for each key. A file that is damaged is an error of `load`, never computed over in silence."""

    directory: Path | None  # None keeps nothing
    suffix: str  # of the files, with its dot
    load: Callable[[Path], T]
    save: Callable[[Path, T], None]  # whole or not at all

    def read_or_compute(self, key: str, compute: Callable[[], T]) -> T:
        """What is kept under a key, or what `compute` returns, which is then kept."""
        if self.directory is None:
            return compute()
        file = self.directory / f"{key}{self.suffix}"
        if file.is_file():
            return self.load(file)
        scores = compute()
        self.save(file, scores)
        return scores
