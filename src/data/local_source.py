"""`data.source=local`: a directory of JSON lines.

    DIR/MANIFEST.json          {"sources": {"train/NAME": {"licence": ..., "eval_group": ...}, ...}}
    DIR/train/NAME.jsonl       training and validation sources
    DIR/payloads/NAME.jsonl    plain harmful requests: training rows, and payloads of the attack generators
    DIR/eval/NAME.jsonl        evaluation only; each file is a benchmark

One object a line: text, label (see label_mapping.py), source, category, lang, split, group. `group` ties rows that share
a behaviour or template; null makes the row its own group. Outside eval/, the file's name is the source's name; an
evaluation row keeps its own, so that a benchmark from a source that is also trained on is recognisable. `split` is the
publisher's; it is not read, because the project makes its own splits. For an attack inside a long text, the optional
"span": [start, end] gives its place in characters; windows of the text without it are labelled benign in training.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import NoneType
from typing import Any

from ..errors import DataError
from ..files import not_utf8_message, sha256_of
from ..labels import Label
from .label_mapping import map_label
from .sampling import NO_CAP, Cap, Sample
from .schema import Example
from .splits import own_group

FIELDS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "label": (str,),
    "source": (str,),
    "category": (str, NoneType),
    "lang": (str, NoneType),
    "group": (str, NoneType),
}
FOLDERS = ("train", "payloads", "eval")
# Licences under which counts and excerpts of a text may be published, and terms that forbid it.
OPEN_LICENCES = re.compile(r"(?<![A-Za-z])(MIT|Apache|CC0|CC-BY-4\.0|CC-BY-3\.0|CC-BY-SA|ODC)(?![A-Za-z])")
CLOSED_LICENCES = re.compile(r"\bNC\b|non-commercial|GPL|no licen[cs]e|unknown|research (use|only)", re.IGNORECASE)
Visit = Callable[[str, Example], None]  # called with the place (FILE:LINE) of each row that is read, and the row
LAYOUT = "expected MANIFEST.json, train/*.jsonl and, where there are any, payloads/*.jsonl and eval/*.jsonl"


@dataclass(frozen=True)
class SourceInfo:
    """Properties of one source, from the manifest and its file."""

    folder: str  # train, payloads or eval
    licence: str
    revision: str | None = None
    sha256: str | None = None  # SHA-256 of the file
    eval_group: str | None = None
    left_out: int = 0  # raw rows outside the four classes
    passed_over: int = 0  # rows beyond data.read_per_source
    is_corpus: bool = False  # a file of the project's own corpus


def is_closed(licence: str) -> bool:
    """Whether a licence is unknown, or forbids publishing the rows or models that were trained on them."""
    return CLOSED_LICENCES.search(licence) is not None


def is_open(licence: str) -> bool:
    """Whether a licence allows publishing counts and short excerpts of the text."""
    return OPEN_LICENCES.search(licence) is not None and not is_closed(licence)


@dataclass(frozen=True)
class SourceData:
    """Everything a data source has, before any split. `evaluation` maps a benchmark's name to its rows."""

    train: list[Example] = field(default_factory=list)
    payloads: list[Example] = field(default_factory=list)
    evaluation: dict[str, list[Example]] = field(default_factory=dict)
    info: dict[str, SourceInfo] = field(default_factory=dict)  # by source name; evaluation sets as "eval/NAME"

    def add(self, name: str, rows: list[Example], info: SourceInfo) -> None:
        """Add a source under the role of its folder."""
        if info.folder == "eval":
            self.evaluation[name] = rows
        else:
            getattr(self, info.folder).extend(rows)
        self.info[f"eval/{name}" if info.folder == "eval" else name] = info


def local_files(directory: str | Path | None) -> list[Path]:
    """The files of a local data directory, train/ first. Raises DataError for another layout."""
    if not directory:
        raise DataError(f"data.source=local needs data.local_dir=DIR; {LAYOUT}")
    root = Path(directory)
    if not root.is_dir():
        raise DataError(f"data.local_dir: no directory at {root}; {LAYOUT}")
    _read_manifest(root / "MANIFEST.json")
    files = [path for folder in FOLDERS for path in sorted((root / folder).glob("*.jsonl"))]
    if not any(path.parent.name == "train" for path in files):
        raise DataError(f"{root / 'train'} has no .jsonl files; {LAYOUT}")
    return files


def load_local(directory: str | Path | None, cap: Cap = NO_CAP, visit: Visit | None = None) -> SourceData:
    """Read a local data directory; training sources at most up to the cap. Raises DataError that names file and line.

    `visit` is called for every row outside eval/. Languages and groups are not checked: a user's directory may hold any language,
    and files that share groups. src/data/corpus_form.py has the rules of the project's own corpus.
    """
    files = local_files(directory)
    manifest_path = files[0].parents[1] / "MANIFEST.json"
    manifest = _read_manifest(manifest_path)
    data = SourceData()
    for path in files:
        info = _source_info(path, manifest, manifest_path)
        is_evaluation = path.parent.name == "eval"
        sample = Sample(NO_CAP if is_evaluation else cap)
        for place, row in _read_rows(path, info):
            sample.add(row)
            if visit and not is_evaluation:
                visit(place, row)
        rows = sample.rows
        if not rows:
            raise DataError(f"{path} has no rows; remove the file or fill it")
        if info.folder != "eval" and path.stem in data.info:
            raise DataError(f"{path}: a source named {path.stem!r} stands in train/ and in payloads/; rename one")
        data.add(path.stem, rows, replace(info, passed_over=sample.passed_over))
    return data


def load_evaluation(path: Path, licence: str = "unknown", visit: Visit | None = None) -> list[Example]:
    """The rows of a JSONL file, or of every one in a directory, as evaluation rows; `visit` is called for each.

    Raises DataError as `load_local`.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    rows = []
    for file in files:
        for place, row in _read_rows(file, SourceInfo(folder="eval", licence=licence)):
            rows.append(row)
            if visit:
                visit(place, row)
    if not rows:
        raise DataError(
            f"expected JSON lines of evaluation rows in {path}, found none; name a file or the eval/ of a data directory"
        )
    return rows


def _read_manifest(path: Path) -> dict[str, dict[str, Any]]:
    try:
        sources = json.loads(path.read_text(encoding="utf-8-sig"))["sources"]
    except FileNotFoundError as error:
        raise DataError(f"no manifest at {path}; {LAYOUT}") from error
    except UnicodeDecodeError as error:
        raise DataError(not_utf8_message(path, error)) from error
    except (OSError, ValueError, RecursionError, KeyError, TypeError) as error:
        raise DataError(f'{path}: expected a JSON object with "sources", found: {error}') from error
    if not isinstance(sources, dict):
        raise DataError(f'{path}: "sources" must map "folder/name" to an object, found {type(sources).__name__}')
    return sources


def _source_info(path: Path, manifest: dict[str, dict[str, Any]], manifest_path: Path) -> SourceInfo:
    key = f"{path.parent.name}/{path.stem}"
    entry = manifest.get(key)
    if not isinstance(entry, dict) or not isinstance(entry.get("licence"), str):
        raise DataError(
            f'{manifest_path}: expected "sources" to hold {key!r} with a "licence", found {entry!r}; add it, or remove {path}'
        )
    return SourceInfo(
        folder=path.parent.name,
        licence=entry["licence"],
        revision=entry.get("commit"),
        sha256=sha256_of(path),
        eval_group=entry.get("eval_group"),
    )


def _read_rows(path: Path, info: SourceInfo) -> Iterator[tuple[str, Example]]:
    """The place (FILE:LINE) of each row of the file, and the row."""
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as lines:  # other line ends stay inside a text
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    place = f"{path}:{number}"
                    yield place, _parse_row(line, place, path.stem, info)
    except UnicodeDecodeError as error:
        raise DataError(not_utf8_message(path, error)) from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error}") from error


def _parse_row(line: str, where: str, source: str, info: SourceInfo) -> Example:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:  # ValueError: also a number of too many digits
        raise DataError(f"{where}: expected one JSON object a line, found: {error}; correct or remove the line") from error
    if not isinstance(row, dict):
        raise DataError(f"{where}: expected a JSON object, found {type(row).__name__}; correct or remove the line")
    missing = [name for name in FIELDS if name not in row]
    if missing:
        raise DataError(f"{where}: the row lacks {', '.join(missing)}; every row needs {', '.join(FIELDS)}; add what lacks")
    for name, types in FIELDS.items():
        if not isinstance(row[name], types):
            expected = "a string or null" if NoneType in types else "a string"
            raise DataError(f"{where}: {name} must be {expected}, found {row[name]!r}; correct it")
    if info.folder != "eval" and row["source"] != source:
        raise DataError(f"{where}: source is {row['source']!r}, but the file's name says {source!r}; rename one of them")
    fields = {name: row[name] for name in FIELDS if name != "label"}
    example = build_example(where, raw_label=row["label"], info=info, **fields)
    return example if row.get("span") is None else replace(example, span=_parse_span(row["span"], example, where))


def _parse_span(value: Any, example: Example, where: str) -> tuple[int, int]:
    is_pair = isinstance(value, list) and len(value) == 2 and all(type(place) is int for place in value)
    if example.label == Label.BENIGN or not is_pair or not 0 <= value[0] < value[1] <= len(example.text):
        expected = f"the [start, end) of an attack inside its {len(example.text)} characters"
        found = f"{value!r} in a {example.label.name.lower()} row"
        raise DataError(f"{where}: span must be {expected}, or absent, found {found}; correct or remove the span")
    return value[0], value[1]


def build_example(
    where: str,
    *,
    text: str,
    raw_label: str,
    source: str,
    category: str | None,
    lang: str | None,
    group: str | None,
    info: SourceInfo,
) -> Example:
    """An Example from fields of the right types. Without a group, or with "", the row is a group of its own (see `own_group`).

    Raises DataError, beginning with `where`, for an empty text and for a label that label_mapping.py does not know.
    """
    if not text.strip():
        raise DataError(f"{where}: text must not be empty; remove the row")
    try:
        label, family = map_label(raw_label, source, category or "")
    except ValueError as error:
        raise DataError(f"{where}: {error}; correct the label, or remove the row") from error
    return Example(
        text=text,
        label=label,
        family=family,
        source=sys.intern(source),  # one string for all rows of the source
        group=group or own_group(text),
        category=sys.intern(category) if category else None,
        lang=sys.intern(lang or "und"),
        split="eval" if info.folder == "eval" else "train",
        licence=info.licence,
    )
