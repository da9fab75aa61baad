"""Score a JSONL file or stream: one output row for every input line that is not blank, in order, resumable.

Input is UTF-8, with or without a byte order mark. Each line is a JSON string, or a JSON object with "text" (and "id", which is
copied to the output). Rows of a table are converted to such lines (`table_lines`).
Output: "line", "sha256" (the beginning of the hash of the input line), "model", "policy", "threshold", "id", then the fields of
the verdict, or "error" for a line that cannot be scored.

A stream is answered line by line. A file is written as OUTPUT.partial and renamed once every line is in it: OUTPUT is whole or
absent. Lines are scored in batches of SERVING_BATCH, whose rows are written at once. The same command continues after
the last whole row of an interrupted one, anywhere in a batch; checksums of the lines ensure that the input is the same.
"""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import itertools
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple, NoReturn

from ..errors import DataError, GuardrailError
from ..table_files import read_rows
from .arguments import check_text
from .guard import SERVING_BATCH, Guard, Verdict

SHA_DIGITS = 16  # hexadecimal digits of the SHA-256 in a row

NumberedLines = Iterator[tuple[int, bytes]]


class Keys(NamedTuple):
    """Keys of the JSON object in a line."""

    text: str = "text"
    id: str = "id"


KEYS = Keys()


def table_lines(path: Path, keys: Keys, has_id: bool) -> Iterator[bytes]:
    """A JSON line for each row of a table; it has a column of ids if `has_id`. Raises DataError as `read_rows`."""
    columns = {"--text_column": keys.text} | ({"--id_column": keys.id} if has_id else {})
    for _, values in read_rows(path, columns):
        row = dict(zip(columns.values(), values, strict=True))
        yield json.dumps(row, default=str).encode() + b"\n"  # default=str: ids in parquet may be dates


def score_stream(lines: Iterable[bytes], output: IO[bytes], guard: Guard, threshold: float, *, keys: Keys = KEYS) -> list[int]:
    """Write a row for every line before the next is read; returns the numbers of the lines that could not be scored."""
    with _numbered(lines, None) as numbered:
        return _write_rows(numbered, output, guard, threshold, keys, together=1)


def score_file(
    lines: Iterable[bytes], path: Path, guard: Guard, threshold: float, *, size: int | None = None, keys: Keys = KEYS
) -> list[int]:
    """Score into `path`, continuing where an earlier run stopped; returns the numbers of all lines that could not be scored.

    `size` of the input in bytes is the total of the progress bar; without it lines are counted. Raises DataError when the output
    is of another input, model, policy or threshold, when another process writes it, or when it cannot be written.
    """
    partial = path.with_name(f"{path.name}.partial")
    if path.exists() and partial.exists():
        raise DataError(f"{path} and {partial} both exist; remove the one that is not wanted, then run the command again")
    existing = path if path.exists() else partial
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        existing.touch()
        with existing.open("r+b") as output, _numbered(lines, size) as numbered:
            _lock(output, existing)
            bad = _skip_scored(output, numbered, guard, threshold, existing)
            if existing == path:
                os.replace(path, partial)
            bad += _write_rows(numbered, output, guard, threshold, keys, together=SERVING_BATCH)
            os.fsync(output.fileno())
        os.replace(partial, path)
    except OSError as error:
        raise DataError(f"cannot write {path}: {error.strerror or error}; run the same command again to go on") from error
    return bad


def _write_rows(
    numbered: NumberedLines, output: IO[bytes], guard: Guard, threshold: float, keys: Keys, *, together: int
) -> list[int]:
    bad = []
    while lines := list(itertools.islice(numbered, together)):
        rows = [_start_row(number, line, guard, threshold, keys) for number, line in lines]
        texts = {row["line"]: text for row, text in rows if text is not None}
        verdicts = _judge_lines(texts, guard, threshold)
        for row, _ in rows:
            if row["line"] in verdicts:
                row |= verdicts[row["line"]].to_dict()
            else:
                bad.append(row["line"])
            output.write(json.dumps(row).encode() + b"\n")  # ASCII: lone surrogates stay readable, as escapes
        output.flush()
    return bad


def _start_row(number: int, line: bytes, guard: Guard, threshold: float, keys: Keys) -> tuple[dict[str, Any], str | None]:
    """The first fields of a line's row and the text to score; None, with an "error" in the row, for a bad line."""
    row = _header(number, line, guard, threshold)
    try:
        record = _parse(_strip_bom(number, line), keys.text)
        row["id"] = record.get(keys.id)
        return row, check_text(record[keys.text], "a text")
    except (DataError, TypeError) as error:
        row["error"] = str(error)
        return row, None


def _judge_lines(texts: dict[int, str], guard: Guard, threshold: float) -> dict[int, Verdict]:
    """Line number -> verdict. Raises GuardrailError that names the line with invalid scores."""
    try:
        return dict(zip(texts, guard.batch(texts.values(), threshold=threshold), strict=True))
    except GuardrailError:
        for number, text in texts.items():
            try:
                guard(text, threshold=threshold)
            except GuardrailError as error:
                raise type(error)(f"line {number}: {error}") from error
        raise


def _strip_bom(number: int, line: bytes) -> bytes:
    """The line without the byte order mark at the beginning of a file."""
    return line.removeprefix(codecs.BOM_UTF8) if number == 1 else line


def _header(number: int, line: bytes, guard: Guard, threshold: float) -> dict[str, Any]:
    digest = hashlib.sha256(line.rstrip(b"\r\n")).hexdigest()[:SHA_DIGITS]
    return {"line": number, "sha256": digest, "model": guard.model_id, "policy": guard.policy, "threshold": threshold}


def _parse(line: bytes, key: str) -> dict[str, Any]:
    """The object of a line. Raises DataError that says what is wrong with it."""

    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not JSON")

    expected = f'expected a JSON string or an object with "{key}" on each line'
    try:
        record = json.loads(line.decode("utf-8"), parse_constant=refuse)
    except (ValueError, RecursionError) as error:  # ValueError: bad JSON, bad UTF-8 or a number of too many digits
        raise DataError(f"{expected}, found {error}") from error
    if isinstance(record, str):
        record = {key: record}
    if not isinstance(record, dict) or key not in record:
        content = f"the keys {sorted(record)}" if isinstance(record, dict) else type(record).__name__
        raise DataError(f"{expected}, found {content}")
    return record


def _skip_scored(output: IO[bytes], numbered: NumberedLines, guard: Guard, threshold: float, path: Path) -> list[int]:
    """Compare the rows of an earlier run with their input lines and truncate an unfinished last row.

    Leaves `output` and `numbered` at the first line to score; returns the numbers of the bad lines before it.
    """
    bad, end = [], 0
    for count, stored in enumerate(output, start=1):
        if not stored.endswith(b"\n"):
            break
        number, line = next(numbered, (None, b""))
        if number is None:
            raise DataError(f"{path} has more rows than the input has lines ({count - 1}); give the input that it was made from")
        expected = _header(number, line, guard, threshold)
        try:
            row = json.loads(stored)
            header = {key: row[key] for key in expected}
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(f"{path}: row {count} was not written by this command; choose another output") from error
        for key, value in expected.items():
            if header[key] != value:
                raise DataError(
                    f"{path}: row {count} has {key} {header[key]!r}, this run would write {value!r}; "
                    "go on with the same input, model and settings, or choose another output"
                )
        if "error" in row:
            bad.append(number)
        end += len(stored)
    output.seek(end)
    output.truncate()
    return bad


@contextlib.contextmanager
def _numbered(lines: Iterable[bytes], size: int | None) -> Iterator[NumberedLines]:
    """The lines that are not blank, with their numbers from 1, counted by a progress bar on stderr when that is a terminal."""
    from tqdm import tqdm

    unit = "lines" if size is None else "B"
    with tqdm(total=size, unit=unit, unit_scale=True, desc="scoring", disable=None, file=sys.stderr) as bar:

        def counted() -> NumberedLines:
            for number, line in enumerate(lines, start=1):
                if _strip_bom(number, line).strip():
                    yield number, line
                bar.update(1 if size is None else len(line))

        yield counted()


def _lock(file: IO[bytes], path: Path) -> None:
    """Lock the output, because two processes would duplicate its rows. Without flock (Windows) nothing is locked."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise DataError(f"another process is writing {path}; wait for it or choose another output") from error
