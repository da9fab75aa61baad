"""A file cache of arrays that take long to compute, keyed by the content that they were computed from."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from ..errors import DataError
from ..files import atomic_write, load_arrays

log = logging.getLogger(__name__)

SRC = Path(__file__).resolve().parents[1]


def content_name(code: Sequence[str], *collections: Iterable[object]) -> str:
    """Name of the cache file for what `code` (paths inside src, such as "text", "data/splits.py") computes from the values."""
    digest = hashlib.blake2b(code_hash(tuple(code)), digest_size=16)
    for values in collections:
        for value in values:
            content = str(value).encode("utf-8", "surrogatepass")
            digest.update(len(content).to_bytes(8, "little"))
            digest.update(content)
        digest.update(b"\xff" * 8)  # end of a collection; no length has this value
    return f"{digest.hexdigest()}.npz"


@cache
def code_hash(code: tuple[str, ...]) -> bytes:
    """Hash of the source and table files of these modules and packages: changed code gets new cache files."""
    files = [file for name in code for file in ([SRC / name] if name.endswith(".py") else (SRC / name).rglob("*.*"))]
    digest = hashlib.blake2b(digest_size=16)
    for file in sorted(file for file in files if file.suffix in (".py", ".npz", ".txt")):
        digest.update(file.read_bytes())
    return digest.digest()


def read_arrays(file: Path) -> dict[str, np.ndarray] | None:
    """The arrays of a cache file; None when it is absent or unreadable."""
    try:
        return load_arrays(file, "it is computed anew")
    except FileNotFoundError:
        return None
    except DataError as error:  # written by another program, or damaged
        log.warning("%s", error)
        return None


def write_arrays(file: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write the file atomically. Raises DataError on failure: a long computation would be repeated every time."""
    try:
        with atomic_write(file) as partial, partial.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **arrays)
    except OSError as error:
        raise DataError(
            f"the cache {file.parent} cannot be written: {error.strerror or error}; free some space, choose another "
            "directory with data.cache_dir=DIR, or do without one: data.cache_dir=null"
        ) from error
