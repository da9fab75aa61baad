"""`tinyguardrail scan`: writes one row with a verdict for every row of a file."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from ..errors import ConfigError, DataError
from ..runtime import Guard
from ..runtime.bulk import Keys, score_file, score_stream, table_lines
from .inputs import STDIN

SHOWN_LINES = 10
TABLES = (".csv", ".tsv", ".parquet", ".json")  # read as tables; every other file is read line by line


def scan(source: str, target: str, guard: Guard, threshold: float, keys: Keys, *, has_id: bool) -> None:
    """Score the rows of `source` into `target`, each a path or "-".

    `has_id`: a table has the column of ids that `keys` names. Raises DataError that names the bad lines, after every other line
    was scored.
    """
    if Path(target).suffix.lower() in TABLES:
        raise ConfigError(f"--output: verdicts are written as JSON lines, found the name {target}; let it end in .jsonl")
    if Path(source).suffix.lower() in TABLES:
        bad = _score(table_lines(Path(source), keys, has_id), target, guard, threshold, keys, size=None)
    else:
        with _open_lines(source) as lines:
            size = os.fstat(lines.fileno()).st_size if source != STDIN else None
            bad = _score(lines, target, guard, threshold, keys, size=size)
    if bad:
        numbers = ", ".join(map(str, bad[:SHOWN_LINES])) + (", ..." if len(bad) > SHOWN_LINES else "")
        raise DataError(f"{len(bad)} of the lines could not be scored, their rows say why: {numbers}")


def _score(lines: Iterable[bytes], target: str, guard: Guard, threshold: float, keys: Keys, *, size: int | None) -> list[int]:
    if target != STDIN:
        return score_file(lines, Path(target), guard, threshold, size=size, keys=keys)
    try:
        return score_stream(lines, sys.stdout.buffer, guard, threshold, keys=keys)
    except BrokenPipeError as error:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains again when it ends
        raise DataError("standard output was closed before every line was scored") from error


@contextlib.contextmanager
def _open_lines(source: str) -> Iterator[IO[bytes]]:
    if source == STDIN:
        yield sys.stdin.buffer
        return
    try:
        file = Path(source).open("rb")  # noqa: SIM115  (an error inside the with block is not one of opening)
    except OSError as error:
        raise DataError(f"cannot read {source}: {error.strerror}; expected a file of JSON lines") from error
    with file:
        yield file
