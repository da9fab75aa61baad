"""Rows of a CSV, TSV, parquet, JSON lines or JSON file, read piece by piece, so that a large file is never in memory as a whole.

Row 1 is the first row below the header. Texts stay raw: nothing is stripped, "NA" and "null" are texts, a cell may be of any
length. Parquet needs pyarrow, the other formats nothing.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from .errors import DataError, did_you_mean
from .files import not_utf8_message

MAX_FIELD_CHARS = 2**31 - 1  # the csv module's own limit is 131,072 characters; this is the most that every platform takes
PARQUET_BATCH_ROWS = 1024
JSON_CHUNK_CHARS = 1 << 20  # least characters per read of a JSON array

Row = tuple[str, Sequence[Any]]  # its place, for messages; its values in the order of the requested columns


def read_rows(path: Path, columns: dict[str, str]) -> Iterator[Row]:
    """Yield the values of these columns (flag or key that names the column -> its name) in every row.

    Raises DataError that names the file and the row that cannot be read.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise DataError(f"{path}: unknown format {path.suffix!r}; expected one of {', '.join(READERS)}")
    try:
        yield from reader(path, columns)
    except UnicodeDecodeError as error:
        raise DataError(not_utf8_message(path, error)) from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error}") from error


def excerpt(value: Any) -> str:
    """A value as messages show it."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}... ({len(text):,} characters)"


def _check_columns(path: Path, columns: dict[str, str], names: Sequence[str]) -> None:
    for key, column in columns.items():
        if column not in names:
            hint = did_you_mean(column, names)
            shown = ", ".join(map(repr, names)) or "none"
            raise DataError(f"{path}: no column {column!r}, which `{key}` names; {hint and f'{hint} '}It has: {shown[:500]}")
        if list(names).count(column) > 1:
            raise DataError(f"{path}: two columns are named {column!r}, which `{key}` names; rename one")


def _read_delimited(path: Path, columns: dict[str, str], delimiter: str) -> Iterator[Row]:
    number, line = 0, 1
    with _any_field_length(), path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            header = next(reader, None)
            if not header:
                raise DataError(f"{path}: expected the names of the columns in the first line, found nothing")
            _check_delimiter(path, columns, header, delimiter)
            _check_columns(path, columns, header)
            places = [header.index(column) for column in columns.values()]
            line = reader.line_num + 1
            for cells in reader:
                if cells:  # empty lines are not rows
                    number += 1
                    where = f"{path}, row {number} (line {line})"
                    if len(cells) != len(header):
                        raise DataError(
                            f"{where}: expected {len(header)} cells as in the header, found {len(cells)}; "
                            f"put a text that holds {delimiter!r}, quotes or line breaks in double quotes"
                        )
                    yield where, [cells[place] for place in places]
                line = reader.line_num + 1
        except csv.Error as error:
            raise DataError(
                f"{path}, row {number + 1} (line {line}): not read as cells: {error}; a text that holds quotes stands in "
                'double quotes, and each quote in it is doubled: "say ""hi"""'
            ) from error


def _check_delimiter(path: Path, columns: dict[str, str], header: list[str], delimiter: str) -> None:
    others = [each for each in ",;\t|" if each != delimiter and each in header[0]]
    if len(header) == 1 and others and header[0] not in columns.values():
        raise DataError(
            f"{path}: expected cells between {delimiter!r}, found {others[0]!r} in the first line; write the file with "
            f"{delimiter!r} (.csv is read with commas, .tsv with tabs)"
        )


@contextmanager
def _any_field_length() -> Iterator[None]:
    previous_limit = csv.field_size_limit(MAX_FIELD_CHARS)
    try:
        yield
    finally:
        csv.field_size_limit(previous_limit)


def _read_csv(path: Path, columns: dict[str, str]) -> Iterator[Row]:
    return _read_delimited(path, columns, ",")


def _read_tsv(path: Path, columns: dict[str, str]) -> Iterator[Row]:
    return _read_delimited(path, columns, "\t")


def _read_parquet(path: Path, columns: dict[str, str]) -> Iterator[Row]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise DataError(
            f"{path}: pyarrow reads parquet, and it is not installed; pip install pyarrow, or write the rows as .csv or .jsonl"
        ) from error
    number = 0
    names = list(columns.values())
    try:
        schema = pq.read_schema(path)
        _check_columns(path, columns, schema.names)
        # A file of two kilobytes can repeat a text of megabytes in every row: the text is held once, rows are built singly.
        texts = [name for name in names if schema.field(name).type in (pa.string(), pa.large_string())]
        with pq.ParquetFile(path, read_dictionary=texts) as file:
            for batch in file.iter_batches(batch_size=PARQUET_BATCH_ROWS, columns=names, use_threads=False):
                for values in zip(*(batch.column(name) for name in names), strict=True):
                    number += 1
                    yield f"{path}, row {number}", [value.as_py() for value in values]
    except UnicodeDecodeError as error:
        problem = f"a text that is not UTF-8 after row {number} ({error.reason})"
        raise DataError(f"{path}: expected UTF-8, found {problem}; write the column again as text") from error
    except (pa.ArrowException, OSError) as error:
        raise DataError(
            f"{path}: not a whole parquet file, it could be read up to row {number}: {' '.join(str(error).split())}; "
            "copy or export it again"
        ) from error


def _read_json_lines(path: Path, columns: dict[str, str]) -> Iterator[Row]:
    number = 0
    with path.open(encoding="utf-8-sig") as file:  # this does not split lines at U+2028, which a text may contain
        for line, content in enumerate(file, start=1):
            if content.strip():
                number += 1
                where = f"{path}, row {number} (line {line})"
                try:
                    row = json.loads(content)
                except (ValueError, RecursionError) as error:
                    raise DataError(f"{where}: expected one JSON object a line, found: {error}") from error
                yield where, _values_of(row, columns, where)


def _read_json_array(path: Path, columns: dict[str, str]) -> Iterator[Row]:
    for number, row in enumerate(_json_items(path), start=1):
        where = f"{path}, row {number}"
        yield where, _values_of(row, columns, where)


def _values_of(row: Any, columns: dict[str, str], where: str) -> list[Any]:
    if not isinstance(row, dict):
        raise DataError(f"{where}: expected a JSON object, found {excerpt(row)}")
    for key, column in columns.items():
        if column not in row:
            hint = did_you_mean(column, row) or "write null where there is no value."
            shown = ", ".join(map(repr, row)) or "none"
            raise DataError(f"{where}: no {column!r}, which `{key}` names; {hint} The row has: {shown[:500]}")
    return [row[column] for column in columns.values()]


def _json_items(path: Path) -> Iterator[Any]:
    """The items of a JSON array, one at a time; no more of the file is in memory than the longest item needs."""
    decoder = json.JSONDecoder()
    with path.open(encoding="utf-8-sig", newline="") as file:
        text = _JsonText(file.read)
        if text.next_character() != "[":
            _refuse_json(path, 0, "expected an array of objects; for one object a line name the file .jsonl")
        text.skip()
        number = 0
        while (character := text.next_character()) != "]":
            if number:
                if character != ",":
                    _refuse_json(path, number, f"expected ',' or ']' after it, found {character or 'the end of the file'!r}")
                text.skip()
                text.next_character()
            number += 1
            while True:
                try:
                    value, text.position = decoder.raw_decode(text.buffer, text.position)
                except (ValueError, RecursionError) as error:
                    if isinstance(error, RecursionError) or not text.grow():
                        reason = (
                            error.msg if isinstance(error, json.JSONDecodeError) else error
                        )  # the full message has positions in the buffer
                        _refuse_json(path, number, f"expected a JSON object, found: {reason}")
                else:
                    break
            yield value
        text.skip()
        if text.next_character():
            _refuse_json(path, number, "expected nothing after the array; for one object a line name the file .jsonl")


def _refuse_json(path: Path, number: int, message: str) -> NoReturn:
    raise DataError(f"{path}{f', row {number}' if number else ''}: {message}")


class _JsonText:
    """A buffer over a JSON file: drops parsed text and doubles in size while an item does not fit."""

    def __init__(self, read: Callable[[int], str]) -> None:
        self._read = read
        self.buffer = ""
        self.position = 0

    def grow(self) -> bool:
        """Read more of the file; False at its end."""
        rest = self.buffer[self.position :]
        more = self._read(max(JSON_CHUNK_CHARS, len(rest)))
        self.buffer, self.position = rest + more, 0
        return bool(more)

    def next_character(self) -> str:
        """The next character that is no white space, at `position`; "" at the end of the file."""
        while True:
            while self.position < len(self.buffer):
                if self.buffer[self.position] not in " \t\r\n":
                    return self.buffer[self.position]
                self.position += 1
            if not self.grow():
                return ""

    def skip(self) -> None:
        self.position += 1


# Each yields Rows and raises DataError, UnicodeDecodeError or OSError.
READERS: dict[str, Callable[[Path, dict[str, str]], Iterator[Row]]] = {
    ".csv": _read_csv,
    ".tsv": _read_tsv,
    ".parquet": _read_parquet,
    ".jsonl": _read_json_lines,
    ".json": _read_json_array,
}
