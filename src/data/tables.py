"""`data.tables`: your own traffic as CSV, TSV, parquet, JSON lines or a JSON array, with one YAML file that maps columns.

    tables:
      - name: support_chats            # the source's name, or the benchmark's
        path: chats.csv                # relative to this file; .csv .tsv .parquet .jsonl .json, or a directory of such files
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

How files are read: src/table_files.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import chain
from pathlib import Path
from typing import Any

from ..errors import DataError, did_you_mean
from ..files import sha256_of
from ..table_files import READERS, excerpt, read_rows
from .label_mapping import RAW_LABELS
from .local_source import SourceData, SourceInfo, build_example
from .plain_yaml import YamlMapping, load_yaml
from .sampling import NO_CAP, Cap, Sample
from .schema import Example, without_lone_surrogates

ROLES = {"train": "train", "payloads": "payloads", "benchmark": "eval"}  # role -> SourceInfo.folder
REQUIRED = ("name", "path", "role", "licence", "text")
COLUMNS = ("text", "label", "group", "lang", "category")  # keys whose value names a column
SHAPE = "expected `tables:` with a list of {name, path, role, licence, text, label or default_label, ...}"

MAX_YAML_BYTES = 1_000_000


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


def load_tables(path: str | Path, cap: Cap = NO_CAP) -> SourceData:
    """Read every table that the YAML file names; training tables at most up to the cap.

    Raises DataError that names the file and row of what cannot be used.
    """
    data = SourceData()
    for table in _read_tables(path):
        data.add(table.name, *_read_table(table, NO_CAP if table.role == "benchmark" else cap))
    return data


def table_sources(path: str | Path) -> list[str]:
    """Names of the training tables, without reading them. Raises DataError for a YAML file that cannot be used."""
    return [table.name for table in _read_tables(path) if table.role != "benchmark"]


def _read_tables(path: str | Path) -> list[Table]:
    path = Path(path)
    if not path.is_file():
        raise DataError(f"data.tables: no file at {path}; {SHAPE}")
    return _parse_tables(path)


def load_benign(path: str | Path, column: str = "text") -> list[Example]:
    """The texts of one file of any format that tables have, as benign rows: your own ordinary traffic.

    Raises DataError as `load_tables`.
    """
    path = Path(path)
    table = Table(name=path.stem, path=path, role="benchmark", licence="own", text=column, default_label="benign")
    return without_lone_surrogates(_read_table(table, NO_CAP)[0])


# The YAML file.


def _parse_tables(path: Path) -> list[Table]:
    root = load_yaml(path, max_bytes=MAX_YAML_BYTES)
    if not isinstance(root, YamlMapping):
        raise DataError(f"{path}: {SHAPE}, found {root!r}"[:500])
    _check_keys(root, ["tables"], str(path))
    entries = root.get("tables")
    if not isinstance(entries, list) or not entries:
        raise DataError(f"{path}: {SHAPE}, found {entries!r}"[:500])
    tables: list[Table] = []
    for number, entry in enumerate(entries, start=1):
        table = _parse_table(entry, path, number)
        if table.name in [other.name for other in tables]:
            raise DataError(f"{path}, line {entry.line}: a table named {table.name!r} stands above; rename one")
        tables.append(table)
    return tables


def _parse_table(entry: Any, path: Path, number: int) -> Table:
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
        raise DataError(f"{where}: unknown role {entry['role']!r}; {_suggest(entry['role'], ROLES)}")
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
    labels_by_key = {f"labels.{raw}": label for raw, label in labels.items()} | {"default_label": entry.get("default_label")}
    for key, label in labels_by_key.items():
        if label is not None and not (isinstance(label, str) and label in RAW_LABELS):
            raise DataError(f"{where}: {key} is {label!r}; {_suggest(label, RAW_LABELS)}")


def _check_keys(mapping: YamlMapping, valid_keys: Sequence[str], where: str) -> None:
    for key in mapping:
        if key not in valid_keys:
            raise DataError(f"{where}: unknown key {key!r}; {_suggest(key, valid_keys)}")


def _suggest(value: object, valid: Iterable[str]) -> str:
    return did_you_mean(str(value), valid) or f"expected one of {', '.join(valid)}"


# A table.


def _read_table(table: Table, cap: Cap) -> tuple[list[Example], SourceInfo]:
    files = _files_of(table)
    info = SourceInfo(folder=ROLES[table.role], licence=table.licence, sha256=_checksum(files))
    sample = Sample(cap)
    left_out = 0
    for where, values in chain.from_iterable(read_rows(file, table.columns) for file in files):
        example = _to_example(table, dict(zip(table.columns, values, strict=True)), where, info)
        if example is None:
            left_out += 1
        else:
            sample.add(example)
    if not sample.rows:
        found = f"all {left_out:,} rows are left out by `labels`" if left_out else "no rows"
        raise DataError(f"{table.path}: expected rows for table {table.name!r}, found {found}; remove the table or fill it")
    return sample.rows, replace(info, left_out=left_out, passed_over=sample.passed_over)


def _files_of(table: Table) -> list[Path]:
    """The table's file, or those of its directory in the order of their names; other files of it are not read."""
    try:
        is_directory, is_file = table.path.is_dir(), table.path.is_file()
    except OSError as error:  # a name that no file system takes
        raise DataError(f"table {table.name!r}: its path cannot be read ({error.strerror}); correct it") from error
    if is_directory:
        files = sorted(file for file in table.path.iterdir() if file.suffix.lower() in READERS)
        if not files:
            raise DataError(f"table {table.name!r}: no file of {', '.join(READERS)} in {table.path}; correct its path")
        return files
    if not is_file:
        raise DataError(f"table {table.name!r}: no file at {table.path}; correct its path, which is relative to the YAML file")
    return [table.path]


def _checksum(files: Sequence[Path]) -> str:
    """SHA-256 of one file; of several files, the SHA-256 of their hex digests."""
    digests = [sha256_of(file) for file in files]
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()


def _to_example(table: Table, row: dict[str, Any], where: str, info: SourceInfo) -> Example | None:
    """The row as an Example; None for a row that `labels` leaves out."""
    label = _map_label(table, row["label"], where) if table.label is not None else table.default_label
    if label is None:
        return None
    if not isinstance(row["text"], str):
        raise DataError(f"{where}: column {table.text!r} must hold text, found {excerpt(row['text'])}; fill it or remove the row")
    group, lang, category = (_as_text(row.get(key), where, getattr(table, key)) for key in ("group", "lang", "category"))
    return build_example(
        where,
        text=row["text"],
        raw_label=label,
        source=table.name,
        category=category,
        lang=lang or table.default_lang,
        group=f"{table.group_space or table.name}:{group}" if group else None,
        info=info,
    )


def _map_label(table: Table, value: Any, where: str) -> str | None:
    raw = _as_text(value, where, table.label)
    if isinstance(value, bool) and raw not in table.labels:
        raw = raw.lower()
    if raw not in table.labels:
        raise DataError(
            f"{where}: column {table.label!r} holds {excerpt(raw)}, and labels knows {', '.join(map(repr, table.labels))}. Add "
            f"{json.dumps(raw[:80], ensure_ascii=False)}: one of {', '.join(RAW_LABELS)}, or null to leave such rows out"
        )
    return table.labels[raw]


def _as_text(value: Any, where: str, column: str | None) -> str:
    """A value as it is compared and stored; "" for null and for the NaN that stands for null in a column of numbers."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, list | dict | bytes):
        raise DataError(f"{where}: column {column!r} must hold one value, found {excerpt(value)}")
    return str(value)
