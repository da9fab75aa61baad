"""`data.tables`: your own traffic as CSV, TSV, parquet, JSON lines or a JSON array, with one YAML file that maps columns.

    tables:
      - name: support_chats            # the source's name, or the benchmark's
        path: chats.csv                # relative to this file; .csv .tsv .parquet .jsonl .json
        role: train                    # train, payloads (plain harmful requests) or benchmark
        licence: internal
        text: message                  # column
        label: kind                    # column; or `default_label: benign` for a file with one kind of row
        labels: {ok: benign, 1: direct_injection, spam: null}   # null leaves the rows out; they are counted
        group: conversation_id         # optional column: rows that must not straddle two splits
        group_space: conversations     # optional: tables that name the same space share its groups
        lang: language                 # optional column; or `default_lang: en`
        category: topic                # optional column; label_mapping.py may read more from it

Labels are those of the local format: benign, direct_injection, jailbreak, harmful_goal. Without `labels` the column holds
these names. Values are compared as text, so that a 1 of parquet is "1", a null is "" and a true is "True" or "true".
A value of `group` is read within its table, unless `group_space` says that other tables count the same things.

Texts stay raw: nothing is stripped, "NA" and "null" are texts, a cell may be of any length. Row 1 is the first row below
the header. Files are read piece by piece, so that a large one is not in memory beside the rows made of it.
"""

from __future__ import annotations

import csv
import difflib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import DataError
from ..files import not_utf8_message, sha256_of
from .label_mapping import RAW_LABELS
from .local_source import SourceData, SourceInfo, build_example
from .plain_yaml import YamlMapping, load_yaml
from .schema import Example, without_lone_surrogates

ROLES = {"train": "train", "payloads": "payloads", "benchmark": "eval"}  # role -> SourceInfo.folder
REQUIRED = ("name", "path", "role", "licence", "text")
COLUMNS = ("text", "label", "group", "lang", "category")  # keys whose value names a column
SHAPE = "expected `tables:` with a list of {name, path, role, licence, text, label or default_label, ...}"

MAX_YAML_BYTES = 1_000_000
MAX_FIELD = 2**31 - 1  # the csv module's own limit is 131,072 characters; this is the most that every platform takes
BATCH_ROWS = 1024  # of parquet
CHUNK_CHARS = 1 << 20  # of a JSON array

Row = tuple[str, Sequence[Any]]  # where it stands, for messages; its values in the order of the columns asked for


@dataclass(frozen=True, kw_only=True)
class Table:
    """One entry of the YAML file, checked. The keys of the entry are these fields."""

    name: str
    path: Path
    role: str
    licence: str
    text: str
    label: str | None = None
    labels: dict[str, str | None] = field(default_factory=lambda: {name: name for name in RAW_LABELS})
    default_label: str | None = None
    group: str | None = None
    group_space: str | None = None  # None: the table's name
    lang: str | None = None
    default_lang: str | None = None
    category: str | None = None

    @property
    def columns(self) -> dict[str, str]:
        """Key -> column, for the columns that are read."""
        return {key: column for key in COLUMNS if (column := getattr(self, key)) is not None}


def load_tables(path: str | Path) -> SourceData:
    """Read every table that the YAML file names. Raises DataError that names the file and row of what cannot be used."""
    data = SourceData(train=[], payloads=[], evaluation={})
    for table in _tables_of(path):
        rows, info = _read_table(table)
        if table.role == "benchmark":
            data.evaluation[table.name] = rows
            data.info[f"eval/{table.name}"] = info
        else:
            getattr(data, table.role).extend(rows)
            data.info[table.name] = info
    return data


def table_sources(path: str | Path) -> list[str]:
    """Names of the tables that are trained on, without reading one. Raises DataError for a YAML file that cannot be used."""
    return [table.name for table in _tables_of(path) if table.role != "benchmark"]


def _tables_of(path: str | Path) -> list[Table]:
    path = Path(path)
    if not path.is_file():
        raise DataError(f"data.tables: no file at {path}; {SHAPE}")
    return _read_mapping(path)


def load_benign(path: str | Path, column: str = "text") -> list[Example]:
    """The texts of one file of any format that tables have, as benign rows: your own ordinary traffic.

    Raises DataError as `load_tables`.
    """
    path = Path(path)
    table = Table(name=path.stem, path=path, role="benchmark", licence="own", text=column, default_label="benign")
    return without_lone_surrogates(_read_table(table)[0])


# The YAML file.


def _read_mapping(path: Path) -> list[Table]:
    root = load_yaml(path, max_bytes=MAX_YAML_BYTES)
    if not isinstance(root, YamlMapping):
        raise DataError(f"{path}: {SHAPE}, found {root!r}"[:500])
    _check_keys(root, ["tables"], str(path))
    entries = root.get("tables")
    if not isinstance(entries, list) or not entries:
        raise DataError(f"{path}: {SHAPE}, found {entries!r}"[:500])
    tables: list[Table] = []
    for number, entry in enumerate(entries, start=1):
        table = _table(entry, path, number)
        if table.name in [other.name for other in tables]:
            raise DataError(f"{path}, line {entry.line}: a table named {table.name!r} stands above; rename one")
        tables.append(table)
    return tables


def _table(entry: Any, path: Path, number: int) -> Table:
    if not isinstance(entry, YamlMapping):
        raise DataError(f"{path}, table {number}: {SHAPE}, found {entry!r}"[:500])
    where = f"{path}, table {number} (line {entry.line})"
    _check_keys(entry, [each.name for each in fields(Table)], where)
    missing = [key for key in REQUIRED if key not in entry]
    if missing:
        raise DataError(f"{where}: the table lacks {', '.join(missing)}; every table needs {', '.join(REQUIRED)}")
    for key, value in entry.items():
        if key != "labels" and (not isinstance(value, str) or not value):
            raise DataError(f"{where}: {key} must be a text, found {value!r}; put it in quotes or remove the key")
    if entry["role"] not in ROLES:
        raise DataError(f"{where}: unknown role {entry['role']!r}; {_near(entry['role'], ROLES)}")
    _check_labels(entry, where)
    return Table(**{**entry, "path": path.parent / entry["path"]})


def _check_labels(entry: YamlMapping, where: str) -> None:
    if ("label" in entry) == ("default_label" in entry):
        found = "both" if "label" in entry else "neither"
        raise DataError(f"{where}: expected either label (a column) or default_label (for all rows), found {found}")
    if "labels" in entry and "label" not in entry:
        raise DataError(f"{where}: labels maps the values of a column, and no label names one; add label or remove labels")
    labels = entry.get("labels", {})
    if not isinstance(labels, YamlMapping) and "labels" in entry:
        raise DataError(f"{where}: labels must map raw values to labels, found {labels!r}; write labels: {{ok: benign}}")
    given = {f"labels.{raw}": label for raw, label in labels.items()} | {"default_label": entry.get("default_label")}
    for key, label in given.items():
        if label is not None and not (isinstance(label, str) and label in RAW_LABELS):
            raise DataError(f"{where}: {key} is {label!r}; {_near(label, RAW_LABELS)}")


def _check_keys(mapping: YamlMapping, known: Sequence[str], where: str) -> None:
    for key in mapping:
        if key not in known:
            raise DataError(f"{where}: unknown key {key!r}; {_near(key, known)}")


def _near(found: object, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(found), known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(known)}"


# A table.


def _read_table(table: Table) -> tuple[list[Example], SourceInfo]:
    if not table.path.is_file():
        raise DataError(f"table {table.name!r}: no file at {table.path}; correct its path, which is relative to the YAML file")
    reader = _READERS.get(table.path.suffix.lower())
    if reader is None:
        raise DataError(f"{table.path}: unknown format {table.path.suffix!r}; expected one of {', '.join(_READERS)}")
    info = SourceInfo(folder=ROLES[table.role], licence=table.licence, sha256=sha256_of(table.path))
    examples: list[Example] = []
    left_out = 0
    try:
        for where, values in reader(table.path, table.columns):
            example = _example(table, dict(zip(table.columns, values, strict=True)), where, info)
            if example is None:
                left_out += 1
            else:
                examples.append(example)
    except UnicodeDecodeError as error:
        raise DataError(not_utf8_message(table.path, error)) from error
    except OSError as error:
        raise DataError(f"{table.path} cannot be read: {error}") from error
    if not examples:
        found = f"all {left_out:,} rows are left out by `labels`" if left_out else "no rows"
        raise DataError(f"{table.path}: expected rows for table {table.name!r}, found {found}; remove the table or fill it")
    return examples, replace(info, left_out=left_out)


def _example(table: Table, row: dict[str, Any], where: str, info: SourceInfo) -> Example | None:
    """The row as an Example; None for a row that `labels` leaves out."""
    label = _label(table, row["label"], where) if table.label is not None else table.default_label
    if label is None:
        return None
    if not isinstance(row["text"], str):
        raise DataError(f"{where}: column {table.text!r} must hold text, found {_short(row['text'])}; fill it or remove the row")
    group, lang, category = (_as_text(row.get(key), where, getattr(table, key)) for key in ("group", "lang", "category"))
    return build_example(
        where, text=row["text"], raw_label=label, source=table.name, category=category, lang=lang or table.default_lang,
        group=f"{table.group_space or table.name}:{group}" if group else None, info=info,
    )  # fmt: skip


def _label(table: Table, value: Any, where: str) -> str | None:
    raw = _as_text(value, where, table.label)
    if isinstance(value, bool) and raw not in table.labels:
        raw = raw.lower()
    if raw not in table.labels:
        raise DataError(
            f"{where}: column {table.label!r} holds {_short(raw)}, and labels knows {', '.join(map(repr, table.labels))}. Add "
            f"{json.dumps(raw[:80], ensure_ascii=False)}: one of {', '.join(RAW_LABELS)}, or null to leave such rows out"
        )
    return table.labels[raw]


def _as_text(value: Any, where: str, column: str | None) -> str:
    """A value as it is compared and stored; "" for null and for the NaN that stands for null in a column of numbers."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, list | dict | bytes):
        raise DataError(f"{where}: column {column!r} must hold one value, found {_short(value)}")
    return str(value)


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:80]}... ({len(shown):,} characters)"


def _check_columns(path: Path, columns: dict[str, str], found: Sequence[str]) -> None:
    for key, column in columns.items():
        if column not in found:
            near = difflib.get_close_matches(column, found, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            shown = ", ".join(map(repr, found)) or "none"
            raise DataError(f"{path}: no column {column!r}, which `{key}` names; {hint}It has: {shown[:500]}")
        if list(found).count(column) > 1:
            raise DataError(f"{path}: two columns are named {column!r}, which `{key}` names; rename one")


# Formats. Each reader yields Rows and raises DataError, UnicodeDecodeError or OSError.


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
                if cells:  # a line with nothing in it is no row
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
    before = csv.field_size_limit(MAX_FIELD)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _read_csv(path: Path, columns: dict[str, str]) -> Iterator[Row]:
    return _read_delimited(path, columns, ",")


def _read_tsv(path: Path, columns: dict[str, str]) -> Iterator[Row]:
    return _read_delimited(path, columns, "\t")


def _read_parquet(path: Path, columns: dict[str, str]) -> Iterator[Row]:
    number = 0
    try:
        with pq.ParquetFile(path) as file:
            _check_columns(path, columns, file.schema_arrow.names)
            for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=list(columns.values())):
                for values in zip(*(batch.column(column).to_pylist() for column in columns.values()), strict=True):
                    number += 1
                    yield f"{path}, row {number}", values
    except UnicodeDecodeError as error:
        found = f"a text that is not UTF-8 after row {number} ({error.reason})"
        raise DataError(f"{path}: expected UTF-8, found {found}; write the column again as text") from error
    except (pa.ArrowException, OSError) as error:
        raise DataError(
            f"{path}: not a whole parquet file, it could be read up to row {number}: {' '.join(str(error).split())}; "
            "copy or export it again"
        ) from error


def _read_json_lines(path: Path, columns: dict[str, str]) -> Iterator[Row]:
    number = 0
    with path.open(encoding="utf-8-sig") as file:  # no line ends at U+2028, which a text may hold as it is
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
        raise DataError(f"{where}: expected a JSON object, found {_short(row)}")
    for key, column in columns.items():
        if column not in row:
            near = difflib.get_close_matches(column, row, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "write null where there is no value."
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
                        reason = error.msg if isinstance(error, json.JSONDecodeError) else error  # it counts in the window
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
    """A window on a file of JSON that drops what was read and grows, by doubling, while an item does not fit."""

    def __init__(self, read: Callable[[int], str]) -> None:
        self._read = read
        self.buffer = ""
        self.position = 0

    def grow(self) -> bool:
        """Read on; False at the end of the file."""
        rest = self.buffer[self.position :]
        more = self._read(max(CHUNK_CHARS, len(rest)))
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


_READERS: dict[str, Callable[[Path, dict[str, str]], Iterator[Row]]] = {
    ".csv": _read_csv,
    ".tsv": _read_tsv,
    ".parquet": _read_parquet,
    ".jsonl": _read_json_lines,
    ".json": _read_json_array,
}
